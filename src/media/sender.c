/* See sender.h. */
#include "media/sender.h"

#define REPORT_EVERY_US (2 * G_USEC_PER_SEC)
#define REPORTS_LOOKED_AT_US (200 * 1000)
#define RTCP_ROOM 1200
#define OVERHEAD 44 /* of a packet: IP, UDP, SRTP tag: what a path carries beside it */
#define PADDING 255
/* What may be sent again: that part of what the path takes (so many bit/s where nothing is known of it), saved up for so
 * long, and so many bytes at least. A path that has become narrow would be filled by what is asked for again. */
#define REPAIR_SHARE 4
#define REPAIR_BPS 4000000
#define REPAIR_SAVED_US (500 * 1000)
#define REPAIR_LEAST 8192
/* feedback comes ten times a second: an address from which none came for so long leads nowhere */
#define DEAD_US (300 * 1000)

gboolean
cv_sender_add (CvEndpoint *endpoint, CvSlot *slot, const CvPacket *packet, const CvStretch *as)
{
  if (endpoint->n_pending == CV_ENDPOINT_MAX_PENDING)
    return FALSE;
  endpoint->pending[endpoint->n_pending++] = (CvPending){ .slot = slot, .packet = packet, .as = *as };
  return endpoint->n_pending == 1;
}

/* Congestion control learns of the packet; returns its transport-wide number. */
static guint16
count (CvEndpoint *endpoint, gsize n, gint64 now)
{
  endpoint->sent_bytes += n;
  endpoint->sent_packets++;
  if (endpoint->outgoing == NULL)
    return 0;
  endpoint->probed += n + OVERHEAD;
  endpoint->probed_packets++;
  return cv_twcc_sender_sent (endpoint->outgoing, now, n + OVERHEAD, endpoint->probe.number);
}

static void
commit (CvEndpoint *endpoint, gsize n)
{
  if (n > 0)
    cv_socket_commit (endpoint->transport->socket, &endpoint->transport->address, n);
}

static gboolean
is_open (const CvEndpoint *endpoint)
{
  return endpoint->transport->send != NULL && endpoint->transport->address.n > 0;
}

void
cv_sender_flush (CvEndpoint *endpoint, gint64 now)
{
  CvTransport *transport = endpoint->transport;
  for (guint i = 0; i < endpoint->n_pending && is_open (endpoint); i++) {
    const CvPending *pending = &endpoint->pending[i];
    guint16 twcc = count (endpoint, pending->packet->n, now);
    guint8 *out = cv_socket_reserve (transport->socket);
    commit (endpoint, cv_slot_write (pending->slot, pending->packet, &pending->as, transport->send, twcc, out));
  }
  endpoint->n_pending = 0;
}

/* One report can ask for thousands of packets, again and again: no more goes out than the path takes. */
static gboolean
may_repair (CvEndpoint *endpoint, gsize n, gint64 now)
{
  gint64 bps = endpoint->bandwidth != NULL ? cv_bandwidth_get (endpoint->bandwidth) / REPAIR_SHARE : REPAIR_BPS;
  gint64 most = MAX (REPAIR_LEAST, bps / 8 * REPAIR_SAVED_US / G_USEC_PER_SEC);
  gint64 elapsed = endpoint->repaired_at != 0 ? now - endpoint->repaired_at : REPAIR_SAVED_US;
  gint64 more = bps / 8 * CLAMP (elapsed, 0, REPAIR_SAVED_US) / G_USEC_PER_SEC;
  endpoint->repair_room = endpoint->repaired_at != 0 ? MIN (most, endpoint->repair_room + more) : most;
  endpoint->repaired_at = now;
  if (endpoint->repair_room < (gint64) n)
    return FALSE;
  endpoint->repair_room -= (gint64) n;
  return TRUE;
}

void
cv_sender_retransmit (CvEndpoint *endpoint, CvSlot *slot, guint16 seq, gint64 now)
{
  gsize n = is_open (endpoint) ? cv_slot_find_sent (slot, seq) : 0;
  if (n == 0 || !may_repair (endpoint, n, now))
    return;
  guint16 twcc = count (endpoint, n, now);
  guint8 *out = cv_socket_reserve (endpoint->transport->socket);
  endpoint->retransmitted++;
  commit (endpoint, cv_slot_write_rtx (slot, seq, endpoint->transport->send, twcc, out));
}

static void
report (CvEndpoint *endpoint, gint64 now)
{
  guint8 out[RTCP_ROOM];
  CvRtcpWriter writer = { .out = out, .size = sizeof out - CV_SRTP_MAX_OVERHEAD };
  endpoint->reports_at = now;
  for (guint i = 0; i < endpoint->n_slots; i++) {
    CvSlot *slot = &endpoint->slots[i];
    if (now - slot->reported < REPORT_EVERY_US || !cv_slot_write_report (slot, &writer, "conclave", now))
      continue;
    slot->reported = now;
    if (writer.n + 100 > writer.size) {
      cv_transport_send_rtcp (endpoint->transport, out, writer.n);
      writer.n = 0;
    }
  }
  if (writer.n > 0)
    cv_transport_send_rtcp (endpoint->transport, out, writer.n);
}

/* ---- probes ---- */

static CvSlot *
find_padding_slot (CvEndpoint *endpoint)
{
  for (guint i = 0; i < endpoint->n_slots; i++)
    if (cv_slot_can_pad (&endpoint->slots[i]))
      return &endpoint->slots[i];
  return NULL;
}

/* As much padding as keeps what is sent at the probe's rate. */
static void
pad (CvEndpoint *endpoint, CvSlot *slot, gint64 now)
{
  gint64 elapsed = MIN (now, endpoint->probe_end) - endpoint->probe_at;
  guint64 due = (guint64) endpoint->probe.bps / 8 * (guint64) elapsed / G_USEC_PER_SEC;
  gboolean last = now >= endpoint->probe_end;
  while (endpoint->probed < due || (last && endpoint->probed_packets < endpoint->probe.packets_min)) {
    guint16 twcc = count (endpoint, PADDING + CV_RTP_HEADER, now);
    guint8 *out = cv_socket_reserve (endpoint->transport->socket);
    gsize n = cv_slot_write_padding (slot, PADDING, endpoint->transport->send, twcc, out);
    if (n == 0)
      return;
    commit (endpoint, n);
  }
}

static void
probe (CvEndpoint *endpoint, gint64 now)
{
  if (endpoint->probe.number == 0) {
    if (!cv_bandwidth_take_probe (endpoint->bandwidth, now, &endpoint->probe))
      return;
    endpoint->probe_at = now;
    endpoint->probe_end = now + endpoint->probe.duration_us;
    endpoint->probed = 0;
    endpoint->probed_packets = 0;
  }
  CvSlot *slot = find_padding_slot (endpoint);
  if (slot != NULL)
    pad (endpoint, slot, now);
  if (now >= endpoint->probe_end)
    endpoint->probe = (CvProbe){ 0 };
}

void
cv_sender_moved (CvEndpoint *endpoint)
{
  if (endpoint->outgoing == NULL || cv_twcc_sender_get_silence (endpoint->outgoing) < DEAD_US)
    return; /* who goes on by another way, as who has two may, does so at the same rate */
  cv_twcc_sender_forget (endpoint->outgoing);
  cv_bandwidth_restart (endpoint->bandwidth);
  endpoint->probe = (CvProbe){ 0 };
  endpoint->rearrange = TRUE;
}

void
cv_sender_tick (CvEndpoint *endpoint, gint64 now)
{
  if (!is_open (endpoint))
    return;
  if (now - endpoint->reports_at >= REPORTS_LOOKED_AT_US) /* seldom: each slot is a few lines of the cache */
    report (endpoint, now);
  if (endpoint->outgoing == NULL)
    return;
  cv_bandwidth_silence (endpoint->bandwidth, cv_twcc_sender_get_silence (endpoint->outgoing), now);
  probe (endpoint, now);
}
