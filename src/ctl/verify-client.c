/* See verify-client.h.
 *
 * Asks as a browser would, without saying who it is. That a server serves the right thing to this program does not show that it serves
 * it to everybody: docs/security.md. A certificate that nobody vouches for is said, and is no reason to stop: what counts is the content.
 */
#include "ctl/verify-client.h"

#include "base/ids.h"
#include "base/web-client.h"

#include "cv-build.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT 20 /* seconds */
#define MAX_BYTES (8 * 1024 * 1024)
#define USER_AGENT "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
#define EMBEDDERS "<meta name=\"embedders\" content=\""

typedef struct {
  SoupSession *session;
  const char *origin;
  gboolean doubtful; /* the certificate */
  JsonArray *differing;
  guint pages, compared;
} Verification;

/* ---- asking ---- */

static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, gpointer data)
{
  ((Verification *) data)->doubtful = TRUE;
  return TRUE;
}

/* What a browser sends of its own accord where somebody follows a link. */
static void
ask_for_page (SoupMessage *message)
{
  static const char *const said[][2] = {
    { "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" },
    { "Accept-Language", "en-US,en;q=0.5" },
    { "Upgrade-Insecure-Requests", "1" },
    { "Sec-Fetch-Dest", "document" },
    { "Sec-Fetch-Mode", "navigate" },
    { "Sec-Fetch-Site", "none" },
    { "Sec-Fetch-User", "?1" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    soup_message_headers_replace (soup_message_get_request_headers (message), said[i][0], said[i][1]);
}

/* `headers`: (out) (optional) (transfer full), of a page. Returns: (transfer full), NULL with an error, also for anything but 200. */
static GBytes *
fetch (Verification *self, const char *path, SoupMessageHeaders **headers, GError **error)
{
  g_autofree char *url = g_strconcat (self->origin, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  if (message == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an address", url);
    return NULL;
  }
  if (headers != NULL)
    ask_for_page (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  g_autoptr (GInputStream) stream = soup_session_send (self->session, message, NULL, error);
  if (stream == NULL)
    return NULL;
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  gssize copied = 0;
  while (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (memory)) <= MAX_BYTES) {
    guint8 part[16 * 1024];
    copied = g_input_stream_read (stream, part, sizeof part, NULL, error);
    if (copied <= 0)
      break;
    if (!g_output_stream_write_all (memory, part, (gsize) copied, NULL, NULL, error))
      return NULL;
  }
  if (copied < 0)
    return NULL;
  if (copied > 0 || soup_message_get_status (message) != SOUP_STATUS_OK) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: status %u", path, soup_message_get_status (message));
    return NULL;
  }
  if (headers != NULL)
    *headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  g_output_stream_close (memory, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/* ---- comparing ---- */

static void
differs (Verification *self, const char *what)
{
  json_array_add_string_element (self->differing, what);
}

/* What an operator sets of the page. Returns: (transfer full), "" where it is not there. */
static char *
find_embedders (GBytes *page)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (page, &length);
  const char *start = data != NULL ? g_strstr_len (data, (gssize) length, EMBEDDERS) : NULL;
  if (start == NULL)
    return g_strdup ("");
  start += strlen (EMBEDDERS);
  gsize n = 0;
  while (start + n < data + length && start[n] != '"' && start[n] != '<' && start[n] != '>')
    n++;
  return g_strndup (start, n);
}

static void
page_differs (Verification *self, const char *path, const char *header)
{
  g_autofree char *what =
    header != NULL ? g_strdup_printf ("the page %s: %s", path, header) : g_strdup_printf ("the page %s", path);
  differs (self, what);
}

/* With any of these a browser does something that is not in the page. */
static void
compare_headers (Verification *self, const char *path, SoupMessageHeaders *headers, const char *base)
{
  static const char *const acting[] = { "Clear-Site-Data",   "Link",        "Refresh", "Service-Worker-Allowed",
                                        "Speculation-Rules", "Origin-Trial" };
  g_autofree char *policy = cv_web_client_make_policy (base, "'none'");
  if (g_strcmp0 (soup_message_headers_get_list (headers, "Content-Security-Policy"), policy) != 0)
    page_differs (self, path, "Content-Security-Policy");
  if (g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "text/html") != 0)
    page_differs (self, path, "Content-Type");
  for (guint i = 0; i < G_N_ELEMENTS (acting); i++)
    if (soup_message_headers_get_list (headers, acting[i]) != NULL)
      page_differs (self, path, acting[i]);
}

/* `embedders`: as of the first page, which is set where it is NULL. */
static gboolean
compare_page (Verification *self, GHashTable *files, const char *base, const char *path, char **embedders,
              GError **error)
{
  g_autoptr (SoupMessageHeaders) headers = NULL;
  g_autoptr (GBytes) page = fetch (self, path, &headers, error);
  if (page == NULL)
    return FALSE;
  if (*embedders == NULL)
    *embedders = find_embedders (page);
  g_autofree char *expected = cv_web_client_make_page (files, base, *embedders, error);
  if (expected == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new (expected, strlen (expected));
  if (!g_bytes_equal (page, bytes))
    page_differs (self, path, NULL);
  compare_headers (self, path, headers, base);
  self->pages++;
  return TRUE;
}

/* Wherever people come in. `room`: its id. */
static gboolean
compare_pages (Verification *self, GHashTable *files, const char *base, const char *room, char **embedders,
               GError **error)
{
  g_autofree char *meeting = g_strconcat ("/r/", room, NULL);
  const char *const paths[] = { "/", meeting, "/recordings", "/sign-in", "/encryption" };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    if (!compare_page (self, files, base, paths[i], embedders, error))
      return FALSE;
  return TRUE;
}

static gboolean
is_missing (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static gboolean
compare_file (Verification *self, const char *base, const char *name, GBytes *expected, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", base, name);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) content = fetch (self, path, NULL, &problem);
  if (content == NULL && !is_missing (problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (content == NULL || !g_bytes_equal (content, expected))
    differs (self, *base != '\0' ? name : path);
  self->compared++;
  return TRUE;
}

static gboolean
compare_files (Verification *self, GHashTable *files, const char *base, GError **error)
{
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) strcmp);
  for (GList *item = paths; item != NULL; item = item->next) {
    const char *name = item->data;
    GBytes *expected = g_hash_table_lookup (files, name);
    if (!compare_file (self, base, name, expected, error))
      return FALSE;
    /* other sites load these without the client's address */
    if (g_str_has_prefix (name, "embed/") && !compare_file (self, "", name, expected, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- the command ---- */

/* That of this build. Returns: (transfer full). */
static GHashTable *
read_own (GError **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  gboolean build_tree = program != NULL && g_str_has_prefix (program, CV_BUILD_DIR "/");
  g_autofree char *web = g_build_filename (build_tree ? CV_SOURCE_DATA_DIR : CV_DATA_DIR, "web", NULL);
  g_autofree char *po = g_build_filename (build_tree ? CV_BUILD_DIR : CV_DATA_DIR, "po", NULL);
  return cv_web_client_read (web, po, error);
}

/* Scheme, host and port. Returns: (transfer full), NULL with an error. */
static char *
origin_of (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  if (uri == NULL || (g_strcmp0 (scheme, "https") != 0 && g_strcmp0 (scheme, "http") != 0) ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not the address of a server (https://…)",
                 url);
    return NULL;
  }
  return g_uri_join (G_URI_FLAGS_NONE, scheme, NULL, g_uri_get_host (uri), g_uri_get_port (uri), "", NULL, NULL);
}

/* Of the room whose address it is, or of none that anybody knows of. Returns: (transfer full). */
static char *
room_of (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *path = g_uri_get_path (uri);
  if (g_str_has_prefix (path, "/r/") && cv_id_is_valid (path + strlen ("/r/"), ""))
    return g_strdup (path + strlen ("/r/"));
  return cv_id_new ("");
}

static void
print_result (const Verification *self, const CvOptions *options, const char *hash, const char *embedders)
{
  guint n = json_array_get_length (self->differing);
  if (options->json) {
    g_autoptr (JsonObject) answer = json_object_new ();
    json_object_set_string_member (answer, "client", hash);
    json_object_set_boolean_member (answer, "same", n == 0);
    json_object_set_boolean_member (answer, "certificate", !self->doubtful);
    json_object_set_string_member (answer, "embedders", embedders);
    json_object_set_array_member (answer, "differing", json_array_ref (self->differing));
    cv_command_print_json (answer);
    return;
  }
  printf ("Web client:  %s (Conclave " CV_VERSION ")\n", hash);
  printf ("Compared:    %u files, %u pages, what they are sent with\n", self->compared, self->pages);
  if (*embedders != '\0')
    printf ("Embedders:   %s\n", embedders);
  if (self->doubtful)
    puts ("Certificate: nobody vouches for it; who answers may be anybody");
  for (guint i = 0; i < n; i++)
    printf ("Differs:     %s\n", json_array_get_string_element (self->differing, i));
  if (n == 0)
    puts ("This server serves it unchanged.");
}

gboolean
cv_verify_client_command (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *origin = origin_of (arguments->id, error);
  g_autoptr (GHashTable) files = origin != NULL ? read_own (error) : NULL;
  if (files == NULL)
    return FALSE;
  g_autoptr (SoupSession) session = soup_session_new_with_options ("timeout", TIMEOUT, "user-agent", USER_AGENT, NULL);
  g_autoptr (JsonArray) differing = json_array_new ();
  g_autofree char *hash = cv_web_client_hash (files);
  g_autofree char *base = cv_web_client_base (hash);
  g_autofree char *room = room_of (arguments->id);
  g_autofree char *embedders = NULL;
  Verification self = { .session = session, .origin = origin, .differing = differing };
  if (!compare_pages (&self, files, base, room, &embedders, error) || !compare_files (&self, files, base, error))
    return FALSE;
  print_result (&self, arguments->options, hash, embedders);
  if (json_array_get_length (differing) == 0)
    return TRUE;
  g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "%s serves another web client than this one", origin);
  return FALSE;
}
