/* A child's stderr in our log: lines, levels, bounds. */
#include "process/output.h"

#include "lib/wait.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

static GPtrArray *lines; /* "LEVEL ROOM TEXT" */

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer user_data)
{
  const char *message = "", *room = "-";

  for (gsize i = 0; i < n; i++) {
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
    if (g_str_equal (fields[i].key, "ROOM"))
      room = fields[i].value;
  }
  g_ptr_array_add (lines, g_strdup_printf ("%d %s %s", level & G_LOG_LEVEL_MASK, room, message));
  return G_LOG_WRITER_HANDLED;
}

typedef struct {
  CvClock *clock;
  CvOutput *output;
  int pipe;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GInputStream) stream = NULL;
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  f->clock = cv_clock_new_fake (0);
  stream = g_unix_input_stream_new (fds[0], TRUE);
  f->output = cv_output_new (stream, "x[1]", f->clock);
  f->pipe = fds[1];
  g_ptr_array_set_size (lines, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->output, cv_output_free);
  if (f->pipe >= 0)
    close (f->pipe);
  cv_test_wait_gone (f->clock);
}

static void
put (Fixture *f, const char *text, gsize n)
{
  g_assert_cmpint (write (f->pipe, text, n), ==, (gssize) n);
  cv_test_settle ();
}

static void
assert_line (guint i, GLogLevelFlags level, const char *rest)
{
  g_autofree char *expected = g_strdup_printf ("%d %s", level, rest);

  g_assert_cmpuint (i, <, lines->len);
  g_assert_cmpstr (lines->pdata[i], ==, expected);
}

static void
test_lines (Fixture *f, gconstpointer data)
{
  const char text[] = "WARNING a: b\nDEBUG c\n\nINFO d\nNOTICE e\nWARNINGf\n\x1b[2J\0\xff\ncut";

  put (f, text, sizeof text - 1);
  g_assert_cmpuint (lines->len, ==, 6);
  assert_line (0, G_LOG_LEVEL_WARNING, "- x[1]: a: b");
  assert_line (1, G_LOG_LEVEL_DEBUG, "- x[1]: c");
  assert_line (2, G_LOG_LEVEL_INFO, "- x[1]: d");
  assert_line (3, G_LOG_LEVEL_MESSAGE, "- x[1]: e");
  assert_line (4, G_LOG_LEVEL_MESSAGE, "- x[1]: WARNINGf");
  assert_line (5, G_LOG_LEVEL_MESSAGE, "- x[1]: \\x1b[2J \xef\xbf\xbd");
  cv_output_set_room (f->output, "r");
  put (f, " off\n", 5);
  assert_line (6, G_LOG_LEVEL_MESSAGE, "r x[1]: cut off");
}

static void
test_last (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (write (f->pipe, "a\nb", 3), ==, 3);
  g_clear_pointer (&f->output, cv_output_free);
  g_assert_cmpuint (lines->len, ==, 2);
  assert_line (1, G_LOG_LEVEL_MESSAGE, "- x[1]: b");
}

static void
test_long (Fixture *f, gconstpointer data)
{
  g_autofree char *fill = g_strnfill (5000, 'a');

  put (f, fill, 5000);
  put (f, "\nb\n", 3);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpuint (strlen (lines->pdata[0]), <, 1100);
  assert_line (1, G_LOG_LEVEL_MESSAGE, "- x[1]: b");
}

static void
test_many (Fixture *f, gconstpointer data)
{
  guint n;

  for (guint i = 0; i < 1000; i++)
    put (f, "a\n", 2);
  n = lines->len;
  g_assert_cmpuint (n, ==, 200);
  cv_clock_advance (f->clock, 150);
  put (f, "b\nc\n", 4);
  g_assert_cmpuint (lines->len, ==, n + 2);
  assert_line (n, G_LOG_LEVEL_MESSAGE, "- x[1]: 800 lines dropped");
  assert_line (n + 1, G_LOG_LEVEL_MESSAGE, "- x[1]: b");
}

static void
test_end (Fixture *f, gconstpointer data)
{
  close (f->pipe);
  f->pipe = -1;
  cv_test_settle (); /* would never end if its source stayed */
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  lines = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add ("/output/lines", Fixture, NULL, set_up, test_lines, tear_down);
  g_test_add ("/output/last", Fixture, NULL, set_up, test_last, tear_down);
  g_test_add ("/output/long", Fixture, NULL, set_up, test_long, tear_down);
  g_test_add ("/output/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/output/end", Fixture, NULL, set_up, test_end, tear_down);
  status = g_test_run ();
  g_ptr_array_unref (lines);
  return status;
}
