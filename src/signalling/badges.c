/* See badges.h. */
#include "signalling/badges.h"

#include "base/json.h"

#include <string.h>

struct _CvBadges {
  gint64 max_bytes;
  gint64 quota;
  GHashTable *by_secret;      /* CvSecretHash (in the badge) → CvBadge, owned */
  GHashTable *by_participant; /* CvParticipant → CvBadge, both borrowed */
};

struct _CvBadge {
  CvBadges *badges; /* NULL once it is no longer good */
  char *room;
  CvMeeting *meeting;
  CvParticipant *participant; /* borrowed; NULL as above */
  char *text;
  CvSecretHash hash;
};

CvBadge *
cv_badge_ref (CvBadge *self)
{
  return g_rc_box_acquire (self);
}

static void
badge_clear (gpointer data)
{
  CvBadge *self = data;
  cv_wipe (self->text, strlen (self->text));
  g_free (self->text);
  g_free (self->room);
  g_object_unref (self->meeting);
}

void
cv_badge_unref (CvBadge *self)
{
  g_rc_box_release_full (self, badge_clear);
}

/* Who still holds it finds nobody. */
static void
invalidate (gpointer data)
{
  CvBadge *self = data;
  g_signal_handlers_disconnect_by_data (self->meeting, self);
  self->badges = NULL;
  self->participant = NULL;
  cv_badge_unref (self);
}

static void
drop (CvBadge *badge)
{
  CvBadges *self = badge->badges;
  g_hash_table_remove (self->by_participant, badge->participant);
  g_hash_table_remove (self->by_secret, &badge->hash);
}

static void
on_participant_left (CvMeeting *meeting, CvParticipant *participant, int leaving, gpointer user_data)
{
  CvBadge *badge = user_data;
  if (badge->participant == participant)
    drop (badge);
}

static void
on_ended (CvMeeting *meeting, int ending, gpointer user_data)
{
  drop (user_data);
}

CvBadges *
cv_badges_new (gint64 max_bytes, gint64 quota)
{
  CvBadges *self = g_new0 (CvBadges, 1);
  self->max_bytes = max_bytes;
  self->quota = quota;
  self->by_secret = g_hash_table_new_full (cv_secret_hash_hash, cv_secret_hash_equal, NULL, invalidate);
  self->by_participant = g_hash_table_new (NULL, NULL);
  return self;
}

void
cv_badges_free (CvBadges *self)
{
  g_hash_table_unref (self->by_participant);
  g_hash_table_unref (self->by_secret);
  g_free (self);
}

const char *
cv_badges_issue (CvBadges *self, const char *room, CvMeeting *meeting, CvParticipant *participant)
{
  CvBadge *badge = g_hash_table_lookup (self->by_participant, participant);
  if (badge != NULL)
    return badge->text;
  badge = g_rc_box_new0 (CvBadge);
  badge->badges = self;
  badge->room = g_strdup (room);
  badge->meeting = g_object_ref (meeting);
  badge->participant = participant;
  badge->text = cv_secret_draw (&badge->hash);
  g_hash_table_insert (self->by_secret, &badge->hash, badge);
  g_hash_table_insert (self->by_participant, participant, badge);
  g_signal_connect (meeting, "participant-left", G_CALLBACK (on_participant_left), badge);
  g_signal_connect (meeting, "ended", G_CALLBACK (on_ended), badge);
  return badge->text;
}

void
cv_badges_add (CvBadges *self, JsonBuilder *builder, const char *room, CvMeeting *meeting, CvParticipant *participant)
{
  json_builder_set_member_name (builder, "documents");
  if (self == NULL || !cv_meeting_get_policy (meeting)->names_on_server) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "token", cv_badges_issue (self, room, meeting, participant));
  cv_json_add_int (builder, "max_bytes", self->max_bytes);
  cv_json_add_int (builder, "quota", self->quota);
  json_builder_end_object (builder);
}

CvBadge *
cv_badges_find (CvBadges *self, const guint8 secret[CV_SECRET_BYTES])
{
  CvSecretHash hash = cv_secret_get_hash (secret);
  return g_hash_table_lookup (self->by_secret, &hash);
}

guint
cv_badges_count (CvBadges *self)
{
  return g_hash_table_size (self->by_secret);
}

const char *
cv_badge_get_room (CvBadge *self)
{
  return self->room;
}

const char *
cv_badge_get_meeting (CvBadge *self)
{
  return cv_meeting_get_id (self->meeting);
}

CvParticipant *
cv_badge_get_participant (CvBadge *self)
{
  return self->participant;
}

gboolean
cv_badge_may (CvBadge *self, CvAction action)
{
  return self->participant != NULL && cv_meeting_may (self->meeting, self->participant, action);
}

gboolean
cv_badge_may_share (CvBadge *self, CvModelType type, CvRight right)
{
  return self->participant != NULL &&
         cv_policy_may_share (cv_meeting_get_policy (self->meeting), self->participant->role, type, right);
}
