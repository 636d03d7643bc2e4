/* Phones, the bridge and a meeting's media in one process: by their spectrum all callers hear all others, and not themselves.
 */
#include "sip/bridge.h"

#include "lib/log.h"
#include "lib/phone.h"
#include "lib/rtc-room.h"
#include "lib/wait.h"
#include "media/phone-mix.h"
#include "rtp/bridge-frame.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CALLERS 4

typedef struct {
  CvRtcRoom *room;
  CvPhoneMix *mix;
  int media_fd; /* where the media's end is the test's */
  CvExchange *exchange;
  CvBridge *bridge;
  CvCallMedia *calls[CALLERS];
  CvTestPhone *phones[CALLERS];
  gint64 now;
  guint ended;
} Fixture;

static void
on_ready (CvCallMedia *media, gpointer user_data)
{
}

static void
on_digit (CvCallMedia *media, char digit, gpointer user_data)
{
}

static const CvCallMediaFuncs funcs = { on_ready, on_digit, on_ready, NULL };

static void
on_ended (CvBridge *bridge, gpointer user_data)
{
  ((Fixture *) user_data)->ended++;
}

static void
add_call (Fixture *self, guint i, CvPhoneCodec codec)
{
  CvCallAgreement agreement;
  self->phones[i] = cv_test_phone_new ("127.0.0.1", codec);
  self->calls[i] = cv_call_media_new (self->exchange, cv_test_phone_socket (self->phones[i]), -1, &funcs, self);
  cv_test_phone_agreement (self->phones[i], &agreement);
  g_assert_true (cv_call_media_agree (self->calls[i], &agreement));
  g_assert_true (cv_call_media_attach (self->calls[i], self->bridge, i + 1));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->exchange = cv_exchange_new (NULL);
  cv_exchange_stop (self->exchange);
  self->bridge = cv_bridge_new (self->exchange, fds[0], on_ended, self);
  self->media_fd = fds[1];
  self->now = g_get_monotonic_time ();
}

/* A meeting's media at the other end. */
static void
add_meeting (Fixture *self)
{
  self->room = cv_rtc_room_new ();
  self->mix = cv_phone_mix_new (self->room->router, self->media_fd, 4);
  self->media_fd = -1;
  for (guint i = 0; i < CALLERS; i++) {
    g_autofree char *person = g_strdup_printf ("p%012u", i);
    g_assert_true (cv_phone_mix_add (self->mix, person, i + 1));
    cv_router_set_may (self->room->router, person, TRUE, FALSE, FALSE);
  }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < CALLERS; i++) {
    g_clear_pointer (&self->calls[i], cv_call_media_free);
    g_clear_pointer (&self->phones[i], cv_test_phone_free);
  }
  g_clear_pointer (&self->bridge, cv_bridge_free);
  cv_exchange_free (self->exchange);
  g_clear_pointer (&self->mix, cv_phone_mix_free);
  g_clear_pointer (&self->room, cv_rtc_room_free);
  if (self->media_fd >= 0)
    close (self->media_fd);
}

static void
tick (Fixture *self)
{
  self->now += CV_EXCHANGE_TICK_US;
  cv_exchange_tick (self->exchange, self->now);
  cv_test_settle ();
  for (guint i = 0; i < CALLERS; i++)
    cv_test_phone_listen (self->phones[i]);
}

static void
test_spectrum (Fixture *self, gconstpointer data)
{
  static const double tones[CALLERS] = { 400, 700, 1100, 1900 };
  for (guint i = 0; i < CALLERS; i++)
    add_call (self, i, data != NULL ? (CvPhoneCodec) i : CV_PHONE_PCMU);
  add_meeting (self);
  for (guint k = 0; k < 60; k++) {
    for (guint i = 0; i < CALLERS; i++)
      cv_test_phone_say (self->phones[i], tones[i], 0.1);
    tick (self);
  }
  for (guint i = 0; i < CALLERS; i++)
    for (guint k = 0; k < CALLERS; k++)
      if (i == k)
        g_assert_cmpfloat (cv_test_phone_hears (self->phones[i], tones[k]), <, -45);
      else
        g_assert_cmpfloat_with_epsilon (cv_test_phone_hears (self->phones[i], tones[k]), -20, 3);
}

/* One speaks, one is muted, two listen: those get the same bytes, encoded once. */
static void
test_listeners (Fixture *self, gconstpointer data)
{
  static const double tones[CALLERS] = { 400, 700, 0, 0 };
  for (guint i = 0; i < CALLERS; i++)
    add_call (self, i, CV_PHONE_PCMA);
  add_meeting (self);
  cv_call_media_set_muted (self->calls[1], TRUE);
  for (guint k = 0; k < 60; k++) {
    for (guint i = 0; i < CALLERS; i++)
      cv_test_phone_say (self->phones[i], tones[i], 0.1);
    tick (self);
  }
  for (guint i = 1; i < CALLERS; i++)
    g_assert_cmpfloat_with_epsilon (cv_test_phone_hears (self->phones[i], 400), -20, 1);
  g_assert_cmpfloat (cv_test_phone_hears (self->phones[0], 400), <, -45);
  g_assert_cmpfloat (cv_test_phone_hears (self->phones[2], 700), <, -45);
  const GArray *two = self->phones[2]->heard, *three = self->phones[3]->heard;
  g_assert_cmpmem (two->data + two->len, two->len, three->data + three->len, three->len);
}

/* The music that a phone plays while it has put the meeting on hold is for nobody there. */
static void
test_hold (Fixture *self, gconstpointer data)
{
  CvCallAgreement agreement;
  for (guint i = 0; i < CALLERS; i++)
    add_call (self, i, CV_PHONE_PCMU);
  add_meeting (self);
  cv_test_phone_agreement (self->phones[0], &agreement);
  agreement.receives = FALSE;
  g_assert_true (cv_call_media_agree (self->calls[0], &agreement));
  for (guint k = 0; k < 60; k++) {
    for (guint i = 0; i < CALLERS; i++)
      cv_test_phone_say (self->phones[i], i == 0 ? 400 : i == 1 ? 700 : 0, 0.1);
    tick (self);
  }
  g_assert_cmpfloat (cv_test_phone_hears (self->phones[2], 400), <, -45);
  g_assert_cmpfloat_with_epsilon (cv_test_phone_hears (self->phones[2], 700), -20, 1);
}

/* A meeting that does not answer: phones get silence, a tick later, until it does; no frame is twice and none left out. */
static void
test_no_answer (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < CALLERS; i++)
    add_call (self, i, CV_PHONE_PCMU);
  for (guint k = 0; k < 20; k++) {
    cv_test_phone_say (self->phones[0], 400, 0.1);
    tick (self);
  }
  g_assert_cmpuint (self->phones[1]->packets, ==, 19);
  guint32 timestamp = self->phones[1]->last_timestamp;
  add_meeting (self);
  for (guint k = 0; k < 20; k++) {
    cv_test_phone_say (self->phones[0], 400, 0.1);
    tick (self);
  }
  g_assert_cmpuint (self->phones[1]->packets, ==, 40);
  g_assert_cmpuint (self->phones[1]->last_timestamp - timestamp, ==, 21 * 160);
  g_assert_cmpfloat_with_epsilon (cv_test_phone_hears (self->phones[1], 400), -20, 1);
}

/* The other end is gone, or talks nonsense: that is said once, and calls go on. */
static void
test_ended (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < CALLERS; i++)
    add_call (self, i, CV_PHONE_PCMU);
  if (data != NULL) {
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "*was not understood*");
    g_assert_cmpint (send (self->media_fd, "nonsense", 8, 0), ==, 8);
  } else {
    close (self->media_fd);
    self->media_fd = -1;
  }
  cv_test_wait_until (self->ended == 1);
  cv_test_log_assert_all ();
  for (guint k = 0; k < 5; k++)
    tick (self);
  g_assert_cmpuint (self->ended, ==, 1);
  g_clear_pointer (&self->bridge, cv_bridge_free);
  for (guint k = 0; k < 5; k++)
    tick (self);
  g_assert_cmpuint (self->phones[0]->packets, ==, 9);
}

static void
test_seats (Fixture *self, gconstpointer data)
{
  CvBridgeSeat seats[CV_BRIDGE_MAX_SEATS + 1];
  memset (seats, 0, sizeof seats);
  g_assert_false (cv_bridge_sit (self->bridge, &seats[0], CV_BRIDGE_EVERYBODY));
  for (guint i = 0; i < CV_BRIDGE_MAX_SEATS; i++)
    g_assert_true (cv_bridge_sit (self->bridge, &seats[i], i + 1));
  g_assert_false (cv_bridge_sit (self->bridge, &seats[CV_BRIDGE_MAX_SEATS], 9999));
  cv_bridge_seat_leave (&seats[5]);
  cv_bridge_seat_leave (&seats[5]);
  g_assert_false (cv_bridge_sit (self->bridge, &seats[CV_BRIDGE_MAX_SEATS], 5));
  g_assert_true (cv_bridge_sit (self->bridge, &seats[CV_BRIDGE_MAX_SEATS], 6));
}

#define TEST(name, data, function) g_test_add ("/bridge/" name, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  TEST ("spectrum/pcmu", NULL, test_spectrum);
  TEST ("spectrum/each-codec", "all", test_spectrum);
  TEST ("listeners", NULL, test_listeners);
  TEST ("hold", NULL, test_hold);
  TEST ("no-answer", NULL, test_no_answer);
  TEST ("ended/gone", NULL, test_ended);
  TEST ("ended/nonsense", "nonsense", test_ended);
  TEST ("seats", NULL, test_seats);
  return g_test_run ();
}
