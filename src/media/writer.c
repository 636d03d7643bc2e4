/* See writer.h.
 *
 * Two threads. Each part of a file says whose it is; a file lives as long as anybody has it (main thread, a job, a result).
 * Between them go jobs, one way, and results, the other, as sources of the main context; `waiting` is atomic.
 */
#include "media/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* how often the thread looks what is due */
#define LOOK_US (100 * 1000)

struct _CvWriterFile {
  CvWriter *writer;
  /* the main thread's */
  CvWriterFunc ended;
  gpointer user_data;
  gboolean closed;
  /* the writer's */
  int fd;
  guint64 bytes;
  int error;
  gint64 changed; /* µs: the first change that is not on the disk; 0: none */
};

typedef enum { JOB_APPEND, JOB_PATCH, JOB_CLOSE, JOB_QUIT } JobType;

typedef struct {
  JobType type;
  CvWriterFile *file; /* owned; NULL: JOB_QUIT */
  GByteArray *bytes;  /* owned */
  guint64 at;         /* JOB_PATCH */
} Job;

typedef struct {
  CvWriterFile *file; /* owned */
  int error;
  guint64 bytes;
} Result;

struct _CvWriter {
  GAsyncQueue *jobs;
  GMainContext *context; /* where results go */
  gsize waiting;         /* bytes; atomic */
  GThread *thread;       /* NULL: nothing was written yet */
  GMutex lock;           /* of `over` and nothing else */
  GCond changed;
  gboolean over;
};

/* ==== Runs on the writer's thread: has jobs, and of a file what is said to be the writer's. ==== */

static gboolean
on_result (gpointer user_data) /* on the main thread */
{
  Result *result = user_data;
  CvWriterFile *file = result->file;
  if (file->ended != NULL) {
    CvWriterFunc ended = file->ended;
    file->ended = NULL;
    ended (file, result->error, result->bytes, file->user_data);
  }
  return G_SOURCE_REMOVE;
}

static void
free_result (gpointer data)
{
  Result *result = data;
  g_atomic_rc_box_release (result->file);
  g_free (result);
}

static void
end_file (CvWriterFile *file)
{
  close (file->fd);
  file->fd = -1;
  file->changed = 0;
  Result *result = g_new (Result, 1);
  *result = (Result){ g_atomic_rc_box_acquire (file), file->error, file->bytes };
  GSource *source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_result, result, free_result);
  g_source_attach (source, file->writer->context);
  g_source_unref (source);
}

/* What was written of this piece goes: what stands before it is whole. */
static void
fail (CvWriterFile *file, int error)
{
  file->error = error;
  if (ftruncate (file->fd, (off_t) file->bytes) != 0)
    (void) 0; /* a torn end is read over */
  end_file (file);
}

static int
write_all (int fd, const guint8 *data, gsize n, off_t at)
{
  while (n > 0) {
    ssize_t done = pwrite (fd, data, n, at);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return done < 0 ? errno : ENOSPC;
    data += done;
    n -= (gsize) done;
    at += done;
  }
  return 0;
}

static void
write_job (const Job *job)
{
  CvWriterFile *file = job->file;
  gboolean appends = job->type == JOB_APPEND;
  int error = write_all (file->fd, job->bytes->data, job->bytes->len, (off_t) (appends ? file->bytes : job->at));
  if (error != 0) {
    fail (file, error);
    return;
  }
  if (appends)
    file->bytes += job->bytes->len;
  if (file->changed == 0)
    file->changed = g_get_monotonic_time ();
}

static void
sync_file (CvWriterFile *file)
{
  file->changed = 0;
  /* EINVAL: what has no disk, as a pipe */
  if (fdatasync (file->fd) != 0 && errno != EINVAL && errno != EROFS)
    fail (file, errno);
}

static void
close_file (CvWriterFile *file)
{
  if (file->changed != 0)
    sync_file (file);
  if (file->fd >= 0)
    end_file (file);
}

/* FALSE: it was the last one. `files`: those that have something which is not on the disk. */
static gboolean
run_job (CvWriter *self, Job *job, GPtrArray *files)
{
  CvWriterFile *file = job->file;
  gboolean quits = job->type == JOB_QUIT;
  gboolean clean = file == NULL || file->changed == 0;
  if (file != NULL && file->fd >= 0) {
    if (job->type == JOB_CLOSE)
      close_file (file);
    else
      write_job (job);
  }
  if (clean && file != NULL && file->changed != 0)
    g_ptr_array_add (files, g_atomic_rc_box_acquire (file));
  if (job->bytes != NULL) {
    g_atomic_pointer_add (&self->waiting, -(gssize) job->bytes->len);
    g_byte_array_unref (job->bytes);
  }
  if (file != NULL)
    g_atomic_rc_box_release (file);
  g_free (job);
  return !quits;
}

/* One at most: writing goes on in between. */
static void
sync_one (GPtrArray *files)
{
  gint64 now = g_get_monotonic_time ();
  for (guint i = 0; i < files->len; i++) {
    CvWriterFile *file = g_ptr_array_index (files, i);
    if (file->changed != 0 && now - file->changed < CV_WRITER_SYNC_US)
      continue;
    gboolean due = file->changed != 0;
    if (due)
      sync_file (file);
    g_ptr_array_remove_index (files, i--);
    if (due)
      return;
  }
}

static gpointer
run_writer (gpointer data)
{
  CvWriter *self = data;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_atomic_rc_box_release);
  for (gboolean more = TRUE; more;) {
    Job *job = files->len > 0 ? g_async_queue_timeout_pop (self->jobs, LOOK_US) : g_async_queue_pop (self->jobs);
    if (job != NULL)
      more = run_job (self, job, files);
    sync_one (files);
  }
  g_mutex_lock (&self->lock);
  self->over = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* ==== Runs on the main thread. ==== */

CvWriter *
cv_writer_new (void)
{
  CvWriter *self = g_new0 (CvWriter, 1);
  self->jobs = g_async_queue_new ();
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

static void
push (CvWriter *self, JobType type, CvWriterFile *file, GByteArray *bytes, guint64 at)
{
  Job *job = g_new (Job, 1);
  *job = (Job){ type, file != NULL ? g_atomic_rc_box_acquire (file) : NULL, bytes, at };
  if (bytes != NULL)
    g_atomic_pointer_add (&self->waiting, bytes->len);
  g_async_queue_push (self->jobs, job);
}

static gboolean
wait_for_writer (CvWriter *self, gint64 patience_us)
{
  gint64 until = g_get_monotonic_time () + patience_us;
  push (self, JOB_QUIT, NULL, NULL, 0);
  g_mutex_lock (&self->lock);
  while (!self->over && g_cond_wait_until (&self->changed, &self->lock, until))
    ;
  gboolean over = self->over;
  g_mutex_unlock (&self->lock);
  return over;
}

gboolean
cv_writer_free (CvWriter *self, gint64 patience_us)
{
  if (self->thread != NULL) {
    if (!wait_for_writer (self, patience_us))
      return FALSE; /* the thread still uses it */
    g_thread_join (self->thread);
  }
  g_async_queue_unref (self->jobs);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
  return TRUE;
}

CvWriterFile *
cv_writer_open (CvWriter *self, int fd, CvWriterFunc ended, gpointer user_data)
{
  CvWriterFile *file = g_atomic_rc_box_new0 (CvWriterFile);
  file->writer = self;
  file->fd = fd;
  file->ended = ended;
  file->user_data = user_data;
  if (self->thread == NULL)
    self->thread = g_thread_new ("disk", run_writer, self);
  return file;
}

gboolean
cv_writer_has_room (const CvWriter *self, gsize n, gboolean important)
{
  gsize waiting = (gsize) g_atomic_pointer_get (&((CvWriter *) self)->waiting);
  return waiting + n <= CV_WRITER_MAX_QUEUE - (important ? 0 : CV_WRITER_RESERVE);
}

void
cv_writer_append (CvWriterFile *file, GByteArray *bytes)
{
  push (file->writer, JOB_APPEND, file, bytes, 0);
}

void
cv_writer_patch (CvWriterFile *file, guint64 at, gconstpointer data, gsize n)
{
  GByteArray *bytes = g_byte_array_sized_new ((guint) n);
  g_byte_array_append (bytes, data, (guint) n);
  push (file->writer, JOB_PATCH, file, bytes, at);
}

void
cv_writer_close (CvWriterFile *file)
{
  if (file->closed)
    return;
  file->closed = TRUE;
  push (file->writer, JOB_CLOSE, file, NULL, 0);
}

void
cv_writer_file_release (CvWriterFile *file)
{
  cv_writer_close (file);
  file->ended = NULL;
  g_atomic_rc_box_release (file);
}
