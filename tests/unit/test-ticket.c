/* Tickets: there and back, and everything that is none. Those that somebody else makes are signed here by GLib's hand. */
#include "signalling/ticket.h"

#include <string.h>

#define KEY "an old pond, a frog jumps in, plop"
#define ROOM "abcdefghijkm"
#define NOW G_GINT64_CONSTANT (1700000000)
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define CLAIMS(aud, room, role, iat, exp)                                                                              \
  "{\"aud\":\"" aud "\",\"room\":\"" room "\",\"role\":\"" role "\",\"jti\":\"x\",\"iat\":" iat ",\"exp\":" exp "}"
#define GOOD CLAIMS ("meet.example", ROOM, "person", "1700000000", "1700000600")

static CvTickets *
open_tickets (void)
{
  CvTickets *tickets = cv_tickets_new (KEY);
  cv_tickets_set_url (tickets, "https://meet.example:8443");
  return tickets;
}

/* Returns: (transfer full). */
static char *
make (const char *header, const char *claims, const char *key)
{
  g_autofree char *first = cv_base64url_encode ((const guint8 *) header, strlen (header));
  g_autofree char *second = cv_base64url_encode ((const guint8 *) claims, strlen (claims));
  g_autofree char *text = g_strconcat (first, ".", second, NULL);
  guint8 digest[32];
  gsize n = sizeof digest;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) key, strlen (key));
  g_hmac_update (hmac, (const guint8 *) text, -1);
  g_hmac_get_digest (hmac, digest, &n);
  g_hmac_unref (hmac);
  g_autofree char *third = cv_base64url_encode (digest, n);
  return g_strconcat (text, ".", third, NULL);
}

static void
test_there_and_back (void)
{
  CvTickets *tickets = open_tickets ();
  g_autofree char *text = cv_tickets_issue (tickets, ROOM, 3, "Zoë 😀", "user 17", NOW, NOW + 600);
  g_autofree char *other = cv_tickets_issue (tickets, ROOM, 0, NULL, NULL, NOW, NOW + 1);
  g_autoptr (CvTicket) ticket = cv_tickets_read (tickets, text, NOW);
  g_autoptr (CvTicket) bare = cv_tickets_read (tickets, other, NOW);
  guint8 hash[CV_HASH_BYTES], other_hash[CV_HASH_BYTES];
  g_assert_cmpstr (ticket->room, ==, ROOM);
  g_assert_cmpint (ticket->role, ==, CV_ROLE_HOST);
  g_assert_cmpstr (ticket->name, ==, "Zoë 😀");
  g_assert_cmpstr (ticket->sub, ==, "user 17");
  g_assert_cmpint (ticket->issued, ==, NOW);
  g_assert_cmpint (ticket->expires, ==, NOW + 600);
  g_assert_cmpint (bare->role, ==, CV_ROLE_VIEWER);
  g_assert_null (bare->name);
  g_assert_null (bare->sub);
  cv_ticket_get_hash (ticket, hash);
  cv_ticket_get_hash (bare, other_hash);
  g_assert_true (memcmp (hash, other_hash, sizeof hash) != 0);
  cv_tickets_free (tickets);
}

/* One that another program made, by the book. */
static void
test_of_others (void)
{
  CvTickets *tickets = open_tickets ();
  g_autofree char *text = make (HEADER, GOOD, KEY);
  g_autofree char *plain = make ("{\"alg\":\"HS256\"}", GOOD, KEY);
  g_autoptr (CvTicket) ticket = cv_tickets_read (tickets, text, NOW);
  g_autoptr (CvTicket) same = cv_tickets_read (tickets, plain, NOW);
  g_assert_cmpstr (ticket->jti, ==, "x");
  g_assert_cmpint (ticket->role, ==, CV_ROLE_PERSON);
  g_assert_nonnull (same);
  cv_tickets_free (tickets);
}

static void
assert_refused (CvTickets *tickets, const char *text, gint64 now)
{
  g_autoptr (CvTicket) ticket = cv_tickets_read (tickets, text, now);
  if (ticket != NULL)
    g_error ("%s", text);
}

static void
test_another_key (void)
{
  CvTickets *tickets = open_tickets ();
  g_autofree char *before = cv_tickets_issue (tickets, ROOM, 3, NULL, NULL, NOW, NOW + 600);
  cv_tickets_set_key (tickets, KEY "2");
  g_autofree char *after = cv_tickets_issue (tickets, ROOM, 3, NULL, NULL, NOW, NOW + 600);
  g_autoptr (CvTicket) ticket = cv_tickets_read (tickets, after, NOW);
  g_assert_nonnull (ticket);
  assert_refused (tickets, before, NOW);
  cv_tickets_free (tickets);
}

static void
test_headers (void)
{
  static const char *const headers[] = {
    "{\"alg\":\"none\"}",
    "{\"alg\":\"None\",\"typ\":\"JWT\"}",
    "{\"alg\":\"\"}",
    "{\"typ\":\"JWT\"}",
    "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
    "{\"alg\":\"ES256\"}",
    "{\"alg\":\"HS384\"}",
    "{\"alg\":\"HS512\"}",
    "{\"alg\":\"hs256\"}",
    "{\"alg\":[\"HS256\"]}",
    "{\"alg\":\"HS256\",\"alg\":\"none\"}",
    "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}",
    "{\"alg\":\"HS256\",\"kid\":\"1\"}",
    "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}",
    "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
    "{\"alg\":\"HS256\",\"jku\":\"https://evil.example/\"}",
    "[]",
    "",
  };
  CvTickets *tickets = open_tickets ();
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autofree char *text = make (headers[i], GOOD, KEY);
    g_autofree char *bare = g_strndup (text, (gsize) (strrchr (text, '.') - text) + 1);
    assert_refused (tickets, text, NOW);
    assert_refused (tickets, bare, NOW);
  }
  cv_tickets_free (tickets);
}

static void
test_claims (void)
{
  static const char *const claims[] = {
    CLAIMS ("other.example", ROOM, "person", "1700000000", "1700000600"),
    CLAIMS ("https://meet.example", ROOM, "person", "1700000000", "1700000600"),
    CLAIMS ("", ROOM, "person", "1700000000", "1700000600"),
    CLAIMS ("meet.example", "abc", "person", "1700000000", "1700000600"),
    CLAIMS ("meet.example", ROOM, "admin", "1700000000", "1700000600"),
    CLAIMS ("meet.example", ROOM, "", "1700000000", "1700000600"),
    CLAIMS ("meet.example", ROOM, "person", "1699999000", "1699999600"),
    CLAIMS ("meet.example", ROOM, "person", "1699999990", "1700000000"),
    CLAIMS ("meet.example", ROOM, "person", "1700000006", "1700000100"),
    CLAIMS ("meet.example", ROOM, "person", "1700000000", "1700000601"),
    CLAIMS ("meet.example", ROOM, "person", "1700000000", "1700000600.5"),
    CLAIMS ("meet.example", ROOM, "person", "\"1700000000\"", "1700000600"),
    CLAIMS ("meet.example", ROOM, "person", "-1", "1700000600"),
    CLAIMS ("meet.example", ROOM, "person", "1700000000", "99999999999999"),
    "{\"aud\":[\"meet.example\"],\"room\":\"" ROOM
    "\",\"role\":\"person\",\"jti\":\"x\",\"iat\":1700000000,\"exp\":1700000600}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM "\",\"role\":\"person\",\"iat\":1700000000,\"exp\":1700000600}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM
    "\",\"role\":\"person\",\"jti\":\"\",\"iat\":1700000000,\"exp\":1700000600}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM "\",\"role\":\"person\",\"jti\":\"x\",\"exp\":1700000600}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM "\",\"role\":\"person\",\"jti\":\"x\",\"iat\":1700000000}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM
    "\",\"role\":\"person\",\"jti\":\"x\",\"iat\":1700000000,\"exp\":1700000600,"
    "\"more\":1}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM
    "\",\"role\":\"person\",\"jti\":\"x\",\"iat\":1700000000,\"exp\":1700000600,"
    "\"name\":\"\\u202e\"}",
    "{\"aud\":\"meet.example\",\"room\":\"" ROOM
    "\",\"role\":\"person\",\"jti\":\"x\",\"iat\":1700000000,\"exp\":1700000600,"
    "\"sub\":\" \"}",
    "[]",
    "null",
    "",
  };
  CvTickets *tickets = open_tickets ();
  for (gsize i = 0; i < G_N_ELEMENTS (claims); i++) {
    g_autofree char *text = make (HEADER, claims[i], KEY);
    assert_refused (tickets, text, NOW);
  }
  cv_tickets_free (tickets);
}

/* The moments at which a good one begins and ends. */
static void
test_times (void)
{
  CvTickets *tickets = open_tickets ();
  g_autofree char *text = make (HEADER, GOOD, KEY);
  g_autoptr (CvTicket) early = cv_tickets_read (tickets, text, NOW - 5);
  g_autoptr (CvTicket) late = cv_tickets_read (tickets, text, NOW + 599);
  g_assert_nonnull (early);
  g_assert_nonnull (late);
  assert_refused (tickets, text, NOW - 6);
  assert_refused (tickets, text, NOW + 600);
  cv_tickets_free (tickets);
}

static void
test_garbage (void)
{
  CvTickets *tickets = open_tickets ();
  CvTickets *nowhere = cv_tickets_new (KEY);
  g_autofree char *good = make (HEADER, GOOD, KEY);
  g_autofree char *wrong_key = make (HEADER, GOOD, KEY "!");
  g_autofree char *endless = g_strnfill (CV_TICKET_MAX_BYTES + 1, 'A');
  g_autofree char *four = g_strconcat (good, ".AAAA", NULL);
  g_autofree char *spaced = g_strconcat (good, "\n", NULL);
  const char *const texts[] = { "", ".", "..", "...", "a.b.c", "null", wrong_key, endless, four, spaced };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (tickets, texts[i], NOW);
  /* not one character may be another, but for bits of the last that say nothing */
  for (gsize i = 0; i + 1 < strlen (good); i++) {
    g_autofree char *changed = g_strdup (good);
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    assert_refused (tickets, changed, NOW);
  }
  cv_tickets_set_url (nowhere, "unix:/run/conclave.sock");
  assert_refused (nowhere, good, NOW);
  cv_tickets_free (nowhere);
  cv_tickets_free (tickets);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticket/there-and-back", test_there_and_back);
  g_test_add_func ("/ticket/of-others", test_of_others);
  g_test_add_func ("/ticket/another-key", test_another_key);
  g_test_add_func ("/ticket/headers", test_headers);
  g_test_add_func ("/ticket/claims", test_claims);
  g_test_add_func ("/ticket/times", test_times);
  g_test_add_func ("/ticket/garbage", test_garbage);
  return g_test_run ();
}
