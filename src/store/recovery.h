/* A database that is damaged, and the backup that takes its place. Everything here blocks; nobody else may use the database:
 * who calls has the lock of its directory. Any thread. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* Opens `database`. Where it is damaged, empty or gone, it is set aside and the newest good one of the backups in the directory
 * `backups` takes its place, which the log and the table `audit` say; with no good one it fails, and nothing is touched.
 * Where there are none at all, a database that is gone is made. `now`: ms since 1970. Returns: (transfer full). */
CvStore *cv_recovery_open (const char *database, const char *backups, gint64 now, GError **error);

/* Puts a copy of `backup`, which is checked and brought up to date, in the place of `database`. What was there is kept: its
 * name is what it was and ".WHY-TIME". `actor`: as of store/audit.h. Returns: (transfer full), that name, without its folder, or
 * NULL with an error, and everything is as it was. */
char *cv_recovery_restore (const char *database, const char *backup, const char *why, const char *actor, gint64 now,
                           GError **error);

G_END_DECLS
