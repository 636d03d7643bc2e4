/* See recorder.h. */
#include "media/recorder.h"

#include <unistd.h>

#define CV_LOG_TOPIC "recorder"
#include "base/log.h"

/* What is lost where the process is killed is what came since then. */
#define TICK_MS 100
/* The daemon waits a little longer before it kills. */
#define END_US (2500 * 1000)

struct _CvRecorder {
  const CvRecorderFuncs *funcs;
  gpointer user_data;
  CvWriter *writer;
  GHashTable *files; /* number → CvRecording, owned */
  guint tick;        /* 0: there are none */
};

/* ---- news ---- */

static void
on_track (CvRecording *recording, CvCodec codec, gint64 at, guint width, guint height, gpointer user_data)
{
  CvRecorder *self = user_data;
  self->funcs->track (cv_recording_get_file (recording), codec, at, width, height, self->user_data);
}

static void
on_clock (CvRecording *recording, gint64 pts, gint64 ntp, gpointer user_data)
{
  CvRecorder *self = user_data;
  self->funcs->clock (cv_recording_get_file (recording), pts, ntp, self->user_data);
}

static void
on_ended (CvRecording *recording, const char *reason, guint64 bytes, gpointer user_data)
{
  CvRecorder *self = user_data;
  guint file = cv_recording_get_file (recording);
  g_hash_table_remove (self->files, GUINT_TO_POINTER (file)); /* which frees it */
  self->funcs->ended (file, reason, bytes, self->user_data);
}

static const CvRecordingFuncs recording_funcs = { on_track, on_clock, on_ended };

/* ---- files ---- */

CvRecorder *
cv_recorder_new (const CvRecorderFuncs *funcs, gpointer user_data)
{
  CvRecorder *self = g_new0 (CvRecorder, 1);
  self->funcs = funcs;
  self->user_data = user_data;
  self->writer = cv_writer_new ();
  self->files = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) cv_recording_free);
  return self;
}

void
cv_recorder_free (CvRecorder *self)
{
  GHashTableIter iter;
  gpointer recording;
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &recording))
    cv_recording_finish (recording);
  g_hash_table_unref (self->files);
  if (!cv_writer_free (self->writer, END_US))
    cv_warning (NULL, NULL, "the disk is too slow: files may lack their end");
  if (self->tick != 0)
    g_source_remove (self->tick);
  g_free (self);
}

static gboolean
on_tick (gpointer user_data)
{
  CvRecorder *self = user_data;
  GHashTableIter iter;
  gpointer recording;
  gint64 now = g_get_monotonic_time ();
  if (g_hash_table_size (self->files) == 0) {
    self->tick = 0;
    return G_SOURCE_REMOVE;
  }
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &recording))
    cv_recording_tick (recording, now);
  return G_SOURCE_CONTINUE;
}

static CvRecording *
find (CvRecorder *self, const char *person, CvSourceType type)
{
  GHashTableIter iter;
  gpointer recording;
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &recording))
    if (cv_recording_is_of (recording, person, type))
      return recording;
  return NULL;
}

gboolean
cv_recorder_record (CvRecorder *self, guint file, const char *person, CvSourceType type, CvSource *source, int fd)
{
  g_return_val_if_fail (!cv_recorder_has (self, file), FALSE);
  if (g_hash_table_size (self->files) >= CV_RECORDER_MAX_FILES || find (self, person, type) != NULL) {
    close (fd);
    return FALSE;
  }
  CvRecording *recording = cv_recording_new (file, person, type, self->writer, fd, &recording_funcs, self);
  g_hash_table_insert (self->files, GUINT_TO_POINTER (file), recording);
  if (self->tick == 0)
    self->tick = g_timeout_add (TICK_MS, on_tick, self);
  if (source != NULL)
    cv_recording_attach (recording, source);
  return TRUE;
}

gboolean
cv_recorder_has (CvRecorder *self, guint file)
{
  return g_hash_table_contains (self->files, GUINT_TO_POINTER (file));
}

void
cv_recorder_unrecord (CvRecorder *self, guint file)
{
  CvRecording *recording = g_hash_table_lookup (self->files, GUINT_TO_POINTER (file));
  g_return_if_fail (recording != NULL);
  cv_recording_finish (recording);
}

void
cv_recorder_attach (CvRecorder *self, CvSource *source)
{
  CvRecording *recording = find (self, source->person, source->type);
  if (recording != NULL)
    cv_recording_attach (recording, source);
}
