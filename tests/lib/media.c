/* See media.h. */
#include "lib/media.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct _CvTestMedia {
  GObject parent_instance;
  GString *asked;
  GQueue joins;      /* of GTask, owned: they have no answer yet */
  GHashTable *files; /* number → descriptor */
  GQueue held;       /* of GTask, owned: requests for a recording that have no answer yet */
  gboolean holds;
  int fails; /* CvMediaError of records to come; negative: none does */
  gboolean ready;
};

struct _CvTestMediaPool {
  GObject parent_instance;
  GPtrArray *opened;
  gboolean broken;
};

static void cv_test_media_iface_init (CvMediaInterface *iface);
static void cv_test_media_pool_iface_init (CvMediaPoolInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvTestMedia, cv_test_media, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_MEDIA, cv_test_media_iface_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (CvTestMediaPool, cv_test_media_pool, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_MEDIA_POOL, cv_test_media_pool_iface_init))

static const char *
shorten (const char *person)
{
  return person + strlen (person) - 2;
}

static void
note (CvTestMedia *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append_vprintf (self->asked, format, args);
  va_end (args);
}

static void
fail_joins (CvTestMedia *self)
{
  while (!g_queue_is_empty (&self->joins))
    cv_test_media_refuse (self, CV_MEDIA_ERROR_LOST);
}

/* ---- CvMedia ---- */

static gboolean
is_ready (CvMedia *media)
{
  return CV_TEST_MEDIA (media)->ready;
}

static const char *
may_to_text (CvMediaMay may)
{
  static char text[4];
  text[0] = may & CV_MEDIA_MAY_MICROPHONE ? 'm' : '-';
  text[1] = may & CV_MEDIA_MAY_CAMERA ? 'c' : '-';
  text[2] = may & CV_MEDIA_MAY_SCREEN ? 's' : '-';
  return text;
}

static void
join (CvMedia *media, const char *person, const char *offer, CvMediaMay may, GTask *task)
{
  note (CV_TEST_MEDIA (media), "join(%s,%s,%s) ", shorten (person), offer, may_to_text (may));
  g_queue_push_tail (&CV_TEST_MEDIA (media)->joins, g_object_ref (task));
}

static void
leave (CvMedia *media, const char *person)
{
  note (CV_TEST_MEDIA (media), "leave(%s) ", shorten (person));
}

static void
set_may (CvMedia *media, const char *person, CvMediaMay may)
{
  note (CV_TEST_MEDIA (media), "may(%s,%s) ", shorten (person), may_to_text (may));
}

static void
set_view (CvMedia *media, const char *person, const CvMediaTile *tiles, guint n)
{
  note (CV_TEST_MEDIA (media), "view(%s", shorten (person));
  for (guint i = 0; i < n; i++)
    note (CV_TEST_MEDIA (media), ",%s:%s:%u", shorten (tiles[i].person),
          tiles[i].source == CV_MEDIA_CAMERA ? "camera" : "screen", tiles[i].width);
  note (CV_TEST_MEDIA (media), ") ");
}

static void
set_spotlight (CvMedia *media, const char *person)
{
  note (CV_TEST_MEDIA (media), "spotlight(%s) ", person != NULL ? shorten (person) : "");
}

static void
set_phones (CvMedia *media, int fd)
{
  g_assert_cmpint (fcntl (fd, F_GETFD), >=, 0);
  note (CV_TEST_MEDIA (media), "phones() ");
}

static void
add_phone (CvMedia *media, const char *person, guint32 number, CvMediaMay may)
{
  note (CV_TEST_MEDIA (media), "phone(%s,%u,%s) ", shorten (person), number, may_to_text (may));
}

static void
answer_held (CvTestMedia *self, gboolean works)
{
  GTask *task;
  while ((task = g_queue_pop_head (&self->held)) != NULL) {
    if (!works)
      g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "it is gone");
    else if (g_task_get_source_tag (task) == cv_media_record_async)
      g_task_return_boolean (task, TRUE);
    else
      g_task_return_int (task, CV_TEST_MEDIA_BYTES);
    g_object_unref (task);
  }
}

static void
record (CvMedia *media, const char *person, CvMediaSource source, guint file, int fd, GTask *task)
{
  CvTestMedia *self = CV_TEST_MEDIA (media);
  note (self, "record(%s,%s,%u) ", shorten (person), cv_media_sources[source], file);
  g_assert_false (g_hash_table_contains (self->files, GUINT_TO_POINTER (file)));
  if (self->fails >= 0) {
    g_task_return_new_error (task, CV_MEDIA_ERROR, self->fails, "as the test wants");
    return;
  }
  g_hash_table_insert (self->files, GUINT_TO_POINTER (file), GINT_TO_POINTER (dup (fd)));
  g_queue_push_tail (&self->held, g_object_ref (task));
  if (!self->holds)
    answer_held (self, TRUE);
}

static void
unrecord (CvMedia *media, guint file, GTask *task)
{
  CvTestMedia *self = CV_TEST_MEDIA (media);
  note (self, "unrecord(%u) ", file);
  g_assert_true (g_hash_table_remove (self->files, GUINT_TO_POINTER (file)));
  g_queue_push_tail (&self->held, g_object_ref (task));
  if (!self->holds)
    answer_held (self, TRUE);
}

static void
close_media (CvMedia *media)
{
  note (CV_TEST_MEDIA (media), "close ");
  fail_joins (CV_TEST_MEDIA (media));
  answer_held (CV_TEST_MEDIA (media), FALSE);
}

static void
cv_test_media_iface_init (CvMediaInterface *iface)
{
  iface->is_ready = is_ready;
  iface->join = join;
  iface->leave = leave;
  iface->set_may = set_may;
  iface->set_view = set_view;
  iface->set_spotlight = set_spotlight;
  iface->set_phones = set_phones;
  iface->add_phone = add_phone;
  iface->record = record;
  iface->unrecord = unrecord;
  iface->close = close_media;
}

static void
cv_test_media_finalize (GObject *object)
{
  CvTestMedia *self = CV_TEST_MEDIA (object);
  g_assert_true (g_queue_is_empty (&self->joins));
  g_assert_true (g_queue_is_empty (&self->held));
  g_hash_table_unref (self->files);
  g_string_free (self->asked, TRUE);
  G_OBJECT_CLASS (cv_test_media_parent_class)->finalize (object);
}

static void
cv_test_media_class_init (CvTestMediaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_test_media_finalize;
}

static void
close_descriptor (gpointer fd)
{
  close (GPOINTER_TO_INT (fd));
}

static void
cv_test_media_init (CvTestMedia *self)
{
  self->asked = g_string_new (NULL);
  g_queue_init (&self->joins);
  g_queue_init (&self->held);
  self->files = g_hash_table_new_full (NULL, NULL, NULL, close_descriptor);
  self->fails = -1;
}

char *
cv_test_media_take_asked (CvTestMedia *self)
{
  char *asked = g_strdup (self->asked->str);
  g_string_truncate (self->asked, 0);
  return asked;
}

void
cv_test_media_set_ready (CvTestMedia *self, gboolean ready)
{
  self->ready = ready;
  if (!ready) {
    fail_joins (self);
    answer_held (self, FALSE);
    g_hash_table_remove_all (self->files);
  }
  g_signal_emit_by_name (self, ready ? "ready" : "lost");
}

void
cv_test_media_answer (CvTestMedia *self, const char *sdp)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->joins);
  g_assert_nonnull (task);
  g_task_return_pointer (task, g_strdup (sdp), g_free);
}

void
cv_test_media_refuse (CvTestMedia *self, CvMediaError code)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->joins);
  g_assert_nonnull (task);
  g_task_return_new_error (task, CV_MEDIA_ERROR, (int) code, "refused");
}

void
cv_test_media_set_holds (CvTestMedia *self, gboolean holds)
{
  self->holds = holds;
  if (!holds)
    answer_held (self, TRUE);
}

void
cv_test_media_set_fails (CvTestMedia *self, int code)
{
  self->fails = code;
}

void
cv_test_media_frame (CvTestMedia *self, guint file, const char *codec, gint64 at)
{
  CvMediaTrack track = { codec, at, 640, 360 };
  gpointer fd = NULL;
  g_assert_true (g_hash_table_lookup_extended (self->files, GUINT_TO_POINTER (file), NULL, &fd));
  g_assert_cmpint (write (GPOINTER_TO_INT (fd), "frame", 5), ==, 5);
  g_signal_emit_by_name (self, "track", file, &track);
}

void
cv_test_media_end_file (CvTestMedia *self, guint file, const char *reason)
{
  g_assert_true (g_hash_table_remove (self->files, GUINT_TO_POINTER (file)));
  g_signal_emit_by_name (self, "recorded", file, reason, (guint64) CV_TEST_MEDIA_BYTES);
}

/* ---- CvMediaPool ---- */

static CvMedia *
open_media (CvMediaPool *pool, const char *room, const char *meeting, GError **error)
{
  CvTestMediaPool *self = CV_TEST_MEDIA_POOL (pool);
  if (self->broken) {
    g_set_error_literal (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "no port is left");
    return NULL;
  }
  CvTestMedia *media = g_object_new (CV_TYPE_TEST_MEDIA, NULL);
  g_ptr_array_add (self->opened, media);
  return CV_MEDIA (g_object_ref (media));
}

static void
cv_test_media_pool_iface_init (CvMediaPoolInterface *iface)
{
  iface->open = open_media;
}

static void
cv_test_media_pool_finalize (GObject *object)
{
  g_ptr_array_unref (CV_TEST_MEDIA_POOL (object)->opened);
  G_OBJECT_CLASS (cv_test_media_pool_parent_class)->finalize (object);
}

static void
cv_test_media_pool_class_init (CvTestMediaPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_test_media_pool_finalize;
}

static void
cv_test_media_pool_init (CvTestMediaPool *self)
{
  self->opened = g_ptr_array_new_with_free_func (g_object_unref);
}

CvTestMediaPool *
cv_test_media_pool_new (void)
{
  return g_object_new (CV_TYPE_TEST_MEDIA_POOL, NULL);
}

void
cv_test_media_pool_set_broken (CvTestMediaPool *self, gboolean broken)
{
  self->broken = broken;
}

CvTestMedia *
cv_test_media_pool_get_last (CvTestMediaPool *self)
{
  return self->opened->len > 0 ? g_ptr_array_index (self->opened, self->opened->len - 1) : NULL;
}
