/* Off the record: media and all data from browser to browser, sealed. The server keeps nothing and may learn nothing. */
#include "room/policy.h"

const CvPolicy cv_policy_otr = {
  .kind = "otr",
  .topology = CV_TOPOLOGY_P2P,
  .max_people = 8,
  .joins_as = CV_ROLE_PERSON,
  .names_on_server = FALSE,
  .keeps_rows = FALSE,
  .keeps_content = FALSE,
  .may_record = FALSE,
  .may_dial_in = FALSE,
  .has_summary = FALSE,
  .least = {
    [CV_ACTION_RELAY] = CV_ROLE_PERSON,
    [CV_ACTION_TURN] = CV_ROLE_PERSON,
    [CV_ACTION_RECEIPT] = CV_ROLE_PERSON,
    [CV_ACTION_LEAVE] = CV_ROLE_PERSON,
    [CV_ACTION_END] = CV_ROLE_HOST,
    /* Who comes in, and who has to leave. */
    [CV_ACTION_LOBBY] = CV_ROLE_COHOST,
    [CV_ACTION_LOCK] = CV_ROLE_COHOST,
    [CV_ACTION_ADMIT] = CV_ROLE_COHOST,
    [CV_ACTION_REMOVE] = CV_ROLE_COHOST,
    /* What goes through a media process is nobody's here, and all else the browsers settle among themselves. */
    [CV_ACTION_PUBLISH] = CV_ROLE_PERSON,
    [CV_ACTION_SEE_VIEWERS] = CV_ROLE_PERSON,
  },
};
