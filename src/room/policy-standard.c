/* Standard: media from browser to browser, sealed; chat and all else through the server. */
#include "room/policy.h"

const CvPolicy cv_policy_standard = {
  .kind = "standard",
  .topology = CV_TOPOLOGY_P2P,
  .max_people = 8,
  .joins_as = CV_ROLE_PERSON,
  .available = TRUE,
  .names_on_server = TRUE,
  .keeps_chat = TRUE,
  .may_record = FALSE,
  .may_dial_in = FALSE,
  .has_summary = TRUE,
  .least = {
    [CV_ACTION_STATE] = CV_ROLE_PERSON,
    [CV_ACTION_CHAT] = CV_ROLE_PERSON,
    [CV_ACTION_RELAY] = CV_ROLE_PERSON,
    [CV_ACTION_TURN] = CV_ROLE_PERSON,
    [CV_ACTION_LEAVE] = CV_ROLE_PERSON,
    [CV_ACTION_END] = CV_ROLE_HOST,
    /* What goes through a media process is nobody's here. */
    [CV_ACTION_PUBLISH] = CV_ROLE_PERSON,
    [CV_ACTION_SEE_VIEWERS] = CV_ROLE_PERSON,
  },
};
