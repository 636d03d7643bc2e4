/* See stats.h. */
#include "media/stats.h"

static guint
get_rate (guint64 bytes, guint64 before, gint64 elapsed)
{
  return elapsed > 0 ? (guint) ((bytes - before) * 8 * G_USEC_PER_SEC / (guint64) elapsed) : 0;
}

/* The worst of what comes at present: one bad layer is a bad connection. */
static double
get_up_loss (const CvEndpoint *endpoint, gint64 now)
{
  guint8 lost = 0;
  for (guint i = 0; i < CV_N_SOURCES; i++)
    for (guint k = 0; endpoint->sources[i] != NULL && k < endpoint->sources[i]->n_tracks; k++)
      if (cv_track_is_live (&endpoint->sources[i]->tracks[k], now))
        lost = MAX (lost, endpoint->sources[i]->tracks[k].fraction_lost);
  return lost / 256.0;
}

static guint
get_width (const CvSource *camera, gint64 now)
{
  for (guint k = camera != NULL ? camera->n_tracks : 0; k > 0; k--)
    if (cv_track_is_live (&camera->tracks[k - 1], now))
      return camera->tracks[k - 1].width;
  return 0;
}

void
cv_stats_take (CvStats *self, CvEndpoint *endpoint, gint64 now)
{
  gint64 elapsed = endpoint->counted_at != 0 ? now - endpoint->counted_at : 0;
  *self = (CvStats){
    .up = get_rate (endpoint->received_bytes, endpoint->counted_received, elapsed),
    .down = get_rate (endpoint->sent_bytes, endpoint->counted_sent, elapsed),
    .up_loss = get_up_loss (endpoint, now),
    .down_loss = endpoint->down_lost / 256.0,
    .rtt = endpoint->rtt >= 0 ? (int) (endpoint->rtt / 1000) : -1,
    .width = get_width (endpoint->sources[CV_SOURCE_CAMERA], now),
  };
  if (endpoint->bandwidth != NULL) {
    self->estimate = cv_bandwidth_get (endpoint->bandwidth);
    self->down_loss = cv_bandwidth_get_loss (endpoint->bandwidth);
  }
  for (guint i = 0; i < endpoint->n_slots; i++)
    self->slots += endpoint->slots[i].now.track != NULL;
  endpoint->counted_at = now;
  endpoint->counted_received = endpoint->received_bytes;
  endpoint->counted_sent = endpoint->sent_bytes;
}
