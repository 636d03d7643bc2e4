/* See files.h. */
#include "process/files.h"

/* ms for an answer. A file is closed when it is on the disk, which may be slow, and that is nobody's fault. */
#define RECORD_MS 5000
#define UNRECORD_MS 30000

typedef enum { FILE_UNKNOWN, FILE_EMPTY, FILE_HAS_TRACK } FileState;

struct _CvFiles {
  GHashTable *states; /* file → FileState */
  guint generation;   /* of the process: answers of an earlier one change nothing */
};

/* While it has no answer. */
typedef struct {
  CvFiles *files;
  CvChild *child;
  GTask *task;
  guint file;
  guint generation;
} Request;

CvFiles *
cv_files_new (void)
{
  CvFiles *self = g_rc_box_new0 (CvFiles);

  self->states = g_hash_table_new (NULL, NULL);
  return self;
}

CvFiles *
cv_files_ref (CvFiles *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  g_hash_table_unref (((CvFiles *) data)->states);
}

void
cv_files_unref (CvFiles *self)
{
  g_rc_box_release_full (self, clear);
}

static FileState
get_state (CvFiles *self, guint file)
{
  return (FileState) GPOINTER_TO_UINT (g_hash_table_lookup (self->states, GUINT_TO_POINTER (file)));
}

static void
set_state (CvFiles *self, guint file, FileState state)
{
  g_hash_table_insert (self->states, GUINT_TO_POINTER (file), GUINT_TO_POINTER (state));
}

static void
forget (CvFiles *self, guint file)
{
  g_hash_table_remove (self->states, GUINT_TO_POINTER (file));
}

void
cv_files_forget (CvFiles *self)
{
  g_hash_table_remove_all (self->states);
  self->generation++;
}

gboolean
cv_files_note (CvFiles *self, const CvEvent *event)
{
  FileState state = get_state (self, event->file);

  switch (event->type) {
  case CV_EVENT_TRACK:
    if (state == FILE_EMPTY)
      set_state (self, event->file, FILE_HAS_TRACK);
    return state == FILE_EMPTY;
  case CV_EVENT_CLOCK:
    return state == FILE_HAS_TRACK;
  case CV_EVENT_RECORDED:
    forget (self, event->file);
    return state != FILE_UNKNOWN;
  case CV_EVENT_STATE:
  case CV_EVENT_SLOTS:
  case CV_EVENT_SPEAKERS:
  case CV_EVENT_LAYERS:
  case CV_EVENT_STATS:
  default:
    return FALSE;
  }
}

/* ---- Requests ---- */

static Request *
request_new (CvFiles *self, CvChild *child, guint file, GTask *task)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ cv_files_ref (self), g_object_ref (child), g_object_ref (task), file, self->generation };
  return request;
}

static void
request_free (Request *self)
{
  cv_files_unref (self->files);
  g_object_unref (self->child);
  g_object_unref (self->task);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* Whatever was said, nothing more is to come. */
static void
conclude (Request *self)
{
  if (self->generation == self->files->generation)
    forget (self->files, self->file);
}

static CvMediaError
translate (const GError *error)
{
  const char *id = error != NULL ? cv_channel_error_get_id (error) : NULL;

  if (g_strcmp0 (id, "not-found") == 0)
    return CV_MEDIA_ERROR_NOT_FOUND;
  return g_strcmp0 (id, "too-many") == 0 ? CV_MEDIA_ERROR_TOO_MANY : CV_MEDIA_ERROR_LOST;
}

/* `error` NULL: the answer makes no sense. */
static void
fail (Request *self, const GError *error)
{
  CvMediaError code = translate (error);
  gboolean ours = g_error_matches (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_CLOSED) ||
                  g_error_matches (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_DESCRIPTORS);

  conclude (self);
  if (code == CV_MEDIA_ERROR_LOST && !ours && !cv_child_is_ending (self->child))
    cv_child_accuse (self->child, error != NULL ? error->message : "answers with nonsense");
  g_task_return_new_error (self->task, CV_MEDIA_ERROR, (int) code, "%s",
                           error != NULL ? error->message : "The media process is gone.");
}

static void
on_record_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_channel_request_finish (CV_CHANNEL (source), result, &error);

  if (object != NULL && json_object_get_size (object) == 0)
    g_task_return_boolean (request->task, TRUE);
  else
    fail (request, error);
}

void
cv_files_record (CvFiles *self, CvChild *child, const char *person, CvMediaSource source, guint file, int fd,
                 GTask *task)
{
  JsonBuilder *message = cv_parcel_build ("record");

  cv_json_add_int (message, "file", file);
  cv_json_add_text (message, "person", person);
  cv_json_add_text (message, "source", cv_media_sources[source]);
  set_state (self, file, FILE_EMPTY);
  cv_channel_request_async (cv_child_get_channel (child), message, &fd, 1, RECORD_MS, on_record_answered,
                            request_new (self, child, file, task));
}

/* -1: it is no answer. */
static gint64
read_bytes (JsonObject *object)
{
  CvJsonReader reader;
  gint64 bytes;

  cv_json_reader_init (&reader, object);
  bytes = cv_json_reader_int (&reader, "bytes", 0, G_MAXINT64);
  return cv_json_reader_finish (&reader, NULL) ? bytes : -1;
}

static void
on_unrecord_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_channel_request_finish (CV_CHANNEL (source), result, &error);
  gint64 bytes = object != NULL ? read_bytes (object) : -1;

  if (g_error_matches (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_TIMEOUT)) {
    g_task_return_new_error (request->task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "The disk takes too long.");
  } else if (bytes >= 0) {
    conclude (request);
    g_task_return_int (request->task, bytes);
  } else {
    fail (request, error);
  }
}

void
cv_files_unrecord (CvFiles *self, CvChild *child, guint file, GTask *task)
{
  JsonBuilder *message;

  if (get_state (self, file) == FILE_UNKNOWN) {
    g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_NOT_FOUND, "The file is closed already.");
    return;
  }
  message = cv_parcel_build ("unrecord");
  cv_json_add_int (message, "file", file);
  cv_channel_request_async (cv_child_get_channel (child), message, NULL, 0, UNRECORD_MS, on_unrecord_answered,
                            request_new (self, child, file, task));
}
