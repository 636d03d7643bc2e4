/* See ticket.h. What a header and what claims may say stands here; signing and verifying is libcjose's. */
#include "signalling/ticket.h"

#include "base/json.h"
#include "room/participant.h"
#include "signalling/protocol.h"

#include <cjose/cjose.h>
#include <string.h>

/* s by which the clock of who makes tickets may be ahead of ours */
#define MAX_AHEAD 5
#define MAX_JTI 64

struct _CvTickets {
  cjose_jwk_t *key;
  char *audience; /* "": none yet */
};

const char *const cv_ticket_roles[] = { "viewer", "person", "cohost", "host", NULL };

CvRole
cv_ticket_get_role (guint choice)
{
  static const CvRole roles[] = { CV_ROLE_VIEWER, CV_ROLE_PERSON, CV_ROLE_COHOST, CV_ROLE_HOST };
  G_STATIC_ASSERT (G_N_ELEMENTS (roles) == G_N_ELEMENTS (cv_ticket_roles) - 1);
  return roles[choice];
}

void
cv_ticket_free (CvTicket *self)
{
  g_free (self->room);
  g_free (self->name);
  g_free (self->sub);
  g_free (self->jti);
  g_free (self);
}

void
cv_ticket_get_hash (const CvTicket *self, guint8 hash[CV_HASH_BYTES])
{
  g_autofree char *text = g_strdup_printf ("%s %s", self->room, self->jti);
  cv_hash ((const guint8 *) text, strlen (text), hash);
}

void
cv_tickets_set_key (CvTickets *self, const char *key)
{
  cjose_jwk_release (self->key);
  self->key = cjose_jwk_create_oct_spec ((const guint8 *) key, strlen (key), NULL);
  g_assert (self->key != NULL);
}

CvTickets *
cv_tickets_new (const char *key)
{
  CvTickets *self = g_new0 (CvTickets, 1);
  cv_tickets_set_key (self, key);
  self->audience = g_strdup ("");
  return self;
}

void
cv_tickets_free (CvTickets *self)
{
  cjose_jwk_release (self->key);
  g_free (self->audience);
  g_free (self);
}

void
cv_tickets_set_url (CvTickets *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_free (self->audience);
  self->audience = g_strdup (host != NULL ? host : "");
}

/* ---- making one ---- */

/* Returns: (transfer full). */
static char *
sign (CvTickets *self, const char *claims)
{
  cjose_header_t *header = cjose_header_new (NULL);
  char *text = NULL;
  const char *compact = NULL;
  gboolean set = cjose_header_set (header, CJOSE_HDR_ALG, CJOSE_HDR_ALG_HS256, NULL) &&
                 cjose_header_set (header, "typ", "JWT", NULL);
  cjose_jws_t *jws = set ? cjose_jws_sign (self->key, header, (const guint8 *) claims, strlen (claims), NULL) : NULL;
  gboolean exported = jws != NULL && cjose_jws_export (jws, &compact, NULL);
  g_assert (exported);
  text = g_strdup (compact);
  cjose_jws_release (jws);
  cjose_header_release (header);
  return text;
}

char *
cv_tickets_issue (CvTickets *self, const char *room, guint role, const char *name, const char *sub, gint64 now,
                  gint64 expires)
{
  guint8 jti[16];
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  cv_random_bytes (jti, sizeof jti);
  g_autofree char *jti_text = cv_base64url_encode (jti, sizeof jti);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "aud", self->audience);
  cv_json_add_text (builder, "room", room);
  cv_json_add_text (builder, "role", cv_ticket_roles[role]);
  if (name != NULL)
    cv_json_add_text (builder, "name", name);
  if (sub != NULL)
    cv_json_add_text (builder, "sub", sub);
  cv_json_add_text (builder, "jti", jti_text);
  cv_json_add_int (builder, "iat", now);
  cv_json_add_int (builder, "exp", expires);
  json_builder_end_object (builder);
  g_autofree char *claims = cv_json_builder_to_text (builder, NULL);
  return sign (self, claims);
}

/* ---- reading one ---- */

/* The first part says HS256 and nothing that could mean anything else: no key of its own, nothing critical. Before anybody
 * else looks at it. */
static gboolean
has_our_header (const char *text)
{
  static const char *const algorithms[] = { "HS256", NULL };
  static const char *const kinds[] = { "JWT", NULL };
  g_autofree char *part = g_strndup (text, strcspn (text, "."));
  gsize letters = strlen (part), n = letters * 3 / 4;
  g_autofree char *bytes = g_malloc0 (n + 1);
  if (!cv_base64url_decode (part, (guint8 *) bytes, n))
    return FALSE;
  g_autoptr (JsonObject) header = cv_json_parse (bytes, n, NULL);
  if (header == NULL)
    return FALSE;
  CvJsonReader reader;
  cv_json_reader_init (&reader, header);
  cv_json_reader_choice (&reader, "alg", algorithms);
  if (cv_json_reader_has (&reader, "typ"))
    cv_json_reader_choice (&reader, "typ", kinds);
  return cv_json_reader_finish (&reader, NULL);
}

/* The claims, as they were signed. Returns: (transfer full), or NULL. */
static JsonObject *
verify (CvTickets *self, const char *text)
{
  guint8 *claims = NULL;
  size_t n = 0;
  cjose_jws_t *jws = cjose_jws_import (text, strlen (text), NULL);
  gboolean good =
    jws != NULL && cjose_jws_verify (jws, self->key, NULL) && cjose_jws_get_plaintext (jws, &claims, &n, NULL);
  JsonObject *object = good ? cv_json_parse ((const char *) claims, n, NULL) : NULL;
  if (jws != NULL)
    cjose_jws_release (jws);
  return object;
}

static gboolean
is_compact (const char *text)
{
  guint dots = 0;
  gsize n = strnlen (text, CV_TICKET_MAX_BYTES + 1);
  for (gsize i = 0; i < n; i++)
    if (text[i] == '.')
      dots++;
    else if (!cv_base64url_is_digit (text[i]))
      return FALSE;
  return n <= CV_TICKET_MAX_BYTES && dots == 2;
}

CvTicket *
cv_tickets_read (CvTickets *self, const char *text, gint64 now)
{
  g_autoptr (CvTicket) ticket = g_new0 (CvTicket, 1);
  g_autoptr (JsonObject) claims = is_compact (text) && has_our_header (text) ? verify (self, text) : NULL;
  if (claims == NULL || *self->audience == '\0')
    return NULL;
  CvJsonReader reader;
  cv_json_reader_init (&reader, claims);
  const char *audience = cv_json_reader_text (&reader, "aud", 1, 255, FALSE);
  gboolean ours = audience != NULL && g_ascii_strcasecmp (audience, self->audience) == 0;
  ticket->room = g_strdup (cv_json_reader_id (&reader, "room", "", CV_ID_LETTERS));
  ticket->role = cv_ticket_get_role ((guint) MAX (cv_json_reader_choice (&reader, "role", cv_ticket_roles), 0));
  ticket->name = g_strdup (cv_text_read_optional (&reader, "name", CV_NAME_MAX_CHARACTERS));
  ticket->sub = g_strdup (cv_text_read_optional (&reader, "sub", CV_TICKET_MAX_SUB));
  ticket->jti = g_strdup (cv_json_reader_text (&reader, "jti", 1, MAX_JTI, FALSE));
  ticket->issued = cv_json_reader_int (&reader, "iat", 0, G_MAXINT32 * G_GINT64_CONSTANT (1000));
  ticket->expires = cv_json_reader_int (&reader, "exp", 0, G_MAXINT32 * G_GINT64_CONSTANT (1000));
  if (!cv_json_reader_finish (&reader, NULL) || !ours)
    return NULL;
  gboolean timely = ticket->issued <= now + MAX_AHEAD && now < ticket->expires;
  gint64 life = ticket->expires - ticket->issued;
  return timely && life > 0 && life <= CV_TICKET_MAX_SECONDS ? g_steal_pointer (&ticket) : NULL;
}
