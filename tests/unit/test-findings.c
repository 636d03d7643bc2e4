/* Rows as JSON and as text, and what counts as the worst. */
#include "doctor/findings.h"

#include "base/json.h"

static void
assert_status (CvFindings *findings, const char *expected)
{
  g_autoptr (JsonObject) answer = cv_findings_to_json (findings);

  g_assert_cmpstr (json_object_get_string_member (answer, "status"), ==, expected);
}

/* What was not looked at is nothing against the server. */
static void
test_worst (void)
{
  g_autoptr (CvFindings) findings = cv_findings_new ();

  assert_status (findings, "ok");
  cv_findings_add (findings, "a", CV_FINDING_OK, NULL, "fine");
  cv_findings_add (findings, "a", CV_FINDING_SKIPPED, "come back", "not seen");
  assert_status (findings, "ok");
  cv_findings_add (findings, "b", CV_FINDING_WARN, "look", "hm");
  assert_status (findings, "warn");
  cv_findings_add (findings, "c", CV_FINDING_FAIL, "repair", "broken");
  cv_findings_add (findings, "d", CV_FINDING_OK, NULL, "fine");
  assert_status (findings, "fail");
  g_assert_cmpuint (cv_findings_count (findings, CV_FINDING_OK), ==, 2);
  g_assert_cmpuint (cv_findings_count (findings, CV_FINDING_FAIL), ==, 1);
  g_assert_cmpuint (cv_findings_get_length (findings), ==, 5);
}

static void
test_printed (void)
{
  g_autoptr (CvFindings) findings = cv_findings_new ();
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *json = NULL, *text = NULL;

  cv_findings_add (findings, "disk", CV_FINDING_OK, NULL, "%d GB", 7);
  cv_findings_add (findings, "turn", CV_FINDING_FAIL, "start it", "silent");
  answer = cv_findings_to_json (findings);
  node = json_node_init_object (json_node_alloc (), answer);
  json = cv_json_to_text (node, NULL);
  g_assert_cmpstr (
    json, ==,
    "{\"status\":\"fail\",\"checks\":[{\"id\":\"disk\",\"status\":\"ok\",\"text\":\"7 GB\",\"advice\":null},"
    "{\"id\":\"turn\",\"status\":\"fail\",\"text\":\"silent\",\"advice\":\"start it\"}]}");
  text = cv_findings_to_text (findings);
  g_assert_cmpstr (text, ==,
                   "ok       disk           7 GB\n"
                   "fail     turn           silent\n"
                   "                         → start it\n"
                   "\n1 ok, 0 doubtful, 1 failed, 0 not looked at\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/findings/worst", test_worst);
  g_test_add_func ("/findings/printed", test_printed);
  return g_test_run ();
}
