/* See checkpointer.h. Above the banner "Its own thread": the thread of the connection that writes. */
#include "store/checkpointer.h"

struct _CvCheckpointer {
  sqlite3 *db; /* borrowed: that writes */
  guint begin;
  guint restart;
  GThread *thread;
  sqlite3 *own; /* the thread's */
  GMutex mutex; /* guards the rest */
  GCond cond;
  gboolean wanted;
  gboolean busy;
  gboolean stopped;
};

/* ---- Its own thread ---- */

static gpointer
work (gpointer user_data)
{
  CvCheckpointer *self = user_data;

  g_mutex_lock (&self->mutex);
  while (!self->stopped) {
    if (!self->wanted) {
      g_cond_wait (&self->cond, &self->mutex);
      continue;
    }
    self->wanted = FALSE;
    self->busy = TRUE;
    g_mutex_unlock (&self->mutex);
    /* passive: waits for nobody, and nobody for it. Where it fails, as for lack of space, the log is only longer. */
    sqlite3_wal_checkpoint_v2 (self->own, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    g_mutex_lock (&self->mutex);
    self->busy = FALSE;
  }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* ---- The thread that writes ---- */

/* After each commit. The log is begun anew by the first who writes once all of it was moved, and while somebody writes all the time
 * the thread is always a little behind: then we move that little ourselves, just when the thread has moved the most. */
static int
on_commit (void *user_data, sqlite3 *db, const char *name, int pages)
{
  CvCheckpointer *self = user_data;
  gboolean ours;

  if (pages < (int) self->begin)
    return SQLITE_OK;
  g_mutex_lock (&self->mutex);
  ours = pages >= (int) self->restart && !self->busy && !self->wanted;
  if (!self->busy && !ours && !self->wanted) {
    self->wanted = TRUE;
    g_cond_signal (&self->cond);
  }
  g_mutex_unlock (&self->mutex);
  if (ours)
    sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return SQLITE_OK;
}

CvCheckpointer *
cv_checkpointer_new (const char *path, sqlite3 *db, guint begin, guint restart)
{
  sqlite3 *own = NULL;
  CvCheckpointer *self;

  g_return_val_if_fail (path != NULL && db != NULL, NULL);

  /* FULL, or what is moved could be on the disk before the log is */
  if (sqlite3_open_v2 (path, &own, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
      sqlite3_exec (own, "PRAGMA synchronous = FULL; PRAGMA journal_mode", NULL, NULL, NULL) != SQLITE_OK) {
    sqlite3_close (own);
    return NULL;
  }
  self = g_new0 (CvCheckpointer, 1);
  *self = (CvCheckpointer){ .db = db, .own = own, .begin = begin, .restart = restart };
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("checkpoints", work, self);
  sqlite3_wal_hook (db, on_commit, self);
  return self;
}

void
cv_checkpointer_free (CvCheckpointer *self)
{
  sqlite3_wal_hook (self->db, NULL, NULL);
  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  sqlite3_close (self->own);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
