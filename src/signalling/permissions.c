/* See permissions.h. */
#include "signalling/permissions.h"

/* What the policy is asked about; else: */
#define ALWAYS (-1)
#define NEVER (-2)

static const int actions[CV_N_MESSAGES] = {
  [CV_MESSAGE_JOIN] = NEVER,
  [CV_MESSAGE_RESUME] = NEVER,
  [CV_MESSAGE_INTRODUCE] = NEVER,
  [CV_MESSAGE_ACK] = ALWAYS,
  [CV_MESSAGE_PONG] = ALWAYS,
  [CV_MESSAGE_RELAY] = CV_ACTION_RELAY,
  [CV_MESSAGE_STATE] = CV_ACTION_STATE,
  [CV_MESSAGE_TURN] = CV_ACTION_TURN,
  [CV_MESSAGE_RECEIPT] = CV_ACTION_RECEIPT,
  [CV_MESSAGE_LEAVE] = CV_ACTION_LEAVE,
  [CV_MESSAGE_END] = CV_ACTION_END,
  [CV_MESSAGE_OFFER] = CV_ACTION_OFFER,
  [CV_MESSAGE_VIEW] = CV_ACTION_VIEW,
  [CV_MESSAGE_HAND] = CV_ACTION_HAND,
  [CV_MESSAGE_STAGE] = CV_ACTION_STAGE,
  [CV_MESSAGE_STOP] = CV_ACTION_STOP,
  [CV_MESSAGE_START] = CV_ACTION_START,
  [CV_MESSAGE_MUTE_ALL] = CV_ACTION_MUTE_ALL,
  [CV_MESSAGE_SPOTLIGHT] = CV_ACTION_SPOTLIGHT,
  [CV_MESSAGE_ASK] = CV_ACTION_ASK,
  [CV_MESSAGE_VOTE] = CV_ACTION_VOTE,
  [CV_MESSAGE_RESOLVE] = CV_ACTION_RESOLVE,
  [CV_MESSAGE_WATCH_STATS] = CV_ACTION_WATCH_STATS,
  [CV_MESSAGE_RECORD] = CV_ACTION_RECORD,
  [CV_MESSAGE_CONSENT] = CV_ACTION_CONSENT,
  [CV_MESSAGE_LOBBY] = CV_ACTION_LOBBY,
  [CV_MESSAGE_LOCK] = CV_ACTION_LOCK,
  [CV_MESSAGE_ADMIT] = CV_ACTION_ADMIT,
  [CV_MESSAGE_DENY] = CV_ACTION_ADMIT,
  [CV_MESSAGE_REMOVE] = CV_ACTION_REMOVE,
  [CV_MESSAGE_ROLE] = CV_ACTION_ROLE,
  [CV_MESSAGE_RENAME] = CV_ACTION_RENAME,
  [CV_MESSAGE_LOWER] = CV_ACTION_LOWER,
  [CV_MESSAGE_REACT] = CV_ACTION_REACT,
  [CV_MESSAGE_REQUEST] = CV_ACTION_REQUEST,
  [CV_MESSAGE_CHANGE] = CV_ACTION_CHANGE,
  [CV_MESSAGE_POLL_VOTE] = CV_ACTION_POLL_VOTE,
  [CV_MESSAGE_WHISPER] = CV_ACTION_WHISPER,
};

gboolean
cv_permission_may (const CvPolicy *policy, CvRole role, CvMessageType type)
{
  int action = actions[type];
  if (action == NEVER)
    return FALSE;
  return action == ALWAYS || cv_policy_may (policy, role, (CvAction) action);
}

static void
add_types (JsonBuilder *builder, const CvPolicy *policy, CvRole role)
{
  json_builder_set_member_name (builder, "may");
  json_builder_begin_array (builder);
  for (CvMessageType type = 0; type < CV_N_MESSAGES; type++)
    if (cv_permission_may (policy, role, type))
      json_builder_add_string_value (builder, cv_message_type_to_text (type));
  json_builder_end_array (builder);
}

static gboolean
has_rights (const CvPolicy *policy, CvRole role, CvModelType type)
{
  for (CvRight right = 0; right < CV_N_RIGHTS; right++)
    if (cv_policy_may_share (policy, role, type, right))
      return TRUE;
  return FALSE;
}

static void
add_rights (JsonBuilder *builder, const CvPolicy *policy, CvRole role)
{
  json_builder_set_member_name (builder, "rights");
  json_builder_begin_object (builder);
  for (CvModelType type = 0; type < CV_N_MODEL_TYPES; type++) {
    if (!has_rights (policy, role, type))
      continue;
    json_builder_set_member_name (builder, cv_model_schema_get (type)->name);
    json_builder_begin_array (builder);
    for (CvRight right = 0; right < CV_N_RIGHTS; right++)
      if (cv_policy_may_share (policy, role, type, right))
        json_builder_add_string_value (builder, cv_rights[right]);
    json_builder_end_array (builder);
  }
  json_builder_end_object (builder);
}

void
cv_permissions_add (JsonBuilder *builder, const CvPolicy *policy, CvRole role)
{
  add_types (builder, policy, role);
  add_rights (builder, policy, role);
}

char *
cv_permissions_to_text (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  for (const CvPolicy *const *policy = cv_policy_all (); *policy != NULL; policy++) {
    json_builder_set_member_name (builder, (*policy)->kind);
    json_builder_begin_object (builder);
    for (CvRole role = CV_ROLE_VIEWER; role <= CV_ROLE_HOST; role++) {
      if (!cv_policy_has (*policy, role))
        continue;
      json_builder_set_member_name (builder, cv_role_to_text (role));
      json_builder_begin_object (builder);
      cv_permissions_add (builder, *policy, role);
      json_builder_end_object (builder);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}
