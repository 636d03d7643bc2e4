/* Classroom: media through our SFU, few publish and many watch; may be recorded and dialled into. */
#include "room/policy.h"

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
  .least = {
    [CV_ACTION_STATE] = CV_ROLE_PERSON,
    [CV_ACTION_CHAT] = CV_ROLE_PERSON,
    [CV_ACTION_RELAY] = CV_ROLE_NOBODY,
    [CV_ACTION_TURN] = CV_ROLE_PERSON,
    [CV_ACTION_LEAVE] = CV_ROLE_PERSON,
    [CV_ACTION_END] = CV_ROLE_HOST,
  },
};
