/* The way to a peer: who has the password and the certificate is let in, and nobody else. */
#include "lib/rtc-room.h"
#include "lib/wait.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"
#define LEVEL 20

static gint64 ahead;

/* The program's own takes the place of GLib's: the clock can be put forward. */
gint64
g_get_monotonic_time (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000 + ahead;
}

static void
test_connects (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_room_add (room, ALICE, 2, 2);
  g_assert_cmpstr (cv_rtc_room_get_news (room, "state " ALICE), ==, "connected");
  const CvTransport *transport = cv_rtc_room_get (room, ALICE)->transport;
  g_assert_cmpuint (strlen (transport->ufrag), ==, 8);
  g_assert_cmpuint (strlen (transport->pwd), ==, 32);
  cv_router_leave (room->router, ALICE);
  cv_test_wait_until (alice->closed);
}

static void
test_forged_certificate (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) bob = cv_rtc_room_add (room, BOB, 2, 2);
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (room->port, TRUE);
  CvRtcTrack sound;
  cv_rtc_room_join (room, ALICE, alice, 2, 2);
  cv_rtc_client_check (alice, TRUE);
  cv_test_wait_until (alice->responses > 0);
  cv_rtc_client_shake_hands (alice);
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (room, "state " ALICE), "failed fingerprint") == 0);
  cv_test_wait_until (cv_rtc_room_get (room, ALICE) == NULL);
  g_assert_false (alice->connected);
  /* Not even with keys of its own making. */
  guint8 key[CV_SRTP_MAX_KEY] = { 0 }, salt[CV_SRTP_MAX_SALT] = { 0 };
  alice->send = cv_srtp_new (CV_SRTP_AEAD_AES_128_GCM, key, salt);
  cv_rtc_track_init (&sound, alice, "0", NULL, 7);
  for (guint i = 0; i < 10; i++)
    cv_rtc_track_sound (&sound, LEVEL);
  cv_rtc_client_settle (bob);
  g_assert_cmpuint (bob->packets->len, ==, 0);
  g_assert_cmpuint (alice->packets->len + alice->reports->len + alice->rejected, ==, 0);
  cv_rtc_track_clear (&sound);
}

/* The password or the ufrag is wrong: no answer, and the address counts for nothing. */
static void
test_wrong_credentials (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) bob = cv_rtc_room_add (room, BOB, 2, 2);
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (room->port, FALSE);
  cv_rtc_room_join (room, ALICE, alice, 2, 2);
  alice->pwd[3] ^= 1;
  cv_rtc_client_check (alice, TRUE);
  alice->pwd[3] ^= 1;
  alice->ufrag[3] = alice->ufrag[3] == 'a' ? 'b' : 'a';
  cv_rtc_client_check (alice, TRUE);
  cv_rtc_client_shake_hands (alice);
  cv_rtc_client_settle (bob);
  const CvEndpoint *endpoint = cv_rtc_room_get (room, ALICE);
  g_assert_cmpuint (alice->datagrams, ==, 0);
  g_assert_cmpuint (endpoint->n_addresses, ==, 0);
  g_assert_cmpuint (endpoint->transport->address.n, ==, 0);
  ahead += 31 * G_USEC_PER_SEC;
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (room, "state " ALICE), "failed unreachable") == 0);
}

/* Media before there are keys, and media that nobody encrypted. */
static void
test_plain_media (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) bob = cv_rtc_room_add (room, BOB, 2, 2);
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (room->port, FALSE);
  guint8 packet[200] = { 0x80, CV_RTC_OPUS, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7 };
  guint8 report[60] = { 0x80, 201, 0, 1, 0, 0, 0, 7 };
  cv_rtc_room_join (room, ALICE, alice, 2, 2);
  for (guint round = 0; round < 3; round++) {
    cv_rtc_client_send_raw (alice, packet, sizeof packet);
    cv_rtc_client_send_raw (alice, packet, CV_RTP_HEADER);
    cv_rtc_client_send_raw (alice, report, sizeof report);
    if (round == 0) {
      cv_rtc_client_check (alice, TRUE);
      cv_test_wait_until (alice->responses > 0);
    } else if (round == 1) {
      cv_rtc_client_shake_hands (alice);
      cv_test_wait_until (alice->connected);
    }
  }
  cv_rtc_client_settle (bob);
  const CvEndpoint *endpoint = cv_rtc_room_get (room, ALICE);
  g_assert_cmpuint (endpoint->received_bytes, ==, 0);
  g_assert_cmpuint (endpoint->n_streams, ==, 0);
  g_assert_cmpuint (bob->packets->len, ==, 0);
}

/* Media go where the last nomination came from, the old address is still listened to. */
static void
test_moves (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_room_add (room, ALICE, 2, 2);
  g_autoptr (CvRtcClient) bob = cv_rtc_room_add (room, BOB, 2, 2);
  CvRtcTrack sound;
  cv_rtc_track_init (&sound, alice, "0", NULL, 7);
  while (bob->packets->len == 0) {
    cv_rtc_track_sound (&sound, LEVEL);
    cv_rtc_client_settle (bob);
  }
  int old = cv_rtc_client_move (bob);
  guint before = bob->packets->len;
  cv_rtc_track_sound (&sound, LEVEL); /* still to the old one */
  cv_rtc_client_settle (alice);
  guint8 data[2048];
  cv_test_wait_until (read (old, data, sizeof data) > 0);
  cv_rtc_client_check (bob, FALSE); /* known, but not nominated */
  cv_test_wait_until (bob->responses > 0);
  cv_rtc_track_sound (&sound, LEVEL);
  cv_rtc_client_settle (alice);
  g_assert_cmpuint (bob->packets->len, ==, before);
  cv_rtc_client_check (bob, TRUE);
  cv_rtc_client_settle (bob);
  cv_rtc_track_sound (&sound, LEVEL);
  cv_test_wait_until (bob->packets->len > before);
  g_assert_cmpuint (bob->rejected, ==, 0);
  close (old);
  cv_rtc_track_clear (&sound);
}

static void
test_silent (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_room_add (room, ALICE, 2, 2);
  ahead += 25 * G_USEC_PER_SEC;
  cv_rtc_client_settle (alice);
  ahead += 25 * G_USEC_PER_SEC;
  cv_rtc_client_settle (alice);
  g_assert_cmpstr (cv_rtc_room_get_news (room, "state " ALICE), ==, "connected");
  ahead += 31 * G_USEC_PER_SEC;
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (room, "state " ALICE), "lost silent") == 0);
  cv_test_wait_until (cv_rtc_room_get (room, ALICE) == NULL);
}

static void
test_goodbye (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_room_add (room, ALICE, 2, 2);
  guint8 data[200];
  SSL_shutdown (alice->ssl);
  int n = BIO_read (SSL_get_wbio (alice->ssl), data, sizeof data);
  g_assert_cmpint (n, >, 0);
  cv_rtc_client_send_raw (alice, data, (gsize) n);
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (room, "state " ALICE), "lost closed") == 0);
}

/* A handshake that ends in the middle. */
static void
test_unfinished (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (room->port, FALSE);
  cv_rtc_room_join (room, ALICE, alice, 2, 2);
  cv_rtc_client_check (alice, FALSE);
  cv_test_wait_until (alice->responses > 0);
  ahead += 31 * G_USEC_PER_SEC;
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (room, "state " ALICE), "failed timeout") == 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport/connects", test_connects);
  g_test_add_func ("/transport/forged-certificate", test_forged_certificate);
  g_test_add_func ("/transport/wrong-credentials", test_wrong_credentials);
  g_test_add_func ("/transport/plain-media", test_plain_media);
  g_test_add_func ("/transport/moves", test_moves);
  g_test_add_func ("/transport/silent", test_silent);
  g_test_add_func ("/transport/goodbye", test_goodbye);
  g_test_add_func ("/transport/unfinished", test_unfinished);
  return g_test_run ();
}
