/* See playout.h. */
#include "rtc/playout.h"

#include "rtc/clock.h"

#include <string.h>

/* How long a packet is waited for. */
#define PATIENCE (500 * CV_RTC_MS)
/* More than this between two frames' timestamps is no pause but a mistake: 1 h. */
#define MAX_STEP (90000u * 3600u)

enum { HAVE = 1, MARKER = 2, EMPTY = 4, KNOWN = 8, START = 16, KEY = 32 };

void
cv_rtc_playout_init (CvRtcPlayout *self)
{
  memset (self, 0, sizeof *self);
  self->picture = self->tl0 = -1;
  self->slots = g_new0 (CvRtcPlayoutSlot, CV_RTC_PLAYOUT_SIZE);
}

void
cv_rtc_playout_clear (CvRtcPlayout *self)
{
  g_clear_pointer (&self->slots, g_free);
}

static CvRtcPlayoutSlot *
slot_of (CvRtcPlayout *self, gint64 index)
{
  return &self->slots[index & (CV_RTC_PLAYOUT_SIZE - 1)];
}

static void
end_frame (CvRtcPlayout *self, guint64 now)
{
  CvRtcPlayoutCounts *counts = &self->counts;
  self->in_frame = FALSE;
  counts->frames++;
  if (self->broken) {
    self->chain = FALSE;
    return;
  }
  counts->complete++;
  if (self->key) {
    counts->keyframes++;
    self->chain = TRUE;
  }
  if (!self->chain)
    return;
  counts->decodable++;
  if (self->last_decodable != 0)
    counts->longest_gap = MAX (counts->longest_gap, now - self->last_decodable);
  self->last_decodable = now;
}

/* Picture ids count frames; TL0PICIDX counts those of the lowest temporal layer. */
static void
check_ids (CvRtcPlayout *self, const CvRtcPlayoutSlot *slot)
{
  gboolean key = slot->flags & KEY;
  if (slot->picture < 0)
    return;
  if (self->picture >= 0 && key && slot->picture != ((self->picture + (int) self->since) & 0x7fff))
    self->counts.jumps++;
  if (self->picture >= 0 && !key) {
    if (slot->picture != ((self->picture + (int) self->since) & 0x7fff))
      self->counts.pictures++;
    int step = slot->layer > 0 ? 0 : 1;
    if (self->since == 1 && slot->tl0 >= 0 && self->tl0 >= 0 && slot->tl0 != ((self->tl0 + step) & 0xff))
      self->counts.tl0++;
  }
  self->picture = slot->picture;
  self->tl0 = slot->tl0;
  self->since = 0;
}

static void
begin_frame (CvRtcPlayout *self, const CvRtcPlayoutSlot *slot)
{
  gboolean known = slot->flags & KNOWN, start = slot->flags & START;
  gint32 step = (gint32) (slot->timestamp - self->timestamp);
  if (self->has_timestamp && (step <= 0 || step > (gint32) MAX_STEP))
    self->counts.timestamps++;
  self->in_frame = TRUE;
  self->has_timestamp = TRUE;
  self->timestamp = slot->timestamp;
  self->broken = known ? !start : self->after_gap;
  self->after_gap = FALSE;
  self->key = FALSE;
  self->since++;
  if (!known || !start)
    return;
  self->key = (slot->flags & KEY) != 0;
  check_ids (self, slot);
  if (self->key) {
    self->width = slot->width;
    self->height = slot->height;
  }
}

static void
take (CvRtcPlayout *self, const CvRtcPlayoutSlot *slot, guint64 now)
{
  if (slot->flags & EMPTY)
    return;
  if (self->in_frame && slot->timestamp != self->timestamp) { /* its end never came */
    gboolean begins = (slot->flags & (KNOWN | START | KEY)) == (KNOWN | START | KEY);
    if (!self->broken && begins)
      self->counts.cut++;
    else if (!self->broken)
      self->counts.timestamps++;
    self->broken = TRUE;
    end_frame (self, now);
  }
  if (!self->in_frame)
    begin_frame (self, slot);
  if (slot->flags & MARKER)
    end_frame (self, now);
}

static void
give_up_next (CvRtcPlayout *self)
{
  self->counts.given_up++;
  self->next++;
  self->chain = FALSE;
  self->picture = self->tl0 = -1;
  if (self->in_frame)
    self->broken = TRUE;
  self->after_gap = TRUE;
}

/* Takes what is there in order. */
static void
advance (CvRtcPlayout *self, guint64 now)
{
  while (self->next <= self->newest) {
    CvRtcPlayoutSlot *slot = slot_of (self, self->next);
    if (!(slot->flags & HAVE)) {
      if (self->stalled == 0)
        self->stalled = now;
      return;
    }
    take (self, slot, now);
    slot->flags = 0;
    self->next++;
    self->stalled = 0;
  }
  self->stalled = 0;
}

/* Gives up one gap. */
static void
skip (CvRtcPlayout *self, guint64 now)
{
  while (self->next <= self->newest && !(slot_of (self, self->next)->flags & HAVE))
    give_up_next (self);
  self->stalled = 0;
  advance (self, now);
}

gboolean
cv_rtc_playout_add (CvRtcPlayout *self, gint64 index, guint32 timestamp, gboolean marker, gboolean empty,
                    const CvRtcVp8 *vp8, guint64 now)
{
  if (!self->started || index - self->next > 8 * CV_RTC_PLAYOUT_SIZE) { /* the first, or from where it starts over */
    memset (self->slots, 0, CV_RTC_PLAYOUT_SIZE * sizeof *self->slots);
    self->started = TRUE;
    self->next = self->newest = index;
    self->in_frame = FALSE;
    self->stalled = 0;
  }
  if (index < self->next)
    return FALSE;
  while (index - self->next >= CV_RTC_PLAYOUT_SIZE) {
    if (self->next > self->newest) /* a jump: nothing is there to be skipped to */
      give_up_next (self);
    else
      skip (self, now);
  }
  CvRtcPlayoutSlot *slot = slot_of (self, index);
  *slot = (CvRtcPlayoutSlot){ .flags = HAVE, .timestamp = timestamp, .picture = -1, .tl0 = -1, .layer = -1 };
  slot->flags |= (guint8) ((marker ? MARKER : 0) | (empty ? EMPTY : 0));
  if (vp8 != NULL) {
    slot->flags |= (guint8) (KNOWN | (vp8->start ? START : 0) | (vp8->key ? KEY : 0));
    slot->picture = (gint16) vp8->picture;
    slot->tl0 = (gint16) vp8->tl0;
    slot->layer = (gint8) vp8->layer;
    slot->width = (guint16) vp8->width;
    slot->height = (guint16) vp8->height;
  }
  self->newest = MAX (self->newest, index);
  advance (self, now);
  return TRUE;
}

void
cv_rtc_playout_work (CvRtcPlayout *self, guint64 now)
{
  if (self->stalled != 0 && now - self->stalled > PATIENCE)
    skip (self, now);
}

gboolean
cv_rtc_playout_wants_key (const CvRtcPlayout *self)
{
  return !self->chain;
}
