/* See backups.h. */
#include "store/backups.h"

#include "base/tally.h"
#include "store/backup.h"
#include "store/store.h"

#include <errno.h>
#include <glib/gstdio.h>

#define CV_LOG_TOPIC "backup"
#include "base/log.h"

/* a start is busy enough */
#define START_MS 60000
#define HOUR_MS G_GINT64_CONSTANT (3600000)
/* that wait for their turn */
#define MAX_WAITING 8

struct _CvBackups {
  GObject parent_instance;
  char *database;
  char *directory;
  gint64 period; /* ms; 0: none */
  guint keep;
  CvClock *clock;
  guint timer;
  gint64 newest;
  GCancellable *cancellable; /* of all that the thread does */
  GThreadPool *pool;         /* one thread, of GTask (transfer full); NULL once stopped */
};

G_DEFINE_FINAL_TYPE (CvBackups, cv_backups, G_TYPE_OBJECT)

/* ---- the thread: touches the files, `cancellable` and what never changes ---- */

static void
work (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  CvBackups *self = g_task_get_source_object (task);
  g_autofree char *path = g_build_filename (self->directory, g_task_get_task_data (task), NULL);
  GError *error = NULL;

  if (g_mkdir_with_parents (self->directory, 0700) != 0) {
    g_task_return_new_error (task, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", self->directory, g_strerror (errno));
    return;
  }
  if (cv_backup_make (self->database, path, self->cancellable, &error)) {
    cv_backup_tidy (self->directory, self->keep);
    g_task_return_pointer (task, g_steal_pointer (&path), g_free);
  } else {
    g_task_return_error (task, error);
  }
}

/* ---- main thread ---- */

static void wait_for_next (CvBackups *self, gint64 ms);

static void
on_hourly_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CvBackups *self = CV_BACKUPS (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = cv_backups_make_finish (self, result, &error);

  if (self->pool == NULL)
    return;
  if (path == NULL)
    cv_warning (NULL, NULL, "no backup was made: %s", error->message);
  wait_for_next (self, self->period);
}

static void
on_due (gpointer user_data)
{
  CvBackups *self = user_data;

  self->timer = 0;
  cv_backups_make_async (self, on_hourly_made, NULL);
}

static void
wait_for_next (CvBackups *self, gint64 ms)
{
  self->timer = cv_clock_after (self->clock, (guint) ms, on_due, self);
}

static void
cv_backups_dispose (GObject *object)
{
  cv_backups_stop (CV_BACKUPS (object));
  G_OBJECT_CLASS (cv_backups_parent_class)->dispose (object);
}

static void
cv_backups_finalize (GObject *object)
{
  CvBackups *self = CV_BACKUPS (object);

  g_free (self->database);
  g_free (self->directory);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (cv_backups_parent_class)->finalize (object);
}

static void
cv_backups_class_init (CvBackupsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_backups_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_backups_finalize;
}

static void
cv_backups_init (CvBackups *self)
{
  self->cancellable = g_cancellable_new ();
}

/* ms since 1970 of the newest one; one of the future is nobody's. */
static gint64
find_newest (CvBackups *self)
{
  g_autoptr (GPtrArray) names = cv_backup_list (self->directory);
  gint64 now = cv_clock_wall (self->clock);

  for (guint i = 0; i < names->len; i++)
    if (cv_backup_get_time (names->pdata[i]) <= now)
      return cv_backup_get_time (names->pdata[i]);
  return 0;
}

CvBackups *
cv_backups_new (const CvBackupsOptions *options, CvClock *clock)
{
  CvBackups *self = g_object_new (CV_TYPE_BACKUPS, NULL);

  self->database = g_strdup (options->database);
  self->directory = g_strdup (options->directory);
  self->period = options->hours * HOUR_MS;
  self->keep = options->keep;
  self->clock = g_object_ref (clock);
  self->pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
  self->newest = find_newest (self);
  if (self->period > 0)
    wait_for_next (self, MAX (self->newest + self->period - cv_clock_wall (clock), START_MS));
  return self;
}

void
cv_backups_stop (CvBackups *self)
{
  GThreadPool *pool = g_steal_pointer (&self->pool);

  if (pool == NULL)
    return;
  cv_clock_cancel (self->clock, &self->timer);
  g_cancellable_cancel (self->cancellable);
  g_thread_pool_free (pool, FALSE, TRUE);
}

void
cv_backups_make_async (CvBackups *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CV_IS_BACKUPS (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, cv_backups_make_async);
  g_task_set_task_data (task, cv_backup_name (cv_clock_wall (self->clock)), g_free);
  if (self->pool == NULL)
    g_task_return_new_error (task, CV_STORE_ERROR, CV_STORE_ERROR_FAILED, "the server stops");
  else if (g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    g_task_return_new_error (task, CV_STORE_ERROR, CV_STORE_ERROR_LIMIT, "too many wait for a backup");
  else
    g_thread_pool_push (self->pool, g_steal_pointer (&task), NULL);
}

char *
cv_backups_make_finish (CvBackups *self, GAsyncResult *result, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  path = g_task_propagate_pointer (G_TASK (result), error);
  cv_tally_count (path != NULL ? CV_TALLY_BACKUPS : CV_TALLY_BACKUPS_FAILED);
  if (path == NULL)
    return NULL;
  name = g_path_get_basename (path);
  self->newest = MAX (self->newest, cv_backup_get_time (name));
  cv_info (NULL, NULL, "backup %s made", name);
  return g_steal_pointer (&path);
}

gint64
cv_backups_get_newest (CvBackups *self)
{
  g_return_val_if_fail (CV_IS_BACKUPS (self), 0);

  return self->newest;
}
