/* Table `share`: links that let people see one recording without a key. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_SHARE_HASH_BYTES 32
#define CV_SHARE_SALT_BYTES 16
/* of a recording, expired ones not counted */
#define CV_SHARES_MAX 100

typedef struct {
  char *id;                         /* "s" + 12 */
  guint8 hash[CV_SHARE_HASH_BYTES]; /* of the secret in the link */
  char *recording;
  gint64 created;     /* ms since 1970 */
  gint64 expires;     /* the same; 0: never */
  gboolean downloads; /* files may be kept, not only watched */
  gboolean has_password;
  guint8 password_salt[CV_SHARE_SALT_BYTES];
  guint8 password_hash[CV_SHARE_HASH_BYTES];
} CvShareRow;

CvShareRow *cv_share_row_copy (const CvShareRow *self);
void cv_share_row_free (CvShareRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvShareRow, cv_share_row_free)

/* Fails with CV_STORE_ERROR_EXISTS, MISSING where there is no such recording, or LIMIT. */
void cv_shares_insert_async (CvStore *store, const CvShareRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_shares_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Also one that has expired. Fails with CV_STORE_ERROR_MISSING. Returns: (transfer full). */
void cv_shares_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
CvShareRow *cv_shares_load_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of a recording, newest first. Returns: (transfer full) of CvShareRow. */
void cv_shares_list_async (CvStore *store, const char *recording, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_shares_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with CV_STORE_ERROR_MISSING. */
void cv_shares_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_shares_delete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
