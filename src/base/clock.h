/* Time, injectable: tests turn the hands themselves. Main thread only.
 *
 * Everything in the daemon that waits (seats, deadlines, meetings' ends) asks a CvClock, never GLib directly.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CV_TYPE_CLOCK (cv_clock_get_type ())
G_DECLARE_FINAL_TYPE (CvClock, cv_clock, CV, CLOCK, GObject)

CvClock *cv_clock_new (void);
/* A clock that stands still at `wall_ms` until cv_clock_advance(). */
CvClock *cv_clock_new_fake (gint64 wall_ms);

/* µs, monotonic. */
gint64 cv_clock_now (CvClock *self);
/* ms since 1970, UTC. */
gint64 cv_clock_wall (CvClock *self);

/* Calls back once after `ms` (real: g_timeout_add; fake: in cv_clock_advance). Returns an id for cv_clock_cancel(), never 0. */
guint cv_clock_after (CvClock *self, guint ms, GSourceOnceFunc callback, gpointer user_data);
/* Cancels what cv_clock_after() returned and sets it to 0. 0 is passed over. */
void cv_clock_cancel (CvClock *self, guint *id);

/* Fake only: moves on by `ms`, calling what falls due in order of time. */
void cv_clock_advance (CvClock *self, guint ms);

G_END_DECLS
