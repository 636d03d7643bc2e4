/* TURN servers that are right, open, of another secret, or not there. */
#include "doctor/check-relay.h"

#include "lib/folder.h"
#include "lib/relay.h"
#include "lib/ward.h"

#include <glib/gstdio.h>

static void
assert_judged (const CvRelayTrial *trial, CvFindingState state, const char *pattern)
{
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_relay_judge (trial, "turn:a", findings);
  g_assert_cmpuint (cv_findings_get_length (findings), ==, 1);
  cv_test_ward_assert (findings, 0, state, pattern);
}

static void
assert_advice (int code, const char *pattern)
{
  GError error = { CV_TURN_CLIENT_ERROR, code, (char *) "words" };
  const CvRelayTrial trial = { .error = &error };
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_relay_judge (&trial, "turn:a", findings);
  cv_test_ward_assert (findings, 0, CV_FINDING_FAIL, "turn:a: words");
  g_assert_true (g_pattern_match_simple (pattern, cv_findings_get (findings, 0)->advice));
}

static void
test_judgement (void)
{
  char peer[] = "10.0.0.1";

  assert_judged (&(CvRelayTrial){ 0 }, CV_FINDING_OK, "turn:a: relays*");
  assert_judged (&(CvRelayTrial){ .opened = peer }, CV_FINDING_FAIL, "*can reach 10.0.0.1 through it*");
  assert_judged (&(CvRelayTrial){ .flags = G_TLS_CERTIFICATE_EXPIRED }, CV_FINDING_FAIL,
                 "*certificate: it has run out");
  assert_advice (CV_TURN_CLIENT_ERROR_UNKNOWN, "static-auth-secret*");
  assert_advice (CV_TURN_CLIENT_ERROR_SILENT, "Is it running*firewall?");
  assert_advice (CV_TURN_CLIENT_ERROR_REFUSED, "*journalctl -u coturn");
  assert_advice (CV_TURN_CLIENT_ERROR_STRANGE, "*servers in ?turn?*");
}

/* `%h` is the host of public-url. */
static void
check_with (guint port, const char *secret, CvFindingState state, const char *pattern)
{
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "secret", NULL);
  g_autofree char *text = g_strdup_printf ("[server]\npublic-url=https://127.0.0.1\n[turn]\nsecret-file=%s\n"
                                           "servers=turn:%%h:%u;turn:%%h:%u?transport=tcp\n",
                                           path, port, port);
  g_autoptr (CvWard) ward = NULL;

  cv_test_folder_write (folder, "secret", secret);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  ward = cv_test_ward_new (text);
  cv_test_ward_check (ward, cv_check_relay);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 2);
  cv_test_ward_assert (ward->findings, 0, state, pattern);
  cv_test_ward_assert (ward->findings, 1, state, pattern);
  g_assert_true (g_str_has_prefix (cv_findings_get (ward->findings, 1)->text, "turn:127.0.0.1:"));
  cv_test_folder_free (folder);
}

static void
test_real (void)
{
  g_autoptr (CvRelay) closed = cv_test_relay_new ("secret", FALSE);
  g_autoptr (CvRelay) open = cv_test_relay_new ("secret", TRUE);

  check_with (cv_test_relay_get_port (closed), "secret", CV_FINDING_OK, "*relays, and not into private networks");
  check_with (cv_test_relay_get_port (closed), "another", CV_FINDING_FAIL, "*401*");
  check_with (cv_test_relay_get_port (open), "secret", CV_FINDING_FAIL, "*can reach 10.0.0.1*");
  /* its own address it may have to reach: two may both need it */
  cv_test_relay_set_private (open);
  check_with (cv_test_relay_get_port (open), "secret", CV_FINDING_FAIL, "*can reach 169.254.169.254*");
  g_assert_cmpint (cv_test_relay_count (open) + cv_test_relay_count (closed), ==, 0);
}

static void
test_none (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");
  g_auto (CvRelayTrial) dtls = { 0 }, nowhere = { 0 };

  cv_test_ward_check (ward, cv_check_relay);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_WARN, "there is no TURN server*");
  cv_relay_try (&dtls, "turns:a?transport=udp", "u", "c");
  g_assert_error (dtls.error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_STRANGE);
  cv_relay_try (&nowhere, "turn:name.invalid", "u", "c");
  g_assert_nonnull (nowhere.error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-relay/judgement", test_judgement);
  g_test_add_func ("/check-relay/real", test_real);
  g_test_add_func ("/check-relay/none", test_none);
  return g_test_run ();
}
