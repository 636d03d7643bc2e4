/* See programme.h. */
#include "render/programme.h"

#include <string.h>

static void
character_free (CvCharacter *self)
{
  g_free (self->name);
  g_array_unref (self->present);
  g_array_unref (self->microphone);
  g_array_unref (self->camera);
  g_array_unref (self->screen);
  g_array_unref (self->speaking);
  g_free (self);
}

static void
cut_free (CvCut *self)
{
  g_free (self->name);
  g_clear_pointer (&self->footage, cv_footage_free);
  g_array_unref (self->shifts);
  g_array_unref (self->clocks);
  g_free (self);
}

static void
clear_chapter (CvChapter *chapter)
{
  g_free (chapter->title);
}

CvProgramme *
cv_programme_new (void)
{
  CvProgramme *self = g_new0 (CvProgramme, 1);
  self->title = g_strdup ("");
  self->spans = cv_spans_new ();
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->people = g_ptr_array_new_with_free_func ((GDestroyNotify) character_free);
  self->cuts = g_ptr_array_new_with_free_func ((GDestroyNotify) cut_free);
  self->speakers = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  self->featured = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  self->chapters = g_array_new (FALSE, FALSE, sizeof (CvChapter));
  g_array_set_clear_func (self->chapters, (GDestroyNotify) clear_chapter);
  self->gaps = g_array_new (FALSE, FALSE, sizeof (CvPeriod));
  return self;
}

void
cv_programme_free (CvProgramme *self)
{
  g_free (self->title);
  cv_spans_free (self->spans);
  g_ptr_array_unref (self->cuts);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->people);
  g_array_unref (self->speakers);
  g_array_unref (self->featured);
  g_array_unref (self->chapters);
  g_array_unref (self->gaps);
  g_free (self);
}

static GArray *
new_periods (void)
{
  return g_array_new (FALSE, FALSE, sizeof (CvPeriod));
}

CvCharacter *
cv_programme_find (CvProgramme *self, const char *id, gboolean add)
{
  CvCharacter *person = g_hash_table_lookup (self->by_id, id);
  if (person != NULL || !add)
    return person;
  person = g_new0 (CvCharacter, 1);
  g_strlcpy (person->id, id, sizeof person->id);
  person->name = g_strdup ("");
  person->present = new_periods ();
  person->microphone = new_periods ();
  person->camera = new_periods ();
  person->screen = new_periods ();
  person->speaking = new_periods ();
  g_ptr_array_add (self->people, person);
  g_hash_table_insert (self->by_id, person->id, person);
  return person;
}

/* ---- Cutting ---- */

static gboolean
is_without (const GPtrArray *without, const CvCharacter *person)
{
  for (guint i = 0; i < without->len; i++)
    if (strcmp (g_ptr_array_index (without, i), person->id) == 0)
      return TRUE;
  return FALSE;
}

static void
crop_turns (GArray *turns, gint64 from, gint64 duration, const GPtrArray *without)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (CvTurn));
  for (guint i = 0; i < turns->len; i++) {
    CvTurn turn = g_array_index (turns, CvTurn, i);
    gint64 end = i + 1 < turns->len ? g_array_index (turns, CvTurn, i + 1).t : G_MAXINT64;
    if (end <= from || turn.t - from >= duration)
      continue;
    turn.t = MAX (turn.t - from, 0);
    if (turn.person != NULL && is_without (without, turn.person))
      turn.person = NULL;
    g_array_append_val (kept, turn);
  }
  g_array_set_size (turns, 0);
  g_array_append_vals (turns, kept->data, kept->len);
  g_array_unref (kept);
}

static void
crop_cuts (CvProgramme *self, gint64 from, const GPtrArray *without)
{
  for (guint i = self->cuts->len; i-- > 0;) {
    CvCut *cut = g_ptr_array_index (self->cuts, i);
    cut->start -= from;
    cut->from = MAX (cut->from - from, 0);
    cut->to = MIN (cut->to - from, self->duration);
    if (cut->from >= cut->to || is_without (without, cut->person))
      g_ptr_array_remove_index (self->cuts, i);
  }
}

static void
crop_chapters (CvProgramme *self, gint64 from)
{
  for (guint i = self->chapters->len; i-- > 0;) {
    CvChapter *chapter = &g_array_index (self->chapters, CvChapter, i);
    gboolean over = i + 1 < self->chapters->len && g_array_index (self->chapters, CvChapter, i + 1).t <= 0;
    chapter->t = MAX (chapter->t - from, 0);
    if (over || chapter->t >= self->duration)
      g_array_remove_index (self->chapters, i);
  }
}

static void
crop_people (CvProgramme *self, gint64 from, const GPtrArray *without)
{
  for (guint i = self->people->len; i-- > 0;) {
    CvCharacter *person = g_ptr_array_index (self->people, i);
    GArray *const all[] = { person->present, person->microphone, person->camera, person->screen, person->speaking };
    for (guint k = 0; k < G_N_ELEMENTS (all); k++)
      cv_periods_crop (all[k], from, self->duration);
    if (!is_without (without, person))
      continue;
    g_hash_table_remove (self->by_id, person->id);
    g_ptr_array_remove_index (self->people, i);
  }
}

gboolean
cv_programme_crop (CvProgramme *self, gint64 from, gint64 to, const GPtrArray *without)
{
  gint64 end = to < 0 ? self->duration : MIN (to, self->duration);
  if (from >= end)
    return FALSE;
  self->duration = end - from;
  crop_turns (self->speakers, from, self->duration, without);
  crop_turns (self->featured, from, self->duration, without);
  crop_cuts (self, from, without);
  crop_chapters (self, from);
  cv_periods_crop (self->gaps, from, self->duration);
  crop_people (self, from, without);
  return TRUE;
}

/* ---- Looking ---- */

static gint64
get_shift (const CvCut *cut, gint64 pts)
{
  const CvShift *shifts = (const CvShift *) cut->shifts->data;
  guint n = cut->shifts->len, i = 0;
  while (i < n && shifts[i].pts <= pts)
    i++;
  if (n == 0)
    return 0;
  if (i == 0 || i == n)
    return shifts[i == 0 ? 0 : n - 1].shift;
  gint64 width = shifts[i].pts - shifts[i - 1].pts;
  return shifts[i - 1].shift + (shifts[i].shift - shifts[i - 1].shift) * (pts - shifts[i - 1].pts) / MAX (width, 1);
}

gint64
cv_cut_compose (const CvCut *cut, gint64 pts)
{
  return cut->start + pts + get_shift (cut, pts);
}

gint64
cv_cut_find_pts (const CvCut *cut, gint64 t)
{
  return t - cut->start - get_shift (cut, t - cut->start);
}

CvCut *
cv_programme_find_cut (const CvProgramme *self, const CvCharacter *person, CvTrackSource source, gint64 t)
{
  for (guint i = 0; i < self->cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (self->cuts, i);
    if (cut->person == person && cut->source == source && cut->from <= t && t < cut->to)
      return cut;
  }
  return NULL;
}

CvCharacter *
cv_turns_find (const GArray *turns, gint64 t)
{
  guint low = 0, high = turns->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index (turns, CvTurn, middle).t <= t)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? g_array_index (turns, CvTurn, low - 1).person : NULL;
}
