/* Backups over the REST interface: made, said where, refused. */
#include "signalling/api-backup.h"

#include "lib/api.h"
#include "lib/log.h"
#include "store/backup.h"

#include <glib/gstdio.h>

#define BACKUP "POST /api/v1/backup"

static void
test_made (CvTestApi *f, gconstpointer data)
{
  g_autofree char *database = g_build_filename (f->directory, "conclave.db", NULL);
  g_autofree char *backup = g_build_filename (f->directory, "backups", "conclave-20231114T221320Z.db", NULL);
  g_autofree char *answer = g_strdup_printf (
    "{\"name\":\"conclave-20231114T221320Z.db\",\"path\":\"%s\",\"created\":1700000000000,\"bytes\":*}", backup);
  g_autoptr (CvStore) store = cv_store_open (database, NULL);
  cv_test_api_assert (f, BACKUP, "", 201, answer);
  g_assert_true (g_file_test (backup, G_FILE_TEST_EXISTS));
  cv_test_api_assert (f, "GET /api/v1/status", "", 200, "*\"backup\":1700000000000}");
  cv_store_close (store);
}

static void
test_refused (CvTestApi *f, gconstpointer data)
{
  /* there is no database */
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "a request failed: *conclave.db*");
  cv_test_api_assert_problem (f, BACKUP, "", CV_PROBLEM_STORE_FAILED);
  cv_test_log_assert_all ();
  f->admin = FALSE;
  cv_test_api_assert_problem (f, BACKUP, "", CV_PROBLEM_NO_SESSION);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-backup/made", test_made);
  ADD ("/api-backup/refused", test_refused);
  return g_test_run ();
}
