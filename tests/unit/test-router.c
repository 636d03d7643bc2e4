/* Everybody in a meeting, with clients that speak ICE, DTLS and SRTP: what comes is forwarded to those who show it, once,
 * and nothing that anybody sends disturbs the others. */
#include "base/usage.h"
#include "lib/offers.h"
#include "lib/rtc-room.h"
#include "lib/wait.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"
#define CAROL "pcccccccccccc"
#define LEVEL 20
#define PACE_MS 30
#define SCREEN_SSRC 2000
#define SOUND_SSRC 3000
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif

/* Alice publishes, Bob watches. */
typedef struct {
  CvRtcRoom *room;
  CvRtcClient *alice, *bob;
  CvRtcTrack layers[3], screen, sound;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const rids[] = { "q", "h", "f" };
  self->room = cv_rtc_room_new ();
  self->alice = cv_rtc_room_add (self->room, ALICE, 2, 2);
  self->bob = cv_rtc_room_add (self->room, BOB, 2, 2);
  for (guint i = 0; i < 3; i++)
    cv_rtc_track_init (&self->layers[i], self->alice, "1", rids[i], 1000 + i);
  cv_rtc_track_init (&self->screen, self->alice, "2", NULL, SCREEN_SSRC);
  cv_rtc_track_init (&self->sound, self->alice, "0", NULL, SOUND_SSRC);
  cv_test_wait_until (*cv_rtc_room_get_news (self->room, "slots " BOB) != '\0');
}

static void
assert_sound (const CvRtcClient *client)
{
  g_assert_cmpuint (client->twice, ==, 0);
  g_assert_cmpuint (client->rejected, ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  assert_sound (self->alice);
  assert_sound (self->bob);
  for (guint i = 0; i < 3; i++)
    cv_rtc_track_clear (&self->layers[i]);
  cv_rtc_track_clear (&self->screen);
  cv_rtc_track_clear (&self->sound);
  cv_rtc_client_free (self->alice);
  cv_rtc_client_free (self->bob);
  cv_rtc_room_free (self->room);
}

/* A keyframe of each layer, until Bob shows one; returns which. */
static CvRtcTrack *
start_camera (Fixture *self)
{
  const CvEndpoint *bob = cv_rtc_room_get (self->room, BOB);
  const CvSource *camera = cv_rtc_room_get (self->room, ALICE)->sources[CV_SOURCE_CAMERA];
  for (guint round = 0;; round++) {
    g_assert_cmpuint (round, <, 300);
    for (guint i = 0; i < 3; i++)
      cv_rtc_track_frame (&self->layers[i], TRUE, 3, 0);
    cv_test_pause (PACE_MS);
    for (guint i = 0; i < bob->n_slots; i++)
      if (bob->slots[i].source == camera && bob->slots[i].now.track != NULL)
        return &self->layers[cv_source_get_layer (camera, bob->slots[i].now.track)];
  }
}

static CvSlot *
find_slot (CvEndpoint *endpoint, CvSourceType type)
{
  for (guint i = 0; i < endpoint->n_slots; i++)
    if (endpoint->slots[i].source != NULL && endpoint->slots[i].source->type == type)
      return &endpoint->slots[i];
  g_assert_not_reached ();
}

/* ---- what is forwarded ---- */

static void
test_forwards (Fixture *self, gconstpointer data)
{
  g_assert_cmpstr (cv_rtc_room_get_news (self->room, "slots " BOB), ==,
                   "4=" ALICE "/microphone 6=" ALICE "/screen 7=" ALICE "/camera(paused)");
  CvRtcTrack *layer = start_camera (self);
  guint64 first = layer->index;
  for (guint i = 0; i < 20; i++)
    for (guint k = 0; k < 3; k++)
      cv_rtc_track_frame (&self->layers[k], FALSE, 3, 0);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_rtc_track_frame (&self->screen, TRUE, 2, 0);
  cv_test_wait_until (cv_rtc_track_count (&self->sound, self->bob, 1000) == 1);
  cv_test_wait_until (cv_rtc_track_count (&self->screen, self->bob, 1001) == 1);
  for (guint64 i = first; i < layer->index; i++)
    g_assert_cmpuint (cv_rtc_track_count (layer, self->bob, i), ==, 1);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpuint (cv_rtc_track_count (&self->layers[k], self->bob, first), ==, layer == &self->layers[k]);
  const CvRtcPacket *sound = cv_rtc_client_get_last (self->bob, self->bob->slots[0].ssrc);
  g_assert_cmpuint (sound->level, ==, LEVEL);
  g_assert_cmpuint (sound->type, ==, CV_RTC_OPUS);
  g_assert_cmpstr (sound->mid, ==, "4");
  g_assert_cmpint (sound->twcc, >=, 0);
  g_assert_cmpuint (self->alice->packets->len, ==, 0);
}

/* Transport-wide numbers of what one person gets have no gaps. */
static void
test_transport_numbers (Fixture *self, gconstpointer data)
{
  start_camera (self);
  for (guint i = 0; i < 30; i++) {
    for (guint k = 0; k < 3; k++)
      cv_rtc_track_frame (&self->layers[k], FALSE, 2, 0);
    cv_rtc_track_sound (&self->sound, LEVEL);
  }
  cv_rtc_client_settle (self->bob);
  for (guint i = 0; i < self->bob->packets->len; i++)
    g_assert_cmpint (((CvRtcPacket *) g_ptr_array_index (self->bob->packets, i))->twcc, ==, i);
}

/* Packets of one batch, some before and some after a layer begins: each is numbered as the layer that it is of. */
static void
test_switch_in_a_batch (Fixture *self, gconstpointer data)
{
  CvRtcTrack *layer = start_camera (self);
  CvSlot *slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_CAMERA);
  guint other = layer == &self->layers[0] ? 1 : 0;
  self->layers[other].index += 20000; /* a number that is none of this layer's */
  cv_rtc_track_frame (&self->layers[other], FALSE, 1, 0);
  cv_rtc_client_settle (self->bob);
  cv_slot_set_layer (slot, (int) other);
  guint64 before = slot->top, first = layer->index;
  cv_rtc_track_frame (layer, FALSE, 3, 0);
  cv_rtc_track_frame (&self->layers[other], TRUE, 3, 0);
  cv_rtc_track_frame (layer, FALSE, 3, 0); /* not any more */
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (slot->top, ==, before + 6);
  for (guint64 i = 0; i < 6; i++)
    g_assert_cmpuint (cv_rtc_track_count (layer, self->bob, first + i), ==, i < 3);
  g_assert_cmpuint (cv_rtc_client_get_last (self->bob, slot->ssrc)->index, ==, slot->top);
}

/* The same where a publisher begins a stream with another SSRC. */
static void
test_other_ssrc (Fixture *self, gconstpointer data)
{
  CvRtcTrack *layer = start_camera (self);
  CvSlot *slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_CAMERA);
  guint64 before = slot->top, first = layer->index;
  CvRtcTrack other;
  cv_rtc_track_init (&other, self->alice, "1", layer->rid, 5000);
  cv_rtc_track_frame (layer, FALSE, 3, 0);
  other.index = 30000;
  cv_rtc_track_frame (&other, FALSE, 3, 0); /* waits for a keyframe */
  cv_rtc_track_frame (&other, TRUE, 3, 0);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (slot->top, ==, before + 6);
  for (guint64 i = 0; i < 3; i++) {
    g_assert_cmpuint (cv_rtc_track_count (layer, self->bob, first + i), ==, 1);
    g_assert_cmpuint (cv_rtc_track_count (&other, self->bob, 30000 + i), ==, 0);
    g_assert_cmpuint (cv_rtc_track_count (&other, self->bob, 30003 + i), ==, 1);
  }
  /* Who recorded the former stream cannot bring it back. */
  g_autoptr (GBytes) recorded = g_bytes_ref (self->alice->last);
  cv_rtc_track_frame (layer, FALSE, 1, 0);
  cv_rtc_client_send_raw (self->alice, g_bytes_get_data (recorded, NULL), g_bytes_get_size (recorded));
  cv_rtc_track_frame (&other, FALSE, 1, 0);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_rtc_track_count (&other, self->bob, 30006), ==, 1);
  g_assert_cmpuint (cv_rtc_track_count (layer, self->bob, layer->index - 1), ==, 0);
  cv_rtc_track_clear (&other);
}

/* A publisher whose numbers leap: the others' streams stay streams that they can follow. */
static void
test_leaps (Fixture *self, gconstpointer data)
{
  CvSlot *slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_MICROPHONE);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_client_count (self->bob, slot->ssrc) == 1);
  guint64 begin = slot->top;
  for (guint i = 0; i < 8; i++) {
    self->sound.index += 30000;
    cv_rtc_track_sound (&self->sound, LEVEL);
    cv_rtc_client_settle (self->bob);
  }
  g_assert_cmpuint (slot->top - begin, <, 100);
  start_camera (self);
  slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_CAMERA);
  begin = slot->top;
  for (guint i = 0; i < 8; i++)
    for (guint k = 0; k < 3; k++) {
      self->layers[k].index += 30000;
      cv_rtc_track_frame (&self->layers[k], i % 2 == 0, 3, 0);
      cv_rtc_client_settle (self->bob);
    }
  g_assert_cmpuint (slot->top - begin, <, 100);
}

/* ---- who may ---- */

static void
test_may (Fixture *self, gconstpointer data)
{
  CvRtcTrack *layer = start_camera (self);
  CvSlot *slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_CAMERA);
  guint32 ssrc = slot->ssrc;
  guint64 top = slot->top;
  cv_router_set_may (self->room->router, ALICE, TRUE, FALSE, FALSE);
  for (guint k = 0; k < 3; k++)
    cv_rtc_track_frame (&self->layers[k], TRUE, 3, 0);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (slot->top, ==, top);
  g_assert_cmpuint (cv_rtc_track_count (layer, self->bob, layer->index - 1), ==, 0);
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (self->room, "slots " BOB), "4=" ALICE "/microphone") == 0);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_track_count (&self->sound, self->bob, 1000) == 1);

  /* And on again: with a keyframe, and the numbers go on. */
  guint before = cv_rtc_client_count_rtcp (self->alice, CV_RTCP_PLI, layer->ssrc, NULL);
  cv_router_set_may (self->room->router, ALICE, TRUE, TRUE, TRUE);
  while (cv_rtc_client_count_rtcp (self->alice, CV_RTCP_PLI, layer->ssrc, NULL) == before) {
    for (guint k = 0; k < 3; k++)
      cv_rtc_track_frame (&self->layers[k], FALSE, 1, 0);
    cv_test_pause (PACE_MS);
  }
  g_assert_cmpuint (cv_rtc_track_count (layer, self->bob, layer->index - 1), ==, 0);
  start_camera (self);
  slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_CAMERA);
  g_assert_cmpuint (slot->ssrc == ssrc ? slot->top : top + 1, >, top);
}

static void
test_leaves (Fixture *self, gconstpointer data)
{
  start_camera (self);
  for (guint k = 0; k < 3; k++)
    cv_rtc_track_frame (&self->layers[k], FALSE, 3, 0); /* nobody has read them */
  cv_router_leave (self->room->router, ALICE);
  cv_test_wait_until (strcmp (cv_rtc_room_get_news (self->room, "slots " BOB), "") == 0);
  cv_test_wait_until (self->alice->closed);
  cv_rtc_client_settle (self->bob);
  cv_router_leave (self->room->router, ALICE); /* twice */
  cv_router_set_may (self->room->router, ALICE, TRUE, TRUE, TRUE);
  cv_router_set_view (self->room->router, ALICE, NULL, 0);
  cv_router_set_spotlight (self->room->router, ALICE);
}

/* The same person again: the old way is dead, the new one works. */
static void
test_joins_again (Fixture *self, gconstpointer data)
{
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (self->room->port, FALSE);
  CvRtcTrack sound;
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_track_count (&self->sound, self->bob, 1000) == 1);
  cv_rtc_room_join (self->room, ALICE, alice, 2, 2);
  cv_test_wait_until (self->alice->closed);
  cv_rtc_client_connect (alice);
  guint answers = self->alice->responses;
  cv_rtc_client_check (self->alice, TRUE);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_rtc_client_settle (alice);
  g_assert_cmpuint (self->alice->responses, ==, answers);
  g_assert_cmpuint (cv_rtc_track_count (&self->sound, self->bob, 1001), ==, 0);
  cv_rtc_track_init (&sound, alice, "0", NULL, 9000);
  while (cv_rtc_track_count (&sound, self->bob, sound.index - 1) == 0) {
    cv_rtc_track_sound (&sound, LEVEL);
    cv_test_pause (PACE_MS);
  }
  assert_sound (alice);
  cv_rtc_track_clear (&sound);
}

/* ---- strangers ---- */

/* What was recorded does nothing from another's address, from a third one, or a second time. */
static void
test_replayed (Fixture *self, gconstpointer data)
{
  CvSlot *slot = find_slot (cv_rtc_room_get (self->room, BOB), CV_SOURCE_MICROPHONE);
  int stranger = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_client_count (self->bob, slot->ssrc) == 1);
  guint64 received = cv_rtc_room_get (self->room, ALICE)->received_bytes;
  const guint8 *packet = g_bytes_get_data (self->alice->last, NULL);
  gsize n = g_bytes_get_size (self->alice->last);
  cv_rtc_client_send_raw (self->alice, packet, n);
  cv_rtc_client_send_raw (self->bob, packet, n);
  g_assert_cmpint (sendto (stranger, packet, n, 0, &self->alice->server.any, self->alice->server.n), ==, (gssize) n);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_rtc_client_count (self->bob, slot->ssrc), ==, 1);
  g_assert_cmpuint (cv_rtc_client_count (self->alice, 0), ==, 0);
  g_assert_cmpuint (cv_rtc_room_get (self->room, ALICE)->received_bytes, ==, received);
  g_assert_cmpuint (cv_rtc_room_get (self->room, BOB)->received_bytes, ==, 0);
  close (stranger);
}

/* Who is in cannot take the address of another one that is in use. */
static void
test_address_is_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (CvRtcClient) carol = cv_rtc_room_add (self->room, CAROL, 2, 2);
  /* As one who forges Alice's address could: a check with Carol's password from there. */
  int own = carol->fd;
  guint answers = self->alice->responses;
  carol->fd = self->alice->fd;
  cv_rtc_client_check (carol, TRUE);
  carol->fd = own;
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (self->alice->responses, ==, answers);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_rtc_track_count (&self->sound, self->bob, 1000), ==, 1);
  assert_sound (carol);
}

/* Whose address was dead for a while, and is another one now, has a path of which nothing is known. */
static void
test_moves (Fixture *self, gconstpointer data)
{
  CvEndpoint *bob = cv_rtc_room_get (self->room, BOB);
  guint start = cv_bandwidth_get (bob->bandwidth);
  start_camera (self);
  close (cv_rtc_client_move (self->bob));
  while (cv_bandwidth_get (bob->bandwidth) >= start) {
    cv_rtc_track_sound (&self->sound, LEVEL);
    cv_test_pause (PACE_MS);
  }
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_bandwidth_get (bob->bandwidth), <, start); /* where it goes is not said yet */
  cv_rtc_client_check (self->bob, TRUE);
  cv_test_wait_until (cv_bandwidth_get (bob->bandwidth) >= start);
  g_assert_cmpint (cv_twcc_sender_get_silence (bob->outgoing), ==, 0);
  /* who goes on by another way at once does so at the same rate */
  cv_bandwidth_silence (bob->bandwidth, 2 * G_USEC_PER_SEC, g_get_monotonic_time ());
  close (cv_rtc_client_move (self->bob));
  cv_rtc_client_check (self->bob, TRUE);
  cv_rtc_client_settle (self->bob);
  g_assert_cmpuint (cv_bandwidth_get (bob->bandwidth), <, start);
}

/* Checks from everywhere: those with a password move nothing but their own, and take no memory. */
static void
test_floods (Fixture *self, gconstpointer data)
{
  g_autoptr (CvRtcClient) carol = cv_rtc_room_add (self->room, CAROL, 2, 2);
  guint8 garbage[200];
  for (guint i = 0; i < 2000; i++) {
    close (cv_rtc_client_move (carol));
    cv_rtc_client_check (carol, i % 2 == 0);
    for (gsize k = 0; k < sizeof garbage; k++)
      garbage[k] = (guint8) g_test_rand_int ();
    garbage[0] &= 0x3f;
    cv_rtc_client_send_raw (carol, garbage, sizeof garbage);
    carol->pwd[0] ^= 1;
    cv_rtc_client_check (carol, TRUE);
    carol->pwd[0] ^= 1;
    if (i % 100 == 0)
      cv_test_settle ();
  }
  cv_rtc_client_settle (carol);
  g_assert_cmpuint (cv_rtc_room_get (self->room, CAROL)->n_addresses, ==, CV_ENDPOINT_MAX_ADDRESSES);
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_track_count (&self->sound, self->bob, 1000) == 1);
  g_assert_cmpstr (cv_rtc_room_get_news (self->room, "state " CAROL), ==, "connected");
}

/* ---- many ---- */

static void
test_many_lines (Fixture *self, gconstpointer data)
{
  g_autoptr (CvRtcClient) carol = cv_rtc_room_add (self->room, CAROL, 20, 40);
  const CvEndpoint *endpoint = cv_rtc_room_get (self->room, CAROL);
  g_assert_cmpuint (endpoint->n_slots, ==, 60);
  g_assert_cmpuint (carol->n_slots, ==, 60);
  g_autoptr (GHashTable) ssrcs = g_hash_table_new (g_direct_hash, g_direct_equal);
  for (guint i = 0; i < 60; i++) {
    g_assert_cmpuint (carol->slots[i].ssrc, ==, endpoint->slots[i].ssrc);
    g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (endpoint->slots[i].ssrc)));
    g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (endpoint->slots[i].rtx_ssrc)));
  }
  g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (endpoint->ssrc)));
  cv_test_wait_until (*cv_rtc_room_get_news (self->room, "slots " CAROL) != '\0');
  cv_rtc_track_sound (&self->sound, LEVEL);
  cv_test_wait_until (cv_rtc_track_count (&self->sound, carol, 1000) == 1);
  assert_sound (carol);
}

static guint
count_files (const char *folder)
{
  guint n = 0;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
join_and_leave (Fixture *self, gboolean connects)
{
  if (connects) {
    g_autoptr (CvRtcClient) carol = cv_rtc_room_add (self->room, CAROL, 6, 17);
    cv_rtc_track_sound (&self->sound, LEVEL);
    cv_rtc_client_settle (carol);
    assert_sound (carol);
  } else {
    g_autoptr (CvRtcClient) carol = cv_rtc_client_new (self->room->port, FALSE);
    cv_rtc_room_join (self->room, CAROL, carol, 6, 17);
    cv_rtc_client_settle (carol);
  }
  cv_router_leave (self->room->router, CAROL);
  cv_rtc_client_settle (self->bob);
}

static void
test_joins_and_leaves (Fixture *self, gconstpointer data)
{
  cv_usage_get_rss (); /* opens a file */
  for (guint i = 0; i < 40; i++)
    join_and_leave (self, i % 2 == 0);
  guint files = count_files ("/proc/self/fd"), threads = count_files ("/proc/self/task"), rss = cv_usage_get_rss ();
  for (guint i = 0; i < 200; i++)
    join_and_leave (self, i % 4 == 0);
  g_assert_cmpuint (count_files ("/proc/self/fd"), ==, files);
  g_assert_cmpuint (count_files ("/proc/self/task"), ==, threads);
  /* One endpoint that stays is 100 KiB. What the tests' own clients keep grows a little; sanitizers keep what was freed. */
#ifndef SANITIZED
  g_assert_cmpuint (cv_usage_get_rss (), <, rss + 12 * 1024);
#else
  g_assert_cmpuint (rss, >, 0);
#endif
}

static void
test_refuses (void)
{
  g_autoptr (CvRtcRoom) room = cv_rtc_room_new ();
  g_autoptr (CvRtcClient) client = cv_rtc_client_new (room->port, FALSE);
  g_autofree char *offer = cv_offer_text (client->fingerprint, 1, 1);
  for (guint i = 0; i < CV_ROUTER_MAX_PEOPLE; i++) {
    g_autofree char *person = g_strdup_printf ("p%012u", i);
    g_autofree char *answer = cv_router_join (room->router, person, offer, strlen (offer), NULL);
    g_assert_nonnull (answer);
  }
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_router_join (room->router, ALICE, offer, strlen (offer), &error));
  g_assert_error (error, CV_ROUTER_ERROR, CV_ROUTER_ERROR_TOO_MANY);
  g_clear_error (&error);
  /* Who is in may come again, but not with nonsense, which changes nothing. */
  const CvEndpoint *first = cv_rtc_room_get (room, "p000000000000");
  g_assert_null (cv_router_join (room->router, "p000000000000", "v=1", 3, &error));
  g_assert_error (error, CV_SDP_ERROR, CV_SDP_ERROR_SYNTAX);
  g_assert_true (cv_rtc_room_get (room, "p000000000000") == first);
  g_autofree char *answer = cv_router_join (room->router, "p000000000000", offer, strlen (offer), NULL);
  g_assert_nonnull (answer);
}

/* ---- who speaks ---- */

static void
test_speakers (Fixture *self, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();
  while (strcmp (cv_rtc_room_get_news (self->room, "speakers"), ALICE) != 0) {
    cv_rtc_track_sound (&self->sound, LEVEL);
    cv_test_iterate (start, "a speaker", G_STRLOC);
  }
  cv_test_wait_until (*cv_rtc_room_get_news (self->room, "speakers") == '\0');
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/router/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("forwards", test_forwards);
  ADD ("transport-numbers", test_transport_numbers);
  ADD ("switch-in-a-batch", test_switch_in_a_batch);
  ADD ("other-ssrc", test_other_ssrc);
  ADD ("leaps", test_leaps);
  ADD ("may", test_may);
  ADD ("leaves", test_leaves);
  ADD ("joins-again", test_joins_again);
  ADD ("replayed", test_replayed);
  ADD ("address-is-kept", test_address_is_kept);
  ADD ("moves", test_moves);
  ADD ("floods", test_floods);
  ADD ("many-lines", test_many_lines);
  ADD ("joins-and-leaves", test_joins_and_leaves);
  ADD ("speakers", test_speakers);
  g_test_add_func ("/router/refuses", test_refuses);
  return g_test_run ();
}
