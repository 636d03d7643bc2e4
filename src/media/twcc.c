/* See twcc.h. The receiver's end; the sender's is in twcc-sender.c. */
#include "media/twcc.h"

#include <string.h>

/* Packets that may wait for being reported; what is older is forgotten, what jumps further starts anew. */
#define WINDOW 2048
#define FIXED 20 /* RTCP header, two SSRCs, base, count, time, number */
/* what a run length and the two sorts of vector hold */
#define MAX_RUN 8191
#define ONE_BIT 14
#define TWO_BIT 7
/* of the reference time, in the 250 µs of deltas: 64 ms. 24 bits of it wrap where 32 bits of ticks do. */
#define TICK_US 250
#define REFERENCE_BITS 8

typedef enum { LOST = 0, SMALL = 1, LARGE = 2 } Symbol;

struct _CvTwccReceiver {
  gboolean started;
  gint64 next; /* extended numbers: the first not reported yet */
  gint64 end;  /* behind the highest that came */
  guint8 count;
  guint32 ticks[WINDOW]; /* when it came, modulo 2³² ticks; 0: it did not */
};

/* What one feedback packet is going to say. */
typedef struct {
  guint32 reference;
  guint n;
  guint delta_bytes;
  guint8 symbols[WINDOW];
} Report;

CvTwccReceiver *
cv_twcc_receiver_new (void)
{
  return g_new0 (CvTwccReceiver, 1);
}

void
cv_twcc_receiver_free (CvTwccReceiver *self)
{
  g_free (self);
}

static guint32 *
slot (CvTwccReceiver *self, gint64 index)
{
  return &self->ticks[index % WINDOW];
}

/* Everything from `end` up to `index` is missing so far. */
static void
open_gap (CvTwccReceiver *self, gint64 index)
{
  if (index - self->end >= WINDOW) {
    memset (self->ticks, 0, sizeof self->ticks);
    self->next = index;
    return;
  }
  for (gint64 i = self->end; i < index; i++)
    *slot (self, i) = 0;
  self->next = MAX (self->next, index + 1 - WINDOW);
}

void
cv_twcc_receiver_add (CvTwccReceiver *self, guint16 seq, gint64 arrival_us)
{
  if (!self->started) {
    self->started = TRUE;
    self->next = self->end = (gint64) 65536 + seq; /* room below for what was overtaken */
  }
  gint64 index = self->end + (gint16) (guint16) (seq - (guint16) self->end);
  if (index <= self->end - WINDOW || index < 0)
    return;
  if (index >= self->end) {
    open_gap (self, index);
    self->end = index + 1;
  } else if (*slot (self, index) != 0) {
    return;
  }
  *slot (self, index) = MAX (1, (guint32) (arrival_us / TICK_US));
  self->next = MIN (self->next, index); /* reported as lost already, or before the first: said again from there */
}

static Symbol
symbol_of (gint32 delta)
{
  return delta >= 0 && delta <= G_MAXUINT8 ? SMALL : LARGE;
}

/* Takes as many packets from `next` on as fit `room` bytes. No vector holds fewer than TWO_BIT but the last, so that chunks
 * never need more than counted here. */
static void
collect (CvTwccReceiver *self, Report *report, gsize room)
{
  guint32 last = 0;
  gint64 first = self->next;
  while (first < self->end && *slot (self, first) == 0)
    first++;
  report->n = report->delta_bytes = 0;
  if (first == self->end)
    return;
  report->reference = last = *slot (self, first) >> REFERENCE_BITS << REFERENCE_BITS;
  for (gint64 i = self->next; i < self->end; i++) {
    guint32 ticks = *slot (self, i);
    gint32 delta = (gint32) (ticks - last);
    Symbol symbol = ticks == 0 ? LOST : symbol_of (delta);
    if (symbol != LOST && (delta < G_MININT16 || delta > G_MAXINT16))
      break; /* a packet with a reference of its own says it */
    if (2 * (report->n / TWO_BIT + 1) + report->delta_bytes + (guint) symbol > room)
      break;
    report->symbols[report->n++] = (guint8) symbol;
    report->delta_bytes += (guint) symbol;
    if (symbol != LOST)
      last = ticks;
  }
}

static guint
run_of (const guint8 *symbols, guint n)
{
  guint run = 1;
  while (run < MIN (n, MAX_RUN) && symbols[run] == symbols[0])
    run++;
  return run;
}

/* A vector is always full, but for the last one: with a large delta among its symbols it cannot be of one bit. */
static gboolean
fits_one_bit (const guint8 *symbols, guint n)
{
  return memchr (symbols, LARGE, MIN (n, ONE_BIT)) == NULL;
}

/* Writes the chunk that holds most; returns how many symbols that are. */
static guint
write_chunk (guint8 *out, const guint8 *symbols, guint n)
{
  guint run = run_of (symbols, n), bits = fits_one_bit (symbols, n) ? 1 : 2;
  guint per_vector = bits == 1 ? ONE_BIT : TWO_BIT, held = MIN (n, per_vector);
  guint chunk = bits == 1 ? 0x8000 : 0xc000;
  if (run >= held) {
    cv_write16 (out, (guint16) (symbols[0] << 13 | run));
    return run;
  }
  for (guint i = 0; i < held; i++)
    chunk |= (guint) symbols[i] << bits * (per_vector - 1 - i);
  cv_write16 (out, (guint16) chunk);
  return held;
}

static gsize
write_deltas (CvTwccReceiver *self, const Report *report, guint8 *out)
{
  guint32 last = report->reference;
  gsize at = 0;
  for (guint i = 0; i < report->n; i++) {
    if (report->symbols[i] == LOST)
      continue;
    guint32 ticks = *slot (self, self->next + i);
    if (report->symbols[i] == SMALL)
      out[at] = (guint8) (ticks - last);
    else
      cv_write16 (out + at, (guint16) (ticks - last));
    at += report->symbols[i];
    last = ticks;
  }
  return at;
}

gboolean
cv_twcc_receiver_write (CvTwccReceiver *self, CvRtcpWriter *writer, guint32 sender, guint32 media)
{
  Report report;
  gsize room = MIN (writer->size - writer->n, CV_TWCC_MAX_BYTES) & ~(gsize) 3;
  if (room < FIXED + 4)
    return FALSE;
  collect (self, &report, room - FIXED);
  if (report.n == 0)
    return FALSE;

  guint8 *out = writer->out + writer->n;
  gsize at = FIXED;
  for (guint i = 0; i < report.n; at += 2)
    i += write_chunk (out + at, report.symbols + i, report.n - i);
  at += write_deltas (self, &report, out + at);
  while (at % 4 != 0)
    out[at++] = 0;
  out[0] = 0x80 | 15; /* no padding bit: in a compound only the last may have it (RFC 3550 6.4.1) */
  out[1] = 205;
  cv_write16 (out + 2, (guint16) (at / 4 - 1));
  cv_write32 (out + 4, sender);
  cv_write32 (out + 8, media);
  cv_write16 (out + 12, (guint16) self->next);
  cv_write16 (out + 14, (guint16) report.n);
  cv_write24 (out + 16, report.reference >> REFERENCE_BITS);
  out[19] = self->count++;
  writer->n += at;
  self->next += report.n;
  return TRUE;
}
