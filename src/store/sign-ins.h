/* Table `sign_in`: browsers that users are signed in with. All calls are answered in the main context. */
#pragma once

#include "store/account-role.h"
#include "store/store.h"

G_BEGIN_DECLS

#define CV_SIGN_IN_HASH_BYTES 32
/* of one user; a new one takes the place of the oldest */
#define CV_SIGN_INS_MAX 20

typedef struct {
  char *id; /* "n" + 12 */
  guint8 hash[CV_SIGN_IN_HASH_BYTES];
  char *user;
  gint64 created; /* ms since 1970, like those below */
  gint64 seen;
  gint64 expires;
  char *agent; /* what browser it is, for people */
  /* of its user, where it is read */
  CvAccountRole role;
  char *login;
  char *name;
} CvSignInRow;

CvSignInRow *cv_sign_in_row_copy (const CvSignInRow *self);
void cv_sign_in_row_free (CvSignInRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSignInRow, cv_sign_in_row_free)

/* Its user was seen then. Fails with CV_STORE_ERROR_MISSING where there is no such user, or it is disabled. */
void cv_sign_ins_insert_async (CvStore *store, const CvSignInRow *row, GAsyncReadyCallback callback,
                               gpointer user_data);
/* One that is good at `now`, of a user who is not disabled. Fails with CV_STORE_ERROR_MISSING. Ends with
 * cv_sign_ins_find_finish(). Returns: (transfer full). */
void cv_sign_ins_find_async (CvStore *store, const guint8 hash[CV_SIGN_IN_HASH_BYTES], gint64 now,
                             GAsyncReadyCallback callback, gpointer user_data);
CvSignInRow *cv_sign_ins_find_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of one user that are good at `now`, the newest first. Returns: (transfer full) of CvSignInRow. */
void cv_sign_ins_list_async (CvStore *store, const char *user, gint64 now, GAsyncReadyCallback callback,
                             gpointer user_data);
GPtrArray *cv_sign_ins_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Each of these ends with cv_sign_ins_change_finish(), as the insertion does. It was used. */
void cv_sign_ins_renew_async (CvStore *store, const char *id, gint64 seen, gint64 expires, GAsyncReadyCallback callback,
                              gpointer user_data);
/* Fails with CV_STORE_ERROR_MISSING where it is not that user's. */
void cv_sign_ins_delete_async (CvStore *store, const char *user, const char *id, GAsyncReadyCallback callback,
                               gpointer user_data);
/* All of that user but `keep`, which may be NULL. */
void cv_sign_ins_delete_others_async (CvStore *store, const char *user, const char *keep, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Whoever's it is; there may be none. */
void cv_sign_ins_end_async (CvStore *store, const guint8 hash[CV_SIGN_IN_HASH_BYTES], GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean cv_sign_ins_change_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
