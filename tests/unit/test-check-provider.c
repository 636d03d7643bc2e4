/* What is said of the server that people sign in at as well. */
#include "doctor/check-provider.h"

#include "lib/ward.h"
#include "oidc/document.h"

#include <string.h>

static void
assert_row (CvFindings *findings, guint i, CvFindingState state, const char *text)
{
  g_assert_cmpuint (cv_findings_get_length (findings), >, i);
  g_assert_cmpint (cv_findings_get (findings, i)->state, ==, state);
  g_assert_nonnull (strstr (cv_findings_get (findings, i)->text, text));
}

static void
test_judgement (void)
{
  g_autoptr (CvFindings) good = cv_findings_new ();
  g_autoptr (CvFindings) bad = cv_findings_new ();
  g_autoptr (GError) error = g_error_new_literal (CV_OIDC_ERROR, CV_OIDC_ERROR_UNREACHABLE, "status 404");
  cv_provider_judge (NULL, "https://sso.example", "https://meet.example", good);
  assert_row (good, 0, CV_FINDING_OK, "https://sso.example");
  cv_provider_judge (error, "https://sso.example", "", bad);
  assert_row (bad, 0, CV_FINDING_WARN, "back to");
  assert_row (bad, 1, CV_FINDING_FAIL, "status 404");
}

static void
test_none (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");
  cv_test_ward_check (ward, cv_check_provider);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-provider/judgement", test_judgement);
  g_test_add_func ("/check-provider/none", test_none);
  return g_test_run ();
}
