/* See link.h. */
#include "rtc/link.h"

#include "rtc/clock.h"

#include <string.h>

/* of IP and UDP, which the bottleneck carries as well */
#define HEADERS 28
#define DEFAULT_QUEUE_MS 300
/* However wrong the settings are. */
#define MAX_PACKETS 100000
#define MAX_TAG 32

typedef struct {
  guint64 due;
  gsize n;
  guint8 tag[MAX_TAG];
  guint8 data[];
} Packet;

void
cv_rtc_link_init (CvRtcLink *self)
{
  memset (self, 0, sizeof *self);
  g_queue_init (&self->packets);
}

void
cv_rtc_link_clear (CvRtcLink *self)
{
  g_queue_clear_full (&self->packets, g_free);
}

void
cv_rtc_link_set (CvRtcLink *self, const CvRtcLinkSettings *settings)
{
  self->settings = *settings;
  if (self->settings.queue <= 0)
    self->settings.queue = DEFAULT_QUEUE_MS;
  self->impaired = settings->loss > 0 || settings->reorder > 0 || settings->duplicate > 0 || settings->delay > 0 ||
                   settings->jitter > 0 || settings->rate > 0;
}

static gboolean
happens (double percent)
{
  return percent > 0 && g_random_double () * 100 < percent;
}

static guint64
ms (double value)
{
  return (guint64) (value * (double) CV_RTC_MS);
}

/* When the bottleneck has sent a packet that comes now; 0: its queue is full. */
static guint64
pass_bottleneck (CvRtcLink *self, gsize n, guint64 now)
{
  const CvRtcLinkSettings *settings = &self->settings;
  if (settings->rate <= 0)
    return now;
  guint64 begin = MAX (now, self->free_at);
  if (begin - now > ms (settings->queue))
    return 0;
  self->free_at = begin + (guint64) ((double) (n + HEADERS) * 8 / settings->rate * (double) CV_RTC_S);
  return self->free_at;
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer unused)
{
  const Packet *x = a, *y = b;
  return x->due < y->due ? -1 : x->due > y->due;
}

static void
insert (CvRtcLink *self, const guint8 *packet, gsize n, guint64 due, gconstpointer tag, gsize tag_n)
{
  Packet *held = g_malloc (sizeof *held + n);
  held->due = due;
  held->n = n;
  memcpy (held->tag, tag, MIN (tag_n, MAX_TAG));
  memcpy (held->data, packet, n);
  const Packet *last = g_queue_peek_tail (&self->packets);
  if (last == NULL || last->due <= due)
    g_queue_push_tail (&self->packets, held);
  else
    g_queue_insert_sorted (&self->packets, held, compare_due, NULL);
}

void
cv_rtc_link_push (CvRtcLink *self, const guint8 *packet, gsize n, guint64 now, gconstpointer tag, gsize tag_n)
{
  const CvRtcLinkSettings *settings = &self->settings;
  guint64 due = happens (settings->loss) ? 0 : pass_bottleneck (self, n, now);
  if (due == 0 || self->packets.length >= MAX_PACKETS) {
    self->dropped++;
    return;
  }
  due += ms (settings->delay) + ms (settings->jitter * g_random_double ());
  if (happens (settings->reorder)) {
    self->delayed++;
    insert (self, packet, n, due + ms (5 + 15 * g_random_double ()), tag, tag_n);
    return;
  }
  due = MAX (due, self->last_due);
  self->last_due = due;
  insert (self, packet, n, due, tag, tag_n);
  if (happens (settings->duplicate)) {
    self->duplicated++;
    insert (self, packet, n, due, tag, tag_n);
  }
}

void
cv_rtc_link_flush (CvRtcLink *self, guint64 now, CvRtcLinkFunc func, gpointer user_data)
{
  while (TRUE) {
    Packet *packet = g_queue_peek_head (&self->packets);
    if (packet == NULL || packet->due > now)
      return;
    g_queue_pop_head (&self->packets);
    func (user_data, packet->data, packet->n, packet->due, packet->tag);
    g_free (packet);
  }
}
