/* Requests over a Unix socket to a server that answers as told. */
#include "ctl/client.h"

#include "base/json.h"
#include "lib/socket-server.h"

#include <string.h>

typedef struct {
  CvTestSocketServer *server;
  CvClient *client;
} Fixture;

/* On the server's thread. */
static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  static const char REFUSAL[] = "{\"error\":\"unknown-room\",\"text\":\"There is no such room.\"}";

  if (g_str_equal (path, "/api/v1/echo")) {
    g_autofree char *answer =
      g_strdup_printf ("{\"method\":\"%s\",\"type\":\"%s\",\"body\":%.*s}", soup_server_message_get_method (message),
                       soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Content-Type"),
                       (int) body->length, body->data);

    soup_server_message_set_status (message, 201, NULL);
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, answer, strlen (answer));
  } else if (g_str_equal (path, "/api/v1/nothing")) {
    soup_server_message_set_status (message, 204, NULL);
  } else if (g_str_equal (path, "/api/v1/refused")) {
    soup_server_message_set_status (message, 404, NULL);
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, REFUSAL, strlen (REFUSAL));
  } else if (g_str_equal (path, "/api/v1/page")) {
    soup_server_message_set_status (message, 200, NULL);
    soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, "<html>", 6);
  } else {
    soup_server_message_set_status (message, 502, NULL);
  }
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->server = cv_test_socket_server_new (on_request, NULL);
  f->client = cv_client_new (cv_test_socket_server_get_path (f->server));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_client_free (f->client);
  cv_test_socket_server_free (f->server);
}

static void
test_answers (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonObject) content = json_object_new ();
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = NULL, nothing = NULL;

  json_object_set_string_member (content, "title", "Zoë");
  body = json_node_init_object (json_node_alloc (), content);
  answer = cv_client_call (f->client, "POST", "/api/v1/echo", body, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (answer, "method"), ==, "POST");
  g_assert_cmpstr (json_object_get_string_member (answer, "type"), ==, "application/json");
  g_assert_true (json_object_equal (json_object_get_object_member (answer, "body"), content));

  nothing = cv_client_call (f->client, "DELETE", "/api/v1/nothing", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (nothing), ==, 0);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_client_call (f->client, "GET", "/api/v1/refused", NULL, &error));
  g_assert_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "There is no such room. (unknown-room)");
}

static void
test_strange (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_client_call (f->client, "GET", "/api/v1/page", NULL, &error));
  g_assert_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_STRANGE);
  g_clear_error (&error);
  g_assert_null (cv_client_call (f->client, "GET", "/api/v1/other", NULL, &error));
  g_assert_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_STRANGE);
  g_assert_cmpstr (error->message, ==, "The server answered with HTTP status 502.");
}

static void
test_unreachable (void)
{
  g_autoptr (CvClient) client = cv_client_new ("/nonexistent/admin.sock");
  g_autoptr (GError) error = NULL;

  g_assert_null (cv_client_call (client, "GET", "/api/v1/status", NULL, &error));
  g_assert_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "/nonexistent/admin.sock"));
  g_assert_nonnull (strstr (error->message, "--socket"));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client/answers", test_answers);
  ADD ("/client/refused", test_refused);
  ADD ("/client/strange", test_strange);
  g_test_add_func ("/client/unreachable", test_unreachable);
  return g_test_run ();
}
