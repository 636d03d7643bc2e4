/* What administrators see of the gateway, also of a server that says less. */
#include "ctl/sip-commands.h"

#include "base/json.h"

#include <string.h>

static void
assert_prints (char *(*print) (JsonObject *), const char *answer, const char *expected)
{
  g_autoptr (JsonObject) object = cv_json_parse (answer, strlen (answer), NULL);
  g_autofree char *text = print (object);
  if (!g_pattern_match_simple (expected, text))
    g_assert_cmpstr (text, ==, expected);
}

static void
test_status (void)
{
  assert_prints (
    cv_sip_print_status,
    "{\"up\":true,\"calls\":2,\"cpu\":0.125,\"rss\":20480,\"answered\":7,\"refused_unknown\":1,\"refused_rate\":2,"
    "\"refused_full\":3,\"refused_media\":4,\"wrong_pins\":5,\"trunks\":[{\"name\":\"trunk\",\"state\":"
    "\"failed\",\"text\":\"403\",\"calls\":1,\"answered\":3,\"refused_full\":2,\"refused_media\":1},{\"name\":\"b\","
    "\"state\":\"listed\",\"text\":\"\"}]}",
    "Gateway:     up\n"
    "Calls:       2 now, 7 answered\n"
    "Refused:     1 unknown, 2 too often, 3 full, 4 without common media\n"
    "Wrong PINs:  5 in the last 10 minutes\n"
    "Processor:   12.5 % of a core\n"
    "Memory:      20 MB\n"
    "Trunk:       trunk: failed: 403; 1 calls now, 3 answered, 3 refused\n"
    "Trunk:       b: listed; 0 calls now, 0 answered, 0 refused\n");
  assert_prints (cv_sip_print_status, "{}", "Gateway:     down\n*");
}

static void
test_calls (void)
{
  assert_prints (cv_sip_print_calls, "{\"calls\":[]}", "Nobody has called.\n");
  assert_prints (cv_sip_print_calls, "{}", "Nobody has called.\n");
  assert_prints (
    cv_sip_print_calls,
    "{\"calls\":[{\"id\":\"caaaaaaaaaaaa\",\"state\":\"in\",\"caller\":\"…123\",\"room\":\"abcdefghijkm\","
    "\"started\":0,\"codec\":\"opus\",\"security\":\"dtls\",\"trunk\":\"b\",\"reason\":\"\"},"
    "{\"id\":\"cbbbbbbbbbbbb\",\"state\":\"ended\",\"caller\":\"\",\"room\":null,\"started\":0,\"codec\":\"\","
    "\"security\":\"none\",\"trunk\":\"trunk\",\"reason\":\"no-pin\"}]}",
    "ID             STATE    CALLER    ROOM          STARTED           CODEC  SRTP  TRUNK     REASON\n"
    "caaaaaaaaaaaa  in       …123      abcdefghijkm  1970-01-0? ??:??  opus   dtls  b         \n"
    "cbbbbbbbbbbbb  ended    -         -             1970-01-0? ??:??         none  trunk     no-pin\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip-commands/status", test_status);
  g_test_add_func ("/sip-commands/calls", test_calls);
  return g_test_run ();
}
