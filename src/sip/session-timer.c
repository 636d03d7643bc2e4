/* See session-timer.h. */
#include "sip/session-timer.h"

#include <string.h>

void
cv_session_timer_agree (CvSessionTimer *self, const CvSessionTimerAsked *asked)
{
  memset (self, 0, sizeof *self);
  if (asked->interval == 0) {
    /* who can, is asked to say now and then that they are there */
    if (asked->supported)
      self->interval = CLAMP (asked->min, CV_SESSION_TIMER_S, CV_SESSION_TIMER_MAX_S);
    return;
  }
  /* Somebody on the way asks: who called need not know timers, and cannot be told that it is too short. */
  self->refuse = asked->supported && asked->interval < CV_SESSION_TIMER_MIN_S;
  self->interval = CLAMP (asked->interval, CV_SESSION_TIMER_MIN_S, CV_SESSION_TIMER_MAX_S);
  self->we = !asked->supported || g_strcmp0 (asked->refresher, "uas") == 0;
}

char *
cv_session_timer_print (const CvSessionTimer *self)
{
  if (self->interval == 0)
    return NULL;
  return g_strdup_printf ("%u;refresher=%s", self->interval, self->we ? "uas" : "uac");
}

guint
cv_session_timer_get_ms (const CvSessionTimer *self)
{
  if (self->we)
    return self->interval * 500;
  return (self->interval - MIN (32, self->interval / 3)) * 1000;
}
