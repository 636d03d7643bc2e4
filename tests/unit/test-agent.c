/* What browsers say of themselves, and what becomes of it. */
#include "signalling/agent.h"

static void
test_known (void)
{
  static const struct {
    const char *header;
    const char *text;
  } cases[] = {
    { "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux" },
    { "Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0", "Firefox, Android" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
      "Chrome, Windows" },
    { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
      "Safari/537.36 Edg/126.0.0.0",
      "Edge, Windows" },
    { "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
      "Chrome, Android" },
    { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
      "Safari/605.1.15",
      "Safari, macOS" },
    { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
      "Mobile/15E148 Safari/604.1",
      "Safari, iPhone" },
    { "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
      "Chrome, ChromeOS" },
    { "curl/7.88.1", "curl" },
    { "something on Linux", "Linux" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = cv_agent_describe (cases[i].header);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

/* Nothing of what a stranger wrote gets through. */
static void
test_unknown (void)
{
  static const char *const headers[] = { NULL, "", "<script>alert (1)</script>", "Firefox" };
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autofree char *text = cv_agent_describe (headers[i]);
    g_assert_cmpstr (text, ==, "");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/known", test_known);
  g_test_add_func ("/agent/unknown", test_unknown);
  return g_test_run ();
}
