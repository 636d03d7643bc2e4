/* The database: opening, migrating, and one worker thread that all statements run on.
 *
 * Owns the SQLite connection and the worker. Callers live in the main context and get their answers there. Knows no
 * table: those are in rooms.h, meetings.h and tokens.h.
 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define CV_STORE_ERROR (cv_store_error_quark ())
GQuark cv_store_error_quark (void);

typedef enum {
  CV_STORE_ERROR_OPEN,    /* cannot be opened or made */
  CV_STORE_ERROR_CORRUPT, /* it is damaged, or no database */
  CV_STORE_ERROR_VERSION, /* made by a newer build */
  CV_STORE_ERROR_FULL,    /* no space, or a quota */
  CV_STORE_ERROR_EXISTS,  /* a row with this id is there */
  CV_STORE_ERROR_MISSING, /* no such row */
  CV_STORE_ERROR_LIMIT,   /* as many rows as there may be */
  CV_STORE_ERROR_INVALID, /* what was asked for makes no sense */
  CV_STORE_ERROR_FAILED,
} CvStoreError;

#define CV_TYPE_STORE (cv_store_get_type ())
G_DECLARE_FINAL_TYPE (CvStore, cv_store, CV, STORE, GObject)

/* Opens `path` (":memory:" for tests), WAL, foreign keys, mode 0600, runs quick_check and the numbered migrations.
 * Blocks; call it before the main loop runs. Returns: (transfer full). */
CvStore *cv_store_open (const char *path, GError **error);

/* Runs on the worker thread inside one transaction (rolled back where it fails). Returns what the GTask returns. */
typedef gpointer (*CvStoreFunc) (sqlite3 *db, gpointer data, GError **error);

/* quick_check of a connection's database, which is not the worker's. Fails with CORRUPT. */
gboolean cv_store_check (sqlite3 *db, GError **error);

/* Queues `func`; the answer comes when it is on the disk. `data` is freed with `free_data` (maybe NULL) after it ran, the
 * result with `free_result` where nobody takes it. What is cancelled before its turn does not run. */
void cv_store_run_async (CvStore *self, CvStoreFunc func, gpointer data, GDestroyNotify free_data,
                         GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
gpointer cv_store_run_finish (CvStore *self, GAsyncResult *result, GError **error);
/* The next job that is queued runs this as well, behind its own function and in one with it: both are done, or none. */
void cv_store_also (CvStore *self, CvStoreFunc func, gpointer data, GDestroyNotify free_data);
/* For a function whose only result is that it worked. */
gboolean cv_store_run_finish_plain (CvStore *self, GAsyncResult *result, GError **error);

/* Waits until everything that was queued has run, then closes. Afterwards every call fails. Whoever lets go of a store
 * calls this first: jobs hold references, so that the last one to go may be the worker's. */
void cv_store_close (CvStore *self);

/* For CvStoreFunc: sets an error from the connection's last one. SQLITE_FULL and I/O errors for lack of space become FULL,
 * a key that is taken EXISTS, a row that is referred to but not there MISSING. */
void cv_store_set_error (GError **error, sqlite3 *db, const char *doing);

/* For CvStoreFunc: one statement, its parameters bound from 1 on by `types`: s (const char *), i (gint64), and b (const
 * guint8 *, int). What they point to must outlive the statement. Returns: (transfer full), NULL with an error. */
sqlite3_stmt *cv_store_prepare (sqlite3 *db, GError **error, const char *sql, const char *types, ...);
/* The same for one that answers no rows, run at once. */
gboolean cv_store_exec (sqlite3 *db, GError **error, const char *sql, const char *types, ...);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)
/* Ids (ending in NULL) as one parameter: `… IN (SELECT value FROM json_each (?))`. Returns: (transfer full). */
char *cv_store_ids_to_json (const char *const *ids);

/* What to look for with `instr (fold (column), ?)`, whatever a request has: case does not count. NULL stays NULL. Returns:
 * (transfer full). */
char *cv_store_fold (const char *text);

/* A column of text of the row where `statement` stands. Returns: (transfer full), NULL where it is NULL. */
char *cv_store_read_text (sqlite3_stmt *statement, int column);

/* For CvStoreFunc: what a statement answers, made into (transfer full) objects. NULL with an error, also where `statement`
 * is NULL, which has one already. */
typedef gpointer (*CvStoreReadFunc) (sqlite3_stmt *row);
/* The first row; fails with MISSING where there is none. */
gpointer cv_store_read_one (sqlite3_stmt *statement, CvStoreReadFunc read, GError **error);
GPtrArray *cv_store_read_all (sqlite3_stmt *statement, CvStoreReadFunc read, GDestroyNotify free_row, GError **error);

G_END_DECLS
