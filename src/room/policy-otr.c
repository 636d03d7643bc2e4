/* Off the record: media and all data from browser to browser, sealed. The server keeps nothing and may learn nothing. */
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
    return FALSE;
  case CV_ACTION_RELAY:
    return TRUE;
  case CV_ACTION_END:
    return role == CV_ROLE_HOST;
  default:
    return FALSE;
  }
}

const CvPolicy cv_policy_otr = {
  .kind = "otr",
  .topology = CV_TOPOLOGY_P2P,
  .max_people = 8,
  .available = FALSE,
  .names_on_server = FALSE,
  .keeps_chat = FALSE,
  .may_record = FALSE,
  .may_dial_in = FALSE,
  .has_summary = FALSE,
  .may = may,
};
