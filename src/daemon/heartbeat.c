/* See heartbeat.h. */
#include "daemon/heartbeat.h"

#include "store/pulse.h"

#include <systemd/sd-daemon.h>

struct _CvHeartbeat {
  CvStore *store;
  CvClock *clock;
  GCancellable *ended;
  guint timer;
  guint every; /* ms; 0: nobody watches */
};

static void beat (gpointer user_data);

/* It is not on time where the store is not: then systemd acts. */
static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean lives = cv_pulse_take_finish (CV_STORE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  CvHeartbeat *self = user_data;
  if (lives)
    sd_notify (0, "WATCHDOG=1");
  self->timer = cv_clock_after (self->clock, self->every, beat, self);
}

static void
beat (gpointer user_data)
{
  CvHeartbeat *self = user_data;
  self->timer = 0;
  cv_pulse_take_async (self->store, self->clock, 0, self->ended, on_answered, self);
}

CvHeartbeat *
cv_heartbeat_new (CvStore *store, CvClock *clock, const char *url)
{
  CvHeartbeat *self = g_new0 (CvHeartbeat, 1);
  guint64 usec = 0;
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->ended = g_cancellable_new ();
  sd_notifyf (0, "READY=1\nSTATUS=listening on %s", url);
  if (sd_watchdog_enabled (0, &usec) > 0) {
    self->every = (guint) (usec / 3000);
    beat (self);
  }
  return self;
}

void
cv_heartbeat_begin_reload (CvHeartbeat *self)
{
  sd_notify (0, "RELOADING=1");
}

void
cv_heartbeat_end_reload (CvHeartbeat *self)
{
  sd_notify (0, "READY=1");
}

void
cv_heartbeat_free (CvHeartbeat *self)
{
  sd_notify (0, "STOPPING=1\nSTATUS=stopping");
  cv_clock_cancel (self->clock, &self->timer);
  g_cancellable_cancel (self->ended);
  g_clear_object (&self->ended);
  g_clear_object (&self->clock);
  g_clear_object (&self->store);
  g_free (self);
}
