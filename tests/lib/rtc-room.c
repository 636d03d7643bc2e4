/* See rtc-room.h. */
#include "lib/rtc-room.h"

#include <string.h>
#include <sys/socket.h>

#include "lib/offers.h"
#include "lib/wait.h"

#define FRAME_TICKS 3000
#define SOUND_TICKS 960
#define PAYLOAD 60

typedef struct {
  guint8 payload[PAYLOAD];
  guint32 timestamp;
  gboolean marker;
} CvRtcMade;

/* ---- news ---- */

static void
note (CvRtcRoom *self, const char *what, const char *person, const char *text)
{
  g_hash_table_replace (self->news, g_strconcat (what, person, NULL), g_strdup (text));
}

static void
on_state (const CvEndpoint *endpoint, gpointer user_data)
{
  static const char *const texts[] = { "new", "connected", "failed", "lost" };
  const CvTransport *transport = endpoint->transport;
  g_autofree char *text = g_strconcat (texts[transport->state], transport->reason != NULL ? " " : "",
                                       transport->reason != NULL ? transport->reason : "", NULL);
  note (user_data, "state ", endpoint->person, text);
}

static void
on_slots (const CvEndpoint *endpoint, gpointer user_data)
{
  CvRtcRoom *self = user_data;
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < endpoint->n_slots; i++) {
    const CvSlot *slot = &endpoint->slots[i];
    if (slot->source == NULL)
      continue;
    g_string_append_printf (text, "%s%s=%s/%s%s", text->len > 0 ? " " : "", slot->mid, slot->source->person,
                            cv_source_type_to_text (slot->source->type), slot->layer < 0 ? "(paused)" : "");
  }
  self->n_slots_news++;
  note (self, "slots ", endpoint->person, text->str);
}

static void
on_speakers (CvEndpoint *const *speaking, guint n, gpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", speaking[i]->person);
  note (user_data, "speakers", NULL, text->str);
}

static void
on_layers (const CvSource *source, gpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < source->n_tracks; i++)
    if (source->wanted & 1u << i)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", source->tracks[i].rid);
  note (user_data, "layers ", source->person, text->str);
}

const char *
cv_rtc_room_get_news (CvRtcRoom *self, const char *what)
{
  const char *text = g_hash_table_lookup (self->news, what);
  return text != NULL ? text : "";
}

/* ---- the room ---- */

CvRtcRoom *
cv_rtc_room_new (void)
{
  static const CvRouterFuncs funcs = { on_state, on_slots, on_speakers, on_layers };
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof local;
  g_autoptr (GError) error = NULL;
  CvRtcRoom *self = g_new0 (CvRtcRoom, 1);
  self->news = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->identity = cv_dtls_identity_new (&error);
  g_assert_no_error (error);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &local, n), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &local, &n), ==, 0);
  self->port = ntohs (local.sin_port);
  char *candidates[] = { (char *) "127.0.0.1 1", NULL };
  CvRouterOptions options = { .fds = &fd, .n_fds = 1, .candidates = candidates, .loudest = 4 };
  self->router = cv_router_new (self->identity, &options, &funcs, self);
  return self;
}

void
cv_rtc_room_free (CvRtcRoom *self)
{
  cv_router_free (self->router);
  cv_dtls_identity_free (self->identity);
  g_hash_table_unref (self->news);
  g_free (self);
}

void
cv_rtc_room_join (CvRtcRoom *self, const char *person, CvRtcClient *client, guint audio, guint video)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = cv_offer_text (client->fingerprint, audio, video);
  g_autofree char *answer = cv_router_join (self->router, person, offer, strlen (offer), &error);
  g_assert_no_error (error);
  cv_router_set_may (self->router, person, TRUE, TRUE, TRUE);
  cv_rtc_client_take_answer (client, answer);
}

CvRtcClient *
cv_rtc_room_add (CvRtcRoom *self, const char *person, guint audio, guint video)
{
  CvRtcClient *client = cv_rtc_client_new (self->port, FALSE);
  cv_rtc_room_join (self, person, client, audio, video);
  cv_rtc_client_connect (client);
  cv_test_wait_until (cv_endpoint_is_connected (cv_rtc_room_get (self, person)));
  return client;
}

CvEndpoint *
cv_rtc_room_get (CvRtcRoom *self, const char *person)
{
  const GPtrArray *everyone = cv_router_get_endpoints (self->router);
  for (guint i = 0; i < everyone->len; i++) {
    CvEndpoint *endpoint = g_ptr_array_index (everyone, i);
    if (strcmp (endpoint->person, person) == 0)
      return endpoint;
  }
  return NULL;
}

/* ---- what a person sends ---- */

void
cv_rtc_track_init (CvRtcTrack *self, CvRtcClient *client, const char *mid, const char *rid, guint32 ssrc)
{
  *self = (CvRtcTrack){
    .client = client, .mid = mid, .rid = rid, .ssrc = ssrc, .rtx_ssrc = ssrc + 1000000, .index = 1000, .rtx_index = 500
  };
  self->picture = (guint16) (ssrc % 30000);
  self->made = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
}

void
cv_rtc_track_clear (CvRtcTrack *self)
{
  g_hash_table_unref (self->made);
}

static CvRtcMade *
keep (CvRtcTrack *self, guint64 index, gboolean marker)
{
  CvRtcMade *made = g_new0 (CvRtcMade, 1);
  made->timestamp = self->timestamp;
  made->marker = marker;
  cv_write64 (made->payload + PAYLOAD - CV_RTC_MARK, index);
  cv_write32 (made->payload + PAYLOAD - 4, self->ssrc);
  g_hash_table_replace (self->made, GSIZE_TO_POINTER (index), made);
  return made;
}

static const CvRtcMade *
find_made (const CvRtcTrack *self, guint64 index)
{
  const CvRtcMade *made = g_hash_table_lookup (self->made, GSIZE_TO_POINTER (index));
  g_assert_nonnull (made);
  return made;
}

static void
send_made (CvRtcTrack *self, guint64 index, guint8 type, guint8 level)
{
  const CvRtcMade *made = find_made (self, index);
  CvRtcSend what = {
    .ssrc = self->ssrc,
    .index = index,
    .type = type,
    .marker = made->marker,
    .timestamp = made->timestamp,
    .mid = self->mid,
    .rid = self->rid,
    .level = level,
    .payload = made->payload,
    .n = PAYLOAD,
  };
  cv_rtc_client_send (self->client, &what);
}

void
cv_rtc_track_frame (CvRtcTrack *self, gboolean keyframe, guint packets, guint lost)
{
  self->timestamp += FRAME_TICKS;
  self->picture++;
  self->tl0++;
  for (guint i = 0; i < packets; i++) {
    guint64 index = self->index++;
    guint8 *p = keep (self, index, i + 1 == packets)->payload;
    p[0] = i == 0 ? 0x90 : 0x80; /* X, S */
    p[1] = 0xc0;                 /* I, L */
    cv_write16 (p + 2, 0x8000 | (self->picture & 0x7fff));
    p[4] = self->tl0;
    if (i == 0) {
      static const guint8 head[] = { 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01 }; /* 640x360 */
      p[5] = keyframe ? 0x10 : 0x11;
      memcpy (p + 8, head, sizeof head);
    }
    if (i >= 32 || (lost & 1u << i) == 0)
      send_made (self, index, CV_RTC_VP8, 0);
  }
}

void
cv_rtc_track_sound (CvRtcTrack *self, guint8 level)
{
  self->timestamp += SOUND_TICKS;
  keep (self, self->index, FALSE);
  send_made (self, self->index++, CV_RTC_OPUS, level);
}

void
cv_rtc_track_again (CvRtcTrack *self, guint64 index)
{
  send_made (self, index, CV_RTC_VP8, 0);
}

void
cv_rtc_track_repair (CvRtcTrack *self, guint64 index)
{
  const CvRtcMade *made = find_made (self, index);
  guint8 payload[PAYLOAD + 2];
  cv_write16 (payload, (guint16) index);
  memcpy (payload + 2, made->payload, PAYLOAD);
  CvRtcSend what = {
    .ssrc = self->rtx_ssrc,
    .index = self->rtx_index++,
    .type = CV_RTC_RTX,
    .marker = made->marker,
    .timestamp = made->timestamp,
    .mid = self->mid,
    .repaired = self->rid,
    .payload = payload,
    .n = sizeof payload,
  };
  cv_rtc_client_send (self->client, &what);
}

guint
cv_rtc_track_count (const CvRtcTrack *self, const CvRtcClient *client, guint64 index)
{
  guint n = 0;
  for (guint i = 0; i < client->packets->len; i++) {
    const CvRtcPacket *packet = g_ptr_array_index (client->packets, i);
    if (packet->n < CV_RTC_MARK)
      continue;
    const guint8 *mark = packet->payload + packet->n - CV_RTC_MARK;
    n += cv_read64 (mark) == index && cv_read32 (mark + 8) == self->ssrc;
  }
  return n;
}
