/* See mixdown.h. */
#include "render/mixdown.h"

#include <string.h>

#define SAMPLES (CV_MIXDOWN_BLOCK * CV_VOICE_CHANNELS)
/* of 32767: louder is turned down; how much quicker it may get louder again, a block */
#define CEILING 30000
#define RELEASE 1.02

typedef struct {
  CvVoice *voice;
  const CvCharacter *person;
  guint peak, next_peak;
} Part;

struct _CvMixdown {
  GArray *parts;
  gint64 at; /* sample: of the block that was read ahead */
  gint32 now[SAMPLES], next[SAMPLES];
  gdouble goal_next; /* how loud that block may be */
  gdouble gain;      /* at the end of the last block */
  gboolean primed;
};

static void
clear_part (Part *part)
{
  cv_voice_free (part->voice);
}

static CvMixdown *
mixdown_new (void)
{
  CvMixdown *self = g_new0 (CvMixdown, 1);
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, (GDestroyNotify) clear_part);
  self->gain = 1;
  return self;
}

static void
add_part (CvMixdown *self, CvCut *cut, const CvKit *kit)
{
  Part part = { .voice = cv_voice_new (cut, kit), .person = cut->person };
  g_array_append_val (self->parts, part);
}

CvMixdown *
cv_mixdown_new (const CvProgramme *programme, const CvKit *kit)
{
  CvMixdown *self = mixdown_new ();
  for (guint i = 0; i < programme->cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (programme->cuts, i);
    if (cut->source == CV_TRACK_MICROPHONE || cut->source == CV_TRACK_SCREEN_AUDIO)
      add_part (self, cut, kit);
  }
  return self;
}

CvMixdown *
cv_mixdown_new_single (CvCut *cut, const CvKit *kit)
{
  CvMixdown *self = mixdown_new ();
  add_part (self, cut, kit);
  return self;
}

void
cv_mixdown_free (CvMixdown *self)
{
  g_array_unref (self->parts);
  g_free (self);
}

static void
read_ahead (CvMixdown *self)
{
  gint32 peak = 0;
  memset (self->next, 0, sizeof self->next);
  for (guint i = 0; i < self->parts->len; i++) {
    Part *part = &g_array_index (self->parts, Part, i);
    part->peak = part->next_peak;
    part->next_peak = cv_voice_add (part->voice, self->at, CV_MIXDOWN_BLOCK, self->next);
  }
  for (guint i = 0; i < SAMPLES; i++)
    peak = MAX (peak, ABS (self->next[i]));
  self->goal_next = peak > CEILING ? (double) CEILING / peak : 1;
  self->at += CV_MIXDOWN_BLOCK;
}

guint
cv_mixdown_next (CvMixdown *self, gint16 out[SAMPLES])
{
  guint peak = 0;
  if (!self->primed)
    read_ahead (self);
  self->gain = self->primed ? self->gain : self->goal_next;
  self->primed = TRUE;
  memcpy (self->now, self->next, sizeof self->now);
  double goal = MIN (self->goal_next, self->gain * RELEASE), gain = self->gain;
  read_ahead (self);
  goal = MIN (goal, self->goal_next);
  double step = (goal - gain) / SAMPLES;
  for (guint i = 0; i < SAMPLES; i++, gain += step) {
    gint32 value = gain >= 1 ? self->now[i] : (gint32) (self->now[i] * gain);
    out[i] = (gint16) CLAMP (value, -32768, 32767);
    peak = MAX (peak, (guint) MIN (ABS (value), 32767));
  }
  self->gain = goal;
  return peak;
}

guint
cv_mixdown_get_peak (const CvMixdown *self, const CvCharacter *person)
{
  guint peak = 0;
  for (guint i = 0; i < self->parts->len; i++) {
    const Part *part = &g_array_index (self->parts, Part, i);
    if (part->person == person)
      peak = MAX (peak, part->peak);
  }
  return peak;
}
