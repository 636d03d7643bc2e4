/* See history.h. */
#include "media/history.h"

#include "rtp/rtp.h"

#include <string.h>

#define ENTRIES 1024u            /* packets at most; a power of two */
#define MIN_BYTES (32u * 1024)   /* a power of two */
#define MAX_BYTES (1024u * 1024) /* 0.5 s of 16 Mbit/s */
#define KEEP_US (500 * 1000)     /* what is younger is not thrown away while the ring may grow */

typedef struct {
  guint64 index;
  guint64 start; /* where it stands, counted from the first byte ever */
  guint16 n;     /* 0: empty */
  guint16 header_n;
} Entry;

struct _CvHistory {
  guint8 *bytes;
  guint64 size;
  guint64 end;   /* bytes written so far, gaps included */
  guint64 lap;   /* how often the ring was filled, and when this time began */
  gint64 lap_at; /* µs */
  Entry entries[ENTRIES];
};

CvHistory *
cv_history_new (void)
{
  CvHistory *self = g_new0 (CvHistory, 1);
  self->size = MIN_BYTES;
  self->bytes = g_malloc (self->size);
  return self;
}

void
cv_history_free (CvHistory *self)
{
  g_free (self->bytes);
  g_free (self);
}

static gboolean
is_kept (const CvHistory *self, const Entry *entry)
{
  return entry->n > 0 && self->end - entry->start <= self->size;
}

/* A packet never wraps: what is left at the end of the ring is skipped. */
static guint64
place (const CvHistory *self, guint64 end, gsize n)
{
  guint64 left = self->size - end % self->size;
  return left < n ? end + left : end;
}

/* Twice the room. No packet crosses a multiple of the old size, so none crosses one of the new. */
static void
grow (CvHistory *self)
{
  CvHistory old = { .bytes = self->bytes, .size = self->size };
  self->bytes = g_malloc (old.size * 2);
  for (guint i = 0; i < ENTRIES; i++) {
    Entry *entry = &self->entries[i];
    if (!is_kept (self, entry)) {
      entry->n = 0;
      continue;
    }
    memcpy (self->bytes + entry->start % (old.size * 2), old.bytes + entry->start % old.size, entry->n);
  }
  self->size = old.size * 2;
  g_free (old.bytes);
}

void
cv_history_put (CvHistory *self, guint64 index, const guint8 *packet, gsize n, gsize header_n, gint64 now)
{
  g_return_if_fail (n > 0 && n <= CV_RTP_MAX_PACKET && header_n <= n);
  guint64 start = place (self, self->end, n);
  if (start / self->size != self->lap || self->end == 0) {
    if (self->end > 0 && now - self->lap_at < KEEP_US && self->size < MAX_BYTES) {
      grow (self);
      start = place (self, self->end, n);
    }
    self->lap = start / self->size;
    self->lap_at = now;
  }
  self->entries[index % ENTRIES] =
    (Entry){ .index = index, .start = start, .n = (guint16) n, .header_n = (guint16) header_n };
  memcpy (self->bytes + start % self->size, packet, n);
  self->end = start + n;
}

gboolean
cv_history_get (CvHistory *self, guint64 index, CvHistoryPacket *packet)
{
  const Entry *entry = &self->entries[index % ENTRIES];
  if (entry->index != index || !is_kept (self, entry))
    return FALSE;
  *packet =
    (CvHistoryPacket){ .packet = self->bytes + entry->start % self->size, .n = entry->n, .header_n = entry->header_n };
  return TRUE;
}

gsize
cv_history_get_size (CvHistory *self)
{
  return self->size;
}
