/* Digits as phones write them into INFO. */
#include "sip/info-digit.h"

#include <string.h>

#define RELAY "application/dtmf-relay"
#define PLAIN "application/dtmf"

static void
test_parse (void)
{
  static const struct {
    const char *type, *body;
    char digit;
  } cases[] = {
    { RELAY, "Signal=5\r\nDuration=160\r\n", '5' },
    { RELAY, "Signal= 5\r\nDuration= 160", '5' },
    { RELAY, "Duration=160\nsignal = #\n", '#' },
    { RELAY, "Signal=*\r\n", '*' },
    { RELAY, "Signal=10\r\n", '*' },
    { RELAY, "Signal=11\r\n", '#' },
    { RELAY, "Signal=d", 'D' },
    { "Application/DTMF-Relay", "Signal=0", '0' },
    { PLAIN, "7", '7' },
    { PLAIN, "#\r\n", '#' },
    { PLAIN, "16", 0 },
    { PLAIN, "", 0 },
    { PLAIN, "x", 0 },
    { PLAIN, "05", 0 },
    { RELAY, "Signal=", 0 },
    { RELAY, "Signal=55", 0 },
    { RELAY, "Signal", 0 },
    { RELAY, "Duration=5", 0 },
    { "text/plain", "5", 0 },
    { NULL, "5", 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (cv_info_digit_parse (cases[i].type, cases[i].body, strlen (cases[i].body)), ==, cases[i].digit);
}

static void
test_bounds (void)
{
  g_autofree char *long_body = g_strnfill (CV_INFO_DIGIT_MAX_BYTES + 1, '\n');
  memcpy (long_body, "5\n", 2);
  g_assert_cmpint (cv_info_digit_parse (PLAIN, long_body, CV_INFO_DIGIT_MAX_BYTES), ==, '5');
  g_assert_cmpint (cv_info_digit_parse (PLAIN, long_body, CV_INFO_DIGIT_MAX_BYTES + 1), ==, 0);
  g_assert_cmpint (cv_info_digit_parse (PLAIN, "\0", 1), ==, 0);
  g_assert_cmpint (cv_info_digit_parse (RELAY, "Signal=\0", 8), ==, 0);
}

static void
test_type (void)
{
  g_assert_true (cv_info_digit_is_type (PLAIN));
  g_assert_true (cv_info_digit_is_type (RELAY));
  g_assert_false (cv_info_digit_is_type ("application/sdp"));
  g_assert_false (cv_info_digit_is_type (NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/info-digit/parse", test_parse);
  g_test_add_func ("/info-digit/bounds", test_bounds);
  g_test_add_func ("/info-digit/type", test_type);
  return g_test_run ();
}
