/* What waits is tried, again after longer and longer, and given up; no server listens. That e-mails come out right is seen in
 * tests/protocol/mail.test.mjs. */
#include "summary/mailer.h"

#include "lib/log.h"
#include "lib/staged.h"
#include "lib/wait.h"

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvMailer *mailer;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->store = cv_test_staged_store (TRUE);
  f->clock = cv_clock_new_fake (1000);
  cv_test_staged_run (f->store, "INSERT INTO mail (id, meeting, recipient, created, next_at) "
                                "VALUES ('laaaaaaaaaaaa', '" CV_TEST_STAGED_MEETING "', 'a@b.c', 1, 1)");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_mailer_stop (f->mailer);
  cv_test_wait_gone (f->mailer);
  g_object_unref (f->clock);
  cv_test_staged_close (f->store);
}

static void
add_summary (Fixture *f)
{
  cv_test_staged_run (f->store,
                      "INSERT INTO summary VALUES ('" CV_TEST_STAGED_MEETING "', 1, 1, 'server', 'nonsense')");
}

static void
start (Fixture *f)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (CvWords) words = cv_words_new (".", "en", utc);
  const CvPostOptions post = {
    .server = (char *) "smtp://127.0.0.1:1", .from = (char *) "a@b.c", .username = (char *) "", .ca_file = (char *) ""
  };
  const CvMailerOptions options = {
    .store = f->store, .clock = f->clock, .words = words, .post = &post, .server = "https://a.example"
  };
  f->mailer = cv_mailer_new (&options);
}

/* -1: there is none. */
static gint64
find_next (Fixture *f, guint *attempts)
{
  GAsyncResult *slot = NULL;
  cv_mails_next_async (f->store, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (CvMailRow) row = cv_mails_next_finish (f->store, result, NULL);
  *attempts = row != NULL ? row->attempts : 0;
  return row != NULL ? row->next_at : -1;
}

/* Each wait is three times as long; the whole takes about 18 hours. */
static void
test_attempts (Fixture *f, gconstpointer data)
{
  guint wait = CV_MAILER_FIRST_MS;
  guint attempts = 0;
  gint64 waited = 0;
  add_summary (f);
  cv_test_log_expect (G_LOG_LEVEL_MESSAGE, "e-mail laaaaaaaaaaaa was not sent: *");
  start (f);
  for (guint i = 1; i < CV_MAILER_ATTEMPTS; i++, wait *= 3) {
    cv_test_wait_until (find_next (f, &attempts) >= 0 && attempts == i);
    g_assert_cmpint (find_next (f, &attempts), ==, cv_clock_wall (f->clock) + wait);
    cv_test_settle (); /* it waits by the clock now */
    cv_clock_advance (f->clock, wait - 1);
    cv_test_settle ();
    find_next (f, &attempts);
    g_assert_cmpuint (attempts, ==, i);
    cv_test_log_expect (G_LOG_LEVEL_MESSAGE, i + 1 < CV_MAILER_ATTEMPTS ? "e-mail laaaaaaaaaaaa was not sent: *"
                                                                        : "*was not sent and is given up: *");
    cv_clock_advance (f->clock, 1);
    waited += wait;
  }
  cv_test_wait_until (find_next (f, &attempts) < 0);
  g_assert_cmpint (waited / 3600000, ==, 18);
  cv_test_log_assert_all ();
  cv_test_staged_run (f->store, "CREATE TABLE kept (attempts INTEGER CHECK (attempts = 8));"
                                "INSERT INTO kept SELECT attempts FROM mail WHERE next_at IS NULL AND error <> ''");
}

/* The record was deleted meanwhile: it is of no use any more. */
static void
test_no_summary (Fixture *f, gconstpointer data)
{
  guint attempts = 0;
  start (f);
  cv_test_wait_until (find_next (f, &attempts) < 0);
  cv_test_staged_run (f->store,
                      "CREATE TABLE none (n INTEGER CHECK (n = 0)); INSERT INTO none SELECT count (*) FROM mail");
}

/* The database cannot forget it for a while: it is not sent over and over. */
static void
test_not_forgotten (Fixture *f, gconstpointer data)
{
  guint attempts = 0;
  cv_test_staged_run (f->store, "CREATE TRIGGER keep BEFORE DELETE ON mail BEGIN SELECT RAISE (ABORT, 'no'); END");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "an e-mail that was sent stays in its table: *");
  start (f);
  cv_test_wait_until (cv_test_log_is_done ());
  cv_mailer_look (f->mailer);
  cv_clock_advance (f->clock, 59999);
  for (guint i = 0; i < 12; i++) /* the database answers in turns: time enough for a second one */
    g_assert_cmpint (find_next (f, &attempts), ==, 1);
  cv_test_staged_run (f->store, "DROP TRIGGER keep");
  cv_clock_advance (f->clock, 1);
  cv_test_wait_until (find_next (f, &attempts) < 0);
}

static void
test_stopped (Fixture *f, gconstpointer data)
{
  guint attempts = 0;
  add_summary (f);
  start (f);
  cv_mailer_stop (f->mailer);
  cv_mailer_look (f->mailer);
  cv_test_settle ();
  g_assert_cmpint (find_next (f, &attempts), ==, 1);
  g_assert_cmpuint (attempts, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define CASE(name, test) g_test_add ("/mailer/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("attempts", test_attempts);
  CASE ("no-summary", test_no_summary);
  CASE ("not-forgotten", test_not_forgotten);
  CASE ("stopped", test_stopped);
  return g_test_run ();
}
