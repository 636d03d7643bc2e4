/* See attack.h. */
#include "rtc/attack.h"

#include "rtp/bytes.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_GARBAGE 1400

/* Fills one datagram. Returns its length, 0: none. */
typedef gsize (*Maker) (CvRtcPeer *peer, guint number, guint8 *out);

static gsize
fill_random (guint8 *out, gsize from, gsize n)
{
  for (gsize i = from; i < n; i++)
    out[i] = (guint8) g_random_int ();
  return n;
}

/* Whatever; the first byte goes through all protocols (RFC 7983). */
static gsize
make_garbage (CvRtcPeer *peer, guint number, guint8 *out)
{
  static const guint8 first[] = { 0, 1, 3, 20, 22, 23, 63, 64, 127, 128, 144, 191, 192, 255 };
  gsize n = (gsize) g_random_int_range (1, MAX_GARBAGE);
  fill_random (out, 0, n);
  out[0] = first[number % G_N_ELEMENTS (first)];
  return n;
}

/* What was sent once more, protected as it was. */
static gsize
make_replay (CvRtcPeer *peer, guint number, guint8 *out)
{
  GBytes *packet = peer->transport.tape[number % CV_RTC_TAPE];
  gsize n = 0;
  if (packet == NULL)
    return 0;
  gconstpointer data = g_bytes_get_data (packet, &n);
  memcpy (out, data, n);
  return n;
}

/* RTP of a stream of ours, not encrypted. */
static gsize
make_plain (CvRtcPeer *peer, guint number, guint8 *out)
{
  if (peer->n_senders == 0)
    return 0;
  CvRtcSender *sender = &peer->senders[number % peer->n_senders];
  guint16 seq = sender->seq, twcc = peer->transport.departures.next;
  gsize n = cv_rtc_sender_write_header (sender, FALSE, TRUE, out);
  sender->seq = seq; /* so that our own stream goes on as if nothing had been */
  peer->transport.departures.next = twcc;
  memset (out + n, 0x5a, 200);
  return n + 200;
}

/* The same with a payload as if it were encrypted. */
static gsize
make_forged (CvRtcPeer *peer, guint number, guint8 *out)
{
  gsize n = make_plain (peer, number, out);
  return n == 0 ? 0 : fill_random (out, n - 200, n);
}

/* RTCP that is not encrypted: a goodbye of each of our streams. */
static gsize
make_plain_rtcp (CvRtcPeer *peer, guint number, guint8 *out)
{
  if (peer->n_senders == 0)
    return 0;
  cv_write32 (out, 0x80c90001);
  cv_write32 (out + 4, peer->senders[number % peer->n_senders].ssrc);
  cv_write32 (out + 8, 0x81cb0001);
  cv_write32 (out + 12, peer->senders[number % peer->n_senders].ssrc);
  return 16;
}

/* A binding request with the right names and a wrong password. */
static gsize
make_stun (CvRtcPeer *peer, guint number, guint8 *out)
{
  char username[600];
  if (peer->remote == NULL)
    return 0;
  int n = g_snprintf (username, sizeof username, "%s:%s", peer->remote->ufrag, peer->transport.ice.ufrag);
  gsize padded = ((gsize) n + 3) / 4 * 4;
  memset (out, 0, 24 + padded);
  cv_write16 (out, 1);
  cv_write16 (out + 2, (guint16) (4 + padded + 4 + 24));
  cv_write32 (out + 4, 0x2112a442);
  fill_random (out, 8, 20);
  cv_write16 (out + 20, 6);
  cv_write16 (out + 22, (guint16) n);
  memcpy (out + 24, username, (gsize) n);
  cv_write32 (out + 24 + padded, 0x00250000);
  cv_write32 (out + 28 + padded, 0x00080014);
  return fill_random (out, 32 + padded, 52 + padded);
}

static const struct {
  const char *name;
  Maker maker;
} kinds[] = {
  { "garbage", make_garbage }, { "replay", make_replay },         { "plain", make_plain },
  { "forged", make_forged },   { "plain-rtcp", make_plain_rtcp }, { "stun", make_stun },
};

static void
send_all (CvRtcPeer *peer, Maker maker, guint count, int fd)
{
  const CvRtcAddress *to = &peer->transport.ice.peer;
  guint8 packet[CV_RTC_MAX_PACKET];
  for (guint i = 0; i < count; i++) {
    gsize n = maker (peer, i, packet);
    if (n == 0)
      continue;
    if (fd < 0)
      cv_rtc_transport_send (&peer->transport, packet, n);
    else if (sendto (fd, packet, n, MSG_DONTWAIT, &to->any, cv_rtc_address_length (to)) < 0)
      peer->context->totals.tx_errors++;
  }
}

gboolean
cv_rtc_attack (CvRtcPeer *peer, const char *kind, guint count, gboolean elsewhere)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].name, kind) != 0)
      continue;
    int fd = elsewhere ? socket (peer->transport.local.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    send_all (peer, kinds[i].maker, count, fd);
    if (fd >= 0)
      close (fd);
    return TRUE;
  }
  return FALSE;
}
