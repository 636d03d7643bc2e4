/* See server.h. */
#include "signalling/server.h"

#include "base/ids.h"
#include "base/tally.h"
#include "signalling/api.h"
#include "signalling/asker.h"
#include "signalling/audience.h"
#include "signalling/connection.h"
#include "signalling/dispatch.h"
#include "signalling/doorstep.h"
#include "signalling/http.h"
#include "signalling/bounds.h"
#include "signalling/intake.h"
#include "signalling/listener.h"
#include "signalling/whip.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#define CV_LOG_TOPIC "server"
#include "base/log.h"

#define SWEEP_MS 1000
#define MAX_STATUS_CLASS 5
#define SUBPROTOCOL "conclave.v1"
/* on a message: who asks for the upgrade */
#define ACCOUNT "cv-account"

/* One of the two doors. */
typedef struct {
  CvServer *server;
  SoupServer *soup;
  CvListener *listener;
  gboolean admin; /* who may open it may do everything */
} Door;

struct _CvServer {
  GObject parent_instance;
  CvServerOptions options;
  Door people;
  Door admin;
  CvSessions *sessions;
  CvBuckets *joins;
  CvDispatch dispatch;
  CvApi api;
  CvWhip whip;
  CvIntake *intake;        /* NULL: nobody shares documents */
  GHashTable *connections; /* of CvConnection, owned */
  guint sweep_timer;
  char *url;      /* where it listens */
  char *link_url; /* where links lead, without a public URL */
  char *public_url;
  char *turn_secret;
  char **turn_servers;
  char **metrics_from;
  const char *scheme;
};

G_DEFINE_FINAL_TYPE (CvServer, cv_server, G_TYPE_OBJECT)

static char *
get_client (CvServer *self, SoupServerMessage *message)
{
  return cv_asker_get_address (message, self->options.behind_proxy);
}

/* ---- WebSockets ---- */

static void
on_connection_message (CvConnection *connection, const char *text, gsize length, gpointer user_data)
{
  CvServer *self = user_data;
  cv_dispatch_message (&self->dispatch, connection, text, length);
}

static void
on_connection_closed (CvConnection *connection, gpointer user_data)
{
  CvServer *self = user_data;
  cv_dispatch_closed (&self->dispatch, connection);
  g_hash_table_remove (self->connections, connection);
}

static const CvConnectionFuncs connection_funcs = { on_connection_message, on_connection_closed };

/* What was on its way when the server stopped may still come, for as long as the main loop runs. */
static gboolean
is_stopped (CvServer *self)
{
  return self->sessions == NULL;
}

static void
on_message_upgraded (SoupServerMessage *message, gpointer user_data)
{
  Door *door = user_data;
  CvServer *self = door->server;
  if (is_stopped (self))
    return;
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (message));
  g_autofree char *client = get_client (self, message);
  g_autofree char *host = cv_http_get_host (message);
  g_autoptr (GUri) uri = g_uri_ref (soup_server_message_get_uri (message));
  g_autoptr (SoupServerMessage) keep G_GNUC_UNUSED = g_object_ref (message);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  if (stream == NULL || guard == NULL)
    return;
  if (cv_guard_is_behind (guard, stream)) {
    cv_debug (NULL, NULL, "a client spoke before the answer to its handshake");
    g_io_stream_close (G_IO_STREAM (guard), NULL, NULL);
    return;
  }

  /* Around the guard and not around libsoup's stream, which would put a source of its own around each of ours: the waiter's
   * must be alone. That stream is kept, since it closes the guard when it goes. */
  g_autoptr (SoupWebsocketConnection) websocket =
    soup_websocket_connection_new (G_IO_STREAM (guard), uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, SUBPROTOCOL, NULL);
  g_object_set_data_full (G_OBJECT (websocket), "cv-stream", g_steal_pointer (&stream), g_object_unref);
  cv_guard_set_deadline (guard, 0);
  CvConnectionOptions options = {
    .websocket = websocket,
    .guard = guard,
    .address = client,
    .host = host,
    .account = g_object_get_data (G_OBJECT (message), ACCOUNT),
    .clock = self->options.clock,
    .messages_per_second = self->options.rules.messages_per_second,
  };
  g_hash_table_add (self->connections, cv_connection_new (&options, &connection_funcs, self));
}

/* libsoup also takes a handshake that offers no subprotocol at all. */
static gboolean
is_handshake (SoupServerMessage *message, char **protocols)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *offered = soup_message_headers_get_list (headers, "Sec-WebSocket-Protocol");
  return offered != NULL && soup_websocket_server_check_handshake (message, NULL, protocols, NULL, NULL);
}

/* It is known who it is. */
static void
shake_hands (const CvApiRequest *request)
{
  CvServer *self = request->api->user_data;
  char *protocols[] = { (char *) SUBPROTOCOL, NULL };
  if (is_stopped (self) || !soup_websocket_server_process_handshake (request->message, NULL, protocols, NULL, NULL))
    return;
  g_object_set_data_full (G_OBJECT (request->message), ACCOUNT, g_strdup (request->actor), g_free);
  g_signal_connect (request->message, "wrote-informational", G_CALLBACK (on_message_upgraded), &self->people);
}

static void
upgrade (CvServer *self, SoupServerMessage *message, const char *client)
{
  static const CvApiRoute route = { "GET", "/ws", "", CV_AUTHORITY_PUBLIC, shake_hands };
  char *protocols[] = { (char *) SUBPROTOCOL, NULL };
  if (!cv_http_has_our_origin (message, self->scheme, self->options.public_url))
    cv_http_respond_problem (message, CV_PROBLEM_FOREIGN_ORIGIN);
  else if (!is_handshake (message, protocols))
    cv_http_respond_problem (message, CV_PROBLEM_BAD_MESSAGE);
  else if (g_hash_table_size (self->connections) >= self->options.rules.max_sockets)
    cv_http_respond_problem (message, CV_PROBLEM_SERVER_FULL);
  else
    cv_api_handle_route (&self->api, &route, message, client);
}

/* A copy with references: what is done to one connection may take it out of the table. */
static GPtrArray *
get_connections (CvServer *self)
{
  GPtrArray *connections = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer connection = NULL;
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    g_ptr_array_add (connections, g_object_ref (connection));
  return connections;
}

static void
on_sweep (gpointer user_data)
{
  CvServer *self = user_data;
  g_autoptr (GPtrArray) connections = get_connections (self);
  for (guint i = 0; i < connections->len; i++)
    cv_connection_sweep (g_ptr_array_index (connections, i));
  self->sweep_timer = cv_clock_after (self->options.clock, SWEEP_MS, on_sweep, self);
}

/* ---- requests ---- */

/* Answers once the body is through; what is still to come of it is not kept. */
static void
refuse (SoupServerMessage *message, CvProblem problem)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
  cv_http_respond_problem (message, problem);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
}

static void
on_message_got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  if (body->length > CV_LIMIT_BODY_BYTES && soup_server_message_get_status (message) == 0)
    refuse (message, CV_PROBLEM_TOO_LARGE);
}

static gboolean
expect_body (Door *door, SoupServerMessage *message, const char *path)
{
  CvServer *self = door->server;
  g_autofree char *client = get_client (self, message);
  return !is_stopped (self) && cv_api_expect_body (&self->api, message, path, door->admin, client);
}

/* The head has come: refuse what need not be read any further. */
static void
on_soup_early (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Door *door = user_data;
  CvServer *self = door->server;
  const char *method = soup_server_message_get_method (message);
  /* What is done there is done by who has a token, not by who has a page of ours open. */
  gboolean foreign = !door->admin && cv_whip_is_path (path);
  gboolean harmless = foreign || g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  cv_http_set_headers (message);
  if (foreign)
    cv_whip_set_headers (message);
  if (cv_listener_is_full (door->listener)) {
    refuse (message, CV_PROBLEM_SERVER_FULL);
    return;
  }
  if (!door->admin && self->intake != NULL && cv_intake_is_upload (method, path) && cv_access_has_bearer (message)) {
    cv_intake_begin (self->intake, message, path);
    return;
  }
  gboolean large = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
                   soup_message_headers_get_content_length (headers) > CV_LIMIT_BODY_BYTES;
  gboolean strange = !harmless && !door->admin && !cv_access_has_bearer (message) &&
                     !cv_http_comes_from_us (message, self->scheme, self->options.public_url);
  if (large && (strange || !expect_body (door, message, path))) {
    refuse (message, CV_PROBLEM_TOO_LARGE);
  } else if (strange) {
    refuse (message, CV_PROBLEM_FOREIGN_ORIGIN);
  } else if (!large) {
    g_signal_connect (message, "got-chunk", G_CALLBACK (on_message_got_chunk), NULL);
  }
}

static gboolean
is_page (const char *path)
{
  static const char *const pages[] = { "/",      "/recordings", "/sign-in",    "/account",
                                       "/users", "/admin",      "/encryption", NULL };
  static const char *const below[] = { "/r/", "/recordings/", "/s/", "/summary/" };
  for (gsize i = 0; i < G_N_ELEMENTS (below); i++)
    if (g_str_has_prefix (path, below[i]))
      return strchr (path + strlen (below[i]), '/') == NULL;
  return g_strv_contains (pages, path);
}

static void
on_soup_request (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Door *door = user_data;
  CvServer *self = door->server;
  const char *method = soup_server_message_get_method (message);
  gboolean get = g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
  gboolean public = !door->admin;
  g_autofree char *client = get_client (self, message);

  if (is_stopped (self))
    cv_http_respond_problem (message, CV_PROBLEM_SERVER_FULL);
  else if (self->intake != NULL && cv_intake_finish (self->intake, message))
    return;
  else if (public && get && g_str_equal (path, "/ws"))
    upgrade (self, message, client);
  else if (public && cv_whip_is_path (path))
    cv_whip_handle (&self->whip, message, path, client);
  else if (public && get && is_page (path))
    cv_assets_respond_page (self->options.assets, message, g_str_has_prefix (path, "/r/"));
  else if (public && get && cv_assets_respond_embed (self->options.assets, message, path))
    return;
  else if (!public || !get || !cv_assets_respond (self->options.assets, message, path))
    cv_api_handle (&self->api, message, path, door->admin, client);
}

static void
on_soup_request_read (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  Door *door = user_data;
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (message));
  if (guard != NULL)
    cv_guard_set_deadline (guard, cv_clock_now (door->server->options.clock) + CV_LIMIT_ANSWER_MS * 1000);
}

/* Ready for the next request on this connection. */
static void
allow_request (CvServer *self, GSocketAddress *remote)
{
  CvGuard *guard = cv_listener_guard_of (remote);
  if (guard == NULL)
    return;
  cv_guard_set_budget (guard, CV_LIMIT_REQUEST_BYTES);
  cv_guard_set_deadline (guard, cv_clock_now (self->options.clock) + CV_LIMIT_REQUEST_MS * 1000);
}

static void
on_soup_request_finished (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  Door *door = user_data;
  if (!door->admin)
    cv_tally_count_as (CV_TALLY_REQUESTS, MIN (soup_server_message_get_status (message) / 100, MAX_STATUS_CLASS));
  allow_request (door->server, soup_server_message_get_remote_address (message));
}

static void
on_listener_accepted (CvGuard *guard, GSocketAddress *local, GSocketAddress *remote, gpointer user_data)
{
  Door *door = user_data;
  g_autoptr (GError) error = NULL;
  if (!door->admin)
    cv_tally_count (CV_TALLY_CONNECTIONS);
  allow_request (door->server, remote);
  if (!soup_server_accept_iostream (door->soup, G_IO_STREAM (guard), local, remote, &error))
    cv_warning (NULL, NULL, "a connection was not accepted: %s", error->message);
}

/* ---- life ---- */

static void
door_open (Door *door, CvServer *server, gboolean admin, GTlsCertificate *certificate)
{
  door->server = server;
  door->admin = admin;
  door->soup = g_object_new (SOUP_TYPE_SERVER, NULL);
  door->listener = cv_listener_new (server->options.clock, certificate, 0, on_listener_accepted, door);
  soup_server_add_early_handler (door->soup, NULL, on_soup_early, door, NULL);
  soup_server_add_handler (door->soup, NULL, on_soup_request, door, NULL);
  g_signal_connect (door->soup, "request-read", G_CALLBACK (on_soup_request_read), door);
  g_signal_connect (door->soup, "request-finished", G_CALLBACK (on_soup_request_finished), door);
}

static void
door_close (Door *door)
{
  if (door->soup != NULL)
    soup_server_disconnect (door->soup);
  g_clear_pointer (&door->listener, cv_listener_free);
  g_clear_object (&door->soup);
}

static void
cv_server_dispose (GObject *object)
{
  CvServer *self = CV_SERVER (object);
  if (self->options.clock != NULL)
    cv_server_stop (self);
  G_OBJECT_CLASS (cv_server_parent_class)->dispose (object);
}

static void
cv_server_finalize (GObject *object)
{
  CvServer *self = CV_SERVER (object);
  g_hash_table_unref (self->connections);
  g_clear_pointer (&self->options.assets, cv_assets_free);
  g_clear_pointer (&self->api.branding, cv_branding_free);
  g_clear_pointer (&self->api.badges, cv_badges_free);
  g_clear_pointer (&self->joins, cv_buckets_free);
  g_clear_pointer (&self->api.tickets, cv_tickets_free);
  g_clear_pointer (&self->api.checks, cv_buckets_free);
  g_clear_pointer (&self->api.reopening, cv_reopening_free);
  g_clear_pointer (&self->api.creations, cv_buckets_free);
  g_clear_pointer (&self->whip.offers, cv_buckets_free);
  g_clear_pointer (&self->whip.changes, cv_buckets_free);
  g_free (self->public_url);
  cv_secret_replace (&self->turn_secret, NULL);
  g_strfreev (self->turn_servers);
  g_strfreev (self->metrics_from);
  g_free (self->url);
  g_free (self->link_url);
  G_OBJECT_CLASS (cv_server_parent_class)->finalize (object);
}

static void
cv_server_class_init (CvServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_server_finalize;
}

static void
cv_server_init (CvServer *self)
{
  self->connections = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

static guint
count_sockets (gpointer user_data)
{
  return g_hash_table_size (((CvServer *) user_data)->connections);
}

/* How often, the rules say. */
static CvBuckets *
new_buckets (void)
{
  return cv_buckets_new (0, 0, CV_LIMIT_ADDRESSES);
}

static void
set_per_minute (CvBuckets *buckets, guint count)
{
  cv_buckets_set_rate (buckets, count / 60.0, count);
}

static void
make_callers (CvServer *self)
{
  const CvCallersOptions options = { .registry = self->options.registry,
                                     .store = self->options.store,
                                     .knocks = self->dispatch.knocks,
                                     .telephony = self->options.telephony,
                                     .clock = self->options.clock,
                                     .max_per_room = self->options.calls_per_room,
                                     .keep_days = self->options.keep_calls_days };
  self->dispatch.callers = cv_callers_new (&options);
  self->api.callers = self->dispatch.callers;
}

static void
open_doors (CvServer *self, const CvServerOptions *options)
{
  door_open (&self->people, self, FALSE, options->certificate);
  cv_listener_set_most (self->people.listener, options->max_connections);
  door_open (&self->admin, self, TRUE, NULL);
}

/* With texts of its own, and without what others have. */
static void
keep_options (CvServer *self, const CvServerOptions *options)
{
  self->options = *options;
  self->public_url = g_strdup (options->public_url);
  self->options.public_url = self->public_url;
  self->scheme = options->certificate != NULL ? "https" : "http";
  self->options.certificate = NULL; /* the listener has it */
  self->options.ticket_key = self->options.receipt_key = NULL;
  self->options.elsewhere = NULL;
}

static void
make_documents (CvServer *self, CvCabinet *cabinet)
{
  self->api.badges = self->dispatch.badges =
    cv_badges_new (cv_cabinet_get_max_bytes (cabinet), cv_cabinet_get_quota (cabinet));
  self->api.vouchers = cv_vouchers_new (self->options.clock);
  self->intake = cv_intake_new (self->options.store, self->options.clock, cabinet, self->api.badges);
}

CvServer *
cv_server_new (const CvServerOptions *options)
{
  CvServer *self = g_object_new (CV_TYPE_SERVER, NULL);
  keep_options (self, options);
  self->sessions = cv_sessions_new (options->clock, options->seat_ms);
  self->joins = new_buckets ();
  self->whip = (CvWhip){
    .registry = options->registry,
    .store = options->store,
    .streams = cv_streams_new (options->registry, options->clock),
    .clock = options->clock,
    .turn = &self->options.turn,
    .offers = new_buckets (),
    .changes = new_buckets (),
  };
  self->dispatch = (CvDispatch){
    .registry = options->registry,
    .sessions = self->sessions,
    .clock = options->clock,
    .turn = &self->options.turn,
    .joins = self->joins,
    .knocks = cv_knocks_new (options->clock),
    .store = options->store,
    .streams = self->whip.streams,
  };
  self->api = (CvApi){
    .registry = options->registry,
    .store = options->store,
    .library = options->library,
    .recordings = options->recordings,
    .accel_prefix = options->accel_prefix,
    .backups = options->backups,
    .press = options->press,
    .scribe = options->scribe,
    .mailer = options->mailer,
    .access = cv_access_new (options->store, options->clock),
    .accounts = cv_accounts_new (options->store, options->clock, 0),
    .passwords = cv_passwords_new (),
    .elsewhere = options->elsewhere != NULL ? cv_elsewhere_new (options->elsewhere, options->clock) : NULL,
    .bodies = cv_bodies_new (options->clock),
    .cabinet = options->cabinet,
    .documents_accel_prefix = options->documents_accel_prefix,
    .streams = self->whip.streams,
    .tickets = cv_tickets_new (options->ticket_key),
    .onces = cv_onces_new (options->store, options->clock),
    .clock = options->clock,
    .checks = new_buckets (),
    .creations = new_buckets (),
    .branding = options->branding,
    .started = cv_clock_now (options->clock),
    .metrics = options->metrics,
    .overview = options->overview,
    .count_sockets = count_sockets,
    .user_data = self,
  };
  self->dispatch.tickets = self->api.tickets;
  self->dispatch.reopening = self->api.reopening =
    cv_reopening_new (options->registry, options->clock, options->receipt_key, self->api.creations);
  if (options->cabinet != NULL)
    make_documents (self, options->cabinet);
  if (options->telephony != NULL)
    make_callers (self);
  cv_audience_listen (options->registry);
  cv_doorstep_listen (&self->dispatch);
  open_doors (self, options);
  cv_server_set_turn (self, &options->turn);
  cv_server_set_rules (self, &options->rules);
  self->sweep_timer = cv_clock_after (options->clock, SWEEP_MS, on_sweep, self);
  return self;
}

/* libsoup keeps connections alive only while it has a listener of its own; ours are handed to it. So it gets one that
 * nobody can reach: a socket file that is gone once it listens. */
static gboolean
keep_alive (SoupServer *soup, const char *near_path, GError **error)
{
  g_autofree char *path = g_strconcat (near_path, ".tmp", NULL);
  g_unlink (path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  gboolean done = socket != NULL && g_socket_bind (socket, address, FALSE, error) && g_socket_listen (socket, error) &&
                  soup_server_listen_socket (soup, socket, 0, error);
  g_unlink (path);
  return done;
}

static char *
make_url (CvServer *self, const char *host, guint16 port)
{
  gboolean ipv6 = strchr (host, ':') != NULL;
  return g_strdup_printf ("%s://%s%s%s:%u", self->scheme, ipv6 ? "[" : "", host, ipv6 ? "]" : "", port);
}

static gboolean
listen_inet (CvServer *self, const char *where, GError **error)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (where, 0, error);
  if (address == NULL)
    return FALSE;
  const char *host = g_network_address_get_hostname (G_NETWORK_ADDRESS (address));
  /* As the configuration says: GLib's resolver would also answer ::1, which a resolver of somebody else may not know. */
  const char *name = g_str_equal (host, "localhost") ? "127.0.0.1" : host;
  guint16 port =
    cv_listener_add_inet (self->people.listener, name, g_network_address_get_port (G_NETWORK_ADDRESS (address)), error);
  if (port == 0)
    return FALSE;
  self->url = make_url (self, host, port);
  /* Nobody can go to "any address": links name this machine. */
  gboolean any = g_str_equal (host, "0.0.0.0") || g_str_equal (host, "::");
  self->link_url = make_url (self, any ? g_get_host_name () : host, port);
  return TRUE;
}

gboolean
cv_server_listen (CvServer *self, const char *where, const char *admin_socket, GError **error)
{
  if (!keep_alive (self->people.soup, admin_socket, error) || !keep_alive (self->admin.soup, admin_socket, error))
    return FALSE;
  if (g_str_has_prefix (where, "unix:")) {
    /* For the proxy, which is another user: the folder says who may come in. */
    if (!cv_listener_add_unix (self->people.listener, where + strlen ("unix:"), 0666, error))
      return FALSE;
    self->url = g_strdup (where);
    self->link_url = g_strdup (where);
  } else if (!listen_inet (self, where, error)) {
    return FALSE;
  }
  self->api.url = *self->public_url != '\0' ? self->public_url : self->link_url;
  cv_tickets_set_url (self->api.tickets, self->api.url);
  return cv_listener_add_unix (self->admin.listener, admin_socket, 0600, error);
}

const char *
cv_server_get_url (CvServer *self)
{
  return self->url;
}

gboolean
cv_server_set_certificate (CvServer *self, GTlsCertificate *certificate, GError **error)
{
  return cv_listener_set_certificate (self->people.listener, certificate, error);
}

void
cv_server_set_turn (CvServer *self, const CvTurn *turn)
{
  g_strfreev (self->turn_servers);
  self->turn_servers = g_strdupv (turn->servers);
  cv_secret_replace (&self->turn_secret, turn->secret);
  self->options.turn = *turn;
  self->options.turn.servers = self->turn_servers;
  self->options.turn.secret = self->turn_secret;
}

void
cv_server_set_rules (CvServer *self, const CvServerRules *rules)
{
  g_strfreev (self->metrics_from);
  self->metrics_from = g_strdupv ((char **) rules->metrics_from);
  self->options.rules = *rules;
  self->options.rules.metrics_from = self->api.metrics_from = (const char *const *) self->metrics_from;
  self->api.anyone_may_create = rules->anyone_may_create;
  cv_listener_set_most_per_address (self->people.listener,
                                    self->options.behind_proxy ? 0 : rules->max_connections_per_address);
  set_per_minute (self->joins, rules->joins_per_minute);
  set_per_minute (self->whip.offers, rules->joins_per_minute);
  set_per_minute (self->whip.changes, 8 * rules->joins_per_minute);
  set_per_minute (self->api.checks, 2 * rules->joins_per_minute);
  cv_buckets_set_rate (self->api.creations, rules->rooms_per_hour / 3600.0, rules->rooms_per_hour);
  cv_accounts_set_rate (self->api.accounts, rules->sign_ins_per_minute);
}

void
cv_server_set_ticket_key (CvServer *self, const char *key)
{
  cv_tickets_set_key (self->api.tickets, key);
}

CvOidcProvider *
cv_server_get_provider (CvServer *self)
{
  return self->api.elsewhere != NULL ? cv_elsewhere_get_provider (self->api.elsewhere) : NULL;
}

void
cv_server_set_branding (CvServer *self, CvBranding *branding)
{
  g_clear_pointer (&self->api.branding, cv_branding_free);
  self->api.branding = branding;
}

void
cv_server_count (CvServer *self, guint *connections, guint *sockets)
{
  *connections = self->people.listener != NULL ? cv_listener_count (self->people.listener) : 0;
  *sockets = count_sockets (self);
}

CvCallers *
cv_server_get_callers (CvServer *self)
{
  return self->dispatch.callers;
}

void
cv_server_stop (CvServer *self)
{
  if (is_stopped (self))
    return;
  cv_clock_cancel (self->options.clock, &self->sweep_timer);
  cv_doorstep_clear (&self->dispatch);
  g_autoptr (GPtrArray) connections = get_connections (self);
  for (guint i = 0; i < connections->len; i++) {
    cv_connection_set_session (g_ptr_array_index (connections, i), NULL);
    cv_connection_close (g_ptr_array_index (connections, i), SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
  }
  g_hash_table_remove_all (self->connections);
  door_close (&self->people);
  door_close (&self->admin);
  g_clear_pointer (&self->intake, cv_intake_free);
  g_clear_pointer (&self->api.vouchers, cv_vouchers_free);
  g_clear_pointer (&self->api.onces, cv_onces_close);
  g_clear_pointer (&self->api.bodies, cv_bodies_free);
  g_clear_pointer (&self->api.passwords, cv_passwords_free);
  g_clear_pointer (&self->api.elsewhere, cv_elsewhere_free);
  g_clear_pointer (&self->api.accounts, cv_accounts_free);
  g_clear_pointer (&self->api.access, cv_access_free);
  self->api.callers = NULL;
  g_clear_object (&self->dispatch.callers);
  g_clear_object (&self->dispatch.knocks);
  g_clear_pointer (&self->whip.streams, cv_streams_free);
  g_clear_pointer (&self->sessions, cv_sessions_free);
}
