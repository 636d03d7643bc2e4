/* See whip.h. */
#include "signalling/whip.h"

#include "base/ids.h"
#include "signalling/access.h"
#include "signalling/bounds.h"
#include "signalling/http.h"
#include "signalling/secret.h"

#include <string.h>

#define CV_LOG_TOPIC "whip"
#include "base/log.h"

#define OFFER_TYPE "application/sdp"
#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"
#define ENDPOINT_METHODS "OPTIONS, POST"
#define SESSION_METHODS "OPTIONS, PATCH, DELETE"
#define ETAG_BYTES 12

/* ---- what goes wrong here and nowhere else ---- */

typedef enum { REFUSAL_TOKEN, REFUSAL_METHOD, REFUSAL_TYPE, REFUSAL_NO_ETAG, REFUSAL_ETAG, REFUSAL_RESTART } Refusal;

static const struct {
  guint status;
  const char *id;
  const char *text;
} refusals[] = {
  [REFUSAL_TOKEN] = { 401, "bad-token", "This token is not valid here, or no longer." },
  [REFUSAL_METHOD] = { 405, "bad-method", "This cannot be done here." },
  [REFUSAL_TYPE] = { 415, "bad-type", "The content of this request is of a wrong type." },
  [REFUSAL_NO_ETAG] = { 428, "no-etag", "Say which connection is meant (If-Match)." },
  [REFUSAL_ETAG] = { 412, "old-etag", "This is about an earlier connection." },
  [REFUSAL_RESTART] = { 422, "no-restart", "ICE is not restarted here. End the session and offer anew." },
};

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static void
refuse (SoupServerMessage *message, Refusal refusal)
{
  cv_http_respond_error (message, refusals[refusal].status, refusals[refusal].id, refusals[refusal].text);
}

/* Whoever says a wrong one is told of in the log, for fail2ban, as with keys; whoever says none has not tried. */
static void
refuse_token (SoupServerMessage *message, const char *address)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gboolean tried = get_header (message, "Authorization") != NULL; /* RFC 6750 §3 */
  soup_message_headers_replace (headers, "WWW-Authenticate", tried ? "Bearer error=\"invalid_token\"" : "Bearer");
  if (tried)
    cv_access_log_refused (address);
  refuse (message, REFUSAL_TOKEN);
}

static void
refuse_method (SoupServerMessage *message, const char *allowed)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow", allowed);
  refuse (message, REFUSAL_METHOD);
}

/* ---- requests ---- */

typedef struct {
  gboolean publishes;
  char *room;
  char *secret; /* NULL: the endpoint itself */
} Target;

static void
target_clear (Target *self)
{
  g_free (self->room);
  g_free (self->secret);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

gboolean
cv_whip_is_path (const char *path)
{
  return g_str_has_prefix (path, "/whip/") || g_str_has_prefix (path, "/whep/");
}

/* /whip/ROOM or /whip/ROOM/SECRET. */
static gboolean
read_target (Target *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path + 1, "/", 4);
  guint n = g_strv_length (parts);
  if (n < 2 || n > 3 || !cv_id_is_valid (parts[1], ""))
    return FALSE;
  self->publishes = g_str_equal (parts[0], "whip");
  self->room = g_strdup (parts[1]);
  self->secret = g_strdup (parts[2]);
  return TRUE;
}

static gboolean
has_type (SoupServerMessage *message, const char *type)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *said = soup_message_headers_get_content_type (headers, NULL);
  return said != NULL && g_ascii_strcasecmp (said, type) == 0;
}

typedef enum { TOKEN_NONE, TOKEN_BAD, TOKEN_GOOD } TokenForm;

/* The hash of the bearer token. */
static TokenForm
read_token (SoupServerMessage *message, guint8 hash[CV_HASH_BYTES])
{
  guint8 token[CV_SECRET_BYTES];
  const char *said = get_header (message, "Authorization");
  if (said == NULL)
    return TOKEN_NONE;
  if (g_ascii_strncasecmp (said, "Bearer ", strlen ("Bearer ")) != 0 ||
      !cv_base64url_decode (said + strlen ("Bearer "), token, sizeof token))
    return TOKEN_BAD;
  cv_hash (token, sizeof token, hash);
  cv_wipe (token, sizeof token);
  return TOKEN_GOOD;
}

/* What is passed on must be what JSON readers of ours take. NULL where it is not. Returns: (transfer full). */
static char *
read_sdp (SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize n = 0;
  const char *text = g_bytes_get_data (body, &n);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isprint (text[i]) && text[i] != '\r' && text[i] != '\n' && text[i] != '\t')
      return NULL;
  return n > 0 && n <= CV_LIMIT_SDP_BYTES ? g_strndup (text, n) : NULL;
}

void
cv_whip_set_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace (headers, "Access-Control-Expose-Headers", "Location, ETag, Link, WWW-Authenticate");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "cross-origin");
}

static void
answer_options (SoupServerMessage *message, const char *methods)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Allow", methods);
  soup_message_headers_replace (headers, "Accept-Post", OFFER_TYPE);
  soup_message_headers_replace (headers, "Accept-Patch", FRAGMENT_TYPE);
  soup_message_headers_replace (headers, "Access-Control-Allow-Methods", methods);
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match");
  soup_message_headers_replace (headers, "Access-Control-Max-Age", "600");
  cv_http_respond_nothing (message, SOUP_STATUS_NO_CONTENT);
}

/* ---- POST: a new session, in three steps that each may take a while ---- */

typedef struct {
  CvWhip *whip; /* gone once the message is cut */
  SoupServerMessage *message;
  gboolean cut; /* the client has gone, or the server is being stopped: nobody waits for the answer */
  Target target;
  char *address; /* whose it is */
  char *sdp;
  guint8 hash[CV_HASH_BYTES]; /* of the token */
  CvRoom *room;
  char *secret; /* of the stream, once there is one */
} Offering;

static void
on_message_disconnected (SoupServerMessage *message, gpointer user_data)
{
  ((Offering *) user_data)->cut = TRUE;
}

/* The last step: whatever was answered goes out. */
static void
offering_finish (Offering *self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  if (!self->cut)
    soup_server_message_unpause (self->message);
  g_object_unref (self->message);
  g_clear_object (&self->room);
  target_clear (&self->target);
  g_free (self->address);
  g_free (self->sdp);
  g_free (self->secret);
  g_free (self);
}

static void
respond_error (Offering *self, const GError *error)
{
  CvProblem problem = cv_problem_from_error (error);
  if (problem == CV_PROBLEM_INTERNAL || problem == CV_PROBLEM_STORE_FAILED)
    cv_warning (self->target.room, NULL, "a stream was not let in: %s", error->message);
  cv_http_respond_problem (self->message, problem);
}

/* RFC 9725 §4.6. */
static void
add_ice_servers (Offering *self, const CvParticipant *participant)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  g_autofree char *host = cv_http_get_host (self->message);
  g_auto (CvIce) ice = { 0 };
  cv_turn_credentials (self->whip->turn, host, participant->id, cv_clock_wall (self->whip->clock), &ice);
  for (char **url = ice.urls; *url != NULL; url++) {
    g_autofree char *link =
      ice.username != NULL
        ? g_strdup_printf ("<%s>; rel=\"ice-server\"; username=\"%s\"; credential=\"%s\"; credential-type=\"password\"",
                           *url, ice.username, ice.credential)
        : g_strdup_printf ("<%s>; rel=\"ice-server\"", *url);
    soup_message_headers_append (headers, "Link", link);
  }
}

static char *
make_etag (const char *answer)
{
  guint8 hash[CV_HASH_BYTES];
  cv_hash ((const guint8 *) answer, strlen (answer), hash);
  g_autofree char *name = cv_base64url_encode (hash, ETAG_BYTES);
  return g_strdup_printf ("\"%s\"", name);
}

static void
respond_created (Offering *self, CvStream *stream, const char *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *kind = self->target.publishes ? "whip" : "whep";
  g_autofree char *location = g_strdup_printf ("/%s/%s/%s", kind, self->target.room, self->secret);
  g_autofree char *etag = make_etag (answer);
  cv_stream_set_etag (stream, etag);
  soup_message_headers_replace (headers, "Location", location);
  soup_message_headers_replace (headers, "ETag", etag);
  add_ice_servers (self, cv_stream_get_participant (stream));
  soup_server_message_set_status (self->message, SOUP_STATUS_CREATED, NULL);
  soup_server_message_set_response (self->message, OFFER_TYPE, SOUP_MEMORY_COPY, answer, strlen (answer));
}

static void
on_offer_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Offering *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = cv_switchboard_offer_finish (CV_SWITCHBOARD (source), result, &error);
  /* Whoever never learns where the session is cannot end it either; the stream's patience does. */
  CvStream *stream = self->cut ? NULL : cv_streams_find (self->whip->streams, self->target.room, self->secret);
  if (stream != NULL && answer != NULL) {
    respond_created (self, stream, answer);
  } else if (!self->cut) {
    if (stream != NULL)
      cv_stream_end (stream, CV_LEAVING_LOST);
    cv_http_respond_problem (self->message, error != NULL ? cv_problem_from_error (error) : CV_PROBLEM_MEDIA_LOST);
  }
  offering_finish (self);
}

static gboolean
is_good (const CvTokenRow *token, const Target *target, gint64 now)
{
  return g_str_equal (token->room, target->room) && token->publishes == target->publishes && token->revoked == 0 &&
         (token->expires == 0 || token->expires > now);
}

/* Comes last, and nothing is waited for behind it: whoever revokes the token from now on finds the stream. */
static void
on_token_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Offering *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTokenRow) token = cv_tokens_find_finish (CV_STORE (source), result, &error);
  CvStream *stream = NULL;
  gboolean good = !self->cut && token != NULL && is_good (token, &self->target, cv_clock_wall (self->whip->clock));
  if (good)
    stream = cv_streams_open (self->whip->streams, self->room, token, &self->secret, &error);
  if (stream != NULL) {
    cv_switchboard_offer_async (cv_stream_get_switchboard (stream), cv_stream_get_participant (stream), self->sdp,
                                on_offer_answered, self);
    return;
  }
  gboolean bad = !good && (token != NULL || g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING));
  if (!self->cut && bad)
    refuse_token (self->message, self->address);
  else if (!self->cut)
    respond_error (self, error);
  offering_finish (self);
}

static void
on_room_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Offering *self = user_data;
  g_autoptr (GError) error = NULL;
  self->room = cv_registry_load_finish (CV_REGISTRY (source), result, &error);
  if (!self->cut && self->room != NULL) {
    cv_tokens_find_async (self->whip->store, self->hash, on_token_found, self);
    return;
  }
  /* No token is good for a room that is not there. */
  if (!self->cut && g_error_matches (error, CV_ROOM_ERROR, CV_ROOM_ERROR_UNKNOWN))
    refuse_token (self->message, self->address);
  else if (!self->cut)
    respond_error (self, error);
  offering_finish (self);
}

static void
handle_offer (CvWhip *self, SoupServerMessage *message, Target *target, const char *address)
{
  guint8 hash[CV_HASH_BYTES];
  if (!cv_buckets_take (self->offers, address, cv_clock_now (self->clock))) {
    cv_http_respond_problem (message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  if (read_token (message, hash) != TOKEN_GOOD) {
    refuse_token (message, address);
    return;
  }
  if (!has_type (message, OFFER_TYPE)) {
    refuse (message, REFUSAL_TYPE);
    return;
  }
  g_autofree char *sdp = read_sdp (message);
  if (sdp == NULL) {
    cv_http_respond_problem (message, CV_PROBLEM_BAD_SDP);
    return;
  }
  Offering *offering = g_new0 (Offering, 1);
  offering->whip = self;
  offering->message = g_object_ref (message);
  offering->address = g_strdup (address);
  offering->sdp = g_steal_pointer (&sdp);
  memcpy (offering->hash, hash, sizeof hash);
  offering->target = *target;
  *target = (Target){ 0 };
  g_signal_connect (message, "disconnected", G_CALLBACK (on_message_disconnected), offering);
  soup_server_message_pause (message);
  cv_registry_load_async (self->registry, offering->target.room, on_room_loaded, offering);
}

/* ---- what is there: PATCH, DELETE ---- */

/* The address of the session is a secret by itself; a token that is said besides must be the right one. */
static gboolean
is_allowed (SoupServerMessage *message, CvStream *stream)
{
  guint8 hash[CV_HASH_BYTES];
  TokenForm form = read_token (message, hash);
  return form == TOKEN_NONE || (form == TOKEN_GOOD && cv_stream_fits_token (stream, hash));
}

/* Our end is ICE-lite: it answers from wherever it is asked, and needs no candidates of the other end. */
static void
handle_fragment (SoupServerMessage *message, CvStream *stream)
{
  const char *etag = get_header (message, "If-Match");
  if (!has_type (message, FRAGMENT_TYPE))
    refuse (message, REFUSAL_TYPE);
  else if (etag == NULL)
    refuse (message, REFUSAL_NO_ETAG);
  else if (g_str_equal (etag, "*"))
    refuse (message, REFUSAL_RESTART);
  else if (!g_str_equal (etag, cv_stream_get_etag (stream)))
    refuse (message, REFUSAL_ETAG);
  else
    cv_http_respond_nothing (message, SOUP_STATUS_NO_CONTENT);
}

static void
handle_session (CvWhip *self, SoupServerMessage *message, const Target *target, const char *address)
{
  const char *method = soup_server_message_get_method (message);
  gboolean patch = g_str_equal (method, "PATCH");
  if (!patch && !g_str_equal (method, "DELETE")) {
    refuse_method (message, SESSION_METHODS);
    return;
  }
  if (!cv_buckets_take (self->changes, address, cv_clock_now (self->clock))) {
    cv_http_respond_problem (message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  CvStream *stream = cv_streams_find (self->streams, target->room, target->secret);
  if (stream == NULL) {
    cv_http_respond_problem (message, CV_PROBLEM_NOT_FOUND);
  } else if (!is_allowed (message, stream)) {
    refuse_token (message, address);
  } else if (patch) {
    handle_fragment (message, stream);
  } else {
    cv_stream_end (stream, CV_LEAVING_LEFT);
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  }
}

void
cv_whip_handle (CvWhip *self, SoupServerMessage *message, const char *path, const char *address)
{
  g_auto (Target) target = { 0 };
  const char *method = soup_server_message_get_method (message);
  if (!read_target (&target, path))
    cv_http_respond_problem (message, CV_PROBLEM_NOT_FOUND);
  else if (g_str_equal (method, "OPTIONS"))
    answer_options (message, target.secret != NULL ? SESSION_METHODS : ENDPOINT_METHODS);
  else if (target.secret != NULL)
    handle_session (self, message, &target, address);
  else if (g_str_equal (method, "POST"))
    handle_offer (self, message, &target, address);
  else
    refuse_method (message, ENDPOINT_METHODS);
}
