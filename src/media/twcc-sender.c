/* See twcc.h. The sender's end: a ring of what was sent, and the reader of feedback. What it reads comes from a stranger:
 * the work for one feedback is bounded by the ring. */
#include "media/twcc.h"

#define TICK_US 250
#define FCI 8 /* base, count, reference time, number of the feedback */
/* An arrival time beyond that many ticks is a stranger's joke. */
#define MAX_TICKS ((gint64) 1 << 48)

typedef enum { NOTHING, WAITING, CALLED_LOST } State;

typedef struct {
  guint32 sent; /* µs modulo 2³² */
  guint16 bytes;
  guint8 probe;
  guint8 state;
} Sent;

struct _CvTwccSender {
  gint64 next;      /* extended number of the next packet */
  gint64 covered;   /* behind the highest that a feedback was about */
  gint64 last_us;   /* when the last one was sent */
  gint64 waiting;   /* when the first one after the last feedback was; 0: none */
  gint64 reference; /* the last feedback's reference time, unwrapped, in ticks */
  gboolean heard;
  guint8 count;
  Sent ring[CV_TWCC_RING];
};

/* Reads status symbols one after the other. */
typedef struct {
  const guint8 *data;
  gsize n, at;
  guint left; /* symbols of the whole feedback */
  guint chunk, in_chunk;
} Symbols;

typedef struct {
  CvTwccResult *out;
  guint n, max;
} Results;

CvTwccSender *
cv_twcc_sender_new (void)
{
  CvTwccSender *self = g_new0 (CvTwccSender, 1);
  self->next = self->covered = (gint64) CV_TWCC_RING * 16; /* a number that is too old stays above 0 */
  return self;
}

void
cv_twcc_sender_free (CvTwccSender *self)
{
  g_free (self);
}

guint16
cv_twcc_sender_sent (CvTwccSender *self, gint64 now_us, gsize bytes, guint probe)
{
  Sent *sent = &self->ring[self->next % CV_TWCC_RING];
  sent->sent = (guint32) now_us;
  sent->bytes = (guint16) bytes;
  sent->probe = (guint8) probe;
  sent->state = WAITING;
  self->last_us = now_us;
  if (self->waiting == 0)
    self->waiting = now_us;
  return (guint16) self->next++;
}

gint64
cv_twcc_sender_get_silence (CvTwccSender *self)
{
  return self->waiting == 0 ? 0 : MAX (0, self->last_us - self->waiting);
}

void
cv_twcc_sender_forget (CvTwccSender *self)
{
  for (guint i = 0; i < CV_TWCC_RING; i++)
    self->ring[i].state = NOTHING;
  self->waiting = 0;
}

/* -1: the chunks end too early. */
static int
next_symbol (Symbols *self)
{
  if (self->in_chunk == 0) {
    if (self->at + 2 > self->n)
      return -1;
    self->chunk = cv_read16 (self->data + self->at);
    self->at += 2;
    self->in_chunk = (self->chunk & 0x8000) == 0 ? self->chunk & 0x1fff : (self->chunk & 0x4000) == 0 ? 14 : 7;
    if (self->in_chunk == 0)
      return -1;
  }
  self->in_chunk--;
  self->left--;
  if ((self->chunk & 0x8000) == 0)
    return (int) (self->chunk >> 13);
  if ((self->chunk & 0x4000) == 0)
    return (int) (self->chunk >> self->in_chunk & 1);
  return (int) (self->chunk >> 2 * self->in_chunk & 3);
}

/* Where the deltas begin; 0: malformed. */
static gsize
find_deltas (Symbols symbols)
{
  gsize bytes = 0;
  while (symbols.left > 0) {
    int symbol = next_symbol (&symbols);
    if (symbol < 0 || symbol > 2)
      return 0;
    bytes += (gsize) symbol;
  }
  return symbols.at + bytes <= symbols.n ? symbols.at : 0;
}

/* 24 bits of 64 ms wrap after twelve days; later ones may come first. */
static gint64
unwrap_reference (CvTwccSender *self, guint32 reference)
{
  guint32 ticks = reference << 8;
  gint64 unwrapped = self->reference + (gint32) (ticks - (guint32) self->reference);
  if (!self->heard || ABS (unwrapped) > MAX_TICKS)
    unwrapped = ticks;
  return self->reference = unwrapped;
}

static void
add_result (CvTwccSender *self, Results *results, gint64 index, gboolean came, gint64 arrival_us)
{
  Sent *sent = &self->ring[index % CV_TWCC_RING];
  if (sent->state == NOTHING || (!came && sent->state == CALLED_LOST))
    return;
  if (results->n < results->max) {
    CvTwccResult *result = &results->out[results->n++];
    result->sent_us = self->last_us - (guint32) ((guint32) self->last_us - sent->sent);
    result->arrival_us = came ? arrival_us : 0;
    result->bytes = sent->bytes;
    result->probe = sent->probe;
    result->lost = !came;
    result->late = came && sent->state == CALLED_LOST;
  }
  sent->state = came ? NOTHING : CALLED_LOST;
}

/* Packets between this feedback and the one before were lost if no feedback was; else nobody knows. */
static void
close_gap (CvTwccSender *self, Results *results, gint64 base, guint8 count)
{
  gint64 from = MAX (self->covered, self->next - CV_TWCC_RING);
  if (!self->heard || count != (guint8) (self->count + 1))
    return;
  for (gint64 i = from; i < base; i++)
    add_result (self, results, i, FALSE, 0);
}

guint
cv_twcc_sender_feedback (CvTwccSender *self, const guint8 *fci, gsize n, CvTwccResult *results, guint max)
{
  Results found = { results, 0, max };
  if (n < FCI)
    return 0;
  /* The base is before what was sent last; anything else comes out as too old. */
  gint64 base = self->next - 1 - (guint16) (self->next - 1 - cv_read16 (fci));
  Symbols symbols = { fci, n, FCI, cv_read16 (fci + 2), 0, 0 };
  if (symbols.left == 0 || symbols.left > CV_TWCC_RING || base < self->next - CV_TWCC_RING)
    return 0;
  gsize at = find_deltas (symbols);
  if (at == 0)
    return 0;

  gint64 ticks = unwrap_reference (self, cv_read24 (fci + 4));
  gint64 end = MIN (base + symbols.left, self->next);
  close_gap (self, &found, base, fci[7]);
  for (gint64 i = base; i < end; i++) {
    int symbol = next_symbol (&symbols);
    if (symbol == 1)
      ticks += fci[at];
    else if (symbol == 2)
      ticks += (gint16) cv_read16 (fci + at);
    at += (gsize) symbol;
    add_result (self, &found, i, symbol != 0, ticks * TICK_US);
  }
  if (!self->heard || (gint8) (guint8) (fci[7] - self->count) > 0)
    self->count = fci[7];
  self->covered = MAX (self->covered, end);
  self->heard = TRUE;
  self->waiting = 0;
  return found.n;
}
