/* See verify-client.h.
 *
 * Asks as a browser would, without saying who it is. That a server serves the right thing to this program does not show that it serves
 * it to everybody: docs/security.md. A certificate that nobody vouches for is said, and is no reason to stop: what counts is the content.
 */
#include "ctl/verify-client.h"

#include "base/web-client.h"

#include "cv-build.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT 20 /* seconds */
#define MAX_BYTES (8 * 1024 * 1024)
#define EMBEDDERS "<meta name=\"embedders\" content=\""

typedef struct {
  SoupSession *session;
  const char *origin;
  gboolean doubtful; /* the certificate */
  JsonArray *differing;
  guint compared;
} Verification;

/* ---- asking ---- */

static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags flags, gpointer data)
{
  ((Verification *) data)->doubtful = TRUE;
  return TRUE;
}

/* `policy`: (out) (optional), NULL where there is none. Returns: (transfer full), NULL with an error, also for anything but 200. */
static GBytes *
fetch (Verification *self, const char *path, char **policy, GError **error)
{
  g_autofree char *url = g_strconcat (self->origin, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  if (message == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an address", url);
    return NULL;
  }
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
  if (policy != NULL)
    *policy =
      g_strdup (soup_message_headers_get_list (soup_message_get_response_headers (message), "Content-Security-Policy"));
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

static gboolean
compare_page (Verification *self, GHashTable *files, const char *base, char **embedders, GError **error)
{
  g_autofree char *policy = NULL;
  g_autoptr (GBytes) page = fetch (self, "/", &policy, error);
  if (page == NULL)
    return FALSE;
  *embedders = find_embedders (page);
  g_autofree char *expected = cv_web_client_make_page (files, base, *embedders, error);
  if (expected == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_bytes_new (expected, strlen (expected));
  g_autofree char *expected_policy = cv_web_client_make_policy (base, "'none'");
  if (!g_bytes_equal (page, bytes))
    differs (self, "the page");
  if (g_strcmp0 (policy, expected_policy) != 0)
    differs (self, "the page's Content-Security-Policy");
  return TRUE;
}

static gboolean
is_missing (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static gboolean
compare_files (Verification *self, GHashTable *files, const char *base, GError **error)
{
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) strcmp);
  for (GList *item = paths; item != NULL; item = item->next) {
    g_autofree char *path = g_strdup_printf ("%s/%s", base, (char *) item->data);
    g_autoptr (GError) problem = NULL;
    g_autoptr (GBytes) content = fetch (self, path, NULL, &problem);
    if (content == NULL && !is_missing (problem)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    if (content == NULL || !g_bytes_equal (content, g_hash_table_lookup (files, item->data)))
      differs (self, item->data);
    self->compared++;
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
  printf ("Compared:    %u files, the page, its policy\n", self->compared);
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
  g_autoptr (SoupSession) session =
    soup_session_new_with_options ("timeout", TIMEOUT, "user-agent", "Mozilla/5.0", NULL);
  g_autoptr (JsonArray) differing = json_array_new ();
  g_autofree char *hash = cv_web_client_hash (files);
  g_autofree char *base = cv_web_client_base (hash);
  g_autofree char *embedders = NULL;
  Verification self = { .session = session, .origin = origin, .differing = differing };
  if (!compare_page (&self, files, base, &embedders, error) || !compare_files (&self, files, base, error))
    return FALSE;
  print_result (&self, arguments->options, hash, embedders);
  if (json_array_get_length (differing) == 0)
    return TRUE;
  g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "%s serves another web client than this one", origin);
  return FALSE;
}
