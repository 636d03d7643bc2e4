/* Files over HTTP: parts, tags, names, and the proxy in front. */
#include "signalling/downloads.h"

#include "lib/folder.h"
#include "lib/http.h"
#include "lib/log.h"
#include "lib/wait.h"
#include "signalling/http.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

typedef struct {
  CvTestHttp http;
  CvClock *clock;
  CvBodies *bodies;
  char *folder;
  const char *text;
  const char *sha256;
  const char *accel_prefix;
  gboolean attachment;
} Fixture;

static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  g_autofree char *file = g_build_filename (f->folder, "a", NULL);
  CvOpenedFile *opened = g_new0 (CvOpenedFile, 1);
  *opened = (CvOpenedFile){ .fd = g_open (file, O_RDONLY | O_CLOEXEC, 0),
                            .bytes = (gint64) strlen (f->text),
                            .sha256 = g_strdup (f->sha256),
                            .type = "video/mp4",
                            .path = g_strdup ("rabc/files/a b?.mp4") };
  cv_http_set_headers (message);
  cv_download_answer (&(CvDownload){ opened, "Zoë.mp4", f->attachment, f->accel_prefix }, f->bodies, message);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new ();
  f->bodies = cv_bodies_new (f->clock);
  f->folder = cv_test_folder_new ();
  f->text = "0123456789";
  f->sha256 = HASH;
  f->accel_prefix = "";
  cv_test_folder_write (f->folder, "a", f->text);
  cv_test_http_init (&f->http, on_request, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_http_clear (&f->http);
  cv_bodies_free (f->bodies);
  g_object_unref (f->clock);
  cv_test_folder_free (f->folder);
}

/* "STATUS HEADER|HEADER…|BODY" of those headers that `names` lists. */
static char *
ask (Fixture *f, const char *method, const char *headers, const char *names)
{
  g_autofree char *head = g_strconcat (method, " /", NULL);
  g_autofree char *all = g_strconcat ("Host: a\r\n", headers, NULL);
  g_autofree char *answer = cv_test_http_ask (&f->http, head, all, "");
  g_auto (GStrv) wanted = g_strsplit (names, " ", -1);
  GString *text = g_string_new_len (answer + strlen ("HTTP/1.1 "), 4);
  for (guint i = 0; wanted[i] != NULL && *wanted[i] != '\0'; i++) {
    g_autofree char *start = g_strconcat ("\r\n", wanted[i], ": ", NULL);
    const char *value = strstr (answer, start);
    if (value != NULL)
      g_string_append_printf (text, "%.*s|", (int) strcspn (value + strlen (start), "\r"), value + strlen (start));
    else
      g_string_append (text, "-|");
  }
  g_string_append (text, cv_test_http_body (answer));
  return g_string_free (text, FALSE);
}

static void
assert_answer (Fixture *f, const char *method, const char *headers, const char *names, const char *expected)
{
  g_autofree char *answer = ask (f, method, headers, names);
  g_test_message ("%s %s", method, headers);
  g_assert_cmpstr (answer, ==, expected);
}

static void
test_whole (Fixture *f, gconstpointer data)
{
  assert_answer (f, "GET", "", "Content-Length Content-Type Accept-Ranges ETag Cache-Control X-Content-Type-Options",
                 "200 10|video/mp4|bytes|\"" HASH "\"|private, no-cache|nosniff|0123456789");
  assert_answer (f, "GET", "", "Content-Disposition Content-Security-Policy",
                 "200 inline; filename=\"Zoe.mp4\"; filename*=UTF-8''Zo%C3%AB.mp4|sandbox; default-src 'none'; "
                 "frame-ancestors 'none'|0123456789");
  f->attachment = TRUE;
  assert_answer (f, "GET", "", "Content-Disposition",
                 "200 attachment; filename=\"Zoe.mp4\"; filename*=UTF-8''Zo%C3%AB.mp4|0123456789");
  assert_answer (f, "HEAD", "", "Content-Length Content-Type ETag", "200 10|video/mp4|\"" HASH "\"|");
}

static void
test_parts (Fixture *f, gconstpointer data)
{
  assert_answer (f, "GET", "Range: bytes=3-5\r\n", "Content-Length Content-Range", "206 3|bytes 3-5/10|345");
  assert_answer (f, "GET", "Range: bytes=-2\r\n", "Content-Length Content-Range", "206 2|bytes 8-9/10|89");
  assert_answer (f, "HEAD", "Range: bytes=3-5\r\n", "Content-Length Content-Range", "206 3|bytes 3-5/10|");
  assert_answer (f, "GET", "Range: bytes=0-1,5-6\r\n", "Content-Length Content-Range", "200 10|-|0123456789");
  assert_answer (f, "GET", "Range: bytes=0-1\r\nRange: bytes=5-6\r\n", "Content-Range", "200 -|0123456789");
  assert_answer (f, "GET", "Range: bytes=10-\r\n", "Content-Range Content-Disposition Content-Type",
                 "416 bytes */10|-|application/json|{\"error\":\"no-range\",\"text\":\"The file has no such part.\"}");
}

static void
test_conditions (Fixture *f, gconstpointer data)
{
  assert_answer (f, "GET", "Range: bytes=3-5\r\nIf-Range: \"" HASH "\"\r\n", "", "206 345");
  assert_answer (f, "GET", "Range: bytes=3-5\r\nIf-Range: \"old\"\r\n", "", "200 0123456789");
  assert_answer (f, "GET", "Range: bytes=99-\r\nIf-Range: \"old\"\r\n", "", "200 0123456789");
  assert_answer (f, "GET", "If-None-Match: \"x\", \"" HASH "\"\r\n", "ETag Cache-Control",
                 "304 \"" HASH "\"|private, no-cache|");
  assert_answer (f, "HEAD", "If-None-Match: *\r\n", "", "304 ");
  assert_answer (f, "GET", "If-None-Match: \"" HASH "\"\r\nRange: bytes=99-\r\n", "", "304 ");
  assert_answer (f, "GET", "If-None-Match: \"x\"\r\n", "", "200 0123456789");
}

/* As long as nobody knows its hash, it is another one as soon as somebody has written to it. */
static void
test_without_hash (Fixture *f, gconstpointer data)
{
  f->sha256 = "";
  g_autofree char *first = ask (f, "GET", "", "ETag"), *second = ask (f, "GET", "", "ETag");
  g_assert_cmpstr (first, ==, second);
  g_assert_true (g_str_has_prefix (first, "200 \"a-"));
  cv_test_pause (20);
  cv_test_folder_write (f->folder, "a", "abcdefghij");
  g_autofree char *third = ask (f, "GET", "", "ETag");
  g_assert_cmpstr (first, !=, third);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  f->text = "";
  assert_answer (f, "GET", "", "Content-Length", "200 0|");
  assert_answer (f, "GET", "Range: bytes=0-\r\n", "Content-Range",
                 "416 bytes */0|{\"error\":\"no-range\",\"text\":\"The file has no such part.\"}");
}

/* The file is shorter than it was when it was opened. */
static void
test_shrunk (Fixture *f, gconstpointer data)
{
  cv_test_folder_write (f->folder, "a", "0123");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*a body was cut: a file cannot be read*");
  assert_answer (f, "GET", "", "Content-Length", "200 10|0123");
  cv_test_log_assert_all ();
}

static void
test_proxy (Fixture *f, gconstpointer data)
{
  f->accel_prefix = "/internal/";
  assert_answer (f, "GET", "Range: bytes=99-\r\n", "X-Accel-Redirect Content-Type Content-Range",
                 "200 /internal/rabc/files/a%20b%3F.mp4|video/mp4|-|");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/downloads/whole", test_whole);
  ADD ("/downloads/parts", test_parts);
  ADD ("/downloads/conditions", test_conditions);
  ADD ("/downloads/without-hash", test_without_hash);
  ADD ("/downloads/empty", test_empty);
  ADD ("/downloads/shrunk", test_shrunk);
  ADD ("/downloads/proxy", test_proxy);
  return g_test_run ();
}
