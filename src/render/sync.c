/* See sync.h. */
#include "render/sync.h"

/* of one track: one every 10 s for a day */
#define MAX_SHIFTS 9000

/* Who stays where it is, and who is moved beside it: sound first, for people hear a jump. */
static guint
get_rank (CvTrackSource source)
{
  static const guint ranks[CV_N_TRACK_SOURCES] = {
    [CV_TRACK_MICROPHONE] = 0, [CV_TRACK_SCREEN_AUDIO] = 1, [CV_TRACK_CAMERA] = 2, [CV_TRACK_SCREEN] = 3
  };
  return ranks[source];
}

static gint64
get_overlap (const CvCut *a, const CvCut *b)
{
  return MIN (a->start + a->footage->duration, b->start + b->footage->duration) - MAX (a->start, b->start);
}

/* The track that `cut` is moved beside; NULL: there is none. */
static const CvCut *
find_anchor (const CvProgramme *programme, const CvCut *cut)
{
  const CvCut *best = NULL;
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *other = g_ptr_array_index (programme->cuts, i);
    if (other->person != cut->person || other->segment != cut->segment || other->clocks->len == 0 ||
        get_rank (other->source) >= get_rank (cut->source) || get_overlap (cut, other) <= 0)
      continue;
    if (best == NULL || get_rank (other->source) < get_rank (best->source) ||
        (other->source == best->source && get_overlap (cut, other) > get_overlap (cut, best)))
      best = other;
  }
  return best;
}

/* The time in the file at which the sender's clock said `ntp`. */
static gint64
find_pts (const CvCut *cut, gint64 ntp)
{
  const CvClockMark *marks = (const CvClockMark *) cut->clocks->data;
  guint n = cut->clocks->len, i = 0;
  while (i < n && marks[i].ntp <= ntp)
    i++;
  if (i == 0 || i == n) {
    const CvClockMark *mark = &marks[i == 0 ? 0 : n - 1];
    return mark->pts + ntp - mark->ntp;
  }
  const CvClockMark *a = &marks[i - 1], *b = &marks[i];
  double part = (double) (ntp - a->ntp) / (double) MAX (b->ntp - a->ntp, 1);
  return a->pts + (gint64) (part * (double) (b->pts - a->pts));
}

static void
move (CvCut *cut, const CvCut *anchor)
{
  for (guint i = 0; i < cut->clocks->len && cut->shifts->len < MAX_SHIFTS; i++) {
    const CvClockMark *mark = &g_array_index (cut->clocks, CvClockMark, i);
    CvShift shift = { mark->pts, anchor->start + find_pts (anchor, mark->ntp) - cut->start - mark->pts };
    if (ABS (shift.shift) <= CV_SYNC_MAX &&
        (cut->shifts->len == 0 || shift.pts > g_array_index (cut->shifts, CvShift, cut->shifts->len - 1).pts))
      g_array_append_val (cut->shifts, shift);
  }
}

void
cv_sync_apply (CvProgramme *programme)
{
  for (guint i = 0; i < programme->cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (programme->cuts, i);
    const CvCut *anchor = find_anchor (programme, cut);
    if (anchor != NULL)
      move (cut, anchor);
  }
}
