/* Classroom: media through our SFU, few publish and many watch; may be recorded and dialled into. */
#include "room/policy.h"

static gboolean
may (CvRole role, CvAction action)
{
  switch (action) {
  case CV_ACTION_STATE:
  case CV_ACTION_TURN:
  case CV_ACTION_LEAVE:
    return TRUE;
  case CV_ACTION_CHAT:
    return TRUE;
  case CV_ACTION_RELAY:
    return FALSE;
  case CV_ACTION_END:
    return role == CV_ROLE_HOST;
  default:
    return FALSE;
  }
}

const CvPolicy cv_policy_classroom = {
  .kind = "classroom",
  .topology = CV_TOPOLOGY_SFU,
  .max_people = 400,
  .available = FALSE,
  .names_on_server = TRUE,
  .keeps_chat = TRUE,
  .may_record = TRUE,
  .may_dial_in = TRUE,
  .has_summary = TRUE,
  .may = may,
};
