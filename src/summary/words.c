/* See words.h. */
#include "summary/words.h"

#include "base/json.h"

#include <string.h>

/* for tools/po-update */
#define N_(text) text

static const char *const ENGLISH[CV_N_WORDS] = {
  [CV_WORD_SUMMARY] = N_ ("Meeting summary"),
  [CV_WORD_BEGAN] = N_ ("Began"),
  [CV_WORD_ENDED] = N_ ("Ended"),
  [CV_WORD_DURATION] = N_ ("Duration"),
  [CV_WORD_PEOPLE] = N_ ("People"),
  [CV_WORD_ATTENDANCE] = N_ ("Attendance"),
  [CV_WORD_NAME] = N_ ("Name"),
  [CV_WORD_ROLE] = N_ ("Role"),
  [CV_WORD_JOINED] = N_ ("Joined"),
  [CV_WORD_LEFT] = N_ ("Left"),
  [CV_WORD_PRESENT] = N_ ("Present"),
  [CV_WORD_HOST] = N_ ("Host"),
  [CV_WORD_COHOST] = N_ ("Co-host"),
  [CV_WORD_VIEWER] = N_ ("Viewer"),
  [CV_WORD_BY_PHONE] = N_ ("by phone"),
  [CV_WORD_STREAM] = N_ ("stream"),
  [CV_WORD_AGENDA] = N_ ("Agenda"),
  [CV_WORD_ITEM] = N_ ("Item"),
  [CV_WORD_OWNER] = N_ ("Owner"),
  [CV_WORD_TIME] = N_ ("Time"),
  [CV_WORD_PLANNED] = N_ ("Planned"),
  [CV_WORD_SPENT] = N_ ("Spent"),
  [CV_WORD_DONE] = N_ ("Done"),
  [CV_WORD_MINUTES] = N_ ("Minutes"),
  [CV_WORD_DECISION] = N_ ("Decision"),
  [CV_WORD_DECISIONS] = N_ ("Decisions"),
  [CV_WORD_ACTION] = N_ ("Action"),
  [CV_WORD_ACTIONS] = N_ ("Actions"),
  [CV_WORD_DUE] = N_ ("Due"),
  [CV_WORD_POLLS] = N_ ("Polls"),
  [CV_WORD_VOTES] = N_ ("Votes"),
  [CV_WORD_ANONYMOUS] = N_ ("anonymous"),
  [CV_WORD_MULTIPLE] = N_ ("several answers possible"),
  [CV_WORD_VOTED] = N_ ("Voted"),
  [CV_WORD_CHAT] = N_ ("Chat"),
  [CV_WORD_EDITED] = N_ ("edited"),
  [CV_WORD_CAPTIONS] = N_ ("Captions"),
  [CV_WORD_DOCUMENTS] = N_ ("Documents"),
  [CV_WORD_SHARED_BY] = N_ ("Shared by"),
  [CV_WORD_SIZE] = N_ ("Size"),
  [CV_WORD_CHECKSUM] = N_ ("Checksum (SHA-256)"),
  [CV_WORD_RECORDINGS] = N_ ("Recordings"),
  [CV_WORD_RECORDING] = N_ ("Recording"),
  [CV_WORD_MINUTES_SHORT] = N_ ("{minutes} min"),
  [CV_WORD_HOURS_SHORT] = N_ ("{hours} h {minutes} min"),
  [CV_WORD_DATE] = N_ ("{weekday}, {day} {month} {year}"),
  [CV_WORD_DAY] = N_ ("{day} {month} {year}"),
  [CV_WORD_ISSUE] = N_ ("Issue {n} of {date}"),
  [CV_WORD_PAGE] = N_ ("Page {n} of {all}"),
  [CV_WORD_NOTHING] = N_ ("Nothing was written down in this meeting."),
  [CV_WORD_MAIL_SUBJECT] = N_ ("Summary: {title}"),
  [CV_WORD_MAIL_TEXT] = N_ ("The summary of this meeting is attached. It can be read here as well:"),
  [CV_WORD_CONTENTS] = N_ ("Contents"),
  [CV_WORD_IMPRINT] = N_ ("Imprint"),
  [CV_WORD_PRIVACY] = N_ ("Privacy policy"),
  [CV_WORD_TERMS] = N_ ("Terms of use"),
  [CV_WORD_FILM + CV_FILM_BEGINNING] = N_ ("Beginning"),
  [CV_WORD_FILM + CV_FILM_PRESENTATION] = N_ ("Presentation: {name}"),
  [CV_WORD_FILM + CV_FILM_NOBODY] = N_ ("Nobody is here"),
  [CV_WORD_FILM + CV_FILM_INTERRUPTED] = N_ ("The recording was interrupted here"),
  [CV_WORD_MONDAY] = N_ ("Monday"),
  [CV_WORD_MONDAY + 1] = N_ ("Tuesday"),
  [CV_WORD_MONDAY + 2] = N_ ("Wednesday"),
  [CV_WORD_MONDAY + 3] = N_ ("Thursday"),
  [CV_WORD_MONDAY + 4] = N_ ("Friday"),
  [CV_WORD_MONDAY + 5] = N_ ("Saturday"),
  [CV_WORD_MONDAY + 6] = N_ ("Sunday"),
  [CV_WORD_JANUARY] = N_ ("January"),
  [CV_WORD_JANUARY + 1] = N_ ("February"),
  [CV_WORD_JANUARY + 2] = N_ ("March"),
  [CV_WORD_JANUARY + 3] = N_ ("April"),
  [CV_WORD_JANUARY + 4] = N_ ("May"),
  [CV_WORD_JANUARY + 5] = N_ ("June"),
  [CV_WORD_JANUARY + 6] = N_ ("July"),
  [CV_WORD_JANUARY + 7] = N_ ("August"),
  [CV_WORD_JANUARY + 8] = N_ ("September"),
  [CV_WORD_JANUARY + 9] = N_ ("October"),
  [CV_WORD_JANUARY + 10] = N_ ("November"),
  [CV_WORD_JANUARY + 11] = N_ ("December"),
};

struct _CvWords {
  gatomicrefcount references;
  char *language;
  char *words[CV_N_WORDS];
  GTimeZone *zone;
};

/* NULL: there is none. Returns: (transfer full). */
static JsonObject *
load (const char *directory, const char *language)
{
  g_autofree char *name = g_strconcat (language, ".json", NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();

  /* a file of ours; it has more members than what comes from the network may have */
  if (!json_parser_load_from_file (parser, path, NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

CvWords *
cv_words_new (const char *directory, const char *language, GTimeZone *zone)
{
  CvWords *self = g_new0 (CvWords, 1);
  g_atomic_ref_count_init (&self->references);
  g_autoptr (JsonObject) catalogue = load (directory, language);

  self->language = g_strdup (catalogue != NULL ? language : "en");
  self->zone = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  for (guint i = 0; i < CV_N_WORDS; i++) {
    JsonNode *node = catalogue != NULL ? json_object_get_member (catalogue, ENGLISH[i]) : NULL;

    self->words[i] = g_strdup (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL
                                 ? json_node_get_string (node)
                                 : ENGLISH[i]);
  }
  return self;
}

CvWords *
cv_words_ref (CvWords *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
cv_words_unref (CvWords *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < CV_N_WORDS; i++)
    g_free (self->words[i]);
  g_time_zone_unref (self->zone);
  g_free (self->language);
  g_free (self);
}

const char *
cv_words_get_language (const CvWords *self)
{
  return self->language;
}

const char *
cv_words_get (const CvWords *self, CvWord word)
{
  return self->words[word];
}

char *
cv_words_fill (const CvWords *self, CvWord word, ...)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *rest = self->words[word];

  /* in one pass: what is put in is not looked at again */
  while (*rest != '\0') {
    const char *end = *rest == '{' ? strchr (rest, '}') : NULL;
    const char *name, *value = NULL;
    va_list args;

    va_start (args, word);
    while (end != NULL && value == NULL && (name = va_arg (args, const char *)) != NULL) {
      const char *candidate = va_arg (args, const char *);

      if (strlen (name) == (gsize) (end - rest - 1) && strncmp (name, rest + 1, strlen (name)) == 0)
        value = candidate;
    }
    va_end (args);
    if (value != NULL) {
      g_string_append (out, value);
      rest = end + 1;
    } else {
      g_string_append_c (out, *rest++);
    }
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* NULL where there is no such time. Returns: (transfer full). */
static GDateTime *
get_time (const CvWords *self, gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / 1000);

  return utc != NULL ? g_date_time_to_timezone (utc, self->zone) : NULL;
}

static char *
fill_date (const CvWords *self, CvWord pattern, GDateTime *time)
{
  g_autofree char *day = g_strdup_printf ("%d", g_date_time_get_day_of_month (time));
  g_autofree char *year = g_strdup_printf ("%d", g_date_time_get_year (time));

  return cv_words_fill (self, pattern, "weekday", self->words[CV_WORD_MONDAY + g_date_time_get_day_of_week (time) - 1],
                        "day", day, "month", self->words[CV_WORD_JANUARY + g_date_time_get_month (time) - 1], "year",
                        year, NULL);
}

char *
cv_words_date (const CvWords *self, gint64 at)
{
  g_autoptr (GDateTime) time = get_time (self, at);

  if (time == NULL)
    return g_strdup ("");
  return fill_date (self, CV_WORD_DATE, time);
}

char *
cv_words_time (const CvWords *self, gint64 at)
{
  g_autoptr (GDateTime) time = get_time (self, at);

  return time != NULL ? g_date_time_format (time, "%H:%M") : g_strdup ("");
}

char *
cv_words_time_and_zone (const CvWords *self, gint64 at)
{
  g_autoptr (GDateTime) time = get_time (self, at);

  return time != NULL ? g_date_time_format (time, "%H:%M %Z") : g_strdup ("");
}

char *
cv_words_day (const CvWords *self, const char *day)
{
  g_autofree char *text = g_strconcat (day, "T12:00:00Z", NULL);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = strlen (day) == 10 ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  if (time == NULL)
    return g_strdup (day);
  return fill_date (self, CV_WORD_DAY, time);
}

char *
cv_words_span (const CvWords *self, gint64 ms)
{
  gint64 all = ms <= 0 ? 0 : MAX (1, (ms + 30000) / 60000);
  g_autofree char *hours = g_strdup_printf ("%" G_GINT64_FORMAT, all / 60);
  g_autofree char *minutes = g_strdup_printf ("%" G_GINT64_FORMAT, all % 60);

  return cv_words_fill (self, all < 60 ? CV_WORD_MINUTES_SHORT : CV_WORD_HOURS_SHORT, "hours", hours, "minutes",
                        minutes, NULL);
}

char *
cv_words_size (gint64 bytes)
{
  return g_format_size ((guint64) MAX (bytes, 0));
}
