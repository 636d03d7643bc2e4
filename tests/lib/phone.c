/* See phone.h. */
#include "lib/phone.h"

#include "lib/phone-tone.h"
#include "rtp/rtp.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEARD 1600 /* 100 ms */

static int
bind_to (const char *host, CvAddress *address)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (cv_address_parse (address, host, 0));
  g_assert_cmpint (bind (fd, &address->any, address->n), ==, 0);
  g_assert_cmpint (getsockname (fd, &address->any, &address->n), ==, 0);
  return fd;
}

CvTestPhone *
cv_test_phone_new (const char *host, CvPhoneCodec codec)
{
  static const guint8 types[] = {
    [CV_PHONE_OPUS] = 96, [CV_PHONE_G722] = 9, [CV_PHONE_PCMA] = 8, [CV_PHONE_PCMU] = CV_TEST_PHONE_PCMU
  };
  CvTestPhone *self = g_new0 (CvTestPhone, 1);
  self->fd = bind_to (host, &self->address);
  self->codec = codec;
  self->type = types[codec];
  self->coder = cv_coder_new (codec);
  self->ssrc = g_random_int ();
  self->timestamp = g_random_int ();
  self->index = (guint64) g_random_int_range (1, 0x7fff);
  self->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->keys = g_string_new (NULL);
  return self;
}

void
cv_test_phone_free (CvTestPhone *self)
{
  close (self->fd);
  cv_coder_free (self->coder);
  g_array_unref (self->heard);
  g_string_free (self->keys, TRUE);
  g_clear_pointer (&self->send, cv_srtp_free);
  g_clear_pointer (&self->receive, cv_srtp_free);
  g_free (self);
}

int
cv_test_phone_socket (CvTestPhone *phone)
{
  CvAddress address;
  int fd = bind_to ("127.0.0.1", &address);
  if (phone != NULL)
    phone->call = address;
  return fd;
}

void
cv_test_phone_agreement (CvTestPhone *self, CvCallAgreement *agreement)
{
  *agreement = (CvCallAgreement){ .codec = self->codec,
                                  .payload_type = self->type,
                                  .digits_type = CV_TEST_PHONE_DIGITS,
                                  .digits_clock = 8000,
                                  .remote = self->address,
                                  .rtcp_mux = TRUE,
                                  .sends = TRUE,
                                  .receives = TRUE };
}

void
cv_test_phone_send (CvTestPhone *self, guint8 type, gboolean marker, guint32 timestamp, const guint8 *payload, gsize n)
{
  guint8 packet[CV_RTP_MAX_PACKET + CV_SRTP_MAX_OVERHEAD] = { 0x80, (guint8) ((marker ? 0x80 : 0) | type) };
  cv_write16 (packet + 2, (guint16) self->index);
  cv_write32 (packet + 4, timestamp);
  cv_write32 (packet + 8, self->ssrc);
  memcpy (packet + CV_RTP_HEADER, payload, n);
  gsize length = CV_RTP_HEADER + n;
  if (self->send != NULL)
    length =
      cv_srtp_protect_rtp (self->send, &self->sent, self->index, packet, CV_RTP_HEADER, packet + CV_RTP_HEADER, n);
  self->index++;
  sendto (self->fd, packet, length, 0, &self->call.any, self->call.n);
}

void
cv_test_phone_say (CvTestPhone *self, double hertz, double amplitude)
{
  gint16 tone[CV_CODEC_FRAME] = { 0 };
  guint8 payload[CV_CODEC_MAX_PAYLOAD];
  if (hertz > 0)
    cv_test_phone_tone (tone, CV_CODEC_FRAME, hertz, amplitude, self->said, CV_CODEC_RATE);
  self->said += CV_CODEC_FRAME;
  gsize n = cv_coder_encode (self->coder, tone, payload);
  cv_test_phone_send (self, self->type, FALSE, self->timestamp, payload, n);
  self->timestamp += cv_phone_codec_get_clock (self->codec) / 50;
}

void
cv_test_phone_press (CvTestPhone *self, guint8 event)
{
  for (guint i = 0; i < 5; i++) {
    guint16 held = (guint16) (160 * MIN (i + 1, 3));
    const guint8 payload[] = { event, i >= 2 ? 0x8a : 0x0a, (guint8) (held >> 8), (guint8) held };
    cv_test_phone_send (self, CV_TEST_PHONE_DIGITS, i == 0, self->timestamp, payload, sizeof payload);
  }
  self->timestamp += 480;
}

static void
take_sound (CvTestPhone *self, const guint8 *payload, gsize n)
{
  gint16 samples[CV_CODEC_MAX_SAMPLES];
  gsize got = cv_coder_decode (self->coder, payload, n, samples);
  g_array_append_vals (self->heard, samples, (guint) got);
}

static void
take_packet (CvTestPhone *self, guint8 *packet, gsize n)
{
  CvRtp rtp;
  guint64 index = 0;
  if (cv_rtp_is_rtcp (packet))
    return;
  if (!cv_rtp_parse (&rtp, packet, n) ||
      (self->receive != NULL && !cv_srtp_unprotect_rtp (self->receive, &self->got, packet, rtp.header_n, &n, &index))) {
    self->others++;
    return;
  }
  self->packets++;
  self->last_timestamp = rtp.timestamp;
  if (rtp.payload_type == self->type)
    take_sound (self, packet + rtp.header_n, n - rtp.header_n);
  else if (rtp.payload_type == CV_TEST_PHONE_DIGITS)
    g_string_append_c (self->keys, (gchar) ((packet[rtp.header_n + 1] & 0x80 ? 'A' : 'a') + packet[rtp.header_n]));
  else
    self->others++;
}

void
cv_test_phone_listen (CvTestPhone *self)
{
  guint8 packet[2000];
  for (ssize_t n; (n = recv (self->fd, packet, sizeof packet, MSG_DONTWAIT)) > 0;)
    take_packet (self, packet, (gsize) n);
}

double
cv_test_phone_hears (CvTestPhone *self, double hertz)
{
  g_assert_cmpuint (self->heard->len, >=, HEARD);
  const gint16 *last = &g_array_index (self->heard, gint16, self->heard->len - HEARD);
  return cv_test_phone_level (last, HEARD, hertz, CV_CODEC_RATE);
}
