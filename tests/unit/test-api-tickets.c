/* Tickets over REST: what is asked for stands in them, and only owners get any. */
#include "signalling/api-tickets.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define TICKETS "POST /api/v1/rooms/" CV_TEST_ROOM "/tickets"

/* The ticket of an answer, read as who takes it would. */
static CvTicket *
read_answer (CvTestApi *f, const char *answer)
{
  const char *body = cv_test_http_body (answer);
  g_autoptr (JsonObject) object = cv_json_parse (body, (gssize) strlen (body), NULL);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 201 "));
  return cv_tickets_read (f->api.tickets, json_object_get_string_member (object, "ticket"), CV_TEST_NOW / 1000);
}

static void
test_create (CvTestApi *f, gconstpointer data)
{
  g_autofree char *whole =
    cv_test_api_ask (f, TICKETS, "{\"role\":\"host\",\"name\":\"Zoë\",\"sub\":\"user 17\",\"minutes\":2}");
  g_autoptr (CvTicket) ticket = read_answer (f, whole);
  g_assert_cmpstr (ticket->room, ==, CV_TEST_ROOM);
  g_assert_cmpint (ticket->role, ==, CV_ROLE_HOST);
  g_assert_cmpstr (ticket->name, ==, "Zoë");
  g_assert_cmpstr (ticket->sub, ==, "user 17");
  g_assert_cmpint (ticket->issued, ==, CV_TEST_NOW / 1000);
  g_assert_cmpint (ticket->expires, ==, CV_TEST_NOW / 1000 + 120);
  g_assert_nonnull (strstr (whole, "\"expires\":1700000120000}"));
  g_autofree char *bare = cv_test_api_ask (f, TICKETS, "{\"role\":\"person\"}");
  g_autoptr (CvTicket) other = read_answer (f, bare);
  g_assert_null (other->name);
  g_assert_null (other->sub);
  g_assert_cmpint (other->expires - other->issued, ==, CV_TICKET_MAX_SECONDS);
  g_assert_cmpstr (other->jti, !=, ticket->jti);
}

static void
test_bad (CvTestApi *f, gconstpointer data)
{
  static const char *const bodies[] = {
    "",
    "{}",
    "{\"role\":\"admin\"}",
    "{\"role\":\"person\",\"name\":\"\"}",
    "{\"role\":\"person\",\"name\":\" \"}",
    "{\"role\":\"person\",\"minutes\":0}",
    "{\"role\":\"person\",\"minutes\":11}",
    "{\"role\":\"person\",\"room\":\"bbbbbbbbbbbb\"}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    cv_test_api_assert_problem (f, TICKETS, bodies[i], CV_PROBLEM_BAD_MESSAGE);
  cv_test_api_assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/tickets", "{\"role\":\"person\"}",
                              CV_PROBLEM_UNKNOWN_ROOM);
  /* nobody only watches a Standard room */
  cv_test_api_assert_problem (f, TICKETS, "{\"role\":\"viewer\"}", CV_PROBLEM_NOT_ALLOWED);
  cv_test_api_become (f, "");
  cv_test_api_assert_problem (f, TICKETS, "{\"role\":\"person\"}", CV_PROBLEM_NO_SESSION);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-tickets/create", test_create);
  ADD ("/api-tickets/bad", test_bad);
  return g_test_run ();
}
