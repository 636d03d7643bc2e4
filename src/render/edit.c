/* See edit.h. First when was recorded (segments, spans), then where the tracks lie, then who did what meanwhile. */
#include "render/edit.h"

#include "render/cast.h"
#include "render/sync.h"

#include <string.h>

#define NO_TIME (-1)
/* µs: a recording is cut off there, whatever its log says */
#define MAX_DURATION (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)
#define MAX_SEGMENTS 4000

typedef struct {
  guint number;
  gint64 from, to; /* of the recording; to: NO_TIME where nobody said */
} Segment;

typedef struct {
  const CvEventLog *log;
  CvProgramme *programme;
  GArray *segments;   /* Segment */
  GHashTable *begins; /* file's name → its `track` event */
} Edit;

void
cv_edit_file_free (CvEditFile *self)
{
  g_free (self->name);
  g_clear_pointer (&self->footage, cv_footage_free);
  g_free (self);
}

static const CvLogEvent *
get_event (const Edit *self, guint i)
{
  return &g_array_index (self->log->events, CvLogEvent, i);
}

/* ---- When was recorded ---- */

static Segment *
find_segment (const Edit *self, guint number)
{
  for (guint i = self->segments->len; i-- > 0;)
    if (g_array_index (self->segments, Segment, i).number == number)
      return &g_array_index (self->segments, Segment, i);
  return NULL;
}

static void
add_segment (Edit *self, guint number, gint64 from, gint64 to)
{
  if (self->segments->len >= MAX_SEGMENTS)
    return;
  Segment segment = { number, from, to };
  g_array_append_val (self->segments, segment);
}

static gint64
get_begin (const Edit *self, const CvCut *cut)
{
  const CvLogEvent *event = g_hash_table_lookup (self->begins, cut->name);
  return event != NULL ? event->t : NO_TIME;
}

/* Where the files of segments that began at `from` or later end; `from` where there are none. */
static gint64
find_end (const Edit *self, gint64 from)
{
  gint64 end = from;
  for (guint i = 0; i < self->programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (self->programme->cuts, i);
    const Segment *segment = find_segment (self, cut->segment);
    gint64 begin = get_begin (self, cut);
    if (segment != NULL && segment->from >= from)
      end = MAX (end, (begin != NO_TIME ? begin : segment->from) + cut->footage->duration);
  }
  return end;
}

static gint64
take_segment_event (Edit *self, const CvLogEvent *event, gint64 open)
{
  if (event->type == CV_LOG_SEGMENT) {
    add_segment (self, event->segment.number, event->t, NO_TIME);
    return open != NO_TIME ? open : event->t;
  }
  if (event->type == CV_LOG_SEGMENT_END) {
    Segment *segment = find_segment (self, event->segment.number);
    if (segment != NULL)
      segment->to = event->t;
    if (event->segment.lost)
      return open;
  }
  if (open != NO_TIME && (event->type == CV_LOG_STOP || event->type == CV_LOG_SEGMENT_END)) {
    cv_spans_add (self->programme->spans, open, event->t);
    return NO_TIME;
  }
  return open;
}

/* A log that lost its segments' lines still has tracks. */
static void
invent_segments (Edit *self)
{
  for (guint i = 0; i < self->programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (self->programme->cuts, i);
    if (find_segment (self, cut->segment) == NULL)
      add_segment (self, cut->segment, MAX (get_begin (self, cut), 0), NO_TIME);
  }
}

static void
find_spans (Edit *self)
{
  gint64 open = NO_TIME, last = 0;
  for (guint i = 0; i < self->log->events->len; i++) {
    const CvLogEvent *event = get_event (self, i);
    open = take_segment_event (self, event, open);
    last = MAX (last, event->t);
    if (event->type == CV_LOG_TRACK)
      g_hash_table_insert (self->begins, (gpointer) event->track.file, (gpointer) event);
  }
  if (self->segments->len == 0) {
    invent_segments (self);
    open = 0;
  }
  if (open != NO_TIME) {
    gint64 end = find_end (self, open);
    cv_spans_add (self->programme->spans, open, MIN (end > open ? end : last, open + MAX_DURATION));
  }
  self->programme->duration = MIN (cv_spans_get_duration (self->programme->spans), MAX_DURATION);
}

/* ---- Where the tracks lie ---- */

static void
add_cut (CvProgramme *programme, CvEditFile *file)
{
  CvCut *cut = g_new0 (CvCut, 1);
  char person[16];
  cv_track_name_parse (file->name, &cut->segment, person, &cut->source);
  cut->name = g_strdup (file->name);
  cut->person = cv_programme_find (programme, person, TRUE);
  cut->footage = g_steal_pointer (&file->footage);
  cut->shifts = g_array_new (FALSE, FALSE, sizeof (CvShift));
  cut->clocks = g_array_new (FALSE, FALSE, sizeof (CvClockMark));
  g_ptr_array_add (programme->cuts, cut);
}

static void
place (const Edit *self, CvCut *cut)
{
  const Segment *segment = find_segment (self, cut->segment);
  const CvSpan *span = segment != NULL ? cv_spans_find (self->programme->spans, segment->from) : NULL;
  if (span == NULL)
    return;
  gint64 t = get_begin (self, cut);
  if (t == NO_TIME) { /* it began just before all ended */
    gint64 end = segment->to != NO_TIME ? segment->to : span->to;
    t = MAX (end - cut->footage->duration, segment->from);
  }
  cut->start = span->composed + t - span->from;
  cut->from = span->composed;
  cut->to = span->composed + span->to - span->from;
}

static void
take_clocks (Edit *self)
{
  g_autoptr (GHashTable) cuts = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->programme->cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (self->programme->cuts, i);
    g_hash_table_insert (cuts, cut->name, cut);
  }
  for (guint i = 0; i < self->log->events->len; i++) {
    const CvLogEvent *event = get_event (self, i);
    CvCut *cut = event->type == CV_LOG_CLOCK ? g_hash_table_lookup (cuts, event->clock.file) : NULL;
    CvClockMark mark = { event->clock.pts, event->clock.ntp };
    if (cut != NULL)
      g_array_append_val (cut->clocks, mark);
  }
}

static gint
compare_cuts (gconstpointer a, gconstpointer b)
{
  const CvCut *one = *(CvCut *const *) a, *other = *(CvCut *const *) b;
  if (one->segment != other->segment)
    return one->segment < other->segment ? -1 : 1;
  return one->start != other->start ? (one->start < other->start ? -1 : 1) : strcmp (one->name, other->name);
}

/* Of two of one kind at one time the later one counts: the other is what a process went on with that was given up. */
static void
yield (CvProgramme *programme, CvCut *cut, guint behind)
{
  for (guint i = behind; i < programme->cuts->len; i++) {
    const CvCut *other = g_ptr_array_index (programme->cuts, i);
    if (other->person == cut->person && other->source == cut->source && other->from < other->to &&
        other->from >= cut->from)
      cut->to = MIN (cut->to, other->from);
  }
}

static void
place_cuts (Edit *self)
{
  CvProgramme *programme = self->programme;
  for (guint i = 0; i < programme->cuts->len; i++)
    place (self, g_ptr_array_index (programme->cuts, i));
  take_clocks (self);
  cv_sync_apply (programme);
  g_ptr_array_sort (programme->cuts, compare_cuts);
  for (guint i = 0; i < programme->cuts->len; i++) {
    CvCut *cut = g_ptr_array_index (programme->cuts, i);
    cut->from = MAX (cut->from, cv_cut_compose (cut, 0));
    cut->to = MAX (MIN (cut->to, cv_cut_compose (cut, cut->footage->duration)), cut->from);
  }
  for (guint i = 0; i < programme->cuts->len; i++)
    yield (programme, g_ptr_array_index (programme->cuts, i), i + 1);
}

/* Within a span, from a segment that was lost to the next. */
static void
find_gaps (Edit *self)
{
  CvSpans *spans = self->programme->spans;
  for (guint i = 0; i < self->segments->len; i++) {
    const Segment *segment = &g_array_index (self->segments, Segment, i);
    const CvSpan *span = segment->to != NO_TIME ? cv_spans_find (spans, segment->to) : NULL;
    gint64 next = span != NULL ? span->to : NO_TIME;
    gboolean overlapped = FALSE;
    for (guint k = 0; span != NULL && k < self->segments->len; k++) {
      const Segment *other = &g_array_index (self->segments, Segment, k);
      if (other->from >= segment->to)
        next = MIN (next, other->from);
      else if (k != i && (other->to == NO_TIME || other->to > segment->to))
        overlapped = TRUE;
    }
    if (span != NULL && !overlapped && segment->to > span->from)
      cv_periods_add (self->programme->gaps, cv_spans_compose (spans, segment->to), cv_spans_compose (spans, next));
  }
}

CvProgramme *
cv_edit_make (const CvEventLog *log, GPtrArray *files)
{
  Edit self = { .log = log, .programme = cv_programme_new () };
  self.segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  self.begins = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < log->events->len; i++)
    if (get_event (&self, i)->type == CV_LOG_PERSON) /* people stand in the order in which they came */
      cv_programme_find (self.programme, get_event (&self, i)->person, TRUE);
  for (guint i = 0; i < files->len; i++)
    add_cut (self.programme, g_ptr_array_index (files, i));
  find_spans (&self);
  place_cuts (&self);
  find_gaps (&self);
  cv_cast_fill (self.programme, log);
  g_array_unref (self.segments);
  g_hash_table_unref (self.begins);
  return self.programme;
}
