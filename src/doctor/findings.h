/* What a doctor finds: a list of rows, each with what was looked at, how it is, and what to do. Any thread; no I/O. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The worse, the higher. */
typedef enum {
  CV_FINDING_OK,
  CV_FINDING_SKIPPED, /* it could not be looked at */
  CV_FINDING_WARN,
  CV_FINDING_FAIL,
} CvFindingState;

typedef struct {
  const char *check; /* a static string: which check it comes from */
  CvFindingState state;
  char *text;   /* one line */
  char *advice; /* what to do, one line; NULL where there is nothing to do */
} CvFinding;

typedef struct _CvFindings CvFindings;

CvFindings *cv_findings_new (void);
void cv_findings_free (CvFindings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvFindings, cv_findings_free)

/* `check`: a static string. `advice`: NULL only where nothing is wrong. */
void cv_findings_add (CvFindings *self, const char *check, CvFindingState state, const char *advice, const char *format,
                      ...) G_GNUC_PRINTF (5, 6);

guint cv_findings_get_length (const CvFindings *self);
/* Returns: borrowed. */
const CvFinding *cv_findings_get (const CvFindings *self, guint i);
guint cv_findings_count (const CvFindings *self, CvFindingState state);

/* {status, checks: [{id, status, text, advice} …]}; the first status is "fail" where anything failed, else "warn" where
 * anything is doubtful, else "ok". Returns: (transfer full). */
JsonObject *cv_findings_to_json (const CvFindings *self);
/* For people, a line or two for each. Returns: (transfer full). */
char *cv_findings_to_text (const CvFindings *self);

G_END_DECLS
