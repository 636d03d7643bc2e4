/* What is said of the server that people sign in at as well. */
#include "doctor/check-provider.h"

#include "lib/folder.h"
#include "lib/ward.h"
#include "oidc/document.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
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

/* Writes without an end, or says of itself what is needed. */
static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  const char *issuer = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autofree char *text = issuer != NULL ? g_strdup_printf ("{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/a\","
                                                            "\"token_endpoint\":\"%s/t\",\"jwks_uri\":\"%s/k\","
                                                            "\"response_types_supported\":[\"code\"]}",
                                                            issuer, issuer, issuer, issuer)
                                         : g_strnfill (CV_OIDC_MAX_BYTES + 1, ' ');
  soup_server_message_set_status (message, g_str_equal (path, "/gone/.well-known/openid-configuration") ? 410 : 200,
                                  NULL);
  soup_message_body_append_take (body, (guchar *) g_strdup (text), strlen (text));
}

static void
check_at (const char *path, gboolean good, CvFindingState state, const char *text)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  GSList *uris = soup_server_get_uris (server);
  g_autofree char *issuer = g_strdup_printf ("http://127.0.0.1:%d%s", g_uri_get_port (uris->data), path);
  char *folder = cv_test_folder_new ();
  g_autofree char *secret = g_build_filename (folder, "secret", NULL);
  g_autofree char *config = g_strdup_printf ("[server]\npublic-url=https://meet.example\n"
                                             "[oidc]\nissuer=%s\nclient-id=c\nclient-secret-file=%s\n",
                                             issuer, secret);
  cv_test_folder_write (folder, "secret", "s3cret");
  g_assert_cmpint (g_chmod (secret, 0600), ==, 0);
  soup_server_add_handler (server, NULL, on_request, good ? issuer : NULL, NULL);
  g_autoptr (CvWard) ward = cv_test_ward_new (config);
  cv_test_ward_check (ward, cv_check_provider);
  assert_row (ward->findings, 0, state, text);
  cv_test_folder_free (folder);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
test_asked (void)
{
  check_at ("", TRUE, CV_FINDING_OK, "says of itself what is needed");
  check_at ("/gone", TRUE, CV_FINDING_FAIL, "status 410");
  check_at ("", FALSE, CV_FINDING_FAIL, "too long");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-provider/judgement", test_judgement);
  g_test_add_func ("/check-provider/none", test_none);
  g_test_add_func ("/check-provider/asked", test_asked);
  return g_test_run ();
}
