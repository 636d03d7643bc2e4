/* A rendering in a process of its own, with one that does as told (tests/lib/fake-render.c): each way in which it ends. */
#include "process/render-process.h"

#include "lib/folder.h"
#include "lib/log.h"
#include "lib/processes.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  CvClock *clock;
  char *folder;
  CvRenderProcess *process;
  GString *told;
  int end; /* -1: it lives */
} Fixture;

static void
on_progress (CvRenderProcess *process, const char *stage, double done, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "%s %.2f; ", stage, done);
}

static void
on_file (CvRenderProcess *process, const CvRenderFile *file, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "%s %s; ", file->kind, file->name);
}

static void
on_ended (CvRenderProcess *process, guint end, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpint (f->end, ==, -1);
  f->end = (int) end;
}

static void
start (Fixture *f, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderOrder) order = cv_render_order_new ();
  int fd = open (f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  cv_test_folder_write (f->folder, "fake", word);
  g_string_truncate (f->told, 0);
  f->end = -1;
  f->process = cv_render_process_new (CV_FAKE_RENDER, f->clock, "jabcdefghijkm", "rabcdefghijkm", order, fd, &error);
  g_assert_no_error (error);
  close (fd);
  g_signal_connect (f->process, "progress", G_CALLBACK (on_progress), f);
  g_signal_connect (f->process, "file", G_CALLBACK (on_file), f);
  g_signal_connect (f->process, "ended", G_CALLBACK (on_ended), f);
}

static void
expect (Fixture *f, CvRenderEnd end)
{
  cv_test_wait_until (f->end >= 0);
  g_assert_cmpint (f->end, ==, end);
  cv_test_wait_gone (g_steal_pointer (&f->process));
  g_assert_cmpuint (cv_test_count_children (), ==, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new ();
  f->folder = cv_test_folder_new ();
  f->told = g_string_new (NULL);
  cv_test_folder_write (f->folder, "files/.keep", "");
  cv_test_folder_write (f->folder, "tracks/001-pabcdefghijkm-camera-1.mkv", "x");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_wait_gone (f->clock);
  cv_test_folder_free (f->folder);
  g_string_free (f->told, TRUE);
}

static void
test_done (Fixture *f, gconstpointer data)
{
  g_autofree char *order = NULL;

  start (f, "");
  cv_test_wait_until (f->end >= 0);
  g_assert_cmpint (cv_render_process_get_duration (f->process), ==, 61500);
  g_assert_cmpstr (cv_render_process_get_error (f->process), ==, "");
  expect (f, CV_RENDER_END_DONE);
  g_assert_cmpstr (f->told->str, ==,
                   "reading 0.00; track tracks/001-pabcdefghijkm-camera-1.mkv; composing 0.50; video meeting.mp4; "
                   "poster poster.jpg; ");
  order = cv_test_folder_read (f->folder, "files/meeting.mp4");
  g_assert_nonnull (strstr (order, "\"job\":\"jabcdefghijkm\",\"recording\":\"rabcdefghijkm\",\"layout\":\"auto\","));
}

static void
test_niceness (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  start (f, "describe");
  expect (f, CV_RENDER_END_DONE);
  text = cv_test_folder_read (f->folder, "files/meeting.mp4");
  g_assert_cmpstr (text, ==, "nice=15");
}

static void
test_memory (Fixture *f, gconstpointer data)
{
  start (f, "");
  cv_test_assert_memory (4096);
  expect (f, CV_RENDER_END_DONE);
}

static void
test_failed (Fixture *f, gconstpointer data)
{
  start (f, "fail");
  cv_test_wait_until (f->end >= 0);
  g_assert_cmpstr (cv_render_process_get_error (f->process), ==, "no-log");
  expect (f, CV_RENDER_END_FAILED);
}

static void
test_crashed (Fixture *f, gconstpointer data)
{
  start (f, "crash");
  expect (f, CV_RENDER_END_CRASHED);
  start (f, "leave");
  expect (f, CV_RENDER_END_CRASHED);
  start (f, "path"); /* it breaks a rule */
  expect (f, CV_RENDER_END_CRASHED);
  g_assert_cmpstr (f->told->str, ==, "");
}

/* Its last word is the last, whatever it says behind it. */
static void
test_goes_on (Fixture *f, gconstpointer data)
{
  start (f, "on");
  expect (f, CV_RENDER_END_DONE);
  g_assert_cmpstr (f->told->str, ==, "");
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  start (f, "go-on");
  cv_test_wait_until (f->told->len > 0);
  cv_render_process_cancel (f->process);
  cv_render_process_cancel (f->process);
  expect (f, CV_RENDER_END_CANCELLED);
  start (f, "go-on"); /* before it has started */
  cv_render_process_cancel (f->process);
  expect (f, CV_RENDER_END_CANCELLED);
}

/* It gets no processor for so long, by a clock that the test moves. */
static void
starve (Fixture *f, guint ms)
{
  pid_t child;

  cv_test_wait_until (f->told->len > 0);
  child = cv_test_only_child ();
  g_assert_cmpint (kill (child, SIGSTOP), ==, 0);
  cv_test_settle ();
  cv_clock_advance (f->clock, ms);
  kill (child, SIGCONT);
}

/* Meetings may take all of the processor for a while. */
static void
test_patience (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->clock);
  f->clock = cv_clock_new_fake (0);
  start (f, "wait");
  starve (f, 55000);
  cv_test_folder_write (f->folder, "go", "");
  expect (f, CV_RENDER_END_DONE);

  start (f, "go-on");
  starve (f, 65000);
  expect (f, CV_RENDER_END_CRASHED);
}

static void
test_let_go (Fixture *f, gconstpointer data)
{
  start (f, "go-on");
  cv_test_wait_until (f->told->len > 0);
  cv_test_wait_gone (g_steal_pointer (&f->process));
  cv_test_wait_until (cv_test_count_children () == 0);
  g_assert_cmpint (f->end, ==, -1);
}

static void
test_no_program (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderOrder) order = cv_render_order_new ();
  guint before = cv_test_count_descriptors ();

  g_assert_null (cv_render_process_new ("/nowhere/conclave-render", f->clock, "j", "r", order, 0, &error));
  g_assert_nonnull (error);
  cv_test_wait_descriptors (before);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/render-process/done", test_done);
  ADD ("/render-process/niceness", test_niceness);
  ADD ("/render-process/memory", test_memory);
  ADD ("/render-process/failed", test_failed);
  ADD ("/render-process/crashed", test_crashed);
  ADD ("/render-process/goes-on", test_goes_on);
  ADD ("/render-process/cancelled", test_cancelled);
  ADD ("/render-process/patience", test_patience);
  ADD ("/render-process/let-go", test_let_go);
  ADD ("/render-process/no-program", test_no_program);
  return g_test_run ();
}
