/* The event log while it is written: times, what does not fit, and what happens when it cannot be written. */
#include "library/journal.h"

#include "lib/folder.h"
#include "lib/wait.h"

#include <string.h>

#define RECORDING "rabcdefghijkm"

typedef struct {
  char *directory;
  CvFolder *folder;
  CvClock *clock;
  CvJournal *journal;
  guint failed;
} Fixture;

static void
on_failed (const GError *error, gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_true (error->domain == G_IO_ERROR);
  f->failed++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = cv_test_folder_new ();
  f->folder = cv_folder_create (f->directory, RECORDING, NULL);
  f->clock = cv_clock_new_fake (0);
  cv_clock_advance (f->clock, 1000);
  f->journal = cv_journal_new (f->folder, f->clock, cv_clock_now (f->clock), on_failed, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_journal_free (f->journal);
  cv_folder_free (f->folder);
  g_assert_finalize_object (f->clock);
  cv_test_folder_free (f->directory);
}

static void
write_line (Fixture *f, gint64 at)
{
  JsonBuilder *line = cv_journal_begin_at (f->journal, "x", at);
  cv_json_add_int (line, "at", at);
  cv_journal_write (f->journal, line);
}

static void
test_times (Fixture *f, gconstpointer data)
{
  cv_clock_advance (f->clock, 500);
  cv_journal_write (f->journal, cv_journal_begin (f->journal, "now"));
  write_line (f, 1250500);
  write_line (f, 7);          /* before the beginning */
  write_line (f, G_MAXINT64); /* not yet */
  cv_journal_sync (f->journal);
  g_autofree char *text = cv_test_folder_read (f->directory, RECORDING "/events.jsonl");
  g_assert_cmpstr (text, ==,
                   "{\"t\":500,\"type\":\"now\"}\n"
                   "{\"t\":250.5,\"type\":\"x\",\"at\":1250500}\n"
                   "{\"t\":0,\"type\":\"x\",\"at\":7}\n"
                   "{\"t\":500,\"type\":\"x\",\"at\":9223372036854775807}\n");
}

/* That is told once, and not while something is being written. */
static void
test_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (CV_FOLDER_MAX_EVENT, 'x');
  JsonBuilder *line = cv_journal_begin (f->journal, "x");
  cv_json_add_text (line, "text", text);
  cv_journal_write (f->journal, line);
  write_line (f, 0);
  g_assert_cmpuint (f->failed, ==, 0);
  cv_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->failed, ==, 1);
  write_line (f, 0);
  cv_clock_advance (f->clock, 1000);
  g_assert_cmpuint (f->failed, ==, 1);
  g_autofree char *nothing = cv_test_folder_read (f->directory, RECORDING "/events.jsonl");
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_fails_at_the_end (Fixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (CV_FOLDER_MAX_EVENT, 'x');
  JsonBuilder *line = cv_journal_begin (f->journal, text);
  cv_journal_write (f->journal, line);
  cv_journal_free (f->journal);
  cv_clock_advance (f->clock, 1000);
  g_assert_cmpuint (f->failed, ==, 0);
  f->journal = cv_journal_new (f->folder, f->clock, cv_clock_now (f->clock), on_failed, f);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/journal/times", test_times);
  ADD ("/journal/fails", test_fails);
  ADD ("/journal/fails-at-the-end", test_fails_at_the_end);
  return g_test_run ();
}
