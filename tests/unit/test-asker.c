/* Who asks: the peer, or whom a proxy names that is believed; and from which networks. */
#include "signalling/asker.h"

#include "lib/http.h"
#include "lib/wait.h"

#include <string.h>

static const char *const NEAR[] = { "127.0.0.0/8", "::1", "192.0.2.0/24", NULL };

typedef struct {
  gboolean behind_proxy;
  const char *const *networks;
} Setting;

/* "ADDRESS near" or "ADDRESS far". */
static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  const Setting *self = user_data;
  g_autofree char *address = cv_asker_get_address (message, self->behind_proxy);
  gboolean near = cv_asker_is_from (message, address, self->networks);
  g_autofree char *text = g_strdup_printf ("%s %s", address, near ? "near" : "far");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
assert_all (Setting setting, const char *const (*cases)[2], gsize n)
{
  CvTestHttp http;
  cv_test_http_init (&http, on_request, &setting);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *headers = g_strconcat ("Host: a\r\n", cases[i][0], NULL);
    g_autofree char *answer = cv_test_http_ask (&http, "GET /", headers, "");
    g_test_message ("%s", cases[i][0]);
    g_assert_cmpstr (cv_test_http_body (answer), ==, cases[i][1]);
  }
  cv_test_http_clear (&http);
}

/* Whatever a request says, it came from the loopback; but it may have come from afar to somebody there. */
static void
test_alone (void)
{
  static const char *const cases[][2] = {
    { "", "127.0.0.1 near" },
    { "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1 far" },
    { "X-Forwarded-For: 203.0.113.1\r\n", "127.0.0.1 far" },
    { "X-Real-IP: 203.0.113.1\r\n", "127.0.0.1 far" },
    { "Forwarded: for=203.0.113.1\r\n", "127.0.0.1 far" },
    { "Via: 1.1 proxy\r\n", "127.0.0.1 far" },
  };
  assert_all ((Setting){ FALSE, NEAR }, cases, G_N_ELEMENTS (cases));
}

static void
test_behind_proxy (void)
{
  static const char *const cases[][2] = {
    { "", "127.0.0.1 near" },
    { "X-Forwarded-For: 203.0.113.1\r\n", "203.0.113.1 far" },
    { "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1 near" },
    { "X-Forwarded-For: 192.0.2.1, 203.0.113.1\r\n", "203.0.113.1 far" },
    { "X-Forwarded-For: 203.0.113.1\r\nX-Forwarded-For: 192.0.2.9\r\nVia: 1.1 proxy\r\n", "192.0.2.9 near" },
    { "X-Forwarded-For: ::ffff:192.0.2.1\r\n", "::ffff:192.0.2.1 near" },
    { "X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1 far" },
    { "X-Forwarded-For: ::1\r\n", "::1 near" },
    { "X-Forwarded-For: 127.0.0.1\r\n", "127.0.0.1 far" },
    { "X-Forwarded-For: unknown\r\n", "127.0.0.1 far" },
    { "X-Forwarded-For: unix:\r\n", "127.0.0.1 far" },
  };
  assert_all ((Setting){ TRUE, NEAR }, cases, G_N_ELEMENTS (cases));
}

static void
test_nobody (void)
{
  static const char *const none[] = { NULL };
  static const char *const cases[][2] = { { "", "127.0.0.1 far" } };
  assert_all ((Setting){ FALSE, none }, cases, G_N_ELEMENTS (cases));
  assert_all ((Setting){ FALSE, NULL }, cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/asker/alone", test_alone);
  g_test_add_func ("/asker/behind-proxy", test_behind_proxy);
  g_test_add_func ("/asker/nobody", test_nobody);
  return g_test_run ();
}
