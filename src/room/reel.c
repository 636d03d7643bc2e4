/* See reel.h. */
#include "room/reel.h"

#include <unistd.h>

#define CV_LOG_TOPIC "reel"
#include "base/log.h"

typedef enum {
  FILE_WRITTEN, /* the media were told to */
  FILE_CLOSING, /* they were told to stop, and have not answered */
  FILE_REFUSED, /* could not be made, or they do not take it: not tried again in this segment */
} FileState;

typedef struct {
  guint number;
  char *name; /* in tracks/ */
  char *person;
  CvMediaSource source;
  guint segment;
  FileState state;
  gboolean has_track; /* there is a frame in it */
} File;

struct _CvReel {
  GObject parent_instance;
  char *room;
  CvFolder *folder; /* NULL once closed, like the next one */
  CvJournal *journal;
  CvSwitchboard *switchboard;
  GPtrArray *files;   /* of File, owned: of the segment, and those of earlier ones that are being closed */
  GHashTable *counts; /* "SSS-PERSON-SOURCE" → how many were made */
  GHashTable *people; /* set of ids: of whom there is something */
  GPtrArray *drops;   /* of GTask, owned, with a person's id: who waits until nothing of them is being written */
  guint segment;
  gboolean is_open; /* in a segment */
};

enum { FULL, IDLE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvReel, cv_reel, G_TYPE_OBJECT)

static void
file_free (gpointer data)
{
  File *self = data;
  g_free (self->name);
  g_free (self->person);
  g_free (self);
}

static File *
find_by_number (CvReel *self, guint number)
{
  for (guint i = 0; i < self->files->len; i++)
    if (((File *) self->files->pdata[i])->number == number)
      return self->files->pdata[i];
  return NULL;
}

/* That of the segment which is not being closed; NULL where there is none. */
static File *
find_current (CvReel *self, const char *person, CvMediaSource source)
{
  for (guint i = 0; i < self->files->len; i++) {
    File *file = self->files->pdata[i];
    if (file->state != FILE_CLOSING && file->source == source && g_str_equal (file->person, person))
      return file;
  }
  return NULL;
}

/* ---- The end of a file ---- */

static void
remove_empty (CvReel *self, const File *file)
{
  g_autofree char *name = g_strconcat ("tracks/", file->name, NULL);
  g_autoptr (GError) error = NULL;
  if (self->folder != NULL && !cv_folder_remove_file (self->folder, name, &error))
    cv_warning (self->room, file->person, "an empty file is left: %s", error->message);
}

static gboolean
is_closing (CvReel *self, const char *person)
{
  for (guint i = 0; i < self->files->len; i++) {
    const File *file = self->files->pdata[i];
    if (file->state == FILE_CLOSING && g_str_equal (file->person, person))
      return TRUE;
  }
  return FALSE;
}

/* One of those whose person's files are closed. Returns: (transfer full), or NULL. */
static GTask *
take_drop (CvReel *self)
{
  for (guint i = 0; i < self->drops->len; i++)
    if (!is_closing (self, g_task_get_task_data (self->drops->pdata[i])))
      return g_ptr_array_steal_index (self->drops, i);
  return NULL;
}

static void
answer_drops (CvReel *self)
{
  for (GTask *task = take_drop (self); task != NULL; task = take_drop (self)) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
  }
}

/* It is closed. */
static void
forget (CvReel *self, File *file)
{
  if (!file->has_track && file->state != FILE_REFUSED)
    remove_empty (self, file);
  g_ptr_array_remove (self->files, file);
  answer_drops (self);
  if (cv_reel_is_idle (self))
    g_signal_emit (self, signals[IDLE], 0);
}

/* While there is no answer. */
typedef struct {
  CvReel *reel;
  guint number;
} Request;

static Request *
request_new (CvReel *self, guint number)
{
  Request *request = g_new (Request, 1);
  *request = (Request){ g_object_ref (self), number };
  return request;
}

static void
request_free (Request *self)
{
  g_object_unref (self->reel);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
on_unrecorded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  File *file = find_by_number (request->reel, request->number);
  cv_media_unrecord_finish (CV_MEDIA (source), result, &error);
  if (file == NULL)
    return;
  /* Who ended it by itself said so already, or is about to. */
  if (error != NULL && !g_error_matches (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_NOT_FOUND))
    cv_warning (request->reel->room, file->person, "a file may not be whole: %s", error->message);
  forget (request->reel, file);
}

static void
close_file (CvReel *self, File *file)
{
  CvMedia *media = cv_switchboard_get_media (self->switchboard);
  file->state = FILE_CLOSING;
  if (media != NULL)
    cv_media_unrecord_async (media, file->number, on_unrecorded, request_new (self, file->number));
  else
    forget (self, file);
}

/* Of `person`, or of all. */
static void
close_files (CvReel *self, const char *person)
{
  /* From the end on: one that is forgotten at once leaves the others where they are. */
  for (guint i = self->files->len; i > 0; i--) {
    File *file = self->files->pdata[i - 1];
    if (person != NULL && !g_str_equal (file->person, person))
      continue;
    if (file->state == FILE_WRITTEN)
      close_file (self, file);
    else if (file->state == FILE_REFUSED)
      forget (self, file);
  }
}

/* ---- The beginning ---- */

static void
on_record_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  CvReel *self = request->reel;
  g_autoptr (GError) error = NULL;
  gboolean taken = cv_media_record_finish (CV_MEDIA (source), result, &error);
  File *file = find_by_number (self, request->number);
  if (taken || file == NULL || file->state == FILE_CLOSING)
    return;
  if (!g_error_matches (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST))
    cv_warning (self->room, file->person, "not recorded: %s", error->message);
  if (g_error_matches (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_TOO_MANY)) {
    remove_empty (self, file);
    file->state = FILE_REFUSED;
  } else {
    forget (self, file);
  }
}

static char *
make_name (CvReel *self, const char *person, CvMediaSource source)
{
  g_autofree char *key = g_strdup_printf ("%03u-%s-%s", self->segment, person, cv_media_sources[source]);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, key)) + 1;
  char *name = g_strdup_printf ("%s-%u.mkv", key, n);
  g_hash_table_insert (self->counts, g_steal_pointer (&key), GUINT_TO_POINTER (n));
  return name;
}

void
cv_reel_want (CvReel *self, const char *person, CvMediaSource source)
{
  CvMedia *media = cv_switchboard_get_media (self->switchboard);
  g_autoptr (GError) error = NULL;
  if (!self->is_open || media == NULL || find_current (self, person, source) != NULL)
    return;
  File *file = g_new0 (File, 1);
  file->number = cv_switchboard_draw_file (self->switchboard);
  file->name = make_name (self, person, source);
  file->person = g_strdup (person);
  file->source = source;
  file->segment = self->segment;
  g_ptr_array_add (self->files, file);
  int fd = cv_folder_create_track (self->folder, file->name, &error);
  if (fd >= 0) {
    cv_media_record_async (media, person, source, file->number, fd, on_record_answered,
                           request_new (self, file->number));
    close (fd);
    return;
  }
  cv_warning (self->room, person, "no file to record into: %s", error->message);
  file->state = FILE_REFUSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_signal_emit (self, signals[FULL], 0);
}

void
cv_reel_drop (CvReel *self, const char *person)
{
  close_files (self, person);
}

void
cv_reel_drop_async (CvReel *self, const char *person, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, g_strdup (person), g_free);
  g_ptr_array_add (self->drops, task);
  cv_reel_drop (self, person);
  answer_drops (self);
}

void
cv_reel_drop_finish (CvReel *self, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

/* ---- Segments ---- */

guint
cv_reel_begin (CvReel *self)
{
  self->is_open = TRUE;
  return ++self->segment;
}

void
cv_reel_end (CvReel *self)
{
  self->is_open = FALSE;
  close_files (self, NULL);
}

void
cv_reel_lose (CvReel *self)
{
  self->is_open = FALSE;
  while (self->files->len > 0)
    forget (self, self->files->pdata[self->files->len - 1]);
}

gboolean
cv_reel_is_idle (CvReel *self)
{
  return self->files->len == 0;
}

guint
cv_reel_count_people (CvReel *self)
{
  return g_hash_table_size (self->people);
}

/* ---- What the media say ---- */

static void
on_switchboard_track (CvSwitchboard *switchboard, guint number, const CvMediaTrack *track, CvReel *self)
{
  File *file = find_by_number (self, number);
  if (file == NULL)
    return;
  file->has_track = TRUE;
  g_hash_table_add (self->people, g_strdup (file->person));
  JsonBuilder *line = cv_journal_begin_at (self->journal, "track", track->at);
  cv_json_add_int (line, "segment", file->segment);
  cv_json_add_text (line, "file", file->name);
  cv_json_add_text (line, "person", file->person);
  cv_json_add_text (line, "source", cv_media_sources[file->source]);
  cv_json_add_text (line, "codec", track->codec);
  if (track->width > 0 && track->height > 0) {
    cv_json_add_int (line, "width", track->width);
    cv_json_add_int (line, "height", track->height);
  }
  cv_journal_write (self->journal, line);
}

static void
on_switchboard_clock (CvSwitchboard *switchboard, guint number, gint64 pts, gint64 ntp, CvReel *self)
{
  const File *file = find_by_number (self, number);
  if (file == NULL)
    return;
  JsonBuilder *line = cv_journal_begin (self->journal, "clock");
  cv_json_add_text (line, "file", file->name);
  cv_json_add_int (line, "pts", pts);
  cv_json_add_int (line, "ntp", ntp);
  cv_journal_write (self->journal, line);
}

static void
on_switchboard_recorded (CvSwitchboard *switchboard, guint number, const char *reason, guint64 bytes, CvReel *self)
{
  File *file = find_by_number (self, number);
  if (file == NULL)
    return;
  g_object_ref (self);
  /* One that is being closed has a request under way, which finds nothing any more. */
  gboolean goes_on = file->state == FILE_WRITTEN && g_str_equal (reason, "codec");
  gboolean is_full = !g_str_equal (reason, "codec");
  g_autofree char *person = g_strdup (file->person);
  CvMediaSource source = file->source;
  cv_info (self->room, person, "a file came to its end: %s", reason);
  forget (self, file);
  if (goes_on)
    cv_reel_want (self, person, source);
  if (is_full)
    g_signal_emit (self, signals[FULL], 0);
  g_object_unref (self);
}

/* ---- Life ---- */

void
cv_reel_close (CvReel *self)
{
  if (self->switchboard != NULL)
    g_signal_handlers_disconnect_by_data (self->switchboard, self);
  self->folder = NULL;
  self->journal = NULL;
  self->is_open = FALSE;
  g_ptr_array_set_size (self->files, 0);
  answer_drops (self);
}

static void
cv_reel_dispose (GObject *object)
{
  CvReel *self = CV_REEL (object);
  cv_reel_close (self);
  g_clear_object (&self->switchboard);
  G_OBJECT_CLASS (cv_reel_parent_class)->dispose (object);
}

static void
cv_reel_finalize (GObject *object)
{
  CvReel *self = CV_REEL (object);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->drops);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->people);
  g_free (self->room);
  G_OBJECT_CLASS (cv_reel_parent_class)->finalize (object);
}

static void
cv_reel_class_init (CvReelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_reel_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_reel_finalize;
  signals[FULL] = g_signal_new ("full", CV_TYPE_REEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[IDLE] = g_signal_new ("idle", CV_TYPE_REEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cv_reel_init (CvReel *self)
{
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->drops = g_ptr_array_new_with_free_func (g_object_unref);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CvReel *
cv_reel_new (const char *room, CvFolder *folder, CvJournal *journal, CvSwitchboard *switchboard)
{
  CvReel *self = g_object_new (CV_TYPE_REEL, NULL);
  self->room = g_strdup (room);
  self->folder = folder;
  self->journal = journal;
  self->switchboard = g_object_ref (switchboard);
  g_signal_connect (switchboard, "track", G_CALLBACK (on_switchboard_track), self);
  g_signal_connect (switchboard, "clock", G_CALLBACK (on_switchboard_clock), self);
  g_signal_connect (switchboard, "recorded", G_CALLBACK (on_switchboard_recorded), self);
  return self;
}
