/* See wire.h. */
#define _GNU_SOURCE
#include "sip/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* read at once, and in one tick of one socket: more waits, or is lost in the kernel */
#define BATCH 4
#define BATCHES 8
#define ROOM 1600
/* SSRCs that one key may be used with; a phone changes it now and then, and nobody may bring an old one back */
#define MAX_STREAMS 16
#define MAX_WAIT_US G_USEC_PER_SEC
/* how often the port of reports is looked at, which are seconds apart */
#define RTCP_EVERY_US (G_USEC_PER_SEC / 10)

typedef struct {
  guint32 ssrc;
  CvSrtpWindow window;
} Stream;

struct _CvWire {
  int fd, rtcp_fd;
  CvDtlsIdentity *identity; /* borrowed */
  const CvWireFuncs *funcs;
  gpointer user_data;
  CvCallAgreement agreed;
  gboolean has_agreed;

  CvAddress remote, remote_rtcp;
  gboolean settled;
  CvAddress candidate; /* the last one that was not settled by itself */
  guint32 candidate_ssrc;
  guint16 candidate_seq;

  CvSrtp *receive, *send; /* NULL: none, or not yet */
  CvDtls *dtls;
  CvAddress dtls_to;
  CvSrtpWindow sent;
  gint64 rtcp_read; /* µs */
  Stream streams[MAX_STREAMS];
  guint n_streams;
  guint epoch;
  guint64 foreign;
};

CvWire *
cv_wire_new (int rtp_fd, int rtcp_fd, CvDtlsIdentity *identity, const CvWireFuncs *funcs, gpointer user_data)
{
  CvWire *self = g_new0 (CvWire, 1);
  int on = 1;
  self->fd = rtp_fd;
  self->rtcp_fd = rtcp_fd;
  self->identity = identity;
  self->funcs = funcs;
  self->user_data = user_data;
  setsockopt (rtp_fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (rtcp_fd >= 0)
    setsockopt (rtcp_fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  return self;
}

static void
drop_keys (CvWire *self)
{
  g_clear_pointer (&self->dtls, cv_dtls_free);
  g_clear_pointer (&self->receive, cv_srtp_free);
  g_clear_pointer (&self->send, cv_srtp_free);
  explicit_bzero (self->agreed.their_key, sizeof self->agreed.their_key);
  explicit_bzero (self->agreed.our_key, sizeof self->agreed.our_key);
}

void
cv_wire_free (CvWire *self)
{
  if (self->dtls != NULL)
    cv_dtls_close (self->dtls);
  drop_keys (self);
  close (self->fd);
  if (self->rtcp_fd >= 0)
    close (self->rtcp_fd);
  g_free (self);
}

/* ---- where the phone is ---- */

static gboolean
is_same_host (const CvAddress *a, const CvAddress *b)
{
  if (a->n == 0 || b->n == 0 || a->any.sa_family != b->any.sa_family)
    return FALSE;
  if (a->any.sa_family == AF_INET)
    return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
  return memcmp (&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
}

static gboolean
is_known_host (const CvWire *self, const CvAddress *from)
{
  return is_same_host (from, &self->agreed.remote) || is_same_host (from, &self->agreed.signalling);
}

static void
settle (CvWire *self, const CvAddress *from)
{
  self->remote = *from;
  self->settled = TRUE;
}

/* Is it from the phone, as far as its address tells? Without keys this settles where that is. */
static gboolean
is_from_phone (CvWire *self, const CvRtp *rtp, const CvAddress *from)
{
  if (self->settled)
    return cv_address_equal (from, &self->remote);
  if (self->agreed.security != CV_CALL_PLAIN)
    return TRUE; /* the key says so */
  if (self->agreed.remote.n > 0 && cv_address_equal (from, &self->agreed.remote)) {
    settle (self, from);
    return TRUE;
  }
  if (!is_known_host (self, from))
    return FALSE;
  gboolean follows = self->candidate.n > 0 && cv_address_equal (from, &self->candidate) &&
                     self->candidate_ssrc == rtp->ssrc && (guint16) (self->candidate_seq + 1) == rtp->seq;
  self->candidate = *from;
  self->candidate_ssrc = rtp->ssrc;
  self->candidate_seq = rtp->seq;
  if (follows)
    settle (self, from);
  return follows;
}

/* ---- what was agreed ---- */

static gboolean
is_as_before (const CvWire *self, const CvCallAgreement *agreement)
{
  const CvCallAgreement *old = &self->agreed;
  if (!self->has_agreed || old->security != agreement->security)
    return FALSE;
  if (agreement->security == CV_CALL_SDES)
    return old->profile == agreement->profile &&
           memcmp (old->their_key, agreement->their_key, sizeof old->their_key) == 0 &&
           memcmp (old->our_key, agreement->our_key, sizeof old->our_key) == 0;
  return memcmp (old->fingerprint, agreement->fingerprint, sizeof old->fingerprint) == 0;
}

static gboolean
take_sdes_keys (CvWire *self, const CvCallAgreement *agreement)
{
  gsize n = cv_srtp_key_length (agreement->profile);
  if (n == 0)
    return FALSE;
  self->receive = cv_srtp_new (agreement->profile, agreement->their_key, agreement->their_key + n);
  self->send = cv_srtp_new (agreement->profile, agreement->our_key, agreement->our_key + n);
  return self->receive != NULL && self->send != NULL;
}

static void
on_dtls_send (const guint8 *datagram, gsize n, gpointer user_data)
{
  CvWire *self = user_data;
  if (self->dtls_to.n > 0)
    sendto (self->fd, datagram, n, MSG_DONTWAIT | MSG_NOSIGNAL, &self->dtls_to.any, self->dtls_to.n);
}

gboolean
cv_wire_agree (CvWire *self, const CvCallAgreement *agreement)
{
  gboolean as_before = is_as_before (self, agreement);
  gboolean moved = !self->has_agreed || !cv_address_equal (&self->agreed.remote, &agreement->remote);
  if (agreement->security == CV_CALL_DTLS && self->identity == NULL)
    return FALSE;
  if (!as_before) {
    drop_keys (self);
    self->n_streams = 0;
    self->epoch++;
    self->sent = (CvSrtpWindow){ 0 };
  }
  self->agreed = *agreement;
  self->has_agreed = TRUE;
  if (moved && agreement->remote.n > 0) {
    self->settled = FALSE;
    self->remote = agreement->remote;
    self->remote_rtcp = agreement->rtcp_mux ? agreement->remote : agreement->remote_rtcp;
  }
  if (as_before || agreement->security == CV_CALL_PLAIN)
    return TRUE;
  if (agreement->security == CV_CALL_SDES)
    return take_sdes_keys (self, agreement);
  self->dtls = cv_dtls_new (self->identity, agreement->fingerprint, on_dtls_send, self);
  return TRUE;
}

/* ---- in ---- */

static void
follow_handshake (CvWire *self, CvDtlsState state)
{
  if (state == CV_DTLS_CONNECTED && self->receive == NULL)
    cv_dtls_take_keys (self->dtls, &self->receive, &self->send);
  if (state != CV_DTLS_FAILED)
    return;
  const char *reason = cv_dtls_get_failure (self->dtls);
  g_clear_pointer (&self->dtls, cv_dtls_free);
  self->funcs->failed (reason, self->user_data);
}

static void
on_dtls (CvWire *self, const guint8 *data, gsize n, const CvAddress *from)
{
  gboolean ours = self->settled ? cv_address_equal (from, &self->remote) : is_known_host (self, from);
  if (self->dtls == NULL || !ours) {
    self->foreign += !ours;
    return;
  }
  self->dtls_to = *from;
  follow_handshake (self, cv_dtls_receive (self->dtls, data, n));
}

/* The window of an SSRC; a new one is kept only with a packet that is authentic. */
static gboolean
decrypt (CvWire *self, const CvRtp *rtp, guint8 *data, gsize *n, guint64 *index)
{
  Stream fresh = { .ssrc = rtp->ssrc }, *stream = NULL;
  for (guint i = 0; i < self->n_streams && stream == NULL; i++)
    if (self->streams[i].ssrc == rtp->ssrc)
      stream = &self->streams[i];
  if (stream == NULL && self->n_streams == MAX_STREAMS)
    return FALSE;
  CvSrtpWindow *window = stream != NULL ? &stream->window : &fresh.window;
  if (self->receive == NULL) {
    *index = cv_srtp_window_guess (window, rtp->seq);
    window->top = window->started ? MAX (window->top, *index) : *index;
    window->started = TRUE;
  } else if (!cv_srtp_unprotect_rtp (self->receive, window, data, rtp->header_n, n, index)) {
    return FALSE;
  }
  if (stream == NULL)
    self->streams[self->n_streams++] = fresh;
  return TRUE;
}

static gboolean
is_agreed_type (const CvWire *self, guint8 type)
{
  return type == self->agreed.payload_type || (self->agreed.digits_type != 0 && type == self->agreed.digits_type) ||
         type == 13; /* comfort noise */
}

static void
on_rtp (CvWire *self, guint8 *data, gsize n, const CvAddress *from, gint64 at)
{
  CvRtp rtp;
  guint64 index = 0;
  gboolean secure = self->agreed.security != CV_CALL_PLAIN;
  if ((secure && self->receive == NULL) || !cv_rtp_parse (&rtp, data, n) || !is_agreed_type (self, rtp.payload_type))
    return;
  if (!is_from_phone (self, &rtp, from) || !decrypt (self, &rtp, data, &n, &index)) {
    self->foreign++;
    return;
  }
  if (!self->settled)
    settle (self, from);
  gsize padding = rtp.padded && n > rtp.header_n ? data[n - 1] : 0;
  if (rtp.header_n + padding > n)
    return;
  self->funcs->rtp (&rtp, data + rtp.header_n, n - rtp.header_n - padding, index, at, self->user_data);
}

static void
on_rtcp (CvWire *self, guint8 *data, gsize n, const CvAddress *from, gint64 at)
{
  gboolean secure = self->agreed.security != CV_CALL_PLAIN;
  if (!self->settled || !is_same_host (from, &self->remote)) {
    self->foreign++;
    return;
  }
  if (secure && (self->receive == NULL || !cv_srtp_unprotect_rtcp (self->receive, data, &n)))
    return;
  if (!self->agreed.rtcp_mux)
    self->remote_rtcp = *from;
  self->funcs->rtcp (data, n, at, self->user_data);
}

static void
on_datagram (CvWire *self, guint8 *data, gsize n, const CvAddress *from, gboolean rtcp, gint64 at)
{
  if (n < 8 || !self->has_agreed)
    return;
  if (!rtcp && cv_dtls_is (data, n))
    on_dtls (self, data, n, from);
  else if (data[0] >> 6 == 2 && (rtcp || (self->agreed.rtcp_mux && cv_rtp_is_rtcp (data))))
    on_rtcp (self, data, n, from, at);
  else if (!rtcp && data[0] >> 6 == 2)
    on_rtp (self, data, n, from, at);
}

/* When the kernel took it, by the monotonic clock. */
static gint64
get_arrival (struct msghdr *header, gint64 now, gint64 wall)
{
  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL; item = CMSG_NXTHDR (header, item)) {
    struct timespec time;
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_TIMESTAMPNS)
      continue;
    memcpy (&time, CMSG_DATA (item), sizeof time);
    gint64 waited = wall - ((gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000);
    return waited >= 0 && waited < MAX_WAIT_US ? now - waited : now;
  }
  return now;
}

/* FALSE: there is no more. */
static gboolean
read_batch (CvWire *self, int fd, gint64 now, gint64 wall)
{
  static guint8 data[BATCH][ROOM];
  struct mmsghdr headers[BATCH];
  struct iovec vectors[BATCH];
  CvAddress from[BATCH];
  guint8 control[BATCH][CMSG_SPACE (sizeof (struct timespec))] __attribute__ ((aligned (8)));
  for (guint i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){ .iov_base = data[i], .iov_len = ROOM };
    headers[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
                                          .msg_namelen = sizeof (struct sockaddr_in6),
                                          .msg_iov = &vectors[i],
                                          .msg_iovlen = 1,
                                          .msg_control = control[i],
                                          .msg_controllen = sizeof control[i] };
  }
  int n = recvmmsg (fd, headers, BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < n; i++) {
    from[i].n = headers[i].msg_hdr.msg_namelen;
    memset (from[i].local, 0, sizeof from[i].local);
    if ((headers[i].msg_hdr.msg_flags & MSG_TRUNC) == 0)
      on_datagram (self, data[i], headers[i].msg_len, &from[i], fd == self->rtcp_fd,
                   get_arrival (&headers[i].msg_hdr, now, wall));
  }
  return n == BATCH || (n < 0 && errno == ECONNREFUSED);
}

void
cv_wire_read (CvWire *self, gint64 now)
{
  gint64 wall = g_get_real_time ();
  for (guint i = 0; i < BATCHES && read_batch (self, self->fd, now, wall); i++)
    ;
  if (self->rtcp_fd >= 0 && !self->agreed.rtcp_mux && now - self->rtcp_read >= RTCP_EVERY_US) {
    self->rtcp_read = now;
    read_batch (self, self->rtcp_fd, now, wall);
  }
  if (self->dtls != NULL && cv_dtls_get_state (self->dtls) == CV_DTLS_HANDSHAKING)
    follow_handshake (self, cv_dtls_tick (self->dtls));
}

/* ---- out ---- */

gboolean
cv_wire_is_open (const CvWire *self)
{
  return self->settled && (self->agreed.security == CV_CALL_PLAIN || self->send != NULL);
}

gboolean
cv_wire_send_rtp (CvWire *self, guint64 index, guint8 *packet, gsize n)
{
  if (self->remote.n == 0 || (self->agreed.security != CV_CALL_PLAIN && self->send == NULL))
    return FALSE;
  if (self->send != NULL)
    n = cv_srtp_protect_rtp (self->send, &self->sent, index, packet, CV_RTP_HEADER, packet + CV_RTP_HEADER,
                             n - CV_RTP_HEADER);
  return n > 0 && sendto (self->fd, packet, n, MSG_DONTWAIT | MSG_NOSIGNAL, &self->remote.any, self->remote.n) >= 0;
}

gboolean
cv_wire_send_rtcp (CvWire *self, guint8 *packet, gsize n)
{
  const CvAddress *to = self->agreed.rtcp_mux ? &self->remote : &self->remote_rtcp;
  int fd = self->agreed.rtcp_mux ? self->fd : self->rtcp_fd;
  if (fd < 0 || to->n == 0 || (self->agreed.security != CV_CALL_PLAIN && self->send == NULL))
    return FALSE;
  if (self->send != NULL)
    n = cv_srtp_protect_rtcp (self->send, packet, n);
  return n > 0 && sendto (fd, packet, n, MSG_DONTWAIT | MSG_NOSIGNAL, &to->any, to->n) >= 0;
}

guint
cv_wire_get_epoch (const CvWire *self)
{
  return self->epoch;
}

guint64
cv_wire_get_foreign (const CvWire *self)
{
  return self->foreign;
}
