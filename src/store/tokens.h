/* Table `token`: what lets somebody publish into a room, or watch it, without a browser. All calls are answered in the main
 * context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_TOKEN_HASH_BYTES 32
/* of a room, whatever became of them */
#define CV_TOKENS_MAX 200

typedef struct {
  char *id; /* "t" + 12 */
  guint8 hash[CV_TOKEN_HASH_BYTES];
  char *room;
  gboolean publishes; /* else it watches */
  char *name;
  gint64 created;    /* ms since 1970, like those below */
  gint64 expires;    /* 0: never */
  gint64 revoked;    /* 0: it is good */
  gboolean consents; /* who publishes with it has agreed to be recorded */
} CvTokenRow;

CvTokenRow *cv_token_row_copy (const CvTokenRow *self);
void cv_token_row_free (CvTokenRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTokenRow, cv_token_row_free)

/* Fails with CV_STORE_ERROR_EXISTS, MISSING where there is no such room, or LIMIT. */
void cv_tokens_insert_async (CvStore *store, const CvTokenRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_tokens_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Also one that is no longer good. Fails with CV_STORE_ERROR_MISSING. Returns: (transfer full). */
void cv_tokens_find_async (CvStore *store, const guint8 hash[CV_TOKEN_HASH_BYTES], GAsyncReadyCallback callback,
                           gpointer user_data);
CvTokenRow *cv_tokens_find_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of a room, newest first. Returns: (transfer full) of CvTokenRow. */
void cv_tokens_list_async (CvStore *store, const char *room, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_tokens_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* `at`: now. Once more changes nothing. Fails with CV_STORE_ERROR_MISSING. */
void cv_tokens_revoke_async (CvStore *store, const char *id, gint64 at, GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean cv_tokens_revoke_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
