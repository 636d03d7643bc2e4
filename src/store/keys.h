/* Table `api_key`: what lets a program or a producer use the interface over HTTP. All calls are answered in the main
 * context. */
#pragma once

#include "store/account-role.h"
#include "store/store.h"

G_BEGIN_DECLS

#define CV_KEY_HASH_BYTES 32
/* whatever became of them */
#define CV_KEYS_MAX 1000

typedef struct {
  char *id; /* "k" + 12 */
  guint8 hash[CV_KEY_HASH_BYTES];
  char *name;
  CvAccountRole role;
  gint64 created; /* ms since 1970, like those below */
  gint64 expires; /* 0: never */
  gint64 revoked; /* 0: it is good */
} CvKeyRow;

CvKeyRow *cv_key_row_copy (const CvKeyRow *self);
void cv_key_row_free (CvKeyRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvKeyRow, cv_key_row_free)

/* Fails with CV_STORE_ERROR_EXISTS or LIMIT; those that are of no use any more make room. */
void cv_keys_insert_async (CvStore *store, const CvKeyRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_keys_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Also one that is no longer good. Fails with CV_STORE_ERROR_MISSING. Returns: (transfer full). */
void cv_keys_find_async (CvStore *store, const guint8 hash[CV_KEY_HASH_BYTES], GAsyncReadyCallback callback,
                         gpointer user_data);
CvKeyRow *cv_keys_find_finish (CvStore *store, GAsyncResult *result, GError **error);

/* All, newest first. Returns: (transfer full) of CvKeyRow. */
void cv_keys_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_keys_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* `at`: now. Once more changes nothing. Fails with CV_STORE_ERROR_MISSING. */
void cv_keys_revoke_async (CvStore *store, const char *id, gint64 at, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_keys_revoke_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
