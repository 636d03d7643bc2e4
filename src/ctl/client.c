/* Requests over the admin socket.
 *
 * Owns the HTTP session. Main thread; blocks until the answer is there. Knows no command: who calls says what is asked.
 */
#include "ctl/client.h"

#include "base/json.h"

#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_SECONDS 30
/* a list of 1,000 rooms is about 300 KiB */
#define MAX_ANSWER_BYTES (4 * 1024 * 1024)

struct _CvClient {
  char *socket_path;
  SoupSession *session;
};

G_DEFINE_QUARK (cv_client_error, cv_client_error)

CvClient *
cv_client_new (const char *socket_path)
{
  CvClient *self = g_new0 (CvClient, 1);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (socket_path);

  self->socket_path = g_strdup (socket_path);
  self->session = soup_session_new_with_options ("remote-connectable", address, "timeout", TIMEOUT_SECONDS, NULL);
  return self;
}

void
cv_client_free (CvClient *self)
{
  g_object_unref (self->session);
  g_free (self->socket_path);
  g_free (self);
}

/* Says what went wrong and what to do. */
static void
set_unreachable (CvClient *self, const GError *cause, GError **error)
{
  const char *advice =
    "Is conclaved running? If it has another state directory, name its socket: --socket DIR/admin.sock";

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    advice = "Run this as the user that conclaved runs as, or as root";
  g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_UNREACHABLE, "cannot reach conclaved at %s: %s. %s.",
               self->socket_path, cause->message, advice);
}

/* `answer` is an error as PROTOCOL.md says, if it is one. */
static void
set_refused (guint status, JsonObject *answer, GError **error)
{
  const char *id = answer != NULL ? json_object_get_string_member_with_default (answer, "error", NULL) : NULL;
  const char *text = answer != NULL ? json_object_get_string_member_with_default (answer, "text", NULL) : NULL;

  if (id != NULL && text != NULL)
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "%s (%s)", text, id);
  else
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_STRANGE, "The server answered with HTTP status %u.", status);
}

JsonObject *
cv_client_call (CvClient *self, const char *method, const char *path, JsonNode *body, GError **error)
{
  g_autofree char *uri = g_strconcat ("http://localhost", path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) answer = NULL;
  const char *text;
  gsize n;

  if (body != NULL) {
    char *request = cv_json_to_text (body, &n);
    g_autoptr (GBytes) request_bytes = g_bytes_new_take (request, n);

    soup_message_set_request_body_from_bytes (message, "application/json", request_bytes);
  }
  bytes = soup_session_send_and_read (self->session, message, NULL, &cause);
  if (bytes == NULL) {
    set_unreachable (self, cause, error);
    return NULL;
  }

  text = g_bytes_get_data (bytes, &n);
  if (n == 0 && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    return json_object_new ();
  answer = cv_json_parse_long (text, n, MAX_ANSWER_BYTES, &cause);
  if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message))) {
    set_refused (soup_message_get_status (message), answer, error);
    return NULL;
  }
  if (answer == NULL)
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_STRANGE, "The server's answer is not readable: %s.",
                 cause->message);
  return g_steal_pointer (&answer);
}

void
cv_client_set_patience (CvClient *self, guint seconds)
{
  g_object_set (self->session, "timeout", seconds, NULL);
}

/* The error in the answer to `message`, whose body is in `stream`. */
static void
set_refused_by (SoupMessage *message, GInputStream *stream, GError **error)
{
  g_autoptr (JsonObject) answer = NULL;
  char text[CV_JSON_MAX_BYTES];
  gsize n = 0;

  if (g_input_stream_read_all (stream, text, sizeof text, &n, NULL, NULL))
    answer = cv_json_parse (text, n, NULL);
  set_refused (soup_message_get_status (message), answer, error);
}

GInputStream *
cv_client_open (CvClient *self, const char *path, guint64 *offset, const char *etag, GError **error)
{
  g_autofree char *uri = g_strconcat ("http://localhost", path, NULL);
  g_autofree char *range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", *offset);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) cause = NULL;
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (*offset > 0 && etag != NULL) {
    soup_message_headers_replace (headers, "Range", range);
    soup_message_headers_replace (headers, "If-Range", etag);
  }
  stream = soup_session_send (self->session, message, NULL, &cause);
  if (stream == NULL) {
    set_unreachable (self, cause, error);
    return NULL;
  }
  switch (soup_message_get_status (message)) {
  case SOUP_STATUS_PARTIAL_CONTENT:
    return g_steal_pointer (&stream);
  case SOUP_STATUS_OK:
    *offset = 0;
    return g_steal_pointer (&stream);
  default:
    set_refused_by (message, stream, error);
    return NULL;
  }
}
