/* Standard: media from browser to browser, sealed; chat and all else through the server. */
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
    return TRUE;
  case CV_ACTION_END:
    return role == CV_ROLE_HOST;
  default:
    return FALSE;
  }
}

const CvPolicy cv_policy_standard = {
  .kind = "standard",
  .topology = CV_TOPOLOGY_P2P,
  .max_people = 8,
  .available = TRUE,
  .names_on_server = TRUE,
  .keeps_chat = TRUE,
  .may_record = FALSE,
  .may_dial_in = FALSE,
  .has_summary = TRUE,
  .may = may,
};
