/* What looks after the audit: at the start and each day, and only where entries are not kept for ever. */
#include "store/audit-keeper.h"

#include "lib/audit.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"
#include "store/audit.h"

#define DAY_MS (24 * 3600 * 1000)
#define NOW G_GINT64_CONSTANT (1700000000000)

static void
assert_rows (CvStore *store, const char *sql, const char *expected)
{
  g_autofree char *rows = cv_test_recordings_dump (store, sql);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_days (CvStore *store)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  cv_audit_note (store, clock, "admin", "room.create", NULL, NULL);
  g_autoptr (CvAuditKeeper) for_ever = cv_audit_keeper_new (store, clock, 0);
  g_autoptr (CvAuditKeeper) keeper = cv_audit_keeper_new (store, clock, 2);
  cv_clock_advance (clock, DAY_MS);
  cv_audit_note (store, clock, "admin", "room.delete", NULL, NULL);
  assert_rows (store, "SELECT action FROM audit", "room.create;room.delete;");
  cv_clock_advance (clock, DAY_MS);
  assert_rows (store, "SELECT action FROM audit", "room.create;room.delete;");
  cv_clock_advance (clock, DAY_MS);
  assert_rows (store, "SELECT actor, action FROM audit", "admin room.delete;retention audit.prune;");
  g_clear_pointer (&keeper, cv_audit_keeper_free);
  cv_clock_advance (clock, 20 * DAY_MS);
  assert_rows (store, "SELECT count (*) FROM audit", "2;");
}

/* For whoever keeps it elsewhere. */
static void
test_says_head (CvStore *store)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  cv_audit_note (store, clock, "admin", "room.create", NULL, NULL);
  cv_test_log_expect (
    G_LOG_LEVEL_INFO,
    "the last entry of the audit is 1, ????????????????????????????????????????????????????????????????");
  g_autoptr (CvAuditKeeper) keeper = cv_audit_keeper_new (store, clock, 2);
  assert_rows (store, "SELECT count (*) FROM audit", "1;");
  cv_test_settle ();
  cv_test_log_assert_all ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  cv_test_recordings_add_func ("/audit-keeper/days", test_days);
  cv_test_recordings_add_func ("/audit-keeper/says-head", test_says_head);
  return g_test_run ();
}
