/* The files of a recording: what may be said of one at which time. That they are asked for and closed: test-media-process. */
#include "process/files.h"

#include "lib/wait.h"

#include <fcntl.h>
#include <unistd.h>

static gboolean
note (CvFiles *files, CvEventType type, guint file)
{
  CvEvent event = { .type = type, .file = file };
  return cv_files_note (files, &event);
}

static void
test_unknown (void)
{
  CvFiles *files = cv_files_new ();
  for (CvEventType type = CV_EVENT_STATE; type <= CV_EVENT_RECORDED; type++)
    g_assert_false (note (files, type, 1));
  cv_files_unref (files);
}

static GTask *
make_task (GAsyncResult **slot)
{
  return g_task_new (NULL, NULL, cv_test_on_ready, slot);
}

/* Nobody was told of it: it is closed already. */
static void
test_unrecord_unknown (void)
{
  CvFiles *files = cv_files_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTask) task = make_task (&slot);
  cv_files_unrecord (files, NULL, 1, task);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (g_task_propagate_int (G_TASK (result), &error), ==, -1);
  g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_NOT_FOUND);
  cv_files_unref (files);
}

typedef struct {
  CvClock *clock;
  CvChild *child;
  CvFiles *files;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  CvChildOptions options = { "conclave-media", CV_FAKE_MEDIA, NULL, 0 };
  f->clock = cv_clock_new ();
  f->child = cv_child_spawn (&options, f->clock, NULL);
  f->files = cv_files_new ();
  cv_test_wait_until (cv_child_is_started (f->child));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_files_unref (f->files);
  cv_child_end (f->child);
  cv_test_wait_until (G_OBJECT (f->child)->ref_count == 1);
  cv_test_wait_gone (f->child);
  cv_test_wait_gone (f->clock);
}

static void
record (Fixture *f, guint file, gboolean expected)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GTask) task = make_task (&slot);
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  cv_files_record (f->files, f->child, "p1", CV_MEDIA_CAMERA, file, fd, task);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (g_task_propagate_boolean (G_TASK (result), NULL), ==, expected);
  close (fd);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  record (f, 101, TRUE);
  g_assert_false (note (f->files, CV_EVENT_CLOCK, 101));
  g_assert_true (note (f->files, CV_EVENT_TRACK, 101));
  g_assert_false (note (f->files, CV_EVENT_TRACK, 101));
  g_assert_true (note (f->files, CV_EVENT_CLOCK, 101));
  g_assert_false (note (f->files, CV_EVENT_TRACK, 102));
  g_assert_true (note (f->files, CV_EVENT_RECORDED, 101));
  g_assert_false (note (f->files, CV_EVENT_RECORDED, 101));
  /* one that was refused is none */
  record (f, 404, FALSE);
  g_assert_false (note (f->files, CV_EVENT_TRACK, 404));
}

/* The answer of a process that is gone says nothing of its successor's files. */
static void
test_forget (Fixture *f, gconstpointer data)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GTask) task = make_task (&slot);
  record (f, 101, TRUE);
  cv_files_unrecord (f->files, f->child, 101, task);
  cv_files_forget (f->files);
  g_assert_false (note (f->files, CV_EVENT_TRACK, 101));
  record (f, 101, TRUE); /* the same number again, which our daemon does not do */
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_cmpint (g_task_propagate_int (G_TASK (result), NULL), ==, 5);
  g_assert_true (note (f->files, CV_EVENT_TRACK, 101));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/files/unknown", test_unknown);
  g_test_add_func ("/files/unrecord-unknown", test_unrecord_unknown);
  g_test_add ("/files/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/files/forget", Fixture, NULL, set_up, test_forget, tear_down);
  return g_test_run ();
}
