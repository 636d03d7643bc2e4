/* The web client as it is served: paths that name the content, the page and its policy, what is not served at all. */
#include "signalling/assets.h"

#include "base/ids.h"
#include "cv-build.h"
#include "lib/folder.h"
#include "lib/http.h"
#include "lib/log.h"
#include "signalling/http.h"

#include <string.h>

typedef struct {
  char *folder;
  char *web;
  char *po;
  CvAssets *assets;
  const char *const *embedders;
  CvTestHttp http;
} Fixture;

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  cv_http_set_headers (message);
  if (g_str_equal (path, "/"))
    cv_assets_respond_page (f->assets, message, FALSE);
  else if (g_str_equal (path, "/r/room"))
    cv_assets_respond_page (f->assets, message, TRUE);
  else if (!cv_assets_respond (f->assets, message, path) && !cv_assets_respond_embed (f->assets, message, path))
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->web = g_build_filename (f->folder, "web", NULL);
  f->po = g_build_filename (f->folder, "po", NULL);
  g_autofree char *long_script = g_strnfill (5000, '/');
  cv_test_folder_write (
    f->folder, "web/index.html",
    "<!doctype html>{{importmap}}{{preloads}}<meta content=\"{{embedders}}\"><script src=\"{{base}}/app/main.js\">");
  cv_test_folder_write (f->folder, "web/app/main.js", long_script);
  cv_test_folder_write (f->folder, "web/css/base.css", "a{}");
  cv_test_folder_write (f->folder, "web/embed/conclave.js", "export {}");
  cv_test_folder_write (f->folder, "web/embed/example.html", "<!doctype html>");
  cv_test_folder_write (f->folder, "web/vendor/LICENSE", "free");
  cv_test_folder_write (f->folder, "web/.hidden.js", "secret");
  cv_test_folder_write (f->folder, "po/de.json", "{}");
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  g_clear_pointer (&f->assets, cv_assets_free);
  cv_test_folder_free (f->folder);
  g_free (f->web);
  g_free (f->po);
}

static void
load (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&f->assets, cv_assets_free);
  f->assets = cv_assets_load (f->web, f->po, f->embedders, &error);
  g_assert_no_error (error);
}

/* `path` below the root. Returns: (transfer full). */
static char *
get (Fixture *f, const char *path, const char *headers)
{
  g_autofree char *head = g_strdup_printf ("GET /w/%s/%s", cv_assets_get_hash (f->assets), path);
  return cv_test_http_ask (&f->http, head, headers, "");
}

static void
assert_has (const char *answer, const char *text)
{
  if (strstr (answer, text) == NULL)
    g_error ("no “%s” in %s", text, answer);
}

static void
test_files (Fixture *f, gconstpointer data)
{
  load (f);
  g_autofree char *css = get (f, "css/base.css", "Host: a\r\n");
  assert_has (css, " 200 ");
  assert_has (css, "Content-Type: text/css; charset=utf-8\r\n");
  assert_has (css, "Cache-Control: public, max-age=31536000, immutable\r\n");
  assert_has (css, "X-Content-Type-Options: nosniff\r\n");
  g_assert_cmpstr (cv_test_http_body (css), ==, "a{}");
  g_autofree char *po = get (f, "po/de.json", "Host: a\r\n");
  assert_has (po, "Content-Type: application/json\r\n");
  g_assert_cmpstr (cv_test_http_body (po), ==, "{}");
}

static void
test_gzip (Fixture *f, gconstpointer data)
{
  load (f);
  g_autofree char *plain = get (f, "app/main.js", "Host: a\r\n");
  assert_has (plain, "Content-Length: 5000\r\n");
  assert_has (plain, "Vary: Accept-Encoding\r\n");
  g_assert_null (strstr (plain, "Content-Encoding"));
  g_autofree char *small = get (f, "app/main.js", "Host: a\r\nAccept-Encoding: br, gzip\r\n");
  assert_has (small, "Content-Encoding: gzip\r\n");
  assert_has (small, "Vary: Accept-Encoding\r\n");
  g_assert_cmpuint (strlen (cv_test_http_body (small)), <, 100);
  /* what would not get smaller stays */
  g_autofree char *css = get (f, "css/base.css", "Host: a\r\nAccept-Encoding: gzip\r\n");
  g_assert_null (strstr (css, "Content-Encoding"));
}

static void
test_not_served (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "vendor/LICENSE", ".hidden.js", "css", "css/", "", "../web/index.html", "x.js" };
  load (f);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *answer = get (f, paths[i], "Host: a\r\n");
    assert_has (answer, " 404 ");
  }
  g_autofree char *other = cv_test_http_ask (&f->http, "GET /w/00000000000000000000/css/base.css", "Host: a\r\n", "");
  assert_has (other, " 404 ");
}

static void
test_hash (Fixture *f, gconstpointer data)
{
  load (f);
  g_autofree char *first = g_strdup (cv_assets_get_hash (f->assets));
  g_assert_cmpuint (strlen (first), ==, 20);
  load (f);
  g_assert_cmpstr (cv_assets_get_hash (f->assets), ==, first);
  /* what is not served changes nothing; each of these does */
  cv_test_folder_write (f->folder, "web/vendor/LICENSE", "freer");
  load (f);
  g_assert_cmpstr (cv_assets_get_hash (f->assets), ==, first);
  cv_test_folder_write (f->folder, "web/css/base.css", "b{}");
  load (f);
  g_autofree char *second = g_strdup (cv_assets_get_hash (f->assets));
  g_assert_cmpstr (second, !=, first);
  cv_test_folder_write (f->folder, "po/nl.json", "{}");
  load (f);
  g_assert_cmpstr (cv_assets_get_hash (f->assets), !=, second);
}

/* The policy admits the page's import map and no other script. */
static void
assert_policy_fits (const char *page)
{
  const char *start = strstr (page, "<script type=\"importmap\">");
  g_assert_nonnull (start);
  start += strlen ("<script type=\"importmap\">");
  const char *end = strstr (start, "</script>");
  guint8 hash[CV_HASH_BYTES];
  cv_hash ((const guint8 *) start, (gsize) (end - start), hash);
  g_autofree char *text = g_base64_encode (hash, sizeof hash);
  g_autofree char *source = g_strdup_printf ("script-src 'self' 'sha256-%s';", text);
  assert_has (page, source);
  g_assert_null (strstr (end, "importmap"));
}

static void
test_page (Fixture *f, gconstpointer data)
{
  load (f);
  g_autofree char *page = cv_test_http_ask (&f->http, "GET /", "Host: a\r\n", "");
  g_autofree char *script = g_strdup_printf ("<script src=\"/w/%s/app/main.js\">", cv_assets_get_hash (f->assets));
  g_autofree char *map =
    g_strdup_printf ("{\"imports\":{\"lit-html\":\"/w/%s/vendor/lit-html/lit-html.js\",\"lit-html/\":"
                     "\"/w/%s/vendor/lit-html/\"}}",
                     cv_assets_get_hash (f->assets), cv_assets_get_hash (f->assets));
  g_autofree char *preload =
    g_strdup_printf ("<link rel=\"modulepreload\" href=\"/w/%s/app/main.js\">", cv_assets_get_hash (f->assets));
  assert_has (page, script);
  assert_has (page, preload);
  assert_has (page, map);
  assert_has (page, "Cache-Control: no-cache\r\n");
  assert_has (page, "Content-Type: text/html; charset=utf-8\r\n");
  assert_has (page, "default-src 'none';");
  assert_has (page, "require-trusted-types-for 'script'; trusted-types lit-html\r\n");
  assert_has (page, "Permissions-Policy: camera=(self), microphone=(self), display-capture=(self)");
  g_assert_null (strstr (page, "{{"));
  assert_policy_fits (page);
}

static void
test_embedding (Fixture *f, gconstpointer data)
{
  static const char *const embedders[] = { "https://a.example", "https://b.example:8443", NULL };
  f->embedders = embedders;
  load (f);
  g_autofree char *page = cv_test_http_ask (&f->http, "GET /", "Host: a\r\n", "");
  g_autofree char *room = cv_test_http_ask (&f->http, "GET /r/room", "Host: a\r\n", "");
  g_autofree char *module = cv_test_http_ask (&f->http, "GET /embed/conclave.js", "Host: a\r\n", "");
  g_autofree char *example = cv_test_http_ask (&f->http, "GET /embed/example.html", "Host: a\r\n", "");
  assert_has (page, "; frame-ancestors 'none'; require");
  assert_has (room, "; frame-ancestors https://a.example https://b.example:8443; require");
  assert_has (room, "<meta content=\"https://a.example https://b.example:8443\">");
  g_assert_null (strstr (room, "modulepreload\" href=\"/w/embed"));
  g_assert_null (strstr (room, "/embed/conclave.js"));
  assert_policy_fits (room);
  assert_has (module, "Content-Type: text/javascript; charset=utf-8\r\n");
  assert_has (module, "Access-Control-Allow-Origin: *\r\n");
  assert_has (module, "Cross-Origin-Resource-Policy: cross-origin\r\n");
  assert_has (example, "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors https://a.example ");
}

static void
test_nobody_embeds (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = { "GET /embed/", "GET /embed/x.js", "GET /embed/../app/main.js", "GET /embed" };
  load (f);
  g_autofree char *room = cv_test_http_ask (&f->http, "GET /r/room", "Host: a\r\n", "");
  assert_has (room, "; frame-ancestors 'none'; require");
  assert_has (room, "<meta content=\"\">");
  g_autofree char *example = cv_test_http_ask (&f->http, "GET /embed/example.html", "Host: a\r\n", "");
  assert_has (example, "frame-ancestors 'none'\r\n");
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *answer = cv_test_http_ask (&f->http, paths[i], "Host: a\r\n", "");
    assert_has (answer, " 404 ");
  }
}

static void
test_without_translations (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->po, g_free);
  f->po = g_build_filename (f->folder, "nowhere", NULL);
  load (f);
  g_autofree char *po = get (f, "po/de.json", "Host: a\r\n");
  assert_has (po, " 404 ");
}

static void
test_cannot_load (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_assets_load ("/nowhere", f->po, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (cv_assets_load (f->po, f->po, NULL, &error)); /* no page in there */
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_autofree char *huge = g_strnfill (4 * 1024 * 1024 + 1, ' ');
  cv_test_folder_write (f->folder, "web/huge.js", huge);
  g_assert_null (cv_assets_load (f->web, f->po, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_depth (Fixture *f, gconstpointer data)
{
  cv_test_folder_write (f->folder, "web/1/2/3/4/5/6/in.js", "x");
  cv_test_folder_write (f->folder, "web/1/2/3/4/5/6/7/out.js", "x");
  load (f);
  g_autofree char *in = get (f, "1/2/3/4/5/6/in.js", "Host: a\r\n");
  g_autofree char *out = get (f, "1/2/3/4/5/6/7/out.js", "Host: a\r\n");
  assert_has (in, " 200 ");
  assert_has (out, " 404 ");
}

/* The client that this source tree has. */
static void
test_own_client (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->assets = cv_assets_load (CV_SOURCE_DATA_DIR "/web", CV_BUILD_DIR "/po", NULL, &error);
  g_assert_no_error (error);
  g_autofree char *page = cv_test_http_ask (&f->http, "GET /", "Host: a\r\n", "");
  g_assert_null (strstr (page, "{{"));
  assert_policy_fits (page);
  g_autofree char *lit = get (f, "vendor/lit-html/lit-html.js", "Host: a\r\n");
  assert_has (lit, " 200 ");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/assets/files", test_files);
  ADD ("/assets/gzip", test_gzip);
  ADD ("/assets/not-served", test_not_served);
  ADD ("/assets/hash", test_hash);
  ADD ("/assets/page", test_page);
  ADD ("/assets/embedding", test_embedding);
  ADD ("/assets/nobody-embeds", test_nobody_embeds);
  ADD ("/assets/without-translations", test_without_translations);
  ADD ("/assets/cannot-load", test_cannot_load);
  ADD ("/assets/depth", test_depth);
  ADD ("/assets/own-client", test_own_client);
  return g_test_run ();
}
