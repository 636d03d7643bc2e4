/* Callers among people with browsers: who hears whom, who is told to speak, and what the other end of the bridge may not do.
 */
#include "media/phone-mix.h"

#include "lib/log.h"
#include "lib/phone-tone.h"
#include "lib/rtc-room.h"
#include "lib/wait.h"
#include "rtp/bridge-frame.h"

#include <opus/opus.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALICE "paaaaaaaaaaaa"
#define CARL "pcccccccccccc"
#define DORA "pdddddddddddd"
#define RATE 16000
#define FRAME CV_MIX_PHONE_FRAME
#define KEPT 10 /* frames */

typedef struct {
  CvRtcRoom *room;
  CvPhoneMix *mix;
  int fd; /* the phones' end */
  gsize said;
  gint16 heard[4][KEPT * FRAME]; /* by number; the last ones */
  guint answers;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->room = cv_rtc_room_new ();
  self->mix = cv_phone_mix_new (self->room->router, fds[1], 4);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->mix, cv_phone_mix_free);
  cv_rtc_room_free (self->room);
  close (self->fd);
}

static void
call (Fixture *self, const char *person, guint32 number)
{
  g_assert_true (cv_phone_mix_add (self->mix, person, number));
  cv_router_set_may (self->room->router, person, TRUE, FALSE, FALSE);
}

static void
keep (Fixture *self, guint32 number, const gint16 *samples)
{
  gint16 *heard = self->heard[number];
  memmove (heard, heard + FRAME, (KEPT - 1) * FRAME * sizeof *heard);
  memcpy (heard + (KEPT - 1) * FRAME, samples, FRAME * sizeof *samples);
}

/* An answer: who is not named gets the common mix. */
static gboolean
take_answer (Fixture *self)
{
  static guint8 message[CV_BRIDGE_MAX_MESSAGE];
  gint16 samples[4][FRAME];
  gboolean named[4] = { FALSE };
  CvBridgeReader reader;
  CvBridgeEntry entry;
  ssize_t n = recv (self->fd, message, sizeof message, MSG_DONTWAIT);
  if (n <= 0)
    return FALSE;
  g_assert_true (cv_bridge_reader_init (&reader, message, (gsize) n));
  g_assert_true (reader.last);
  while (cv_bridge_reader_next (&reader, &entry)) {
    g_assert_cmpuint (entry.call, <, 4);
    g_assert_false (named[entry.call]);
    named[entry.call] = TRUE;
    cv_bridge_entry_copy (&entry, samples[entry.call]);
  }
  g_assert_true (named[CV_BRIDGE_EVERYBODY]);
  for (guint i = 0; i < 4; i++)
    keep (self, i, samples[named[i] ? i : 0]);
  self->answers++;
  return TRUE;
}

/* Caller 1 says the first tone, 2 the second, 3 the third; 0: nothing. */
static void
tick (Fixture *self, const double tones[3])
{
  CvBridgeWriter writer;
  guint before = self->answers;
  cv_bridge_writer_init (&writer);
  for (guint32 i = 0; i < 3; i++) {
    gint16 frame[FRAME];
    if (tones[i] == 0)
      continue;
    cv_test_phone_tone (frame, FRAME, tones[i], 0.2, self->said, RATE);
    cv_bridge_writer_add (&writer, i + 1, 17, frame);
  }
  self->said += FRAME;
  cv_bridge_writer_set_last (&writer);
  g_assert_cmpint (send (self->fd, writer.data, writer.n, 0), ==, writer.n);
  cv_test_wait_until (take_answer (self));
  g_assert_cmpuint (self->answers, ==, before + 1);
}

static double
hears (Fixture *self, guint32 number, double hertz)
{
  return cv_test_phone_level (self->heard[number], KEPT * FRAME, hertz, RATE);
}

/* Each lacks its own tone and has the others' within 3 dB. */
static void
test_minus (Fixture *self, gconstpointer data)
{
  static const double tones[] = { 400, 700, 1100 };
  call (self, ALICE, 1);
  call (self, CARL, 2);
  call (self, DORA, 3);
  for (guint i = 0; i < 2 * KEPT; i++)
    tick (self, tones);
  for (guint32 number = 0; number < 4; number++)
    for (guint i = 0; i < 3; i++)
      if (number == i + 1)
        g_assert_cmpfloat (hears (self, number, tones[i]), <, -60);
      else
        g_assert_cmpfloat_with_epsilon (hears (self, number, tones[i]), -13.98, 1);
  cv_router_set_may (self->room->router, CARL, FALSE, FALSE, FALSE); /* muted by a host */
  for (guint i = 0; i < 2 * KEPT; i++)
    tick (self, tones);
  g_assert_cmpfloat (hears (self, 1, tones[1]), <, -60);
  g_assert_cmpfloat (hears (self, 0, tones[1]), <, -60);
  g_assert_cmpfloat_with_epsilon (hears (self, 2, tones[0]), -13.98, 1);
  cv_phone_mix_forget (self->mix, ALICE);
  cv_router_leave (self->room->router, ALICE);
  for (guint i = 0; i < 2 * KEPT; i++)
    tick (self, tones);
  g_assert_cmpfloat (hears (self, 3, tones[0]), <, -60);
}

typedef struct {
  CvRtcClient *client;
  OpusEncoder *encoder;
  OpusDecoder *decoder;
  guint64 index;
  gsize said;
  guint taken; /* packets */
  gint16 heard[KEPT * FRAME];
} Browser;

static void
browser_say (Browser *self, double hertz)
{
  gint16 tone[FRAME];
  guint8 opus[400];
  cv_test_phone_tone (tone, FRAME, hertz, 0.2, self->said, RATE);
  self->said += FRAME;
  int n = opus_encode (self->encoder, tone, FRAME, opus, sizeof opus);
  CvRtcSend what = { .ssrc = 77,
                     .index = self->index,
                     .type = CV_RTC_OPUS,
                     .timestamp = (guint32) self->index * 960,
                     .mid = "0",
                     .level = 17,
                     .payload = opus,
                     .n = (gsize) n };
  cv_rtc_client_send (self->client, &what);
  self->index++;
}

static void
browser_listen (Browser *self)
{
  for (; self->taken < self->client->packets->len; self->taken++) {
    const CvRtcPacket *packet = g_ptr_array_index (self->client->packets, self->taken);
    gint16 frame[1920];
    if (packet->type != CV_RTC_OPUS)
      continue;
    int n = opus_decode (self->decoder, packet->payload, (opus_int32) packet->n, frame, 1920, 0);
    g_assert_cmpint (n, ==, FRAME);
    g_assert_cmpuint (packet->level, ==, 17);
    memmove (self->heard, self->heard + FRAME, (KEPT - 1) * FRAME * sizeof *frame);
    memcpy (self->heard + (KEPT - 1) * FRAME, frame, FRAME * sizeof *frame);
  }
}

/* A person with a browser and two callers hear each other; the caller is said to speak, and leaves like everybody. */
static void
test_browser (Fixture *self, gconstpointer data)
{
  /* Not a whole number of periods in a frame: a frame that is not the next one of its encoder is heard. */
  static const double tones[] = { 640, 0, 0 };
  int error = 0;
  Browser bob = { .index = 1 };
  bob.encoder = opus_encoder_create (RATE, 1, OPUS_APPLICATION_VOIP, &error);
  bob.decoder = opus_decoder_create (RATE, 1, &error);
  g_autoptr (CvRtcClient) client = bob.client = cv_rtc_room_add (self->room, "pbbbbbbbbbbbb", 3, 0);
  call (self, ALICE, 1);
  call (self, CARL, 2);
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  /* Ticks are real ones here: who speaks is found out in real time. */
  for (guint done = 0; done < 2 * KEPT; g_usleep (15000)) {
    browser_say (&bob, 1000);
    tick (self, tones);
    cv_test_settle ();
    browser_listen (&bob);
    done += bob.taken > 0 && hears (self, 2, 1000) > -20;
    g_assert_cmpint (g_get_monotonic_time (), <, end);
  }
  g_assert_cmpfloat_with_epsilon (cv_test_phone_level (bob.heard, KEPT * FRAME, 640, RATE), -13.98, 1);
  g_assert_cmpfloat (cv_test_phone_level (bob.heard, KEPT * FRAME, 1000, RATE), <, -40);
  g_assert_cmpfloat_with_epsilon (hears (self, 1, 1000), -13.98, 3);
  g_assert_cmpfloat (hears (self, 1, 640), <, -40);
  g_assert_cmpfloat_with_epsilon (hears (self, 2, 1000), -13.98, 3);
  g_assert_cmpfloat_with_epsilon (hears (self, 2, 640), -13.98, 3);
  g_assert_nonnull (strstr (cv_rtc_room_get_news (self->room, "slots pbbbbbbbbbbbb"), ALICE "/microphone"));
  cv_test_wait_until (strstr (cv_rtc_room_get_news (self->room, "speakers"), ALICE) != NULL);
  g_clear_pointer (&self->mix, cv_phone_mix_free);
  g_assert_null (cv_router_find (self->room->router, ALICE));
  opus_encoder_destroy (bob.encoder);
  opus_decoder_destroy (bob.decoder);
}

/* Numbers and people that come twice. */
static void
test_again (Fixture *self, gconstpointer data)
{
  static const double tones[] = { 0, 700, 0 };
  call (self, ALICE, 1);
  call (self, ALICE, 2); /* dialled again */
  for (guint i = 0; i < 2 * KEPT; i++)
    tick (self, tones);
  g_assert_cmpfloat (hears (self, 2, 700), <, -60);
  g_assert_cmpfloat_with_epsilon (hears (self, 1, 700), -13.98, 1);
  call (self, CARL, 2); /* the number is somebody else's */
  g_assert_null (cv_router_find (self->room->router, ALICE));
  g_assert_nonnull (cv_router_find (self->room->router, CARL));
  g_assert_cmpuint (cv_router_get_endpoints (self->room->router)->len, ==, 1);
}

static void
test_hostile (Fixture *self, gconstpointer data)
{
  static const double nothing[] = { 0, 0, 0 };
  static const guint8 empty[] = { 1, 1, 0 };
  call (self, ALICE, 1);
  tick (self, nothing);
  for (guint i = 0; i < 300; i++) { /* as fast as it can: not more than a second or two at once */
    g_assert_cmpint (send (self->fd, empty, sizeof empty, 0), ==, sizeof empty);
    cv_test_settle ();
    while (take_answer (self))
      ;
  }
  g_assert_cmpuint (self->answers, <, 250);
  g_assert_true (cv_phone_mix_is_open (self->mix));
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*was not understood*");
  g_assert_cmpint (send (self->fd, "\2", 1, 0), ==, 1);
  cv_test_wait_until (!cv_phone_mix_is_open (self->mix));
  cv_test_log_assert_all ();
  g_assert_nonnull (cv_router_find (self->room->router, ALICE)); /* until the daemon says so */
}

#define TEST(name, function) g_test_add ("/phone-mix/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  TEST ("minus", test_minus);
  TEST ("browser", test_browser);
  TEST ("again", test_again);
  TEST ("hostile", test_hostile);
  return g_test_run ();
}
