/* The database: opening, migrating, and one worker thread that all statements run on.
 *
 * Owns the SQLite connection and the worker. Callers live in the main context and get their answers there. Knows no
 * table: those are in rooms.h and meetings.h.
 */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define CV_STORE_ERROR (cv_store_error_quark ())
GQuark cv_store_error_quark (void);

typedef enum {
  CV_STORE_ERROR_OPEN,    /* cannot be opened or made */
  CV_STORE_ERROR_CORRUPT, /* quick_check failed */
  CV_STORE_ERROR_VERSION, /* made by a newer build */
  CV_STORE_ERROR_FULL,    /* no space, or a quota */
  CV_STORE_ERROR_EXISTS,  /* a row with this id is there */
  CV_STORE_ERROR_MISSING, /* no such row */
  CV_STORE_ERROR_FAILED,
} CvStoreError;

#define CV_TYPE_STORE (cv_store_get_type ())
G_DECLARE_FINAL_TYPE (CvStore, cv_store, CV, STORE, GObject)

/* Opens `path` (":memory:" for tests), WAL, foreign keys, mode 0600, runs quick_check and the numbered migrations.
 * Blocks; call it before the main loop runs. Returns: (transfer full). */
CvStore *cv_store_open (const char *path, GError **error);

/* Runs on the worker thread inside one transaction (rolled back where it fails). Returns what the GTask returns. */
typedef gpointer (*CvStoreFunc) (sqlite3 *db, gpointer data, GError **error);

/* Queues `func`. `data` is freed with `free_data` after it ran, the result with `free_result` where nobody takes it. */
void cv_store_run_async (CvStore *self, CvStoreFunc func, gpointer data, GDestroyNotify free_data,
                         GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
gpointer cv_store_run_finish (CvStore *self, GAsyncResult *result, GError **error);

/* Waits until everything that was queued has run, then closes. Afterwards every call fails. */
void cv_store_close (CvStore *self);

/* Sets an error from the connection's last one: SQLITE_FULL and I/O errors for lack of space become FULL, constraint
 * violations EXISTS. */
void cv_store_set_error (GError **error, sqlite3 *db, const char *doing);

G_END_DECLS
