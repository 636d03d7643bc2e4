/* See peer.h. */
#include "rtc/peer.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"

#include <string.h>

/* ---- RTCP ---- */

static void
ask_key (CvRtcPeer *self, guint32 ssrc)
{
  for (guint i = 0; i < self->n_senders; i++)
    if (self->senders[i].kind == CV_RTC_VIDEO && self->senders[i].ssrc == ssrc)
      cv_rtc_sender_ask_key (&self->senders[i]);
}

static void
take_nack (CvRtcPeer *self, const CvRtcRtcpMessage *message)
{
  CvRtcTotals *totals = &self->context->totals;
  CvRtcSender *sender = NULL;
  for (guint i = 0; i < self->n_senders; i++)
    if (self->senders[i].ssrc == cv_read32 (message->data + 8))
      sender = &self->senders[i];
  totals->nack_rx++;
  for (gsize at = 12; sender != NULL && at + 4 <= message->n; at += 4) {
    guint16 first = cv_read16 (message->data + at), mask = cv_read16 (message->data + at + 2);
    totals->nacked++;
    cv_rtc_sender_repeat (sender, first);
    for (guint bit = 0; bit < 16; bit++) {
      if (mask >> bit & 1) {
        totals->nacked++;
        cv_rtc_sender_repeat (sender, (guint16) (first + bit + 1));
      }
    }
  }
}

static void
take_reports (CvRtcPeer *self, const CvRtcRtcpMessage *message, gsize at)
{
  for (guint i = 0; i < message->format && at + 24 <= message->n; i++, at += 24) {
    guint32 ssrc = cv_read32 (message->data + at);
    for (guint k = 0; k < self->n_senders; k++) {
      self->senders[k].acknowledged |= self->senders[k].ssrc == ssrc;
      self->senders[k].rtx_acknowledged |= self->senders[k].rtx_ssrc == ssrc;
    }
  }
}

static void
take_feedback (CvRtcPeer *self, const CvRtcRtcpMessage *message)
{
  CvRtcTotals *totals = &self->context->totals;
  guint kind = message->type << 8 | message->format;
  if (kind == (205 << 8 | 1) && message->n >= 16) {
    take_nack (self, message);
  } else if (kind == (205 << 8 | 15) && message->n >= 20) {
    totals->twcc_rx++;
    cv_rtc_departures_feedback (&self->transport.departures, message->data + 12, message->n - 12);
  } else if (kind == (206 << 8 | 1) && message->n >= 12) {
    totals->pli_rx++;
    ask_key (self, cv_read32 (message->data + 8));
  } else if (kind == (206 << 8 | 4) && message->n >= 20) {
    totals->fir_rx++;
    ask_key (self, cv_read32 (message->data + 12));
  } else if (kind == (206 << 8 | 15)) {
    totals->remb_rx++;
  }
}

static void
take_message (CvRtcPeer *self, const CvRtcRtcpMessage *message, guint64 at)
{
  CvRtcTotals *totals = &self->context->totals;
  if (message->type == 200) {
    totals->sr_rx++;
    cv_rtc_receiver_report (&self->receiver, message, at);
    take_reports (self, message, 28);
  } else if (message->type == 201) {
    totals->rr_rx++;
    take_reports (self, message, 8);
  } else if (message->type == 203) {
    totals->bye_rx++;
  } else if (message->type == 205 || message->type == 206) {
    take_feedback (self, message);
  }
}

/* ---- the transport ---- */

static void
on_transport_connected (gpointer user_data)
{
  CvRtcPeer *self = user_data;
  cv_rtc_emit (self->context, "{\"event\":\"ice\",\"id\":%u,\"ms\":%.2f}", self->id,
               (double) (gint64) (cv_rtc_now () - self->asked_at) / 1e6);
}

static void
on_transport_up (gpointer user_data)
{
  CvRtcPeer *self = user_data;
  guint64 now = cv_rtc_now ();
  cv_rtc_emit (self->context, "{\"event\":\"connected\",\"id\":%u,\"ms\":%.2f,\"profile\":\"%s\"}", self->id,
               (double) (gint64) (now - self->asked_at) / 1e6, self->transport.dtls.profile);
  for (guint i = 0; i < self->n_senders; i++) {
    cv_rtc_sender_start (&self->senders[i], now);
    if (i > 0 && self->senders[i].source == self->senders[i - 1].source) /* layers of one picture leave together */
      self->senders[i].next = self->senders[i - 1].next;
  }
  cv_rtc_receiver_start (&self->receiver, now);
  if (self->offers)
    return;
  for (guint i = 0; i < self->remote->ssrcs->len; i++) { /* keyframes, before the first packet */
    const CvRtcSsrc *known = &g_array_index (self->remote->ssrcs, CvRtcSsrc, i);
    if (g_array_index (self->remote->sections, CvRtcSection, known->section).kind == CV_RTC_VIDEO)
      cv_rtc_receiver_ask_key (&self->receiver, known->ssrc);
  }
}

static void
on_transport_rtp (gpointer user_data, guint8 *packet, gsize n, guint64 at)
{
  CvRtcPeer *self = user_data;
  if (!self->dead)
    cv_rtc_receiver_rtp (&self->receiver, packet, n, at);
}

static void
on_transport_rtcp (gpointer user_data, guint8 *packet, gsize n, guint64 at)
{
  CvRtcPeer *self = user_data;
  CvRtcRtcpMessage message;
  gsize done = 0;
  if (self->dead)
    return;
  while (cv_rtc_rtcp_next (&message, packet, n, &done)) {
    if (done == message.n && message.type != 200 && message.type != 201 && !self->remote->reduced)
      self->context->totals.bad_rtcp++; /* does not begin with a report */
    take_message (self, &message, at);
  }
  if (done != n)
    self->context->totals.bad_rtcp++;
}

static void
on_transport_failed (gpointer user_data, const char *why)
{
  cv_rtc_peer_end (user_data, why);
}

static const CvRtcTransportFuncs transport_funcs = {
  on_transport_connected, on_transport_up, on_transport_rtp, on_transport_rtcp, on_transport_failed,
};

/* ---- life ---- */

CvRtcPeer *
cv_rtc_peer_new (CvRtcContext *context, CvRtcIdentity *identity, guint id, const char *address, gboolean offers,
                 guint64 asked_at)
{
  CvRtcPeer *self = g_new0 (CvRtcPeer, 1);
  self->context = context;
  self->id = id;
  self->offers = offers;
  self->asked_at = asked_at != 0 ? asked_at : cv_rtc_now ();
  self->fingerprint = identity->fingerprint_text;
  cv_rtc_receiver_init (&self->receiver, &self->transport, id, self->asked_at);
  if (!cv_rtc_transport_init (&self->transport, context, identity, address, &transport_funcs, self)) {
    cv_rtc_peer_free (self);
    return NULL;
  }
  self->transport.ice.controlling = offers;
  return self;
}

void
cv_rtc_peer_free (CvRtcPeer *self)
{
  for (guint i = 0; i < self->n_senders; i++)
    cv_rtc_sender_clear (&self->senders[i]);
  cv_rtc_receiver_clear (&self->receiver);
  cv_rtc_transport_clear (&self->transport);
  g_clear_pointer (&self->remote, cv_rtc_sdp_free);
  g_free (self);
}

CvRtcLine *
cv_rtc_peer_add_line (CvRtcPeer *self, CvRtcKind kind, gboolean sends, CvRtcSource source)
{
  if (self->n_lines == CV_RTC_MAX_LINES)
    return NULL;
  CvRtcLine *line = &self->lines[self->n_lines];
  *line = (CvRtcLine){ .kind = kind, .sends = sends, .source = source };
  g_snprintf (line->mid, sizeof line->mid, "%u", self->n_lines++);
  return line;
}

CvRtcSender *
cv_rtc_peer_add_sender (CvRtcPeer *self, const CvRtcLine *line, const char *rid)
{
  if (self->n_senders == CV_RTC_MAX_SENDERS)
    return NULL;
  CvRtcSender *sender = &self->senders[self->n_senders++];
  *sender = (CvRtcSender){ .transport = &self->transport,
                           .peer = self->id,
                           .kind = line->kind,
                           .source = line->source,
                           .ssrc = g_random_int (),
                           .rtx_ssrc = g_random_int (),
                           .seq = (guint16) g_random_int_range (0, 0x8000),
                           .rtx_seq = (guint16) g_random_int_range (0, 0x8000),
                           .first_timestamp = g_random_int (),
                           .picture = (guint) g_random_int_range (0, 0x8000),
                           .tl0 = (guint) g_random_int_range (0, 0x100) };
  g_strlcpy (sender->mid, line->mid, sizeof sender->mid);
  g_strlcpy (sender->rid, rid, sizeof sender->rid);
  return sender;
}

void
cv_rtc_peer_end (CvRtcPeer *self, const char *why)
{
  if (self->dead)
    return;
  self->dead = TRUE;
  cv_rtc_emit_text (self->context, "closed", self->id, "reason", why);
}

/* ---- descriptions ---- */

/* What an answer says of a stream that we offered. */
static void
apply_answer (CvRtcPeer *self, CvRtcSender *sender)
{
  const CvRtcSection *section = cv_rtc_sdp_find (self->remote, sender->mid);
  sender->negotiated = section != NULL && !section->rejected && section->receives;
  if (!sender->negotiated)
    return;
  memcpy (sender->ext, section->ext, sizeof sender->ext);
  sender->rtx_type = cv_rtc_sdp_rtx_type (self->remote, section, sender->type);
  if (sender->rid[0] == '\0')
    return;
  gboolean taken = FALSE;
  for (guint i = 0; i < section->n_rids; i++)
    taken |= strcmp (section->rids[i], sender->rid) == 0;
  if (section->n_rids == 0 &&
      sender->encoding == 0) { /* without simulcast the first one is sent, and without its name */
    taken = TRUE;
    sender->rid[0] = '\0';
  }
  sender->negotiated = taken;
}

gboolean
cv_rtc_peer_set_remote (CvRtcPeer *self, const char *sdp)
{
  CvRtcSdp *remote = cv_rtc_sdp_parse (sdp);
  if (remote == NULL)
    return FALSE;
  if (self->remote != NULL) { /* what was learned since */
    for (guint i = 0; i < self->remote->n_candidates; i++)
      if (remote->n_candidates < CV_RTC_MAX_CANDIDATES)
        remote->candidates[remote->n_candidates++] = self->remote->candidates[i];
  } else if (self->offers) {
    self->transport.active = strcmp (remote->setup, "passive") == 0;
  } else {
    self->transport.active = strcmp (remote->setup, "active") != 0;
    self->transport.ice.controlling = remote->lite;
  }
  cv_rtc_transport_set_remote (&self->transport, remote);
  cv_rtc_receiver_set_remote (&self->receiver, remote);
  g_clear_pointer (&self->remote, cv_rtc_sdp_free);
  self->remote = remote;
  for (guint i = 0; i < self->n_senders; i++)
    apply_answer (self, &self->senders[i]);
  return TRUE;
}

void
cv_rtc_peer_tick (CvRtcPeer *self, guint64 now)
{
  cv_rtc_transport_tick (&self->transport, now);
  if (self->dead || !cv_rtc_transport_is_up (&self->transport))
    return;
  for (guint i = 0; i < self->n_senders; i++)
    cv_rtc_sender_tick (&self->senders[i], now);
  cv_rtc_receiver_tick (&self->receiver, now);
}
