/* All phones together: whose call it is, who may have another one, meetings that come and go, and how all of it ends. */
#include "sip/phones.h"

#include "lib/call-media.h"
#include "lib/log.h"
#include "lib/sip-phone.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTED "\"registrars\":[],\"addresses\":[\"127.0.0.1\"],"
#define ROOM "aaaaaaaaaaaa"
/* as many as there may be at once: see phones.c */
#define MAX_BRIDGES 256

typedef struct {
  int fd; /* the daemon's end */
  GString *told;
  CvClock *clock;
  CvChannel *channel;
  CvSipConfig *config;
  CvPhones *phones;
  guint16 port;
  CvTestSipPhone *phone;
  gboolean done;
} Fixture;

static void
set_up (Fixture *self, gconstpointer trunk)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->told = g_string_new (NULL);
  self->clock = cv_clock_new_fake (0);
  self->channel = cv_channel_new (fds[1], self->clock);
  self->config = cv_test_sip_config ("refuse", 3, 100, trunk);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->phones, cv_phones_free);
  g_clear_pointer (&self->phone, cv_test_sip_phone_free);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_string_free (self->told, TRUE);
  close (self->fd);
  g_assert_cmpuint (cv_test_call_media_count (), ==, 0);
  g_assert_cmpuint (cv_test_bridge_count (), ==, 0);
}

/* Another trunk, which registers. */
static void
add_trunk (Fixture *self, const char *name, const char *user, guint16 registrar)
{
  g_autoptr (CvSipConfig) other = cv_test_sip_config ("refuse", 3, 100, LISTED);
  CvSipTrunkConfig *added = &self->config->trunks[self->config->n_trunks++];
  *added = other->trunks[0];
  other->n_trunks = 0; /* it is ours */
  g_free (added->name);
  g_free (added->user);
  g_strfreev (added->registrars);
  g_clear_pointer (&added->sources, cv_sources_free);
  added->name = g_strdup (name);
  added->user = g_strdup (user);
  added->registrars = g_new0 (char *, 2);
  added->registrars[0] = g_strdup_printf ("sip:127.0.0.1:%u", registrar);
}

static void
start (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  int folder = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompt*missing*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompts are missing*");
  self->phones = cv_phones_new (self->config, self->channel, self->clock, folder, -1, &error);
  g_assert_no_error (error);
  close (folder);
  json_builder_begin_object (builder);
  cv_phones_add_listening (self->phones, builder);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) node = json_builder_get_root (builder);
  JsonArray *listening = json_object_get_array_member (json_node_get_object (node), "listening");
  g_assert_cmpuint (json_array_get_length (listening), ==, 1);
  JsonObject *one = json_array_get_object_element (listening, 0);
  g_assert_cmpstr (json_object_get_string_member (one, "transport"), ==, "udp");
  self->port = (guint16) json_object_get_int_member (one, "port");
  self->phone = cv_test_sip_phone_new (self->port);
}

static guint
count (Fixture *self, const char *part)
{
  char buffer[4096];
  struct pollfd one = { self->fd, POLLIN, 0 };
  guint n = 0;
  for (ssize_t got; poll (&one, 1, 0) == 1 && (got = read (self->fd, buffer, sizeof buffer)) > 0;)
    g_string_append_len (self->told, buffer, got);
  for (const char *at = self->told->str; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

#define expect(self, part) cv_test_wait_until (count (self, part) > 0)

/* Of the call that was told of first. (transfer full) */
static char *
get_call (Fixture *self)
{
  static const char before[] = "\"call\":\"";
  const char *at = strstr (self->told->str, before);
  g_assert_nonnull (at);
  return g_strndup (at + strlen (before), 13);
}

static guint
invite (CvTestSipPhone *phone, const char *headers)
{
  return cv_test_sip_phone_ask (phone, "INVITE", headers, CV_TEST_SIP_SDP);
}

static void
bye (CvTestSipPhone *phone)
{
  guint before = cv_test_call_media_count ();
  g_assert_cmpuint (cv_test_sip_phone_ask (phone, "BYE", "", ""), ==, 200);
  cv_test_wait_until (cv_test_call_media_count () == before - 1);
  g_clear_pointer (&phone->to_tag, g_free);
}

/* ---- Who they are ---- */

static void
test_call (Fixture *self, gconstpointer data)
{
  start (self);
  cv_phones_start (self->phones);
  expect (self, "\"trunk\":\"one\",\"state\":\"listed\"");
  cv_test_sip_phone_call (self->phone, "");
  expect (self, "\"from\":\"…456\",\"trunk\":\"one\"");
  bye (self->phone);
  expect (self, "\"reason\":\"hung-up\"");
}

/* Whom the trunk vouches for, and who does not want to be seen. */
static void
test_numbers (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *headers, *expected;
  } cases[] = {
    { "P-Asserted-Identity: \"Ann\" <sip:+49891234789@example.org;user=phone>\r\n", "\"from\":\"…789\"" },
    { "P-Asserted-Identity: <tel:+4989123111>\r\n", "\"from\":\"…111\"" },
    { "Privacy: none\r\nP-Asserted-Identity: <sips:+4989123222@example.org>\r\n", "\"from\":\"…222\"" },
    { "Privacy: id\r\nP-Asserted-Identity: <sip:+4989123333@example.org>\r\n", "\"from\":\"\"" },
    { "P-Asserted-Identity: nobody\r\n", "\"from\":\"…456\"" },
  };
  start (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    cv_test_sip_phone_call (self->phone, cases[i].headers);
    expect (self, "\"ready\"");
    expect (self, cases[i].expected);
    bye (self->phone);
    g_string_truncate (self->told, 0);
  }
}

static void
test_stranger (Fixture *self, gconstpointer data)
{
  start (self);
  cv_phones_start (self->phones);
  g_assert_cmpuint (invite (self->phone, ""), ==, 403);
  g_assert_cmpuint (count (self, "\"type\":\"call\""), ==, 0);
}

/* ---- Trunks ---- */

/* Two that registered at the same place, a third that is listed there: the name that is called decides. */
static void
test_same_place (Fixture *self, gconstpointer data)
{
  g_autoptr (CvTestSipPhone) registrar = cv_test_sip_phone_new (0);
  add_trunk (self, "two", "bob@example.org", registrar->port);
  add_trunk (self, "three", "ann", registrar->port);
  start (self);
  registrar->target = self->port;
  self->phone->number = "ann"; /* who has not registered yet */
  cv_test_sip_phone_call (self->phone, "");
  expect (self, "\"trunk\":\"one\",\"source\"");
  bye (self->phone);
  cv_phones_start (self->phones);
  for (guint i = 0; i < 2; i++) {
    cv_test_sip_phone_expect (registrar, "REGISTER");
    cv_test_sip_phone_answer (registrar, "200 OK", "Expires: 300\r\n", "");
  }
  expect (self, "\"trunk\":\"two\",\"state\":\"registered\"");
  expect (self, "\"trunk\":\"three\",\"state\":\"registered\"");
  static const char *const called[] = { "bob", "ann", "room" };
  static const char *const expected[] = { "\"trunk\":\"two\",\"source\"", "\"trunk\":\"three\",\"source\"",
                                          "\"trunk\":\"one\",\"source\"" };
  for (guint i = 0; i < G_N_ELEMENTS (called); i++) {
    g_string_truncate (self->told, 0);
    self->phone->number = called[i];
    cv_test_sip_phone_call (self->phone, "");
    expect (self, expected[i]);
    bye (self->phone);
  }
}

/* Each trunk has its own limit, and one caller too, and all of them together. */
static void
test_limits (Fixture *self, gconstpointer data)
{
  self->config->calls_per_source = 2;
  self->config->trunks[0].calls = 1;
  start (self);
  g_autoptr (CvTestSipPhone) second = cv_test_sip_phone_new (self->port), third = cv_test_sip_phone_new (self->port);
  cv_test_sip_phone_call (self->phone, "");
  g_assert_cmpuint (invite (second, ""), ==, 486); /* the trunk is full */
  self->config->trunks[0].calls = 10;
  cv_test_sip_phone_call (second, "");
  g_assert_cmpuint (invite (third, ""), ==, 486); /* a third one of the same number */
  cv_test_sip_phone_call (third, "P-Asserted-Identity: <tel:+4989123111>\r\n");
  g_autoptr (CvTestSipPhone) fourth = cv_test_sip_phone_new (self->port);
  g_assert_cmpuint (invite (fourth, "P-Asserted-Identity: <tel:+4989123222>\r\n"), ==, 486); /* the house is full */
  bye (self->phone);
  cv_test_sip_phone_call (fourth, "P-Asserted-Identity: <tel:+4989123222>\r\n");
  g_assert_cmpuint (count (self, "\"type\":\"call\""), ==, 4);
  expect (self, "\"trunks\":[{\"trunk\":\"one\",\"refused_full\":3,\"refused_media\":0}]");
}

/* ---- Meetings ---- */

/* Typed, right, and in as number 7. */
static void
enter (Fixture *self)
{
  cv_test_sip_phone_call (self->phone, "");
  expect (self, "\"ready\"");
  g_autofree char *call = get_call (self);
  cv_test_call_media_press (cv_test_call_media (), "123456789#");
  expect (self, "\"digits\":\"123456789\"");
  cv_phones_pin_result (self->phones, call, CV_PIN_ROOM, ROOM, 0, 3);
  cv_phones_admit (self->phones, call, 7, FALSE, TRUE);
}

static int
open_bridge (void)
{
  return open ("/dev/null", O_RDWR | O_CLOEXEC);
}

static void
test_bridges (Fixture *self, gconstpointer data)
{
  start (self);
  cv_phones_bridge (self->phones, ROOM, open_bridge ());
  enter (self); /* after the bridge: it is found */
  CvCallMedia *media = cv_test_call_media ();
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 7);
  cv_phones_bridge (self->phones, "bbbbbbbbbbbb", open_bridge ());
  cv_phones_unbridge (self->phones, "bbbbbbbbbbbb"); /* another one's */
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 7);
  cv_phones_bridge (self->phones, ROOM, open_bridge ()); /* takes the place of the first */
  g_assert_cmpuint (cv_test_bridge_count (), ==, 1);
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 7);
  cv_test_bridge_end ();
  g_assert_cmpuint (cv_test_bridge_count (), ==, 0);
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 0); /* hears silence, and stays */
  cv_phones_bridge (self->phones, ROOM, open_bridge ());
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 7);
  cv_phones_unbridge (self->phones, ROOM);
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 0);
  g_assert_cmpuint (count (self, "\"gone\""), ==, 0);
}

/* What is too much is closed. */
static void
test_many_bridges (Fixture *self, gconstpointer data)
{
  start (self);
  for (guint i = 0; i < MAX_BRIDGES; i++) {
    g_autofree char *room = g_strdup_printf ("room%u", i);
    cv_phones_bridge (self->phones, room, open_bridge ());
  }
  int fd = open_bridge ();
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*too many meetings*");
  cv_phones_bridge (self->phones, ROOM, fd);
  g_assert_cmpuint (cv_test_bridge_count (), ==, MAX_BRIDGES);
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
}

/* The daemon may speak of a call that has just gone. */
static void
test_gone (Fixture *self, gconstpointer data)
{
  static const char nobody[] = "caaaaaaaaaaaa";
  start (self);
  enter (self);
  cv_phones_pin_result (self->phones, nobody, CV_PIN_ROOM, ROOM, 0, 3);
  cv_phones_hold_on (self->phones, nobody, CV_WAIT_HOST);
  cv_phones_admit (self->phones, nobody, 8, TRUE, TRUE);
  cv_phones_say (self->phones, nobody, "muted");
  cv_phones_mute (self->phones, nobody, TRUE, TRUE);
  cv_phones_stage (self->phones, nobody, FALSE);
  cv_phones_hang_up (self->phones, nobody, "operator");
  g_assert_false (cv_test_call_media_is_muted (cv_test_call_media ()));
  g_assert_cmpuint (cv_test_sip_phone_ask (self->phone, "OPTIONS", "", ""), ==, 200);
}

/* ---- The end ---- */

static void
on_done (gpointer user_data)
{
  ((Fixture *) user_data)->done = TRUE;
}

static void
test_close (Fixture *self, gconstpointer data)
{
  start (self);
  cv_test_sip_phone_call (self->phone, "");
  cv_phones_close (self->phones, on_done, self);
  g_autoptr (CvTestSipPhone) late = cv_test_sip_phone_new (self->port);
  g_assert_cmpuint (invite (late, ""), ==, 503);
  cv_test_sip_phone_expect (self->phone, "BYE");
  g_assert_false (self->done);
  cv_test_sip_phone_answer (self->phone, "200 OK", "", "");
  cv_test_wait_until (self->done);
  expect (self, "\"reason\":\"ended\"");
}

static void
test_close_empty (Fixture *self, gconstpointer data)
{
  start (self);
  cv_phones_close (self->phones, on_done, self);
  cv_test_wait_until (self->done);
}

/* Freed with a call and a bridge: nothing is left, which tear_down() looks at. */
static void
test_free (Fixture *self, gconstpointer data)
{
  start (self);
  cv_phones_bridge (self->phones, ROOM, open_bridge ());
  enter (self);
}

static void
test_not_bound (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_strlcpy (self->config->listeners[0].address, "192.0.2.1", sizeof self->config->listeners[0].address);
  g_assert_null (cv_phones_new (self->config, self->channel, self->clock, -1, -1, &error));
  g_assert_nonnull (error);
}

#define ADD(name, trunk, func) g_test_add ("/phones/" name, Fixture, trunk, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("call", LISTED, test_call);
  ADD ("numbers", LISTED, test_numbers);
  ADD ("stranger", "\"registrars\":[],\"addresses\":[\"192.0.2.1\"],", test_stranger);
  ADD ("same-place", LISTED, test_same_place);
  ADD ("limits", LISTED, test_limits);
  ADD ("bridges", LISTED, test_bridges);
  ADD ("many-bridges", LISTED, test_many_bridges);
  ADD ("gone", LISTED, test_gone);
  ADD ("close", LISTED, test_close);
  ADD ("close-empty", LISTED, test_close_empty);
  ADD ("free", LISTED, test_free);
  ADD ("not-bound", LISTED, test_not_bound);
  return g_test_run ();
}
