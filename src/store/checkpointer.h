/* Moves what was written from the database's log (-wal) into its file, on a thread of its own.
 *
 * SQLite does so within a commit: every 1,000 pages somebody waits for all of them and for the disk. Here only what was written
 * meanwhile is left to the commit, and rarely. What is durable and when does not change: a commit is when the log is on the disk.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct _CvCheckpointer CvCheckpointer;

/* Pages in the log: from `begin` on they are moved; at `restart` and more the log is begun anew, so that it does not grow. */
#define CV_CHECKPOINTER_BEGIN 1000
#define CV_CHECKPOINTER_RESTART 4000

/* For the file at `path`, which has a log, and the one connection `db` that writes to it; from now on that is left alone by SQLite's
 * own checkpoints. NULL if there is no second connection: they stay as they are. Used by the thread of `db` only. */
CvCheckpointer *cv_checkpointer_new (const char *path, sqlite3 *db, guint begin, guint restart);
/* Waits for what is on its way. Before `db` is closed. */
void cv_checkpointer_free (CvCheckpointer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCheckpointer, cv_checkpointer_free)

G_END_DECLS
