/* See chapters.h. */
#include "render/chapters.h"

#include "base/film-words.h"

#include <string.h>

/* µs: chapters that are nearer than that are one; who speaks that long has one; a share that pauses for less is one */
#define MIN_DISTANCE (10 * G_USEC_PER_SEC)
#define LONG_TURN (45 * G_USEC_PER_SEC)
#define SHORT_PAUSE (2 * G_USEC_PER_SEC)
#define MAX_CHAPTERS 200

static gint
compare_shares (gconstpointer a, gconstpointer b)
{
  const CvShare *one = a, *other = b;
  return one->from != other->from ? (one->from < other->from ? -1 : 1) : strcmp (one->person->id, other->person->id);
}

static void
add_share (GArray *shares, CvCharacter *person, gint64 from, gint64 to)
{
  for (guint i = shares->len; i-- > 0;) {
    CvShare *share = &g_array_index (shares, CvShare, i);
    if (share->person == person && from - share->to < SHORT_PAUSE) {
      share->to = MAX (share->to, to);
      return;
    }
  }
  CvShare share = { person, from, to };
  if (from < to)
    g_array_append_val (shares, share);
}

GArray *
cv_chapters_find_shares (const CvProgramme *programme)
{
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (CvShare));
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (programme->cuts, i);
    CvCharacter *person = cut->person;
    if (cut->source != CV_TRACK_SCREEN || cut->from >= cut->to)
      continue;
    if (!person->spoken_for)
      add_share (shares, person, cut->from, cut->to);
    for (guint k = 0; person->spoken_for && k < person->screen->len; k++) {
      const CvPeriod *period = &g_array_index (person->screen, CvPeriod, k);
      gint64 from = MAX (period->from, cut->from), to = MIN (period->to, cut->to);
      if (from < to)
        add_share (shares, person, from, to);
    }
  }
  g_array_sort (shares, compare_shares);
  return shares;
}

/* Where it belongs, unless there is one nearby already. */
static void
add (GArray *chapters, gint64 t, const char *format, const char *name)
{
  guint i = 0;
  if (chapters->len >= MAX_CHAPTERS || *name == '\0')
    return;
  for (; i < chapters->len && g_array_index (chapters, CvChapter, i).t <= t; i++)
    ;
  if ((i > 0 && t - g_array_index (chapters, CvChapter, i - 1).t < MIN_DISTANCE) ||
      (i < chapters->len && g_array_index (chapters, CvChapter, i).t - t < MIN_DISTANCE))
    return;
  g_autoptr (GString) title = g_string_new (format);
  g_string_replace (title, "{name}", name, 1);
  CvChapter chapter = { t, g_strdup (title->str) };
  g_array_insert_val (chapters, i, chapter);
}

static void
add_turns (CvProgramme *programme)
{
  const CvCharacter *last = NULL;
  for (guint i = 0; i < programme->featured->len; i++) {
    const CvTurn *turn = &g_array_index (programme->featured, CvTurn, i);
    gint64 end =
      i + 1 < programme->featured->len ? g_array_index (programme->featured, CvTurn, i + 1).t : programme->duration;
    if (turn->person == NULL || turn->person == last || end - turn->t < LONG_TURN)
      continue;
    add (programme->chapters, turn->t, "{name}", turn->person->name);
    last = turn->person;
  }
}

void
cv_chapters_complete (CvProgramme *programme)
{
  g_autoptr (GArray) shares = cv_chapters_find_shares (programme);
  for (guint i = 0; i < shares->len; i++) {
    const CvShare *share = &g_array_index (shares, CvShare, i);
    add (programme->chapters, share->from, programme->words[CV_FILM_PRESENTATION], share->person->name);
  }
  add_turns (programme);
  if (programme->chapters->len == 0 || g_array_index (programme->chapters, CvChapter, 0).t == 0)
    return;
  CvChapter first = { 0,
                      g_strdup (*programme->title != '\0' ? programme->title : programme->words[CV_FILM_BEGINNING]) };
  g_array_prepend_val (programme->chapters, first);
}

void
cv_chapters_append_time (GString *out, gint64 t)
{
  guint64 ms = (guint64) MAX (t, 0) / 1000;
  g_string_append_printf (out, "%02u:%02u:%02u.%03u", (guint) (ms / 3600000), (guint) (ms / 60000 % 60),
                          (guint) (ms / 1000 % 60), (guint) (ms % 1000));
}

/* Text of a cue: no markup, one line. */
static void
append_text (GString *out, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  for (char *at = escaped; *at != '\0'; at++)
    if (*at == '\n' || *at == '\r')
      *at = ' ';
  g_string_append (out, escaped);
}

GString *
cv_chapters_to_vtt (const CvProgramme *programme)
{
  GString *out = g_string_new ("WEBVTT\n");
  for (guint i = 0; i < programme->chapters->len; i++) {
    const CvChapter *chapter = &g_array_index (programme->chapters, CvChapter, i);
    gint64 end =
      i + 1 < programme->chapters->len ? g_array_index (programme->chapters, CvChapter, i + 1).t : programme->duration;
    g_string_append_printf (out, "\n%u\n", i + 1);
    cv_chapters_append_time (out, chapter->t);
    g_string_append (out, " --> ");
    cv_chapters_append_time (out, end);
    g_string_append_c (out, '\n');
    append_text (out, chapter->title);
    g_string_append_c (out, '\n');
  }
  return out;
}
