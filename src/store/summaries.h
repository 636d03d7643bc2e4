/* Table `summary`: each issue of a meeting's summary; the last one counts. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* of a meeting; the first one and the newest ones are kept */
#define CV_SUMMARIES_MAX_ISSUES 50

typedef struct {
  char *meeting;
  guint issue; /* from 1 on */
  gint64 made; /* ms since 1970 */
  char *actor; /* "server", "host", "admin", or the id of an account or key */
  char *body;  /* JSON */
} CvSummaryRow;

void cv_summary_row_free (CvSummaryRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSummaryRow, cv_summary_row_free)

/* For a CvStoreFunc: the last one, as of cv_summaries_load_async(). */
CvSummaryRow *cv_summary_read_last (sqlite3 *db, const char *meeting, GError **error);
/* The same: a new issue, the next one, whatever `row` says; 0 with an error. */
guint cv_summary_add (sqlite3 *db, const CvSummaryRow *row, GError **error);

/* The last one. Fails with MISSING. Returns: (transfer full). */
void cv_summaries_load_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data);
CvSummaryRow *cv_summaries_load_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
