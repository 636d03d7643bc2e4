/* Who was there, as one reads it: seats of one person together. */
#include "summary/attendance.h"

#include "lib/staged.h"
#include "lib/wait.h"

#define START CV_TEST_STAGED_START
#define MINUTE 60000

static gpointer
collect_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (CvRecordRow) record = cv_record_read (db, CV_TEST_STAGED_MEETING, error);
  g_assert_true (cv_attendance_collect (db, record, data, error));
  return NULL;
}

/* "name/account role joined-left" in minutes. Returns: (transfer full), as "NAME ROLE JOINED-LEFT PRESENT; …". */
static char *
collect (const char *const *seats)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (CvSummary) summary = cv_summary_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  GAsyncResult *slot = NULL;
  cv_test_staged_run (store, "DELETE FROM attendance");
  for (guint i = 0; seats[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (seats[i], " ", 5);
    g_autofree char *sql = g_strdup_printf ("INSERT INTO attendance VALUES ('" CV_TEST_STAGED_MEETING
                                            "', 'p%u', '%s', '%s', 'browser', '%s', %" G_GINT64_FORMAT ", %s)",
                                            i, parts[0], parts[2], g_str_equal (parts[1], "-") ? "" : parts[1],
                                            START + g_ascii_strtoll (parts[3], NULL, 10) * MINUTE,
                                            g_str_equal (parts[4], "-") ? "NULL" : "0");
    cv_test_staged_run (store, sql);
    if (g_str_equal (parts[4], "-"))
      continue;
    g_autofree char *leave =
      g_strdup_printf ("UPDATE attendance SET \"left\" = %" G_GINT64_FORMAT " WHERE person = 'p%u'",
                       START + g_ascii_strtoll (parts[4], NULL, 10) * MINUTE, i);
    cv_test_staged_run (store, leave);
  }
  cv_store_run_async (store, collect_on_worker, summary, NULL, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_clear_object (&result);
  cv_test_staged_close (store);
  for (guint i = 0; i < summary->attendance->len; i++) {
    const CvSummaryAttendee *one = g_ptr_array_index (summary->attendance, i);
    g_string_append_printf (out, "%s%s %s %d-%d %d", i > 0 ? "; " : "", one->name, one->role,
                            (int) ((one->joined - START) / MINUTE), (int) ((one->left - START) / MINUTE),
                            (int) (one->present / MINUTE));
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

#define EXPECT(expected, ...)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    const char *const seats[] = { __VA_ARGS__, NULL };                                                                 \
    g_autofree char *found = collect (seats);                                                                          \
    g_assert_cmpstr (found, ==, expected);                                                                             \
  }                                                                                                                    \
  G_STMT_END

static void
test_seats (void)
{
  /* came back; was gone for ten minutes */
  EXPECT ("Ann person 0-50 40", "Ann - person 0 20", "Ann - person 30 50");
  /* two devices at once count once */
  EXPECT ("Ann person 0-40 40", "Ann - person 0 30", "Ann - person 10 40");
  EXPECT ("Ann person 0-40 40", "Ann - person 0 40", "Ann - person 10 20");
  /* an account is one person whatever it calls itself, and a name without one is another */
  EXPECT ("Annie host 0-50 40; Ann person 5-10 5", "Ann u1 person 0 20", "Annie u1 host 30 50", "Ann - person 5 10");
  /* was there when the server died: until the end */
  EXPECT ("Ann person 10-62 52", "Ann - person 10 -");
  /* hosts first, then as they came */
  EXPECT ("C host 9-10 1; B cohost 5-10 5; A person 0-10 10; D viewer 1-10 9", "A - person 0 10", "B - cohost 5 10",
          "C - host 9 10", "D - viewer 1 10");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attendance/seats", test_seats);
  return g_test_run ();
}
