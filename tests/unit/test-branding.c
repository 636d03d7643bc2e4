/* What the pages are told of their looks, and the logo: what it is called, and the policy that nothing in it runs under. */
#include "signalling/branding.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define SVG "<svg onload='alert(1)'/>"

static void
wear (CvTestApi *f, const CvBrandingOptions *options)
{
  cv_branding_free (f->api.branding);
  f->api.branding = cv_branding_new (options);
}

static void
test_nothing (CvTestApi *f, gconstpointer data)
{
  const CvBrandingOptions empty = { .name = "", .accent = "", .imprint = "", .privacy = "", .terms = "" };
  cv_test_api_become (f, "");
  cv_test_api_assert (f, "GET /api/v1/branding", "", 200, "{\"links\":{}}");
  wear (f, &empty);
  cv_test_api_assert (f, "GET /api/v1/branding", "", 200, "{\"links\":{}}");
  cv_test_api_assert_problem (f, "GET /branding/", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_assert_problem (f, "GET /branding/logo.svg", "", CV_PROBLEM_NOT_FOUND);
}

static void
test_all (CvTestApi *f, gconstpointer data)
{
  g_autoptr (GBytes) logo = g_bytes_new_static (SVG, strlen (SVG));
  const CvBrandingOptions options = { .name = "\"><script>Ex & Co",
                                      .accent = "#0b6b69",
                                      .logo = logo,
                                      .logo_type = "image/svg+xml",
                                      .imprint = "https://a.example",
                                      .terms = "mailto:a@b.example" };
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, logo);
  g_autofree char *path = g_strdup_printf ("/branding/%.20s.svg", sum);
  g_autofree char *head = g_strconcat ("GET ", path, NULL);
  g_autofree char *longer = g_strconcat (head, "x", NULL);
  g_autofree char *wanted =
    g_strdup_printf ("{\"name\":\"\\\"><script>Ex & "
                     "Co\",\"logo\":\"%s\",\"colours\":{\"light\":{\"accent\":\"#0b6b69\",*},\"dark\":{*}},"
                     "\"links\":{\"imprint\":\"https://a.example\",\"terms\":\"mailto:a@b.example\"}}",
                     path);
  cv_test_api_become (f, "");
  wear (f, &options);
  cv_test_api_assert (f, "GET /api/v1/branding", "", 200, wanted);
  cv_test_api_assert (f, head, "", 200, SVG);
  cv_test_api_assert_problem (f, longer, "", CV_PROBLEM_NOT_FOUND);
  g_autofree char *answer = cv_test_http_ask (&f->http, head, "Host: a\r\n", "");
  g_assert_nonnull (strstr (answer, "\r\nContent-Type: image/svg+xml\r\n"));
  g_assert_nonnull (strstr (answer, "\r\nContent-Security-Policy: default-src 'none'; "));
  g_assert_nonnull (strstr (answer, "; sandbox\r\n"));
}

static void
test_too_bright (CvTestApi *f, gconstpointer data)
{
  const CvBrandingOptions options = { .accent = "#ffcc00" };
  cv_test_log_expect (G_LOG_LEVEL_MESSAGE, "*accent = #ffcc00 is too bright*: #?????? is used there*");
  wear (f, &options);
  cv_test_log_assert_all ();
  cv_test_api_become (f, "");
  cv_test_api_assert (f, "GET /api/v1/branding", "", 200, "{\"colours\":{\"light\":*\"dark\":{\"accent\":\"#ffcc00\"*");
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/branding/nothing", test_nothing);
  ADD ("/branding/all", test_all);
  ADD ("/branding/too-bright", test_too_bright);
  return g_test_run ();
}
