/* See transport.h. */
#define _GNU_SOURCE /* recvmmsg */
#include "rtc/transport.h"

#include "rtc/clock.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 32
#define BUFFER (4 << 20)

static void dispatch (CvRtcTransport *self, guint8 *packet, gsize n, const CvRtcAddress *from, guint64 at);

/* ---- the socket ---- */

static gboolean
open_socket (CvRtcTransport *self)
{
  int one = 1, buffer = BUFFER;
  socklen_t length = sizeof self->local;
  self->fd = socket (self->local.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || bind (self->fd, &self->local.any, cv_rtc_address_length (&self->local)) != 0 ||
      getsockname (self->fd, &self->local.any, &length) != 0)
    return FALSE;
  setsockopt (self->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt (self->fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof one);
  if (self->context->kernel_time)
    setsockopt (self->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = self };
  self->drops = 0;
  return epoll_ctl (self->context->epoll, EPOLL_CTL_ADD, self->fd, &event) == 0;
}

static void
send_now (CvRtcTransport *self, const CvRtcAddress *to, const guint8 *packet, gsize n)
{
  if (sendto (self->fd, packet, n, MSG_DONTWAIT, &to->any, cv_rtc_address_length (to)) < 0)
    self->context->totals.tx_errors++;
}

static void
send_to (CvRtcTransport *self, const CvRtcAddress *to, const guint8 *packet, gsize n)
{
  if (cv_rtc_link_is_clear (&self->up))
    send_now (self, to, packet, n);
  else
    cv_rtc_link_push (&self->up, packet, n, cv_rtc_now (), to, sizeof *to);
}

static void
on_up_due (gpointer user_data, guint8 *packet, gsize n, guint64 due, gpointer tag)
{
  send_now (user_data, tag, packet, n);
}

static void
on_down_due (gpointer user_data, guint8 *packet, gsize n, guint64 due, gpointer tag)
{
  dispatch (user_data, packet, n, tag, due);
}

/* When the kernel got it; counts what it had to drop. */
static guint64
read_control (CvRtcTransport *self, struct msghdr *header, guint64 now)
{
  guint64 at = now;
  for (struct cmsghdr *message = CMSG_FIRSTHDR (header); message != NULL; message = CMSG_NXTHDR (header, message)) {
    if (message->cmsg_level != SOL_SOCKET)
      continue;
    if (message->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy (&time, CMSG_DATA (message), sizeof time);
      at = cv_rtc_timespec_ns (&time) + (guint64) self->context->real_to_monotonic;
    } else if (message->cmsg_type == SO_RXQ_OVFL) {
      guint32 drops;
      memcpy (&drops, CMSG_DATA (message), sizeof drops);
      self->context->totals.socket_drops += drops - self->drops;
      self->drops = drops;
    }
  }
  return at;
}

void
cv_rtc_transport_readable (CvRtcTransport *self)
{
  static guint8 packets[BATCH][CV_RTC_MAX_PACKET], control[BATCH][128];
  static CvRtcAddress from[BATCH];
  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH];
  for (guint i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){ packets[i], CV_RTC_MAX_PACKET };
    messages[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
                                           .msg_namelen = sizeof from[i],
                                           .msg_iov = &vectors[i],
                                           .msg_iovlen = 1,
                                           .msg_control = control[i],
                                           .msg_controllen = sizeof control[i] };
  }
  int n = recvmmsg (self->fd, messages, BATCH, MSG_DONTWAIT, NULL);
  guint64 now = cv_rtc_now ();
  for (int i = 0; i < n; i++) {
    guint64 at = read_control (self, &messages[i].msg_hdr, now);
    if (cv_rtc_link_is_clear (&self->down))
      dispatch (self, packets[i], messages[i].msg_len, &from[i], at);
    else
      cv_rtc_link_push (&self->down, packets[i], messages[i].msg_len, at, &from[i], sizeof from[i]);
  }
}

/* ---- layers ---- */

static void
on_ice_send (gpointer user_data, const CvRtcAddress *to, const guint8 *packet, gsize n)
{
  send_to (user_data, to, packet, n);
}

static void
on_dtls_send (gpointer user_data, const guint8 *packet, gsize n)
{
  cv_rtc_transport_send (user_data, packet, n);
}

static void
on_dtls_state (CvRtcTransport *self, CvRtcDtlsState before)
{
  if (self->dtls.state == CV_RTC_DTLS_FAILED)
    self->funcs->failed (self->user_data, self->dtls.failure);
  else if (self->dtls.state == CV_RTC_DTLS_UP && before != CV_RTC_DTLS_UP)
    self->funcs->up (self->user_data);
}

static void
start_dtls (CvRtcTransport *self)
{
  if (self->mute || self->dtls.state != CV_RTC_DTLS_NEW)
    return;
  cv_rtc_dtls_start (&self->dtls, self->identity, self->active, self->remote->fingerprint, on_dtls_send, self);
}

static void
on_ice_selected (gpointer user_data)
{
  CvRtcTransport *self = user_data;
  self->funcs->connected (self->user_data);
  start_dtls (self);
}

static void
on_ice_failed (gpointer user_data, const char *why)
{
  CvRtcTransport *self = user_data;
  self->funcs->failed (self->user_data, why);
}

static const CvRtcIceFuncs ice_funcs = { on_ice_send, on_ice_selected, on_ice_failed };

static void
receive_dtls (CvRtcTransport *self, const guint8 *packet, gsize n, const CvRtcAddress *from)
{
  CvRtcDtlsState before = self->dtls.state;
  if (self->remote == NULL)
    return;
  if (!self->ice.has_peer) { /* its ICE finished before ours */
    self->ice.peer = *from;
    self->ice.has_peer = TRUE;
  }
  start_dtls (self);
  cv_rtc_dtls_receive (&self->dtls, packet, n);
  on_dtls_state (self, before);
}

static void
receive_rtcp (CvRtcTransport *self, guint8 *packet, gsize n, guint64 at)
{
  int length = (int) n;
  if (srtp_unprotect_rtcp (self->dtls.incoming, packet, &length) == srtp_err_status_ok)
    self->funcs->rtcp (self->user_data, packet, (gsize) length, at);
  else
    self->context->totals.bad_srtcp++;
}

/* RFC 7983. */
static void
dispatch (CvRtcTransport *self, guint8 *packet, gsize n, const CvRtcAddress *from, guint64 at)
{
  if (n < 8)
    return;
  if (packet[0] < 4)
    cv_rtc_ice_receive (&self->ice, packet, n, from, at);
  else if (packet[0] >= 20 && packet[0] < 64)
    receive_dtls (self, packet, n, from);
  else if (packet[0] >> 6 != 2 || !cv_rtc_transport_is_up (self))
    return;
  else if (packet[1] >= 192 && packet[1] <= 223)
    receive_rtcp (self, packet, n, at);
  else if (n >= 12)
    self->funcs->rtp (self->user_data, packet, n, at);
}

/* ---- life ---- */

gboolean
cv_rtc_transport_init (CvRtcTransport *self, CvRtcContext *context, CvRtcIdentity *identity, const char *address,
                       const CvRtcTransportFuncs *funcs, gpointer user_data)
{
  memset (self, 0, sizeof *self);
  self->context = context;
  self->identity = identity;
  self->funcs = funcs;
  self->user_data = user_data;
  self->fd = -1;
  cv_rtc_link_init (&self->up);
  cv_rtc_link_init (&self->down);
  cv_rtc_ice_init (&self->ice, &ice_funcs, self, cv_rtc_now ());
  return cv_rtc_address_parse (&self->local, address, 0) && open_socket (self);
}

void
cv_rtc_transport_clear (CvRtcTransport *self)
{
  if (self->fd >= 0) {
    cv_rtc_dtls_clear (&self->dtls);
    close (self->fd);
  }
  cv_rtc_link_clear (&self->up);
  cv_rtc_link_clear (&self->down);
  for (guint i = 0; i < CV_RTC_TAPE; i++)
    g_clear_pointer (&self->tape[i], g_bytes_unref);
}

void
cv_rtc_transport_set_remote (CvRtcTransport *self, CvRtcSdp *remote)
{
  self->remote = remote;
  cv_rtc_ice_set_remote (&self->ice, remote, cv_rtc_now ());
}

gboolean
cv_rtc_transport_move (CvRtcTransport *self, gboolean silent)
{
  close (self->fd); /* epoll forgets it */
  if (self->local.any.sa_family == AF_INET6)
    self->local.v6.sin6_port = 0;
  else
    self->local.v4.sin_port = 0;
  if (!open_socket (self))
    return FALSE;
  if (!silent)
    cv_rtc_ice_check (&self->ice, cv_rtc_now ());
  return TRUE;
}

void
cv_rtc_transport_tick (CvRtcTransport *self, guint64 now)
{
  CvRtcDtlsState before = self->dtls.state;
  if (self->up.packets.head != NULL)
    cv_rtc_link_flush (&self->up, now, on_up_due, self);
  if (self->down.packets.head != NULL)
    cv_rtc_link_flush (&self->down, now, on_down_due, self);
  cv_rtc_ice_tick (&self->ice, now);
  if (before == CV_RTC_DTLS_HANDSHAKE) {
    cv_rtc_dtls_tick (&self->dtls, now);
    on_dtls_state (self, before);
  }
}

/* ---- sending ---- */

void
cv_rtc_transport_send (CvRtcTransport *self, const guint8 *packet, gsize n)
{
  if (self->ice.has_peer)
    send_to (self, &self->ice.peer, packet, n);
}

void
cv_rtc_transport_send_rtp (CvRtcTransport *self, guint8 *packet, gsize n)
{
  int length = (int) n;
  if (!cv_rtc_transport_is_up (self) || srtp_protect (self->dtls.outgoing, packet, &length) != srtp_err_status_ok)
    return;
  if (self->recording) {
    GBytes **slot = &self->tape[self->tape_n++ % CV_RTC_TAPE];
    g_clear_pointer (slot, g_bytes_unref);
    *slot = g_bytes_new (packet, (gsize) length);
  }
  self->context->totals.tx_packets++;
  self->context->totals.tx_bytes += (guint64) length;
  cv_rtc_transport_send (self, packet, (gsize) length);
}

void
cv_rtc_transport_send_rtcp (CvRtcTransport *self, CvRtcRtcp *rtcp)
{
  int length = (int) rtcp->n;
  if (!cv_rtc_transport_is_up (self) || rtcp->n == 0)
    return;
  if (srtp_protect_rtcp (self->dtls.outgoing, rtcp->data, &length) == srtp_err_status_ok)
    cv_rtc_transport_send (self, rtcp->data, (gsize) length);
}

CvRtcOpened
cv_rtc_transport_open_rtp (CvRtcTransport *self, guint8 *packet, gsize *n)
{
  int length = (int) *n;
  srtp_err_status_t status = srtp_unprotect (self->dtls.incoming, packet, &length);
  if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old)
    return CV_RTC_REPLAYED;
  if (status != srtp_err_status_ok) {
    self->context->totals.bad_srtp++;
    return CV_RTC_FORGED;
  }
  self->context->totals.decrypted++;
  *n = (gsize) length;
  return CV_RTC_OPENED;
}
