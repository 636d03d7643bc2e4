/* The words of summaries and films in one language, and how it writes dates: from the same translations as the web client's.
 *
 * Immutable once loaded, and counted: any thread may read it.
 */
#pragma once

#include "base/film-words.h"

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_WORD_SUMMARY,
  CV_WORD_BEGAN,
  CV_WORD_ENDED,
  CV_WORD_DURATION,
  CV_WORD_PEOPLE,
  CV_WORD_ATTENDANCE,
  CV_WORD_NAME,
  CV_WORD_ROLE,
  CV_WORD_JOINED,
  CV_WORD_LEFT,
  CV_WORD_PRESENT,
  CV_WORD_HOST,
  CV_WORD_COHOST,
  CV_WORD_VIEWER,
  CV_WORD_BY_PHONE,
  CV_WORD_STREAM,
  CV_WORD_AGENDA,
  CV_WORD_ITEM,
  CV_WORD_OWNER,
  CV_WORD_TIME,
  CV_WORD_PLANNED,
  CV_WORD_SPENT,
  CV_WORD_DONE,
  CV_WORD_MINUTES,
  CV_WORD_DECISION,
  CV_WORD_DECISIONS,
  CV_WORD_ACTION,
  CV_WORD_ACTIONS,
  CV_WORD_DUE,
  CV_WORD_POLLS,
  CV_WORD_VOTES,
  CV_WORD_ANONYMOUS,
  CV_WORD_MULTIPLE,
  CV_WORD_VOTED,
  CV_WORD_CHAT,
  CV_WORD_EDITED,
  CV_WORD_CAPTIONS,
  CV_WORD_DOCUMENTS,
  CV_WORD_SHARED_BY,
  CV_WORD_SIZE,
  CV_WORD_CHECKSUM,
  CV_WORD_RECORDINGS,
  CV_WORD_RECORDING,
  CV_WORD_MINUTES_SHORT, /* "{minutes} min" */
  CV_WORD_HOURS_SHORT,   /* "{hours} h {minutes} min" */
  CV_WORD_DATE,          /* "{weekday}, {day} {month} {year}" */
  CV_WORD_DAY,           /* "{day} {month} {year}" */
  CV_WORD_ISSUE,         /* "Issue {n}, {date}" */
  CV_WORD_PAGE,          /* "Page {n} of {all}" */
  CV_WORD_NOTHING,
  CV_WORD_MAIL_SUBJECT, /* "Summary: {title}" */
  CV_WORD_MAIL_TEXT,
  CV_WORD_CONTENTS,
  CV_WORD_IMPRINT,
  CV_WORD_PRIVACY,
  CV_WORD_TERMS,
  CV_WORD_FILM, /* and on: of base/film-words.h */
  CV_WORD_MONDAY = CV_WORD_FILM + CV_FILM_N_WORDS,
  CV_WORD_JANUARY = CV_WORD_MONDAY + 7,
  CV_N_WORDS = CV_WORD_JANUARY + 12,
} CvWord;

typedef struct _CvWords CvWords;

/* `directory` has a LANGUAGE.json each; where there is none, or a word is missing, it is English. `zone`: NULL for that of this machine. */
CvWords *cv_words_new (const char *directory, const char *language, GTimeZone *zone);
CvWords *cv_words_ref (CvWords *self);
void cv_words_unref (CvWords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvWords, cv_words_unref)

/* "en", "de" … as in HTML's lang; and a word. Borrowed. */
const char *cv_words_get_language (const CvWords *self);
const char *cv_words_get (const CvWords *self, CvWord word);
/* With values in place of {placeholders}: pairs of names and values, ending in NULL. Returns: (transfer full), like all below. */
char *cv_words_fill (const CvWords *self, CvWord word, ...) G_GNUC_NULL_TERMINATED;

/* Of ms since 1970: "Thursday, 26 November 2026"; "14:05"; the same with the zone, "14:05 CET". */
char *cv_words_date (const CvWords *self, gint64 at);
char *cv_words_time (const CvWords *self, gint64 at);
char *cv_words_time_and_zone (const CvWords *self, gint64 at);
/* "YYYY-MM-DD" as a date, or what it is. */
char *cv_words_day (const CvWords *self, const char *day);
/* Of ms, to the minute: "1 h 5 min", "5 min"; below a minute as one. */
char *cv_words_span (const CvWords *self, gint64 ms);
char *cv_words_size (gint64 bytes); /* "1.5 MB" */

G_END_DECLS
