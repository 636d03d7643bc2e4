/* The daemon as a whole: it starts, answers over TLS and on its admin socket, stops, and starts again over what it left. */
#include "daemon/application.h"

#include "lib/folder.h"
#include "lib/http.h"
#include "lib/log.h"
#include "lib/rooms.h"
#include "lib/wait.h"
#include "store/meetings.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

typedef struct {
  char *folder;
  char *state;
  CvConfig *config;
  CvApplication *application;
} Fixture;

static void
configure (Fixture *f, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->folder, "conclave.conf", NULL);
  cv_test_folder_write (f->folder, "conclave.conf", text);
  g_clear_pointer (&f->config, cv_config_free);
  f->config = cv_config_load (path, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->state = g_build_filename (f->folder, "state", NULL);
  configure (f, "[server]\nlisten = 127.0.0.1:0\n");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->application, cv_application_free);
  cv_test_settle ();
  cv_config_free (f->config);
  cv_test_folder_free (f->folder);
  g_free (f->state);
}

static void
start (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  f->application = cv_application_new (f->config, f->state, &error);
  g_assert_no_error (error);
}

static void
assert_does_not_start (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_application_new (f->config, f->state, &error));
  g_assert_nonnull (error);
  cv_test_settle ();
}

static gboolean
on_accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                       gpointer user_data)
{
  return TRUE;
}

static GIOStream *
connect_tls (const char *url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) address = g_network_address_parse_uri (url, 443, &error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr (GSocketConnection) connection = g_socket_client_connect (client, address, NULL, &error);
  g_assert_no_error (error);
  GIOStream *tls = g_tls_client_connection_new (G_IO_STREAM (connection), NULL, &error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);
  GAsyncResult *slot = NULL;
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (g_tls_connection_handshake_finish (G_TLS_CONNECTION (tls), result, &error));
  return tls;
}

static GIOStream *
connect_unix (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  return G_IO_STREAM (connection);
}

/* `head`: "GET /path". Returns: (transfer full). */
static char *
ask (GIOStream *stream, const char *head)
{
  g_autoptr (GIOStream) owned = stream;
  g_autofree char *request = g_strdup_printf ("%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", head);
  return cv_test_http_talk_over (owned, request);
}

static char *
ask_admin (Fixture *f, const char *head)
{
  g_autofree char *path = g_build_filename (f->state, "admin.sock", NULL);
  return ask (connect_unix (path), head);
}

static void
assert_healthy (Fixture *f)
{
  g_autofree char *answer = ask (connect_tls (cv_application_get_url (f->application)), "GET /health");
  g_assert_nonnull (strstr (answer, " 200 "));
  g_assert_cmpstr (cv_test_http_body (answer), ==, "{\"status\":\"ok\"}");
  g_autofree char *page = ask (connect_tls (cv_application_get_url (f->application)), "GET /");
  g_assert_nonnull (strstr (page, "importmap"));
  g_autofree char *status = ask_admin (f, "GET /api/v1/status");
  g_assert_nonnull (strstr (status, cv_application_get_url (f->application)));
}

static void
test_twice (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 2; i++) {
    start (f);
    g_assert_true (g_str_has_prefix (cv_application_get_url (f->application), "https://127.0.0.1:"));
    assert_healthy (f);
    g_assert_cmpuint (cv_test_folder_mode (f->folder, "state"), ==, 0700);
    g_assert_cmpuint (cv_test_folder_mode (f->folder, "state/admin.sock"), ==, 0600);
    g_assert_cmpuint (cv_test_folder_mode (f->folder, "state/conclave.db"), ==, 0600);
    g_assert_cmpuint (cv_test_folder_mode (f->folder, "state/tls/key.pem"), ==, 0600);
    g_clear_pointer (&f->application, cv_application_free);
    g_autofree char *admin = g_build_filename (f->state, "admin.sock", NULL);
    g_assert_false (g_file_test (admin, G_FILE_TEST_EXISTS));
  }
}

/* Two of them must not share their state. */
static void
test_second_beside (Fixture *f, gconstpointer data)
{
  start (f);
  assert_does_not_start (f);
  assert_healthy (f);
}

static void
test_unix (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "people.sock", NULL);
  g_autofree char *text = g_strdup_printf ("[server]\nlisten = unix:%s\ntls = false\n", path);
  g_autofree char *url = g_strconcat ("unix:", path, NULL);
  configure (f, text);
  start (f);
  g_assert_cmpstr (cv_application_get_url (f->application), ==, url);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "people.sock"), ==, 0666);
  g_autofree char *answer = ask (connect_unix (path), "GET /health");
  g_assert_nonnull (strstr (answer, " 200 "));
  /* it is no admin socket */
  g_autofree char *rooms = ask (connect_unix (path), "GET /api/v1/rooms");
  g_assert_nonnull (strstr (rooms, " 401 "));
  g_autofree char *tls = g_build_filename (f->state, "tls", NULL);
  g_assert_false (g_file_test (tls, G_FILE_TEST_EXISTS));
}

/* Stopped while one client is idle and another is being answered, however far that has come. */
static void
test_stop_with_clients (Fixture *f, gconstpointer data)
{
  const char *request = "GET /api/v1/status HTTP/1.1\r\nHost: a\r\n\r\n";
  g_autofree char *path = g_build_filename (f->state, "admin.sock", NULL);
  for (guint steps = 0; steps < 8; steps++) {
    char byte;
    start (f);
    g_autoptr (GIOStream) idle = connect_unix (path);
    g_autoptr (GIOStream) busy = connect_unix (path);
    g_output_stream_write_all (g_io_stream_get_output_stream (busy), request, strlen (request), NULL, NULL, NULL);
    for (guint i = 0; i < steps; i++)
      g_main_context_iteration (NULL, FALSE);
    g_clear_pointer (&f->application, cv_application_free);
    cv_test_settle ();
    g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (idle), &byte, 1, NULL, NULL), <=, 0);
  }
}

static void
test_cannot_start (Fixture *f, gconstpointer data)
{
  configure (f, "[server]\nlisten = 127.0.0.1:0\ncertificate-file = /nowhere/c.pem\nkey-file = /nowhere/k.pem\n");
  assert_does_not_start (f);
  configure (f, "[server]\nlisten = 192.0.2.1:0\n");
  assert_does_not_start (f);
  configure (f, "[server]\nlisten = 127.0.0.1:0\n");
  cv_test_folder_write (f->folder, "state/conclave.db", "this is no database, but it is long enough to be asked");
  assert_does_not_start (f);
  g_free (f->state);
  f->state = g_build_filename (f->folder, "conclave.conf", "below-a-file", NULL);
  assert_does_not_start (f);
}

/* A meeting that was running when the power failed. */
static void
test_after_a_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->state, "conclave.db", NULL);
  cv_test_folder_write (f->folder, "state/.keep", "");
  CvTestRooms rooms = { .clock = cv_clock_new_fake (CV_TEST_NOW), .store = cv_store_open (path, NULL) };
  rooms.registry = cv_registry_new (rooms.store, rooms.clock, 1000, NULL);
  cv_test_rooms_create (&rooms, CV_TEST_ROOM, "standard", NULL);
  CvRoom *room = cv_test_rooms_load (&rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&rooms, room, "Ann");
  g_object_unref (room);
  cv_test_rooms_clear (&rooms);

  start (f);
  g_autofree char *answer = ask_admin (f, "GET /api/v1/rooms/" CV_TEST_ROOM);
  g_assert_nonnull (strstr (answer, "\"people\":0,\"meeting\":null"));
  g_clear_pointer (&f->application, cv_application_free);

  rooms = (CvTestRooms){ .clock = cv_clock_new_fake (0), .store = cv_store_open (path, NULL) };
  rooms.registry = cv_registry_new (rooms.store, rooms.clock, 1000, NULL);
  g_autofree char *dump = cv_test_rooms_dump_meetings (&rooms);
  g_assert_true (g_pattern_match_simple ("1700000000000-* crash", dump));
  cv_test_rooms_clear (&rooms);
}

/* The database is damaged: the last backup, made on demand, is there in its place. */
static void
test_restored (Fixture *f, gconstpointer data)
{
  start (f);
  g_autofree char *made = ask_admin (f, "POST /api/v1/backup");
  g_assert_nonnull (strstr (made, " 201 "));
  g_clear_pointer (&f->application, cv_application_free);
  cv_test_folder_write (f->folder, "state/conclave.db", "this is no database, but it is long enough to be asked");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*takes its place*");
  start (f);
  cv_test_log_assert_all ();
  assert_healthy (f);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/application/twice", test_twice);
  ADD ("/application/second-beside", test_second_beside);
  ADD ("/application/unix", test_unix);
  ADD ("/application/stop-with-clients", test_stop_with_clients);
  ADD ("/application/cannot-start", test_cannot_start);
  ADD ("/application/after-a-crash", test_after_a_crash);
  ADD ("/application/restored", test_restored);
  return g_test_run ();
}
