/* Table `idempotency`: answers to requests that may come twice. All calls are answered in the main context. */
#pragma once

#include "base/ids.h"
#include "store/store.h"

G_BEGIN_DECLS

/* for which an answer is kept */
#define CV_REPEATS_KEEP_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

typedef struct {
  char *actor;                   /* who asked: the id of a user or a key, or "admin" */
  char *key;                     /* under which it is kept */
  guint8 request[CV_HASH_BYTES]; /* what was asked */
  gint64 created;                /* ms since 1970 */
  guint status;
  char *body;
} CvRepeatRow;

void cv_repeat_row_free (CvRepeatRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRepeatRow, cv_repeat_row_free)

/* One that is not older than CV_REPEATS_KEEP_MS. Fails with CV_STORE_ERROR_MISSING. Returns: (transfer full). */
void cv_repeats_find_async (CvStore *store, const char *actor, const char *key, gint64 now,
                            GAsyncReadyCallback callback, gpointer user_data);
CvRepeatRow *cv_repeats_find_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Takes the place of one that is too old, and lets the other old ones go. Fails with CV_STORE_ERROR_EXISTS. */
void cv_repeats_insert_async (CvStore *store, const CvRepeatRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_repeats_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
