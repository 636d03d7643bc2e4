/* What is collected of a meeting's rows: what hosts said of it, the order of things, and what was never set or is hostile. */
#include "summary/collect.h"

#include "lib/staged.h"
#include "lib/wait.h"

#include <string.h>

typedef struct {
  CvSummary *summary;
  CvSummarySettings settings;
} Collected;

static gpointer
collect_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  Collected *collected = data;
  g_autoptr (CvRecordRow) record = cv_record_read (db, CV_TEST_STAGED_MEETING, error);
  if (record != NULL && cv_summary_read_settings (db, record, &collected->settings, error))
    collected->summary = cv_summary_collect (db, record, &collected->settings, error);
  return NULL;
}

/* With these statements run on the staged meeting before. */
static CvSummary *
collect (const char *sql, CvSummarySettings *settings)
{
  CvStore *store = cv_test_staged_store (TRUE);
  Collected collected = { 0 };
  GAsyncResult *slot = NULL;
  cv_test_staged_run (store, sql);
  cv_store_run_async (store, collect_on_worker, &collected, NULL, NULL, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_store_run_finish_plain (store, result, NULL));
  g_clear_object (&result);
  cv_test_staged_close (store);
  g_assert_nonnull (collected.summary);
  if (settings != NULL)
    *settings = collected.settings;
  return collected.summary;
}

static void
test_staged (void)
{
  g_autoptr (CvSummary) summary = collect ("", NULL);
  const CvSummaryItem *last = g_ptr_array_index (summary->agenda, 4);
  const CvSummaryPoll *poll = g_ptr_array_index (summary->polls, 0);
  const CvSummaryMessage *answer = g_ptr_array_index (summary->chat, 2), *liked = g_ptr_array_index (summary->chat, 4);
  const CvSummaryBlock *first = g_ptr_array_index (summary->minutes, 0);
  g_assert_cmpstr (summary->title, ==, "Product council, November");
  g_assert_cmpuint (summary->attendance->len, ==, 10);
  g_assert_cmpuint (summary->minutes->len, ==, 19);
  g_assert_cmpstr (first->text, ==, "Figures for October");
  /* its clock ran until the end */
  g_assert_cmpstr (last->title, ==, "Any other business");
  g_assert_cmpint (last->spent, ==, 3 * 60000 + 12000);
  g_assert_cmpint (((CvSummaryCount *) g_ptr_array_index (poll->choices, 1))->count, ==, 2);
  g_assert_cmpuint (poll->voted->len, ==, 8);
  g_assert_cmpuint (((CvSummaryPoll *) g_ptr_array_index (summary->polls, 1))->voted->len, ==, 0);
  g_assert_cmpstr (answer->reply_name, ==, "Sofia Marchetti");
  g_assert_cmpstr (answer->reply_text, ==, "Is the survey public already?");
  g_assert_cmpint (((CvSummaryCount *) g_ptr_array_index (liked->reactions, 0))->count, ==, 2);
  g_assert_cmpuint (summary->documents->len, ==, 3);
  g_assert_cmpuint (summary->recordings->len, ==, 1);
}

static void
test_settings (void)
{
  CvSummarySettings settings;
  g_autoptr (CvSummary) room = collect ("DELETE FROM content WHERE type = 'settings';"
                                        "UPDATE room SET summary = 'hosts', attendance = 0",
                                        &settings);
  g_assert_cmpint (settings.who, ==, CV_SUMMARY_HOSTS);
  g_assert_false (settings.attendance);
  g_assert_null (room->attendance);
  g_assert_nonnull (room->chat);
  /* hosts said otherwise in the meeting */
  g_autoptr (CvSummary) meeting =
    collect ("UPDATE content SET state = '{\"summary\":[\"off\",1,\"p\"],\"chat\":[false,1,\"p\"],"
             "\"attendance\":[true,1,\"p\"]}' WHERE type = 'settings';"
             "UPDATE room SET attendance = 0",
             &settings);
  g_assert_cmpint (settings.who, ==, CV_SUMMARY_OFF);
  g_assert_true (settings.attendance);
  g_assert_nonnull (meeting->attendance);
  g_assert_null (meeting->chat);
}

/* What is collected can always be read again, whatever is in a row. */
static void
test_hostile (void)
{
  static const char sql[] =
    "UPDATE meeting SET title = 'a' || char (8238) || 'b' || char (10) || 'c';"
    "INSERT INTO content VALUES ('" CV_TEST_STAGED_MEETING "', 'h1', 'block', 'not JSON'),"
    "('" CV_TEST_STAGED_MEETING "', 'h2', 'block', '[]'),"
    "('" CV_TEST_STAGED_MEETING
    "', 'h3', 'item', '{\"title\":[5,1,\"p\"],\"minutes\":[\"x\",1,\"p\"],\"spent\":[-5,1,\"p\"]}'),"
    "('" CV_TEST_STAGED_MEETING "', 'h4', 'poll', '{\"choices\":[[\"a\",5,\"\"],1,\"p\"],\"counts\":[[-1],1,\"p\"]}'),"
    "('" CV_TEST_STAGED_MEETING
    "', 'h5', 'block', '{\"kind\":[\"order\",1,\"p\"],\"text\":[\"x\",1,\"p\"],\"order\":[\"zz\",1,\"p\"]}'),"
    "('" CV_TEST_STAGED_MEETING "', 'h6', 'message', '{}');"
    "UPDATE document SET name = 'a' || char (10) || 'b', by_name = printf ('%.*c', 300, 'x')";
  g_autoptr (CvSummary) summary = collect (sql, NULL);
  g_autoptr (JsonNode) node = cv_summary_to_json (summary);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSummary) again = cv_summary_read (json_node_get_object (node), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->title, ==, "ab c");
  g_assert_cmpstr (((CvSummaryDocument *) g_ptr_array_index (again->documents, 0))->name, ==, "a b");
  g_assert_cmpstr (((CvSummaryBlock *) g_ptr_array_index (again->minutes, again->minutes->len - 1))->kind, ==, "text");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/collect/staged", test_staged);
  g_test_add_func ("/collect/settings", test_settings);
  g_test_add_func ("/collect/hostile", test_hostile);
  return g_test_run ();
}
