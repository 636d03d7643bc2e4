/* See speakers.h. */
#include "media/speakers.h"

#include <string.h>

/* RFC 6464: -dBov. Speech lies at 15 to 40, what a room makes of itself above 50. */
#define VOICE 50
/* How long somebody must have spoken to be taken for a speaker: longer than a cough, a door or a key. A pause between two
 * syllables takes back half of its length. */
#define ATTACK_US (160 * 1000)
#define DECAY 0.5
/* Who paused that long speaks no more; who spoke before that long may lose the place. */
#define RELEASE_US (800 * 1000)
#define HOLD_US (1500 * 1000)
/* Who sends nothing for that long leaves, where there are more people than places. */
#define GONE_US (5 * G_USEC_PER_SEC)
/* A packet stands for its own time only, whatever lies before it. */
#define PACKET_US (60 * 1000)
/* Where all speak who have a place, a newcomer must be louder than one of them by that many dB. */
#define LOUDER 6.0
#define LOUDNESS_US (300.0 * 1000)
/* The order of the speaking changes for that many dB, of their voices alone and over a while: between syllables one of two who
 * speak at once is always the louder. */
#define REORDER 4.0
#define VOICE_MEAN_US (2 * G_USEC_PER_SEC)
#define NOBODY (-1)

struct _CvSpeaker {
  gpointer person;
  gboolean pinned;
  gboolean talking;
  gint place;      /* in CvSpeakers.heard, or NOBODY */
  gint64 packet;   /* when the last packet came */
  gint64 voice;    /* when the last voice came */
  gint64 spoken;   /* µs of voice lately, at most ATTACK_US */
  double loudness; /* smoothed, 0…127; more is louder */
  double strength; /* the same of the voice without its pauses, over VOICE_MEAN_US */
  gint64 voiced;   /* µs of voice that are in it, at most VOICE_MEAN_US */
};

struct _CvSpeakers {
  guint n; /* places for who is not pinned */
  GPtrArray *people;
  gpointer heard[CV_SPEAKERS_MAX];
  CvSpeaker *places[CV_SPEAKERS_MAX];
  gpointer speaking[CV_SPEAKERS_MAX];
  CvSpeaker *order[CV_SPEAKERS_MAX]; /* the same as `speaking` */
  guint n_speaking;
  gboolean changed; /* by somebody who left */
};

CvSpeakers *
cv_speakers_new (guint n)
{
  CvSpeakers *self = g_new0 (CvSpeakers, 1);
  self->n = CLAMP (n, 1, CV_SPEAKERS_MAX);
  self->people = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
cv_speakers_free (CvSpeakers *self)
{
  g_ptr_array_unref (self->people);
  g_free (self);
}

static void
set_place (CvSpeakers *self, guint place, CvSpeaker *speaker)
{
  if (self->places[place] != NULL)
    self->places[place]->place = NOBODY;
  self->places[place] = speaker;
  self->heard[place] = speaker == NULL ? NULL : speaker->person;
  if (speaker != NULL)
    speaker->place = (gint) place;
  self->changed = TRUE;
}

CvSpeaker *
cv_speakers_add (CvSpeakers *self, gpointer person)
{
  CvSpeaker *speaker = g_new0 (CvSpeaker, 1);
  speaker->person = person;
  speaker->place = NOBODY;
  speaker->packet = speaker->voice = G_MININT64 / 2;
  g_ptr_array_add (self->people, speaker);
  return speaker;
}

static void
stop_speaking (CvSpeakers *self, guint i)
{
  memmove (self->order + i, self->order + i + 1, (self->n_speaking - i - 1) * sizeof *self->order);
  self->n_speaking--;
  self->changed = TRUE;
}

static void
list_speaking (CvSpeakers *self)
{
  for (guint i = 0; i < CV_SPEAKERS_MAX; i++)
    self->speaking[i] = i < self->n_speaking ? self->order[i]->person : NULL;
}

void
cv_speakers_remove (CvSpeakers *self, CvSpeaker *speaker)
{
  if (speaker->place != NOBODY)
    set_place (self, (guint) speaker->place, NULL);
  for (guint i = 0; i < self->n_speaking; i++)
    if (self->order[i] == speaker)
      stop_speaking (self, i);
  list_speaking (self);
  g_ptr_array_remove_fast (self->people, speaker);
}

void
cv_speakers_pin (CvSpeaker *speaker, gboolean pinned)
{
  speaker->pinned = pinned;
}

void
cv_speakers_level (CvSpeaker *speaker, guint8 level, gint64 now_us)
{
  gint64 passed = now_us - speaker->packet;
  if (passed < 0)
    return;
  level = MIN (level, 127);
  double weight = MIN ((double) passed / LOUDNESS_US, 1);
  speaker->loudness += weight * (127 - level - speaker->loudness);
  speaker->packet = now_us;
  passed = MIN (passed, PACKET_US);
  if (level > VOICE) {
    speaker->spoken = MAX (0, speaker->spoken - (gint64) (DECAY * (double) passed));
    return;
  }
  speaker->spoken = MIN (ATTACK_US, speaker->spoken + passed);
  speaker->voiced = MIN (VOICE_MEAN_US, speaker->voiced + MAX (passed, 1));
  speaker->strength += (double) MAX (passed, 1) / (double) speaker->voiced * (127 - level - speaker->strength);
  if (speaker->spoken == ATTACK_US || speaker->talking)
    speaker->voice = now_us;
}

/* What the packets said, and what it means that none came. */
static void
update_speaker (CvSpeaker *speaker, gint64 now_us)
{
  if (now_us - speaker->packet > 2 * PACKET_US) {
    speaker->loudness = 0;
    speaker->spoken = 0;
  }
  if (speaker->spoken == 0 && !speaker->talking)
    speaker->voiced = 0; /* the next word is measured by itself */
  if (speaker->spoken == ATTACK_US)
    speaker->talking = TRUE;
  else if (now_us - speaker->voice > RELEASE_US)
    speaker->talking = FALSE;
}

static guint
count_places (CvSpeakers *self)
{
  guint pinned = 0;
  for (guint i = 0; i < self->people->len; i++)
    pinned += ((CvSpeaker *) self->people->pdata[i])->pinned;
  return CLAMP (pinned, self->n, CV_SPEAKERS_MAX);
}

/* Whether a is to lose the place before b: who is silent longest, among those who speak the quietest. */
static gboolean
goes_before (const CvSpeaker *a, const CvSpeaker *b)
{
  if (a->talking != b->talking)
    return b->talking;
  return a->talking ? a->loudness < b->loudness : a->voice < b->voice;
}

static gboolean
may_replace (const CvSpeaker *speaker, const CvSpeaker *other, gint64 now_us)
{
  if (speaker->pinned)
    return TRUE;
  if (other->talking)
    return speaker->loudness > other->loudness + LOUDER;
  return now_us - other->voice > HOLD_US;
}

static void
find_place (CvSpeakers *self, CvSpeaker *speaker, guint n, gint64 now_us)
{
  gint weakest = NOBODY;
  for (guint i = 0; i < n; i++) {
    CvSpeaker *other = self->places[i];
    if (other == NULL) {
      set_place (self, i, speaker);
      return;
    }
    if (!other->pinned && (weakest == NOBODY || goes_before (other, self->places[weakest])))
      weakest = (gint) i;
  }
  if (weakest != NOBODY && may_replace (speaker, self->places[weakest], now_us))
    set_place (self, (guint) weakest, speaker);
}

/* With no more people than places everyone keeps one, so that nobody's first word is cut. */
static void
update_heard (CvSpeakers *self, gint64 now_us)
{
  guint n = count_places (self);
  gboolean all = self->people->len <= n;
  for (guint i = 0; i < CV_SPEAKERS_MAX; i++) {
    CvSpeaker *speaker = self->places[i];
    if (speaker == NULL)
      continue;
    if (i >= n || (!all && !speaker->pinned && now_us - speaker->packet > GONE_US))
      set_place (self, i, NULL);
  }
  for (guint i = 0; i < self->people->len; i++) {
    CvSpeaker *speaker = self->people->pdata[i];
    if (speaker->place == NOBODY && (all || speaker->pinned || speaker->talking))
      find_place (self, speaker, n, now_us);
  }
}

static gboolean
is_listed (CvSpeakers *self, const CvSpeaker *speaker)
{
  for (guint i = 0; i < self->n_speaking; i++)
    if (self->order[i] == speaker)
      return TRUE;
  return FALSE;
}

static void
list_speaker (CvSpeakers *self, CvSpeaker *speaker)
{
  if (self->n_speaking == CV_SPEAKERS_MAX) {
    if (speaker->strength <= self->order[CV_SPEAKERS_MAX - 1]->strength + REORDER)
      return;
    self->n_speaking--;
  }
  self->order[self->n_speaking++] = speaker;
  self->changed = TRUE;
}

/* One step of sorting for each, and only over a clear difference, so that two who are equally loud do not dance. */
static void
update_speaking (CvSpeakers *self)
{
  for (guint i = self->n_speaking; i-- > 0;)
    if (!self->order[i]->talking)
      stop_speaking (self, i);
  for (guint i = 0; i < self->people->len; i++) {
    CvSpeaker *speaker = self->people->pdata[i];
    if (speaker->talking && !is_listed (self, speaker))
      list_speaker (self, speaker);
  }
  for (guint i = self->n_speaking; i-- > 1;) {
    CvSpeaker *above = self->order[i - 1], *below = self->order[i];
    if (below->strength <= above->strength + REORDER)
      continue;
    self->order[i - 1] = below;
    self->order[i] = above;
    self->changed = TRUE;
  }
  list_speaking (self);
}

gboolean
cv_speakers_tick (CvSpeakers *self, gint64 now_us)
{
  for (guint i = 0; i < self->people->len; i++)
    update_speaker (self->people->pdata[i], now_us);
  update_heard (self, now_us);
  update_speaking (self);
  gboolean changed = self->changed;
  self->changed = FALSE;
  return changed;
}

gpointer const *
cv_speakers_get_heard (CvSpeakers *self)
{
  return self->heard;
}

gpointer const *
cv_speakers_get_speaking (CvSpeakers *self, guint *n)
{
  *n = self->n_speaking;
  return self->speaking;
}
