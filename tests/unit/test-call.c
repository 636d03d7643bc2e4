/* One call, from the INVITE to its end: what it tells the daemon, what the phone is told, and who ends it where both want to. */
#include "sip/call.h"

#include "lib/call-media.h"
#include "lib/log.h"
#include "lib/sip-phone.h"
#include "lib/wait.h"
#include "sip/sofia.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTED "\"registrars\":[],\"addresses\":[\"127.0.0.1\"],"
#define HELD CV_TEST_SIP_SDP "a=sendonly\r\n"
#define SDES                                                                                                           \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/SAVP 8\r\n"              \
  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"

typedef struct {
  int fd; /* the daemon's end */
  GString *told;
  CvSipConfig *config;
  CvClock *clock, *still; /* the channel's stands still */
  CvChannel *channel;
  CvUserAgent *agent;
  CvPrompts *prompts;
  CvExchange *exchange;
  CvRtpPorts ports;
  CvCallHouse house;
  CvTestSipPhone *phone;
  CvCall *call;
  gboolean no_media, stranger;
  guint over;
  GString *moves; /* what the others were told: + and - */
} Fixture;

static int
find_trunk (const struct sockaddr *source, gpointer user_data)
{
  return 0;
}

static gboolean
knows (guint trunk, const struct sockaddr *source, gpointer user_data)
{
  return !((Fixture *) user_data)->stranger;
}

static void
on_moved (CvCall *call, gboolean in, gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->moves, in ? '+' : '-');
}

static void
on_over (CvCall *call, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_true (call == self->call);
  self->over++;
  g_clear_pointer (&self->call, cv_call_free);
}

static void
on_invite (guint trunk, msg_t *msg, const sip_t *sip, gpointer user_data)
{
  static const guint8 salt[CV_CALLER_NUMBER_SALT];
  Fixture *self = user_data;
  CvCallerNumber caller;
  cv_caller_number_init (&caller, "+4930123456", FALSE, "127.0.0.1", salt);
  g_assert_null (self->call);
  self->call = cv_call_new (&self->house, trunk, &caller, msg, sip, &self->no_media);
}

static void
open_house (Fixture *self)
{
  static const CvUserAgentFuncs funcs = { find_trunk, on_invite };
  static const guint8 fingerprint[CV_DTLS_FINGERPRINT];
  g_autoptr (GError) error = NULL;
  int folder = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  self->agent = cv_user_agent_new (self->config, -1, &funcs, self, &error);
  g_assert_no_error (error);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompt*missing*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompts are missing*");
  self->prompts = cv_prompts_new (folder, "en");
  close (folder);
  self->exchange = cv_exchange_new (NULL);
  cv_rtp_ports_init (&self->ports, self->config->rtp_address, self->config->rtp_first, self->config->rtp_last);
  self->house = (CvCallHouse){ .config = self->config,
                               .channel = self->channel,
                               .clock = self->clock,
                               .agent = self->agent,
                               .exchange = self->exchange,
                               .prompts = self->prompts,
                               .ports = &self->ports,
                               .fingerprint = fingerprint,
                               .knows = knows,
                               .moved = on_moved,
                               .over = on_over,
                               .user_data = self };
}

static void
set_up (Fixture *self, gconstpointer data)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->told = g_string_new (NULL);
  self->moves = g_string_new (NULL);
  self->config = cv_test_sip_config ("refuse", 10, 100, LISTED);
  self->clock = cv_clock_new_fake (0);
  self->still = cv_clock_new_fake (0);
  self->channel = cv_channel_new (fds[1], self->still);
  open_house (self);
  self->phone = cv_test_sip_phone_new (cv_user_agent_get_listeners (self->agent)[0].port);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->call, cv_call_free);
  cv_test_sip_phone_free (self->phone);
  cv_user_agent_free (self->agent);
  cv_prompts_free (self->prompts);
  cv_exchange_free (self->exchange);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_object_unref (self->still);
  cv_sip_config_free (self->config);
  g_string_free (self->told, TRUE);
  g_string_free (self->moves, TRUE);
  close (self->fd);
  g_assert_cmpuint (cv_test_call_media_count (), ==, 0);
}

static void
take (Fixture *self)
{
  char buffer[4096];
  struct pollfd one = { self->fd, POLLIN, 0 };
  while (poll (&one, 1, 0) == 1) {
    ssize_t n = read (self->fd, buffer, sizeof buffer);
    if (n <= 0)
      break;
    g_string_append_len (self->told, buffer, n);
  }
}

static guint
count (Fixture *self, const char *part)
{
  guint n = 0;
  take (self);
  for (const char *at = self->told->str; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

#define expect(self, part) cv_test_wait_until (count (self, part) > 0)

static guint
ask (Fixture *self, const char *method, const char *body)
{
  return cv_test_sip_phone_ask (self->phone, method, "", body);
}

/* An answered re-INVITE, and its ACK: what comes after it finds both done. */
static guint
offer (Fixture *self, const char *sdp)
{
  guint status = ask (self, "INVITE", sdp);
  cv_test_sip_phone_ack (self->phone, "");
  cv_test_settle ();
  return status;
}

static void
call (Fixture *self)
{
  cv_test_sip_phone_call (self->phone, "");
  expect (self, "\"ready\"");
}

static void
enter (Fixture *self)
{
  call (self);
  cv_test_call_media_press (cv_test_call_media (), "123456789#");
  expect (self, "\"digits\":\"123456789\"");
  cv_call_pin_result (self->call, CV_PIN_ROOM, "aaaaaaaaaaaa", 0, 3);
  cv_call_admit (self->call, 7, FALSE, TRUE);
}

/* ---- It is refused ---- */

static void
assert_refused (Fixture *self, guint status, const char *sdp, gboolean no_media)
{
  self->no_media = !no_media;
  g_assert_cmpuint (ask (self, "INVITE", sdp), ==, status);
  g_assert_null (self->call);
  g_assert_cmpint (self->no_media, ==, no_media);
  g_assert_cmpuint (count (self, "\"call\""), ==, 0);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  assert_refused (self, 488, "v=0\r\n", TRUE);
  assert_refused (self, 488, SDES, TRUE); /* keys that anybody on the way could read */
  self->config->security = CV_SIP_REQUIRE;
  assert_refused (self, 488, CV_TEST_SIP_SDP, TRUE);
  assert_refused (self, 488, "", TRUE);
  self->config->security = CV_SIP_PREFER;
  cv_rtp_ports_init (&self->ports, "192.0.2.1", 20000, 20001); /* not ours */
  assert_refused (self, 503, CV_TEST_SIP_SDP, FALSE);
  g_assert_cmpuint (self->over, ==, 0);
}

/* ---- The menu ---- */

static void
test_silent_caller (Fixture *self, gconstpointer data)
{
  call (self);
  for (guint i = 0; i < CV_MENU_MAX_ASKED; i++) {
    g_assert_cmpuint (count (self, "\"gone\""), ==, 0);
    cv_test_settle ();
    cv_clock_advance (self->clock, CV_MENU_FIRST_MS);
  }
  cv_test_sip_phone_expect (self->phone, "BYE");
  expect (self, "\"reason\":\"no-pin\"");
  cv_test_wait_until (self->over == 1);
}

static void
test_daemon_is_silent (Fixture *self, gconstpointer data)
{
  call (self);
  cv_test_call_media_press (cv_test_call_media (), "123456789#");
  expect (self, "\"pin\"");
  cv_clock_advance (self->clock, CV_MENU_ANSWER_MS);
  cv_test_sip_phone_expect (self->phone, "BYE");
  expect (self, "\"reason\":\"failed\"");
}

static void
test_dialled_pin (Fixture *self, gconstpointer data)
{
  self->phone->number = "4821937056";
  call (self);
  expect (self, "\"digits\":\"4821937056\"");
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 200);
  cv_test_wait_until (self->over == 1);
  self->phone->number = "493012345"; /* nine digits, but nobody's PIN any more */
  self->config->pin_in_uri = FALSE;
  g_clear_pointer (&self->phone->to_tag, g_free);
  g_string_truncate (self->told, 0);
  call (self);
  cv_clock_advance (self->clock, CV_MENU_NEXT_MS);
  g_assert_cmpuint (count (self, "\"pin\""), ==, 0);
}

/* Who sends each digit both ways means it once. */
static void
test_digits_twice (Fixture *self, gconstpointer data)
{
  call (self);
  g_assert_cmpuint (ask (self, "INFO", "Signal=1\r\n"), ==, 200);
  cv_test_call_media_press (cv_test_call_media (), "2");
  g_assert_cmpuint (ask (self, "INFO", "Signal=2\r\n"), ==, 200);
  cv_test_call_media_press (cv_test_call_media (), "3#");
  expect (self, "\"digits\":\"123\"");
}

static void
test_a_day (Fixture *self, gconstpointer data)
{
  enter (self);
  cv_clock_advance (self->clock, 24 * 60 * 60 * 1000 - 1);
  cv_test_settle ();
  g_assert_cmpuint (count (self, "\"gone\""), ==, 0);
  cv_clock_advance (self->clock, 1);
  cv_test_sip_phone_expect (self->phone, "BYE");
  expect (self, "\"reason\":\"timeout\"");
}

/* ---- Media change ---- */

static char *
get_version (Fixture *self)
{
  const char *line = strstr (self->phone->last, "\no=");
  g_assert_nonnull (line);
  g_auto (GStrv) words = g_strsplit (line, " ", 4);
  return g_strdup (words[2]);
}

static void
test_hold (Fixture *self, gconstpointer data)
{
  enter (self);
  g_assert_cmpuint (offer (self, HELD), ==, 200);
  g_autofree char *first = get_version (self);
  g_assert_nonnull (strstr (self->phone->last, "a=recvonly"));
  expect (self, "\"on\":true");
  g_assert_false (cv_test_call_media_agreement (cv_test_call_media ())->receives);
  g_assert_cmpuint (offer (self, HELD), ==, 200);
  g_assert_cmpuint (count (self, "\"held\""), ==, 1);
  g_assert_cmpuint (offer (self, CV_TEST_SIP_SDP), ==, 200);
  g_autofree char *second = get_version (self);
  expect (self, "\"on\":false");
  g_assert_cmpint (atoi (second), ==, atoi (first) + 2);
  g_assert_cmpuint (count (self, "\"gone\""), ==, 0);
}

/* What cannot be is refused, and all stays as it was. */
static void
test_bad_offer (Fixture *self, gconstpointer data)
{
  enter (self);
  g_assert_cmpuint (ask (self, "INVITE", "v=0\r\n"), ==, 488);
  g_assert_cmpint (cv_test_call_media_agreement (cv_test_call_media ())->codec, ==, CV_PHONE_PCMA);
  g_assert_cmpuint (ask (self, "OPTIONS", ""), ==, 200);
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 200);
  expect (self, "\"reason\":\"hung-up\"");
}

static void
test_offerless (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", ""), ==, 200);
  g_assert_nonnull (strstr (self->phone->last, "m=audio "));
  g_assert_cmpuint (count (self, "\"ready\""), ==, 0);
  cv_test_sip_phone_ack (self->phone, CV_TEST_SIP_SDP);
  expect (self, "\"codec\":\"PCMA\"");
}

static void
test_offerless_without_answer (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", ""), ==, 200);
  cv_test_sip_phone_ack (self->phone, "v=0\r\n");
  cv_test_sip_phone_expect (self->phone, "BYE");
  expect (self, "\"reason\":\"failed\"");
  g_assert_cmpuint (count (self, "\"ready\""), ==, 0);
  cv_test_wait_until (self->over == 1);
}

/* ---- Both at once ---- */

/* A CANCEL that comes after our 200 cancels nothing: the ACK follows it. */
static void
test_cancel_too_late (Fixture *self, gconstpointer data)
{
  g_autofree char *tag = NULL;
  g_assert_cmpuint (ask (self, "INVITE", CV_TEST_SIP_SDP), ==, 200);
  tag = g_steal_pointer (&self->phone->to_tag); /* a CANCEL has none */
  cv_test_sip_phone_send (self->phone, "CANCEL", "", "");
  cv_test_sip_phone_receive (self->phone);
  g_assert_true (g_str_has_prefix (self->phone->last, "SIP/2.0 200") ||
                 g_str_has_prefix (self->phone->last, "SIP/2.0 481"));
  g_assert_cmpuint (count (self, "\"gone\""), ==, 0);
  self->phone->to_tag = g_steal_pointer (&tag);
  cv_test_sip_phone_ack (self->phone, "");
  expect (self, "\"ready\"");
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 200);
  expect (self, "\"reason\":\"hung-up\"");
}

/* Each has hung up before it heard of the other. */
static void
test_glare (Fixture *self, gconstpointer data)
{
  enter (self);
  cv_test_sip_phone_send (self->phone, "BYE", "", "");
  cv_call_drop (self->call, "removed");
  cv_test_sip_phone_expect (self->phone, "BYE");
  cv_test_sip_phone_answer (self->phone, "200 OK", "", "");
  cv_test_wait_until (self->over == 1);
  /* theirs is answered too, as of a call that is or was */
  const char *answer = cv_test_sip_phone_receive (self->phone);
  g_assert_true (g_str_has_prefix (answer, "SIP/2.0 200") || g_str_has_prefix (answer, "SIP/2.0 481"));
  g_assert_cmpuint (count (self, "\"gone\""), ==, 1);
  g_assert_cmpuint (count (self, "\"reason\":\"removed\""), ==, 1);
}

/* Theirs came first; ours says nothing any more. */
static void
test_glare_behind (Fixture *self, gconstpointer data)
{
  enter (self);
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 200);
  if (self->call != NULL) { /* on its way out */
    cv_call_drop (self->call, "removed");
    cv_call_hang_up (self->call, "removed");
    cv_call_mute (self->call, TRUE, TRUE);
    cv_call_admit (self->call, 8, TRUE, TRUE);
  }
  cv_test_wait_until (self->over == 1);
  cv_test_settle ();
  g_assert_false (cv_test_sip_phone_has (self->phone));
  g_assert_cmpuint (count (self, "\"gone\""), ==, 1);
  g_assert_cmpuint (count (self, "\"reason\":\"hung-up\""), ==, 1);
}

/* The daemon hears of it at once, the phone when it has confirmed. */
static void
test_drop_before_ack (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", CV_TEST_SIP_SDP), ==, 200);
  cv_call_drop (self->call, "ended");
  expect (self, "\"reason\":\"ended\"");
  cv_test_settle ();
  g_assert_cmpuint (self->over, ==, 0);
  cv_test_sip_phone_ack (self->phone, "");
  cv_test_sip_phone_expect (self->phone, "BYE");
  cv_test_wait_until (self->over == 1);
  g_assert_cmpuint (count (self, "\"ready\""), ==, 0);
  g_assert_cmpuint (count (self, "\"gone\""), ==, 1);
}

/* Who is not of the trunk does nothing in its calls. */
static void
test_stranger (Fixture *self, gconstpointer data)
{
  enter (self);
  self->stranger = TRUE;
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 403);
  g_assert_cmpuint (ask (self, "INVITE", HELD), ==, 403);
  self->stranger = FALSE;
  g_assert_cmpuint (count (self, "\"gone\"") + count (self, "\"held\""), ==, 0);
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 200);
}

/* ---- What others are told ---- */

static void
test_moves (Fixture *self, gconstpointer data)
{
  enter (self);
  cv_call_admit (self->call, 7, FALSE, TRUE); /* once more */
  g_assert_cmpstr (self->moves->str, ==, "+");
  cv_call_hold_on (self->call, CV_WAIT_CONSENT);
  g_assert_cmpstr (self->moves->str, ==, "+");
  cv_call_hold_on (self->call, CV_WAIT_LOBBY);
  g_assert_cmpstr (self->moves->str, ==, "+-");
  cv_call_admit (self->call, 8, FALSE, FALSE); /* only listens */
  cv_call_hold_on (self->call, CV_WAIT_LOBBY);
  g_assert_cmpstr (self->moves->str, ==, "+-");
  cv_call_admit (self->call, 9, FALSE, TRUE);
  g_assert_cmpuint (ask (self, "BYE", ""), ==, 200);
  g_assert_cmpstr (self->moves->str, ==, "+-+-");
}

/* ---- Muted, and by whom ---- */

static void
test_muted (Fixture *self, gconstpointer data)
{
  enter (self);
  CvCallMedia *media = cv_test_call_media ();
  cv_call_mute (self->call, TRUE, FALSE);
  g_assert_true (cv_test_call_media_is_muted (media));
  cv_call_stage (self->call, FALSE);
  cv_call_mute (self->call, FALSE, FALSE);
  g_assert_true (cv_test_call_media_is_muted (media)); /* listens only */
  cv_call_stage (self->call, TRUE);
  g_assert_false (cv_test_call_media_is_muted (media));
  cv_call_mute (self->call, TRUE, TRUE);
  cv_call_admit (self->call, 8, FALSE, TRUE); /* anew, as after the lobby */
  g_assert_false (cv_test_call_media_is_muted (media));
}

#define ADD(name, test) g_test_add ("/call/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("refused", test_refused);
  ADD ("moves", test_moves);
  ADD ("silent-caller", test_silent_caller);
  ADD ("daemon-is-silent", test_daemon_is_silent);
  ADD ("dialled-pin", test_dialled_pin);
  ADD ("digits-twice", test_digits_twice);
  ADD ("a-day", test_a_day);
  ADD ("hold", test_hold);
  ADD ("bad-offer", test_bad_offer);
  ADD ("offerless", test_offerless);
  ADD ("offerless-without-answer", test_offerless_without_answer);
  ADD ("cancel-too-late", test_cancel_too_late);
  ADD ("glare", test_glare);
  ADD ("glare-behind", test_glare_behind);
  ADD ("drop-before-ack", test_drop_before_ack);
  ADD ("stranger", test_stranger);
  ADD ("muted", test_muted);
  return g_test_run ();
}
