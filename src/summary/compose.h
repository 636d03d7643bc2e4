/* A summary as people read it: what comes first, in whose words. Any thread; owns nothing. */
#pragma once

#include "summary/letterhead.h"
#include "summary/paper.h"
#include "summary/summary.h"
#include "summary/words.h"

G_BEGIN_DECLS

typedef struct {
  const CvWords *words;
  const CvLetterhead *letterhead; /* or NULL */
  const char *server;             /* https://HOST[:PORT], where links lead; NULL or "": there are none */
  const char *address;            /* of the summary's own page, or NULL */
  guint issue;
  gint64 made; /* ms since 1970 */
} CvComposition;

/* Returns: (transfer full). */
CvPaper *cv_compose (const CvSummary *summary, const CvComposition *composition);

G_END_DECLS
