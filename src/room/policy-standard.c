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
    [CV_ACTION_HAND] = CV_ROLE_PERSON,
    /* Their browsers obey where a host has signed it. */
    [CV_ACTION_STOP] = CV_ROLE_COHOST,
    [CV_ACTION_MUTE_ALL] = CV_ROLE_COHOST,
    [CV_ACTION_SPOTLIGHT] = CV_ROLE_COHOST,
    [CV_ACTION_LOBBY] = CV_ROLE_COHOST,
    [CV_ACTION_LOCK] = CV_ROLE_COHOST,
    [CV_ACTION_ADMIT] = CV_ROLE_COHOST,
    [CV_ACTION_REMOVE] = CV_ROLE_COHOST,
    [CV_ACTION_ROLE] = CV_ROLE_HOST,
    [CV_ACTION_RENAME] = CV_ROLE_PERSON,
    [CV_ACTION_LOWER] = CV_ROLE_COHOST,
    [CV_ACTION_REACT] = CV_ROLE_PERSON,
    [CV_ACTION_REQUEST] = CV_ROLE_COHOST,
    /* What goes through a media process is nobody's here. */
    [CV_ACTION_PUBLISH] = CV_ROLE_PERSON,
    [CV_ACTION_SEE_VIEWERS] = CV_ROLE_PERSON,
    [CV_ACTION_RENAME_OTHERS] = CV_ROLE_COHOST,
  },
};
