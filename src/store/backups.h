/* Backups of the database: one each hour, and when somebody asks.
 *
 * Owns a thread that makes one after the other. Main thread, but for that.
 */
#pragma once

#include "base/clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  const char *database;
  const char *directory; /* where they are kept; made where it is missing */
  guint hours;           /* from one to the next; 0: only when somebody asks */
  guint keep;            /* how many there are at most */
} CvBackupsOptions;

#define CV_TYPE_BACKUPS (cv_backups_get_type ())
G_DECLARE_FINAL_TYPE (CvBackups, cv_backups, CV, BACKUPS, GObject)

/* One that is due is made after a minute. */
CvBackups *cv_backups_new (const CvBackupsOptions *options, CvClock *clock);
/* What is under way is given up and gone when this returns; afterwards every call fails. Who lets go of it calls this first. */
void cv_backups_stop (CvBackups *self);

/* Makes one now. Returns: (transfer full), its path. */
void cv_backups_make_async (CvBackups *self, GAsyncReadyCallback callback, gpointer user_data);
char *cv_backups_make_finish (CvBackups *self, GAsyncResult *result, GError **error);

/* When the newest one was made: ms since 1970; 0: there is none. */
gint64 cv_backups_get_newest (CvBackups *self);

G_END_DECLS
