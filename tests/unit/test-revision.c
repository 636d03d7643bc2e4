/* New issues: what is given takes the place of what was there, of the issue that was changed only. */
#include "summary/revision.h"

#include "base/json.h"
#include "lib/staged.h"
#include "lib/wait.h"
#include "store/summaries.h"

#include <string.h>

static CvStore *
set_up (void)
{
  CvStore *store = cv_test_staged_store (TRUE);
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autoptr (JsonNode) node = cv_summary_to_json (summary);
  g_autofree char *body = cv_json_to_text (node, NULL);
  char *quoted =
    sqlite3_mprintf ("INSERT INTO summary VALUES ('" CV_TEST_STAGED_MEETING "', 1, 1, 'server', %Q)", body);
  cv_test_staged_run (store, quoted);
  sqlite3_free (quoted);
  return store;
}

static guint
revise_bytes (CvStore *store, const char *meeting, GBytes *parts, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_revision_make_async (store, meeting, parts, "host", 9, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_revision_make_finish (store, result, error);
}

static guint
revise (CvStore *store, const char *meeting, const char *parts, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (parts, strlen (parts));
  return revise_bytes (store, meeting, bytes, error);
}

static CvSummary *
load (CvStore *store, guint issue)
{
  GAsyncResult *slot = NULL;
  cv_summaries_load_async (store, CV_TEST_STAGED_MEETING, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_autoptr (CvSummaryRow) row = cv_summaries_load_finish (store, result, NULL);
  g_assert_cmpuint (row->issue, ==, issue);
  g_assert_cmpstr (row->actor, ==, issue > 1 ? "host" : "server");
  return cv_summary_parse (row->body, strlen (row->body), NULL);
}

static void
test_changed (void)
{
  CvStore *store = set_up ();
  g_autoptr (CvSummary) before = load (store, 1);
  guint issue = revise (store, CV_TEST_STAGED_MEETING,
                        "{\"issue\":1,\"title\":\"Tea\",\"chat\":null,\"minutes\":[{\"kind\":\"action\",\"text\":"
                        "\"Boil\",\"owner\":\"Ann\",\"due\":\"2027-01-02\"}]}",
                        NULL);
  g_autoptr (CvSummary) after = load (store, issue);
  g_assert_cmpuint (issue, ==, 2);
  g_assert_cmpstr (after->title, ==, "Tea");
  g_assert_null (after->chat);
  g_assert_cmpuint (after->minutes->len, ==, 1);
  /* what was left out stays */
  g_assert_cmpuint (after->agenda->len, ==, before->agenda->len);
  g_assert_cmpuint (after->attendance->len, ==, before->attendance->len);
  g_assert_cmpuint (after->documents->len, ==, before->documents->len);
  g_assert_cmpint (after->started, ==, before->started);
  cv_test_staged_close (store);
}

static void
assert_refused (CvStore *store, const char *meeting, const char *parts, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (revise (store, meeting, parts, &error), ==, 0);
  if (!g_error_matches (error, domain, code))
    g_error ("%s: %s", parts, error->message);
}

static void
test_refused (void)
{
  static const struct {
    const char *parts;
    CvJsonError error;
  } bad[] = {
    { "", CV_JSON_ERROR_SYNTAX },
    { "[]", CV_JSON_ERROR_SYNTAX },
    { "{\"issue\":1", CV_JSON_ERROR_SYNTAX },
    { "{\"title\":\"Tea\"}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":\"1\",\"title\":\"Tea\"}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":null}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":0}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":-1}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":1,\"started\":5}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":1,\"documents\":[]}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":1,\"agenda\":null}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":1,\"title\":\"a\xe2\x80\xae z\"}", CV_JSON_ERROR_MEMBER },
    { "{\"issue\":1,\"minutes\":[{\"kind\":\"order\",\"text\":\"\",\"owner\":\"\",\"due\":\"\"}]}",
      CV_JSON_ERROR_MEMBER },
  };
  CvStore *store = set_up ();
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (store, CV_TEST_STAGED_MEETING, bad[i].parts, CV_JSON_ERROR, bad[i].error);
  assert_refused (store, "mbbbbbbbbbbbb", "{\"issue\":1}", CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_autoptr (CvSummary) still = load (store, 1);
  g_assert_nonnull (still);
  cv_test_staged_close (store);
}

static void
test_outdated (void)
{
  CvStore *store = set_up ();
  g_assert_cmpuint (revise (store, CV_TEST_STAGED_MEETING, "{\"issue\":1,\"title\":\"Tea\"}", NULL), ==, 2);
  assert_refused (store, CV_TEST_STAGED_MEETING, "{\"issue\":1,\"title\":\"Late\"}", CV_STORE_ERROR,
                  CV_STORE_ERROR_EXISTS);
  assert_refused (store, CV_TEST_STAGED_MEETING, "{\"issue\":4294967297}", CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  g_assert_cmpuint (revise (store, CV_TEST_STAGED_MEETING, "{\"issue\":2}", NULL), ==, 3);
  cv_test_staged_close (store);
}

/* {"issue":N,MEMBER:[…]} with so many bytes of paragraphs in it. */
static GBytes *
make_long (guint issue, const char *member, const char *entry, gsize bytes)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "{\"issue\":%u,\"%s\":[", issue, member);
  while (text->len < bytes)
    g_string_append_printf (text, "%s%s", text->str[text->len - 1] == '[' ? "" : ",", entry);
  g_string_append (text, "]}");
  return g_string_free_to_bytes (text);
}

static guint
revise_long (CvStore *store, guint issue, const char *member, const char *format, gsize bytes, GError **error)
{
  g_autofree char *letters = g_strnfill (3900, 'x');
  g_autoptr (GString) entry = g_string_new (format);
  g_string_replace (entry, "TEXT", letters, 1);
  g_autoptr (GBytes) parts = make_long (issue, member, entry->str, bytes);
  return revise_bytes (store, CV_TEST_STAGED_MEETING, parts, error);
}

#define BLOCK "{\"kind\":\"text\",\"text\":\"TEXT\",\"owner\":\"\",\"due\":\"\"}"
#define MESSAGE                                                                                                        \
  "{\"at\":1,\"name\":\"\",\"text\":\"TEXT\",\"reply_name\":\"\",\"reply_text\":\"\",\"reactions\":[],\"edited\":"     \
  "false}"

/* As long as a summary may be, and not longer: neither what is given, nor what comes of it. */
static void
test_long (void)
{
  CvStore *store = set_up ();
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (revise_long (store, 1, "minutes", BLOCK, 5 << 20, NULL), ==, 2);
  g_assert_cmpuint (revise_long (store, 2, "chat", MESSAGE, 4 << 20, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_cmpuint (revise_long (store, 2, "minutes", BLOCK, CV_SUMMARY_MAX_BYTES, &error), ==, 0);
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_LIMIT);
  g_assert_cmpuint (revise (store, CV_TEST_STAGED_MEETING, "{\"issue\":2,\"title\":\"Tea\"}", NULL), ==, 3);
  cv_test_staged_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/revision/changed", test_changed);
  g_test_add_func ("/revision/refused", test_refused);
  g_test_add_func ("/revision/outdated", test_outdated);
  g_test_add_func ("/revision/long", test_long);
  return g_test_run ();
}
