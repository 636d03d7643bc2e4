/* URLs; being let in and refused over UDP and TCP; what answers strangely or not at all. */
#include "doctor/turn-client.h"

#include "lib/relay.h"
#include "signalling/turn.h"

#include <string.h>

static void
assert_url (const char *text, const char *host, guint port, gboolean udp, gboolean tls)
{
  g_auto (CvTurnUrl) url = { 0 };

  g_assert_true (cv_turn_url_parse (&url, text));
  g_assert_cmpstr (url.host, ==, host);
  g_assert_cmpuint (url.port, ==, port);
  g_assert_cmpint (url.udp, ==, udp);
  g_assert_cmpint (url.tls, ==, tls);
}

static void
test_urls (void)
{
  static const char *const wrong[] = {
    "turn:", "stun:a", "turn:a:0", "turn:a:65536", "turn:[::1", "turns:a?transport=udp", "turn:a?transport=sctp"
  };

  assert_url ("turn:a.example", "a.example", 3478, TRUE, FALSE);
  assert_url ("turn:a.example:1000?transport=udp", "a.example", 1000, TRUE, FALSE);
  assert_url ("turn:192.0.2.1?transport=tcp", "192.0.2.1", 3478, FALSE, FALSE);
  assert_url ("turn:[2001:db8::1]:7", "2001:db8::1", 7, TRUE, FALSE);
  assert_url ("turns:a.example", "a.example", 5349, FALSE, TRUE);
  assert_url ("turns:a.example:443?transport=tcp", "a.example", 443, FALSE, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_auto (CvTurnUrl) url = { 0 };

    g_assert_false (cv_turn_url_parse (&url, wrong[i]));
  }
}

static CvTurnClient *
connect_to (guint port, gboolean udp, GError **error)
{
  char host[] = "127.0.0.1";
  const CvTurnUrl url = { .host = host, .port = (guint16) port, .udp = udp };
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  return cv_turn_client_new (&url, address, error);
}

static GInetAddress *
allocate (CvTurnClient *client, const char *secret, GError **error)
{
  char server[] = "turn:a";
  const CvTurn turn = { (char *[]){ server, NULL }, secret, 60, FALSE };
  g_auto (CvIce) ice = { 0 };

  cv_turn_credentials (&turn, "a", "somebody", 0, &ice);
  return cv_turn_client_allocate (client, ice.username, ice.credential, error);
}

static gboolean
permits (CvTurnClient *client, const char *text, GError **error)
{
  g_autoptr (GInetAddress) peer = g_inet_address_new_from_string (text);

  return cv_turn_client_permit (client, peer, error);
}

static void
test_let_in (gconstpointer data)
{
  gboolean udp = GPOINTER_TO_INT (data);
  g_autoptr (CvRelay) relay = cv_test_relay_new ("secret", TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTurnClient) client = connect_to (cv_test_relay_get_port (relay), udp, &error);
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  address = allocate (client, "secret", &error);
  g_assert_no_error (error);
  text = g_inet_address_to_string (address);
  g_assert_cmpstr (text, ==, "192.0.2.7");
  g_assert_cmpint (cv_test_relay_count (relay), ==, 1);
  g_assert_true (permits (client, "10.0.0.1", &error));
  g_assert_no_error (error);
  g_assert_false (permits (client, "127.0.0.1", &error));
  g_assert_error (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "403 no");
  g_clear_pointer (&client, cv_turn_client_free);
  g_assert_cmpint (cv_test_relay_count (relay), ==, 0);
}

static void
test_unknown (void)
{
  g_autoptr (CvRelay) relay = cv_test_relay_new ("secret", FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTurnClient) client = connect_to (cv_test_relay_get_port (relay), TRUE, &error);
  g_autoptr (GInetAddress) address = allocate (client, "another", &error);

  g_assert_null (address);
  g_assert_error (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_UNKNOWN);
}

/* A packet that is lost is sent again. */
static void
test_again (void)
{
  g_autoptr (CvRelay) relay = cv_test_relay_new ("secret", FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTurnClient) client = connect_to (cv_test_relay_get_port (relay), TRUE, &error);
  g_autoptr (GInetAddress) address = NULL;

  cv_test_relay_ignore (relay, 1);
  address = allocate (client, "secret", &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);
}

static void
test_nobody (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0), here = NULL;
  g_autoptr (CvTurnClient) silent = NULL, refused = NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  guint port;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  here = g_socket_get_local_address (socket, NULL);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here));
  silent = connect_to (port, TRUE, &error);
  g_assert_no_error (error);
  address = allocate (silent, "secret", &error);
  g_assert_null (address);
  g_assert_error (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_SILENT);
  g_clear_error (&error);
  refused = connect_to (port, FALSE, &error);
  g_assert_null (refused);
  g_assert_error (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_SILENT);
}

/* ---- what is no TURN server ---- */

static gpointer
answer_nonsense (gpointer data)
{
  GSocket *listener = data;
  g_autoptr (GSocket) client = g_socket_accept (listener, NULL, NULL);
  char bytes[200] = "HTTP/1.1 400 Bad Request\r\n\r\n";

  /* its third and fourth byte are a length of 21,584 */
  if (client != NULL && g_socket_receive (client, bytes + 100, 100, NULL, NULL) > 0)
    g_socket_send (client, bytes, 100, NULL, NULL);
  return NULL;
}

static void
test_strange (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0), here = NULL;
  g_autoptr (CvTurnClient) client = NULL;
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL) && g_socket_listen (socket, NULL));
  here = g_socket_get_local_address (socket, NULL);
  thread = g_thread_new ("nonsense", answer_nonsense, socket);
  client = connect_to (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here)), FALSE, &error);
  g_assert_no_error (error);
  address = allocate (client, "secret", &error);
  g_assert_null (address);
  g_assert_error (error, CV_TURN_CLIENT_ERROR, CV_TURN_CLIENT_ERROR_STRANGE);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn-client/urls", test_urls);
  g_test_add_data_func ("/turn-client/let-in/udp", GINT_TO_POINTER (TRUE), test_let_in);
  g_test_add_data_func ("/turn-client/let-in/tcp", GINT_TO_POINTER (FALSE), test_let_in);
  g_test_add_func ("/turn-client/unknown", test_unknown);
  g_test_add_func ("/turn-client/again", test_again);
  g_test_add_func ("/turn-client/nobody", test_nobody);
  g_test_add_func ("/turn-client/strange", test_strange);
  return g_test_run ();
}
