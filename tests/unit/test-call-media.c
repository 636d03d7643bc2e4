/* A call's media with a phone that is there, one that is behind a NAT, and with strangers. No time passes but in ticks. */
#include "sip/call-media.h"

#include "lib/phone-tone.h"
#include "lib/phone.h"

#include <string.h>

typedef struct {
  CvExchange *exchange;
  CvCallMedia *media;
  CvTestPhone *phone;
  gint64 now;
  gboolean ready;
  GString *digits;
  guint said;
  const char *lost;
} Fixture;

static void
on_ready (CvCallMedia *media, gpointer user_data)
{
  ((Fixture *) user_data)->ready = TRUE;
}

static void
on_digit (CvCallMedia *media, char digit, gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->digits, digit);
}

static void
on_said (CvCallMedia *media, gpointer user_data)
{
  ((Fixture *) user_data)->said++;
}

static void
on_lost (CvCallMedia *media, const char *reason, gpointer user_data)
{
  ((Fixture *) user_data)->lost = reason;
}

static const CvCallMediaFuncs funcs = { on_ready, on_digit, on_said, on_lost };

static void
set_up (Fixture *self, gconstpointer data)
{
  self->exchange = cv_exchange_new (NULL);
  cv_exchange_stop (self->exchange);
  self->phone = cv_test_phone_new ("127.0.0.1", GPOINTER_TO_UINT (data));
  self->media = cv_call_media_new (self->exchange, cv_test_phone_socket (self->phone), -1, &funcs, self);
  self->digits = g_string_new (NULL);
  self->now = g_get_monotonic_time ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_call_media_free (self->media);
  cv_exchange_free (self->exchange);
  cv_test_phone_free (self->phone);
  g_string_free (self->digits, TRUE);
}

static void
agree (Fixture *self)
{
  CvCallAgreement agreement;
  cv_test_phone_agreement (self->phone, &agreement);
  g_assert_true (cv_call_media_agree (self->media, &agreement));
}

static void
tick (Fixture *self)
{
  self->now += CV_EXCHANGE_TICK_US;
  cv_exchange_tick (self->exchange, self->now);
  cv_test_phone_listen (self->phone);
}

static GBytes *
make_tone (double hertz, guint n)
{
  gint16 *samples = g_new (gint16, n);
  cv_test_phone_tone (samples, n, hertz, 0.25, 0, CV_CODEC_RATE);
  return g_bytes_new_take (samples, n * sizeof *samples);
}

/* Prompts one after another, then the loop again; and digits of all sixteen kinds, each once. */
static void
test_menu (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) prompt = make_tone (1000, 8000 + 7);
  g_autoptr (GBytes) wait = make_tone (440, 3200);
  tick (self); /* nothing is agreed: nothing happens */
  agree (self);
  cv_call_media_set_loop (self->media, wait, 100);
  cv_call_media_say (self->media, prompt);
  cv_call_media_say (self->media, prompt);
  g_assert_false (self->ready);
  for (guint i = 0; i < 60; i++) {
    cv_test_phone_say (self->phone, 0, 0);
    tick (self);
    if (i == 40) {
      g_assert_cmpfloat_with_epsilon (cv_test_phone_hears (self->phone, 1000), -12, 1.5);
      g_assert_cmpfloat (cv_test_phone_hears (self->phone, 440), <, -40);
    }
    g_assert_cmpuint (self->said, ==, (guint) (i > 50));
  }
  g_assert_true (self->ready);
  g_assert_cmpfloat_with_epsilon (cv_test_phone_hears (self->phone, 440), -12, 1.5);
  g_assert_cmpuint (self->phone->packets, ==, 60);
  for (guint8 event = 0; event < 18; event++) { /* the last ones are none */
    cv_test_phone_press (self->phone, event);
    tick (self);
  }
  g_assert_cmpstr (self->digits->str, ==, "0123456789*#ABCD");
  cv_call_media_say (self->media, prompt);
  cv_call_media_hush (self->media);
  cv_call_media_set_loop (self->media, NULL, 0);
  for (guint i = 0; i < 10; i++)
    tick (self);
  g_assert_cmpfloat (cv_test_phone_hears (self->phone, 1000), <, -40);
  g_assert_cmpuint (self->said, ==, 1);
}

static void
test_dial (Fixture *self, gconstpointer data)
{
  g_assert_false (cv_call_media_dial (self->media, "1"));
  agree (self);
  g_assert_false (cv_call_media_dial (self->media, "1x"));
  g_assert_true (cv_call_media_dial (self->media, "1#"));
  for (guint i = 0; i < 30; i++)
    tick (self);
  g_assert_cmpstr (self->phone->keys->str, ==, "bbbbbBBBlllllLLL");
  g_assert_cmpuint (self->phone->packets, ==, 30);
}

/* A stranger's packets: before the phone's, after them, from its very host, and with its numbers. */
static void
test_strangers (Fixture *self, gconstpointer data)
{
  CvCallMediaStats stats;
  g_autoptr (CvTestPhone) stranger = cv_test_phone_new ("127.0.0.2", CV_PHONE_PCMU);
  g_autoptr (CvTestPhone) neighbour = cv_test_phone_new ("127.0.0.1", CV_PHONE_PCMU);
  stranger->call = neighbour->call = self->phone->call;
  agree (self);
  for (guint i = 0; i < 20; i++) {
    cv_test_phone_say (stranger, 500, 0.5);
    cv_test_phone_press (stranger, 5);
    tick (self);
  }
  g_assert_false (self->ready);
  cv_call_media_get_stats (self->media, &stats);
  g_assert_cmpuint (stats.received, ==, 0);
  g_assert_cmpuint (stats.foreign, >, 20);
  for (guint i = 0; i < 50; i++) {
    cv_test_phone_say (self->phone, 1000, 0.25);
    stranger->ssrc = neighbour->ssrc = self->phone->ssrc;
    stranger->index = neighbour->index = self->phone->index;
    cv_test_phone_say (stranger, 500, 0.5);
    cv_test_phone_say (neighbour, 500, 0.5);
    cv_test_phone_press (stranger, 5);
    cv_test_phone_press (neighbour, 5);
    tick (self);
  }
  cv_call_media_get_stats (self->media, &stats);
  g_assert_true (self->ready);
  g_assert_cmpuint (stats.received, ==, 50);
  g_assert_cmpstr (self->digits->str, ==, "");
  cv_test_phone_listen (stranger);
  cv_test_phone_listen (neighbour);
  g_assert_cmpuint (stranger->packets + neighbour->packets, ==, 0);
}

/* Its packets come from another port, or from where its signalling came from, than its SDP says. */
static void
test_nat (Fixture *self, gconstpointer data)
{
  CvCallAgreement agreement;
  CvCallMediaStats stats;
  cv_test_phone_agreement (self->phone, &agreement);
  if (data == NULL)
    agreement.remote.v4.sin_port = htons (9);
  else {
    g_assert_true (cv_address_parse (&agreement.remote, "127.0.0.9", 4000));
    g_assert_true (cv_address_parse (&agreement.signalling, "127.0.0.1", 5060));
  }
  g_assert_true (cv_call_media_agree (self->media, &agreement));
  cv_test_phone_say (self->phone, 0, 0);
  tick (self);
  g_assert_false (self->ready); /* one alone is not enough */
  for (guint i = 0; i < 10; i++) {
    cv_test_phone_say (self->phone, 0, 0);
    tick (self);
  }
  cv_call_media_get_stats (self->media, &stats);
  g_assert_true (self->ready);
  g_assert_cmpuint (stats.received, ==, 10);
  g_assert_cmpuint (self->phone->packets, >=, 10);
}

static void
make_srtp (Fixture *self, CvCallAgreement *agreement, guint8 seed)
{
  CvTestPhone *phone = self->phone;
  agreement->security = CV_CALL_SDES;
  agreement->profile = CV_SRTP_AES128_CM_SHA1_80;
  for (guint i = 0; i < 30; i++) {
    agreement->their_key[i] = (guint8) (i * 7 + seed);
    agreement->our_key[i] = (guint8) (i * 5 + 1 + seed);
  }
  g_clear_pointer (&phone->send, cv_srtp_free);
  g_clear_pointer (&phone->receive, cv_srtp_free);
  phone->send = cv_srtp_new (agreement->profile, agreement->their_key, agreement->their_key + 16);
  phone->receive = cv_srtp_new (agreement->profile, agreement->our_key, agreement->our_key + 16);
  phone->got = phone->sent = (CvSrtpWindow){ 0 };
}

/* With keys only what is authentic counts, wherever it comes from; a re-INVITE may keep keys or bring others. */
static void
test_sdes (Fixture *self, gconstpointer data)
{
  CvCallAgreement agreement;
  g_autoptr (CvTestPhone) stranger = cv_test_phone_new ("127.0.0.1", CV_PHONE_PCMU);
  stranger->call = self->phone->call;
  cv_test_phone_agreement (self->phone, &agreement);
  make_srtp (self, &agreement, 0);
  for (guint round = 0; round < 3; round++) {
    if (round == 2)
      make_srtp (self, &agreement, 100);
    g_assert_true (cv_call_media_agree (self->media, &agreement));
    guint before = self->phone->packets;
    for (guint i = 0; i < 10; i++) {
      cv_test_phone_say (stranger, 500, 0.5);
      cv_test_phone_press (stranger, 5);
      cv_test_phone_say (self->phone, 0, 0);
      tick (self);
    }
    g_assert_cmpuint (self->phone->packets - before, ==, 10);
  }
  g_assert_cmpuint (self->phone->others, ==, 0);
  g_assert_true (self->ready);
  g_assert_cmpstr (self->digits->str, ==, "");
  cv_test_phone_press (self->phone, 7);
  tick (self);
  g_assert_cmpstr (self->digits->str, ==, "7");
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  CvCallAgreement agreement;
  cv_test_phone_agreement (self->phone, &agreement);
  agreement.security = CV_CALL_SDES; /* of no profile */
  g_assert_false (cv_call_media_agree (self->media, &agreement));
  agreement.security = CV_CALL_DTLS; /* and we have no certificate */
  g_assert_false (cv_call_media_agree (self->media, &agreement));
}

static void
test_silent (Fixture *self, gconstpointer data)
{
  CvCallAgreement agreement;
  cv_test_phone_agreement (self->phone, &agreement);
  agreement.sends = FALSE; /* on hold: that may last */
  g_assert_true (cv_call_media_agree (self->media, &agreement));
  self->now = g_get_monotonic_time () + 100 * G_USEC_PER_SEC;
  tick (self);
  g_assert_null (self->lost);
  agree (self);
  self->now = g_get_monotonic_time () + (CV_CALL_MEDIA_SILENT_S - 1) * G_USEC_PER_SEC;
  tick (self);
  g_assert_null (self->lost);
  self->now += 2 * G_USEC_PER_SEC;
  tick (self);
  g_assert_cmpstr (self->lost, ==, "silent");
}

/* What the phone neither sends nor receives. */
static void
test_hold (Fixture *self, gconstpointer data)
{
  CvCallAgreement agreement;
  cv_test_phone_agreement (self->phone, &agreement);
  agreement.receives = FALSE;
  g_assert_true (cv_call_media_agree (self->media, &agreement));
  for (guint i = 0; i < 5; i++)
    tick (self);
  g_assert_cmpuint (self->phone->packets, ==, 0);
  agree (self);
  tick (self);
  guint32 timestamp = self->phone->last_timestamp;
  for (guint i = 0; i < 5; i++)
    tick (self);
  g_assert_cmpuint (self->phone->packets, ==, 6);
  g_assert_cmpuint (self->phone->last_timestamp - timestamp, ==, 5 * 160);
}

#define TEST(name, codec, function)                                                                                    \
  g_test_add ("/call-media/" name, Fixture, GUINT_TO_POINTER (codec), set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("menu/pcmu", CV_PHONE_PCMU, test_menu);
  TEST ("menu/pcma", CV_PHONE_PCMA, test_menu);
  TEST ("menu/g722", CV_PHONE_G722, test_menu);
  TEST ("menu/opus", CV_PHONE_OPUS, test_menu);
  TEST ("dial", CV_PHONE_PCMU, test_dial);
  TEST ("strangers", CV_PHONE_PCMU, test_strangers);
  TEST ("nat/port", 0, test_nat);
  TEST ("nat/host", CV_PHONE_PCMU, test_nat);
  TEST ("sdes", CV_PHONE_PCMU, test_sdes);
  TEST ("refused", CV_PHONE_PCMU, test_refused);
  TEST ("silent", CV_PHONE_PCMU, test_silent);
  TEST ("hold", CV_PHONE_PCMU, test_hold);
  return g_test_run ();
}
