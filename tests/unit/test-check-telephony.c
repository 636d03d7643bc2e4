/* Trunks as a running server says, and what there is to say without one. */
#include "lib/ward.h"

#define SIP "[sip]\nlisten=udp:127.0.0.1:5060\ntrunk-addresses=192.0.2.1\nnumbers=123\n"

static void
assert_found (const char *config, const char *sip, gboolean running, CvFindingState state, const char *pattern)
{
  g_autoptr (CvWard) ward = cv_test_ward_new (config);
  g_autoptr (JsonObject) status = cv_test_ward_parse ("{}");
  g_autoptr (JsonObject) answer = sip != NULL ? cv_test_ward_parse (sip) : NULL;

  ward->patient.status = running ? status : NULL;
  ward->patient.sip = answer;
  cv_test_ward_check (ward, cv_check_telephony);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 1);
  cv_test_ward_assert (ward->findings, 0, state, pattern);
}

static void
assert_trunk (const char *state, CvFindingState expected, const char *pattern)
{
  g_autofree char *sip =
    g_strdup_printf ("{\"up\":true,\"trunks\":[{\"name\":\"b\",\"state\":\"%s\",\"text\":\"403 Forbidden\"}]}", state);

  assert_found (SIP, sip, TRUE, expected, pattern);
}

static void
test_trunks (void)
{
  assert_trunk ("registered", CV_FINDING_OK, "trunk b: registered");
  assert_trunk ("listed", CV_FINDING_OK, "trunk b: calls are taken*");
  assert_trunk ("registering", CV_FINDING_WARN, "trunk b: it is registering");
  assert_trunk ("failed", CV_FINDING_FAIL, "trunk b: registration failed: 403 Forbidden");
}

static void
test_gateway (void)
{
  assert_found ("", NULL, TRUE, CV_FINDING_OK, "nobody is to call*");
  assert_found (SIP, NULL, FALSE, CV_FINDING_SKIPPED, "only a running server*");
  assert_found (SIP, NULL, TRUE, CV_FINDING_FAIL, "*without its telephone gateway");
  assert_found (SIP, "{\"up\":false,\"trunks\":[]}", TRUE, CV_FINDING_FAIL, "*gateway is down");
  assert_found (SIP, "{\"up\":true,\"trunks\":[]}", TRUE, CV_FINDING_WARN, "there is no trunk*");
  assert_found (SIP, "{\"up\":true}", TRUE, CV_FINDING_WARN, "there is no trunk*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-telephony/trunks", test_trunks);
  g_test_add_func ("/check-telephony/gateway", test_gateway);
  return g_test_run ();
}
