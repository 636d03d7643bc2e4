/* See leaving.h. */
#include "room/leaving.h"

const char *
cv_leaving_to_text (CvLeaving leaving)
{
  static const char *const texts[] = { "left", "lost", "replaced", "stage", "removed" };
  return texts[leaving];
}

const char *
cv_ending_to_text (CvEnding ending)
{
  static const char *const texts[] = { "host", "admin", "empty" };
  return texts[ending];
}
