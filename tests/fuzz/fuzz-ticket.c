/* Fuzz target of tickets (libFuzzer).
 *
 * The first byte says what the others are: 's' a header and, on the next line, claims, which are signed here with the right key; else a whole
 * ticket. What is taken has a signature that GLib makes as well, and keeps to all bounds; issued anew it says the same.
 */
#include "room/participant.h"
#include "signalling/protocol.h"
#include "signalling/ticket.h"

#include <string.h>

#define KEY "an old pond, a frog jumps in, plop"
#define HOST "meet.example"
#define NOW G_GINT64_CONSTANT (1700000000)
/* letters of 32 bytes; the last one has two bits that say nothing */
#define SIGNATURE_LETTERS 43

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

/* Returns: (transfer full) `text`, a dot and its signature. */
static char *
sign (const char *text)
{
  guint8 digest[32];
  gsize n = sizeof digest;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) KEY, strlen (KEY));
  g_hmac_update (hmac, (const guint8 *) text, -1);
  g_hmac_get_digest (hmac, digest, &n);
  g_hmac_unref (hmac);
  g_autofree char *signature = cv_base64url_encode (digest, n);
  return g_strconcat (text, ".", signature, NULL);
}

static char *
sign_parts (const guint8 *data, gsize n)
{
  const guint8 *line = memchr (data, '\n', n);
  gsize header = line != NULL ? (gsize) (line - data) : n;
  gsize rest = line != NULL ? header + 1 : n;
  g_autofree char *first = cv_base64url_encode (data, header);
  g_autofree char *second = cv_base64url_encode (data + rest, n - rest);
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  return sign (text);
}

static void
assert_signed (const char *text)
{
  g_autofree char *parts = g_strndup (text, (gsize) (strrchr (text, '.') - text));
  g_autofree char *expected = sign (parts);
  g_assert_cmpuint (strlen (text), ==, strlen (parts) + 1 + SIGNATURE_LETTERS);
  g_assert_cmpint (strncmp (text, expected, strlen (expected) - 1), ==, 0);
}

static void
assert_bounds (const CvTicket *ticket)
{
  g_assert_true (cv_id_is_valid (ticket->room, ""));
  g_assert_true (ticket->role >= CV_ROLE_VIEWER && ticket->role <= CV_ROLE_HOST);
  g_assert_true (ticket->name == NULL ||
                 (g_utf8_validate (ticket->name, -1, NULL) && !cv_text_is_blank (ticket->name) &&
                  g_utf8_strlen (ticket->name, -1) <= CV_NAME_MAX_CHARACTERS));
  g_assert_true (ticket->sub == NULL ||
                 (g_utf8_validate (ticket->sub, -1, NULL) && g_utf8_strlen (ticket->sub, -1) <= CV_TICKET_MAX_SUB));
  g_assert_true (*ticket->jti != '\0');
  g_assert_true (ticket->issued <= NOW + 5 && ticket->expires > NOW);
  g_assert_true (ticket->expires - ticket->issued <= CV_TICKET_MAX_SECONDS);
}

static void
assert_same_anew (CvTickets *tickets, const CvTicket *ticket)
{
  guint role = 0;
  while (cv_ticket_get_role (role) != ticket->role)
    role++;
  g_autofree char *text =
    cv_tickets_issue (tickets, ticket->room, role, ticket->name, ticket->sub, ticket->issued, ticket->expires);
  g_autoptr (CvTicket) again = cv_tickets_read (tickets, text, NOW);
  if (again == NULL) /* what says the same in fewer letters: escapes may be longer here */
    g_assert_cmpuint (strlen (text), >, CV_TICKET_MAX_BYTES);
  else
    g_assert_true (again->role == ticket->role && g_strcmp0 (again->name, ticket->name) == 0 &&
                   g_strcmp0 (again->sub, ticket->sub) == 0 && g_str_equal (again->room, ticket->room) &&
                   again->issued == ticket->issued && again->expires == ticket->expires);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  if (n < 1)
    return 0;
  g_autofree char *text = data[0] == 's' ? sign_parts (data + 1, n - 1) : g_strndup ((const char *) data + 1, n - 1);
  CvTickets *tickets = cv_tickets_new (KEY);
  cv_tickets_set_url (tickets, "https://" HOST ":8443");
  g_autoptr (CvTicket) ticket = cv_tickets_read (tickets, text, NOW);
  if (ticket != NULL) {
    assert_signed (text);
    assert_bounds (ticket);
    assert_same_anew (tickets, ticket);
  }
  cv_tickets_free (tickets);
  return 0;
}
