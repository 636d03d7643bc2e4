/* What addresses ask: each kind of member, and what does not fit. */
#include "signalling/query.h"

#include "lib/http.h"

#include <string.h>

/* Says what it made of the query. */
static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  static const char *const choices[] = { "up", "down", NULL };
  g_auto (CvQuery) query = { 0 };
  cv_query_init (&query, message);
  const char *text = cv_query_text (&query, "text", 5);
  const char *room = cv_query_room (&query, "room");
  int choice = cv_query_choice (&query, "choice", choices);
  guint number = cv_query_number (&query, "number", 200, 50);
  gboolean good = cv_query_finish (&query);
  char *answer = g_strdup_printf ("%s %s %d %u %s", text, room, choice, number, good ? "good" : "bad");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_TAKE, answer, strlen (answer));
}

static void
test_members (void)
{
  static const char *const cases[][2] = {
    { "", "(null) (null) -1 50 good" },
    { "?", "(null) (null) -1 50 good" },
    { "?text=a%20b&room=abcdefghijkm&choice=down&number=200", "a b abcdefghijkm 1 200 good" },
    { "?text=", "(null) (null) -1 50 good" },
    { "?text=123456", "123456 (null) -1 50 bad" },
    { "?text=%ff", "\xff (null) -1 50 bad" },
    { "?room=abc", "(null) abc -1 50 bad" },
    { "?choice=left", "(null) (null) -1 50 bad" },
    { "?number=0", "(null) (null) -1 50 bad" },
    { "?number=201", "(null) (null) -1 50 bad" },
    { "?number=x", "(null) (null) -1 50 bad" },
    { "?more=1", "(null) (null) -1 50 bad" },
  };
  CvTestHttp http;
  cv_test_http_init (&http, on_request, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *head = g_strconcat ("GET /x", cases[i][0], NULL);
    g_autofree char *answer = cv_test_http_ask (&http, head, "Host: a\r\n", "");
    g_assert_cmpstr (cv_test_http_body (answer), ==, cases[i][1]);
  }
  cv_test_http_clear (&http);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/members", test_members);
  return g_test_run ();
}
