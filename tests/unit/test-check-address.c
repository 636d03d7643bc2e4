/* What is served at public-url: judged, and asked of a server that answers as told. */
#include "doctor/check-address.h"

#include "lib/ward.h"

#include <libsoup/soup.h>
#include <string.h>

#define URL "https://a.example"

static const CvServed GOOD = {
  .version = G_TLS_PROTOCOL_VERSION_TLS_1_3, .days_left = 60, .status = 200, .ours = TRUE, .upgrades = TRUE
};

static void
assert_judged (CvServed served, gboolean own, CvFindingState state, const char *pattern)
{
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_served_judge (&served, URL, own, findings);
  g_assert_cmpuint (cv_findings_get_length (findings), ==, 1);
  cv_test_ward_assert (findings, 0, state, pattern);
}

#define WITH(...)                                                                                                      \
  ({                                                                                                                   \
    CvServed served = GOOD;                                                                                            \
    __VA_ARGS__;                                                                                                       \
    served;                                                                                                            \
  })

static void
test_judgement (void)
{
  char words[] = "Connection refused";

  assert_judged (GOOD, FALSE, CV_FINDING_OK, URL ": answers, with a certificate that is good for 60 days");
  assert_judged (WITH (served.days_left = 14), FALSE, CV_FINDING_OK, "*good for 14 days");
  assert_judged (WITH (served.days_left = 13), FALSE, CV_FINDING_WARN, "*runs out in 13 days");
  assert_judged (WITH (served.flags = G_TLS_CERTIFICATE_EXPIRED), FALSE, CV_FINDING_FAIL, "*has run out");
  assert_judged (WITH (served.flags = G_TLS_CERTIFICATE_BAD_IDENTITY), FALSE, CV_FINDING_FAIL, "*another name");
  assert_judged (WITH (served.flags = G_TLS_CERTIFICATE_UNKNOWN_CA), FALSE, CV_FINDING_FAIL, "*vouches for it*");
  assert_judged (WITH (served.flags = G_TLS_CERTIFICATE_UNKNOWN_CA), TRUE, CV_FINDING_WARN, "*vouches for itself*");
  assert_judged (WITH (served.flags = G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_EXPIRED), TRUE, CV_FINDING_FAIL,
                 "*has run out");
  assert_judged (WITH (served.version = G_TLS_PROTOCOL_VERSION_TLS_1_1), FALSE, CV_FINDING_FAIL, "*older than TLS 1.2");
  assert_judged (WITH (served.version = G_TLS_PROTOCOL_VERSION_TLS_1_2), FALSE, CV_FINDING_OK, "*");
  assert_judged (WITH (served.status = 502; served.ours = FALSE), FALSE, CV_FINDING_FAIL, "*a proxy answers*");
  assert_judged (WITH (served.status = 200; served.ours = FALSE), FALSE, CV_FINDING_FAIL, "*not this server*");
  assert_judged (WITH (served.status = 503), FALSE, CV_FINDING_FAIL, "*does not work");
  assert_judged (WITH (served.upgrades = FALSE), FALSE, CV_FINDING_FAIL, "*no WebSocket can be opened*");
  assert_judged (WITH (served.error = words), FALSE, CV_FINDING_WARN, "*cannot be reached*refused");
  assert_judged (WITH (served.error = words; served.broken = TRUE), FALSE, CV_FINDING_FAIL, "*there is no TLS*");
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  static const char body[] = "{\"status\":\"ok\"}";

  if (g_str_equal (path, "/ws")) { /* as by a proxy that passes no upgrade on */
    soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
    return;
  }
  g_assert_cmpstr (path, ==, "/health");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, body, sizeof body - 1);
}

static void
on_socket (SoupServer *server, SoupServerMessage *message, const char *path, SoupWebsocketConnection *connection,
           gpointer user_data)
{
}

typedef struct {
  gboolean upgrades;
  GMutex mutex;
  GCond cond;
  char *url;
  GMainLoop *loop;
} Host;

static gpointer
serve (gpointer data)
{
  Host *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (SoupServer) server = NULL;
  char *protocols[] = { (char *) "conclave.v1", NULL };
  GSList *uris;

  g_main_context_push_thread_default (context);
  server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL, on_request, NULL, NULL);
  if (self->upgrades)
    soup_server_add_websocket_handler (server, "/ws", NULL, protocols, on_socket, NULL, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  g_mutex_lock (&self->mutex);
  self->loop = g_main_loop_new (context, FALSE);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static gboolean
on_quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
test_asked (gconstpointer upgrades)
{
  Host host = { .upgrades = upgrades != NULL };
  GThread *thread = g_thread_new ("host", serve, &host);
  g_auto (CvServed) served = { 0 }, gone = { 0 };
  GSource *quit = g_idle_source_new ();

  g_mutex_lock (&host.mutex);
  while (host.url == NULL)
    g_cond_wait (&host.cond, &host.mutex);
  g_mutex_unlock (&host.mutex);
  cv_served_ask (&served, host.url, 20);
  g_assert_cmpstr (served.error, ==, NULL);
  g_assert_cmpuint (served.status, ==, 200);
  g_assert_true (served.ours);
  g_assert_cmpint (served.upgrades, ==, host.upgrades);
  g_assert_cmpint (served.version, <, G_TLS_PROTOCOL_VERSION_TLS_1_2);
  g_source_set_callback (quit, on_quit, host.loop, NULL);
  g_source_attach (quit, g_main_loop_get_context (host.loop));
  g_source_unref (quit);
  g_thread_join (thread);
  g_main_loop_unref (host.loop);
  cv_served_ask (&gone, host.url, 20);
  g_assert_nonnull (gone.error);
  g_assert_false (gone.broken);
  g_free (host.url);
}

/* ---- what speaks no TLS ---- */

static gpointer
answer_plainly (gpointer data)
{
  static const char words[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
  g_autoptr (GSocket) client = g_socket_accept (data, NULL, NULL);
  char bytes[100];

  if (client != NULL && g_socket_receive (client, bytes, sizeof bytes, NULL, NULL) > 0)
    g_socket_send (client, words, sizeof words - 1, NULL, NULL);
  return NULL;
}

static void
test_plain (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0), here = NULL;
  g_autofree char *url = NULL;
  g_auto (CvServed) served = { 0 };
  GThread *thread;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL) && g_socket_listen (socket, NULL));
  here = g_socket_get_local_address (socket, NULL);
  url = g_strdup_printf ("https://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here)));
  thread = g_thread_new ("plain", answer_plainly, socket);
  cv_served_ask (&served, url, 20);
  g_assert_nonnull (served.error);
  g_assert_true (served.broken);
  g_thread_join (thread);
}

static void
test_unknown (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");

  cv_test_ward_check (ward, cv_check_address);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_SKIPPED, "it is not known where*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-address/judgement", test_judgement);
  g_test_add_data_func ("/check-address/asked", (gconstpointer) "", test_asked);
  g_test_add_data_func ("/check-address/asked-in-vain", NULL, test_asked);
  g_test_add_func ("/check-address/plain", test_plain);
  g_test_add_func ("/check-address/unknown", test_unknown);
  return g_test_run ();
}
