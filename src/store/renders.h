/* Table `render`: what is to be made of recordings, and what became of it. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* of one recording, whatever became of them */
#define CV_RENDERS_MAX 100

typedef enum { CV_RENDER_QUEUED, CV_RENDER_RUNNING, CV_RENDER_DONE, CV_RENDER_FAILED } CvRenderStatus;
/* "queued", "running", "done", "failed". */
const char *cv_render_status_to_text (CvRenderStatus status);

typedef struct {
  char *id; /* "j" + 12 */
  char *recording;
  gint64 created;   /* ms since 1970 */
  char *parameters; /* JSON: layout, width, height, fps, from, to, without, products, suffix */
  CvRenderStatus status;
  char *stage;    /* "": none yet */
  double done;    /* of that stage, 0 … 1 */
  guint attempts; /* that crashed */
  char *error;    /* stable id; "": none */
} CvRenderRow;

CvRenderRow *cv_render_row_copy (const CvRenderRow *self);
void cv_render_row_free (CvRenderRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRenderRow, cv_render_row_free)

/* Queues it (status, stage … are not looked at) and gives its parameters a `suffix`: "" for the recording's first one, "-2"
 * for the second … Fails with CV_STORE_ERROR_MISSING where there is no such recording, or LIMIT.
 * Returns: (transfer full), the row as it is now. */
void cv_renders_insert_async (CvStore *store, const CvRenderRow *row, GAsyncReadyCallback callback, gpointer user_data);
CvRenderRow *cv_renders_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of one recording, or of several (ending in NULL), oldest first. Returns: (transfer full) of CvRenderRow. */
void cv_renders_list_async (CvStore *store, const char *const *recordings, GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *cv_renders_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* At start: what was running when the last run ended is queued again. Returns: (transfer full) of CvRenderRow, all that are
 * queued, oldest first. */
void cv_renders_reopen_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_renders_reopen_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Status, stage, done, attempts and error as `row` says. Fails with CV_STORE_ERROR_MISSING. */
void cv_renders_update_async (CvStore *store, const CvRenderRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_renders_update_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
