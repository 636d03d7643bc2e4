/* What is written down of a meeting: a plain value, and its JSON (docs/summary.md).
 *
 * Owns its texts. Any thread. Knows neither where it comes from (collect.h) nor what documents are made of it (html.h …).
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* bytes of its JSON: of a full meeting (2 MiB of texts) and what stands around them */
#define CV_SUMMARY_MAX_BYTES (8 * 1024 * 1024)

typedef struct {
  char *text; /* of a poll's choice, or a sign */
  gint64 count;
} CvSummaryCount;
/* Times are ms since 1970, spans ms. */
typedef struct {
  char *name;
  char *role;                   /* "viewer", "person", "cohost", "host": the highest one */
  char *device;                 /* "browser", "stream", "phone" */
  gint64 joined, left, present; /* present: without what they were away in between */
} CvSummaryAttendee;

typedef struct {
  char *title, *owner; /* owner "": nobody's */
  gint64 minutes;      /* planned; 0: not said */
  gint64 started;      /* 0: it was not come to */
  gint64 spent;
  gboolean done;
} CvSummaryItem;

typedef struct {
  char *kind;               /* "text", "heading", "decision", "action" */
  char *text, *owner, *due; /* due: "YYYY-MM-DD", or "" */
} CvSummaryBlock;

typedef struct {
  char *question;
  GPtrArray *choices; /* of CvSummaryCount */
  gboolean multiple, anonymous;
  gint64 voters;
  GPtrArray *voted; /* of char *: their names; empty where they are not told */
} CvSummaryPoll;

typedef struct {
  gint64 at;
  char *name, *text;
  char *reply_name, *reply_text; /* what it answers, shortened; "": nothing */
  GPtrArray *reactions;          /* of CvSummaryCount */
  gboolean edited;
} CvSummaryMessage;

typedef struct {
  gint64 at;
  char *by, *text;
  char *lang; /* or "" */
} CvSummaryCaption;

typedef struct {
  char *id, *name, *media_type, *sha256, *by;
  gint64 bytes, at;
} CvSummaryDocument;

typedef struct {
  char *id;
  gint64 started, ended; /* ended 0: not known */
} CvSummaryRecording;

typedef struct {
  char *meeting, *room, *kind, *title, *reason;
  gint64 started, ended;
  /* each of the type above; NULL: is not to be told */
  GPtrArray *attendance, *agenda, *minutes, *polls, *chat, *captions, *documents, *recordings;
} CvSummary;

/* With empty lists; the caller sets the texts. */
CvSummary *cv_summary_new (void);
void cv_summary_free (CvSummary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSummary, cv_summary_free)

CvSummaryAttendee *cv_summary_add_attendee (CvSummary *self);
CvSummaryItem *cv_summary_add_item (CvSummary *self);
CvSummaryBlock *cv_summary_add_block (CvSummary *self);
CvSummaryPoll *cv_summary_add_poll (CvSummary *self);
CvSummaryMessage *cv_summary_add_message (CvSummary *self);
CvSummaryCaption *cv_summary_add_caption (CvSummary *self);
CvSummaryDocument *cv_summary_add_document (CvSummary *self);
CvSummaryRecording *cv_summary_add_recording (CvSummary *self);
/* To choices or reactions. */
void cv_summary_add_count (GPtrArray *counts, const char *text, gint64 count);

/* Strictly: NULL with an error of base/json.h, also for what cannot be seen in a text. Returns: (transfer full). */
CvSummary *cv_summary_parse (const char *text, gsize length, GError **error);
CvSummary *cv_summary_read (JsonObject *object, GError **error);
/* Returns: (transfer full). */
JsonNode *cv_summary_to_json (const CvSummary *self);

G_END_DECLS
