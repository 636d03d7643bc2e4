/* Headers of e-mails. */
#include "summary/letter.h"

#include <string.h>

static void
test_encode (void)
{
  g_autofree char *plain = cv_letter_encode ("Summary: Tea");
  g_autofree char *umlaut = cv_letter_encode ("Zoë");
  g_autofree char *hostile = cv_letter_encode ("Tea\r\nBcc: all@example.org");
  g_autofree char *encoded = cv_letter_encode ("=?UTF-8?Q?x?=");
  g_autofree char *emoji = cv_letter_encode ("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀");
  g_assert_cmpstr (plain, ==, "Summary: Tea");
  g_assert_cmpstr (umlaut, ==, "=?UTF-8?B?Wm/Dqw==?=");
  g_assert_true (g_str_has_prefix (hostile, "=?UTF-8?B?") && strchr (hostile, '\n') == NULL);
  g_assert_true (g_str_has_prefix (encoded, "=?UTF-8?B?"));
  /* each word has whole characters, and is short enough */
  g_auto (GStrv) words = g_strsplit (emoji, "\r\n ", -1);
  g_assert_cmpuint (g_strv_length (words), >, 1);
  for (guint i = 0; words[i] != NULL; i++) {
    gsize length = 0;
    g_autofree char *inner = g_strndup (words[i] + 10, strlen (words[i]) - 12);
    g_autofree guchar *bytes = g_base64_decode (inner, &length);
    g_assert_cmpuint (strlen (words[i]), <=, 75);
    g_assert_true (g_utf8_validate ((const char *) bytes, (gssize) length, NULL));
  }
}

static void
test_address (void)
{
  static const char *const bad[] = { "",         "a",      "a@",    "@b",          "A <a@b> c",
                                     "a@b, c@d", "A <a@b", "a b@c", "a@b\r\nX: y", "<>" };
  g_autofree char *bare = cv_letter_get_address ("a@example.org");
  g_autofree char *named = cv_letter_get_address ("Zoë \"Z\" <a@example.org>");
  g_assert_cmpstr (bare, ==, "a@example.org");
  g_assert_cmpstr (named, ==, "a@example.org");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (cv_letter_get_address (bad[i]));
}

static void
test_headers (void)
{
  g_auto (GStrv) lines = cv_letter_headers ("Conclave, Zoë <no-reply@example.org>", "ann@example.org",
                                            "Zusammenfassung: Tee\r\nBcc: x@y", "labc", 1795698060000);
  g_autofree char *all = g_strjoinv ("|", lines);
  g_assert_nonnull (strstr (all, "Date: Thu, 26 Nov 2026 13:01:00 +0000|"));
  g_assert_nonnull (strstr (all, "|From: =?UTF-8?B?"));
  g_assert_nonnull (strstr (all, " <no-reply@example.org>|To: ann@example.org|"));
  g_assert_nonnull (strstr (all, "|Message-ID: <labc@example.org>|"));
  g_assert_null (strstr (all, "\nBcc"));
  g_auto (GStrv) quoted = cv_letter_headers ("A, B <a@b.org>", "c@d", "s", "l", 0);
  g_assert_cmpstr (quoted[1], ==, "From: \"A, B\" <a@b.org>");
  g_auto (GStrv) plain = cv_letter_headers ("Conclave <a@b.org>", "c@d", "s", "l", 0);
  g_assert_cmpstr (plain[1], ==, "From: Conclave <a@b.org>");
}

/* As an operator may write it: each comes out as one name. */
static void
test_from (void)
{
  static const char *const mailboxes[][2] = {
    { "\"Example, Inc.\" <a@b.org>", "From: \"Example, Inc.\" <a@b.org>" },
    { "\"Plain\" <a@b.org>", "From: Plain <a@b.org>" },
    { "\"a \\\"b\\\" \\\\ c\" <a@b.org>", "From: \"a \\\"b\\\" \\\\ c\" <a@b.org>" },
    { "\"Zoë\" <a@b.org>", "From: =?UTF-8?B?Wm/Dqw==?= <a@b.org>" },
    { "\"\" <a@b.org>", "From: a@b.org" },
    { "\" <a@b.org>", "From: \"\\\"\" <a@b.org>" },
    { "\"a\\\" <a@b.org>", "From: \"a\\\\\" <a@b.org>" },
    { "a@b.org", "From: a@b.org" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (mailboxes); i++) {
    g_auto (GStrv) lines = cv_letter_headers (mailboxes[i][0], "c@d", "s", "l", 0);
    g_assert_cmpstr (lines[1], ==, mailboxes[i][1]);
  }
  /* the longest that is not encoded */
  g_auto (GStrv) lines =
    cv_letter_headers ("Departments, Subdepartments & Others of the Example (Ltd.) <a@b.org>", "c@d", "s", "l", 0);
  g_assert_cmpstr (lines[1], ==, "From: \"Departments, Subdepartments & Others of the Example (Ltd.)\" <a@b.org>");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/letter/encode", test_encode);
  g_test_add_func ("/letter/address", test_address);
  g_test_add_func ("/letter/headers", test_headers);
  g_test_add_func ("/letter/from", test_from);
  return g_test_run ();
}
