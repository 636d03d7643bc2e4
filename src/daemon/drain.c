/* See drain.h. */
#include "daemon/drain.h"

#include <systemd/sd-daemon.h>

#define CV_LOG_TOPIC "drain"
#include "base/log.h"

/* between two looks at who is there */
#define LOOK_MS 200
/* what ending takes afterwards, for systemd */
#define END_SECONDS 30

struct _CvDrain {
  CvRegistry *registry;
  CvClock *clock;
  gint64 deadline; /* µs, monotonic */
  guint timer;
  GSourceOnceFunc done;
  gpointer user_data;
};

static void
look (gpointer user_data)
{
  CvDrain *self = user_data;
  guint people = cv_registry_count_people (self->registry);
  self->timer = 0;
  if (people > 0 && cv_clock_now (self->clock) < self->deadline) {
    self->timer = cv_clock_after (self->clock, LOOK_MS, look, self);
    return;
  }
  if (people > 0)
    cv_notice (NULL, NULL, "%u are still in meetings, but the time is over", people);
  self->done (self->user_data);
}

CvDrain *
cv_drain_new (CvRegistry *registry, CvClock *clock, guint seconds, GSourceOnceFunc done, gpointer user_data)
{
  CvDrain *self = g_new0 (CvDrain, 1);
  guint people = cv_registry_count_people (registry);
  *self = (CvDrain){ .registry = registry, .clock = clock, .done = done, .user_data = user_data };
  self->deadline = cv_clock_now (clock) + seconds * G_USEC_PER_SEC;
  cv_registry_close (registry);
  sd_notifyf (0, "STOPPING=1\nSTATUS=waiting for %u in meetings\nEXTEND_TIMEOUT_USEC=%" G_GINT64_FORMAT, people,
              (gint64) (seconds + END_SECONDS) * G_USEC_PER_SEC);
  if (people > 0)
    cv_notice (NULL, NULL, "%u are in meetings, which go on for %u s at most; nobody else comes in", people, seconds);
  self->timer = cv_clock_after (clock, 0, look, self);
  return self;
}

void
cv_drain_free (CvDrain *self)
{
  cv_clock_cancel (self->clock, &self->timer);
  g_free (self);
}
