/* Table `user`: who may sign in. All calls are answered in the main context. */
#pragma once

#include "store/account-role.h"
#include "store/store.h"

G_BEGIN_DECLS

#define CV_USER_SALT_BYTES 16
#define CV_USER_HASH_BYTES 32
#define CV_USERS_MAX 2000

typedef struct {
  char *id;    /* "u" + 12 */
  char *login; /* one of a kind, whatever the case of its ASCII letters */
  char *name;
  CvAccountRole role;
  gboolean has_password;
  guint8 password_salt[CV_USER_SALT_BYTES];
  guint8 password_hash[CV_USER_HASH_BYTES];
  gint64 created;  /* ms since 1970, like those below */
  gint64 seen;     /* 0: never */
  gint64 disabled; /* 0: it is good */
} CvUserRow;

CvUserRow *cv_user_row_copy (const CvUserRow *self);
void cv_user_row_free (CvUserRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvUserRow, cv_user_row_free)

/* For a CvStoreFunc: a row of CV_USER_COLUMNS of table `user`. Returns: (transfer full). */
#define CV_USER_COLUMNS                                                                                                \
  "user.id, user.login, user.name, user.role, user.password_salt, user.password_hash, user.created, "                  \
  "ifnull (user.seen, 0), ifnull (user.disabled, 0)"
gpointer cv_user_row_read (sqlite3_stmt *statement);

/* What is to become of one; what is NULL, NOBODY or CV_USER_SAME stays. `actor`: who does it, for the audit, at `at`. */
#define CV_USER_SAME (-1)
typedef struct {
  const char *id;
  const char *name;
  CvAccountRole role;
  int disabled;                /* or FALSE, TRUE: all sign-ins end */
  const guint8 *password_salt; /* both, or neither: all sign-ins end but `keep` */
  const guint8 *password_hash;
  const char *keep; /* id of a sign-in, or NULL */
  const char *actor;
  gint64 at;
} CvUserChange;

/* Fails with CV_STORE_ERROR_EXISTS where id or login are taken, or LIMIT. */
void cv_users_insert_async (CvStore *store, const CvUserRow *row, const char *actor, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean cv_users_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* By id, or by login. Each fails with CV_STORE_ERROR_MISSING, and ends with cv_users_load_finish().
 * Returns: (transfer full). */
void cv_users_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
void cv_users_find_async (CvStore *store, const char *login, GAsyncReadyCallback callback, gpointer user_data);
/* How it is now. */
void cv_users_change_async (CvStore *store, const CvUserChange *change, GAsyncReadyCallback callback,
                            gpointer user_data);
CvUserRow *cv_users_load_finish (CvStore *store, GAsyncResult *result, GError **error);

/* All, by login. Returns: (transfer full) of CvUserRow. */
void cv_users_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_users_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* With its sign-ins; its rooms and events become nobody's. Fails with CV_STORE_ERROR_MISSING. */
void cv_users_delete_async (CvStore *store, const char *id, const char *actor, gint64 at, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean cv_users_delete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
