/* One copy of a database: made, found again, cleared away. Everything here blocks and may run on any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* "conclave-20261126T060000Z.db", of a time in ms since 1970. Returns: (transfer full). */
char *cv_backup_name (gint64 at);
/* When a backup of this name was made: ms since 1970; 0 where that is no name of a backup. */
gint64 cv_backup_get_time (const char *name);

/* Copies `database`, which may be in use, to `path`, where nothing is there or only a file, with mode 0600: both are checked, and
 * `path` has the whole of it, on the disk, or is what it was. Fails with CV_STORE_ERROR. */
gboolean cv_backup_make (const char *database, const char *path, GCancellable *cancellable, GError **error);

/* Names of the backups in `directory`, the newest first. Returns: (transfer full). */
GPtrArray *cv_backup_list (const char *directory);
/* Removes all but the newest `keep` backups in `directory`, and what is left of those that were not finished. */
void cv_backup_tidy (const char *directory, guint keep);

/* Asks the disk to keep the names of `directory`. */
void cv_backup_sync_folder (const char *directory);

G_END_DECLS
