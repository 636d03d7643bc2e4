/* See socket.h. */
#define _GNU_SOURCE /* sendmmsg, recvmmsg */
#include "media/socket.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_BATCH 64         /* datagrams read at once */
#define MAX_ROUNDS 16        /* batches before others of the loop have their turn */
#define BUFFER (192 * 1024)  /* bytes that wait to be sent; small enough for the second cache */
#define MAX_MESSAGES 256     /* sends that wait */
#define MAX_SEGMENTS 48      /* of one send; the kernel takes 64 */
#define MAX_SEND_BYTES 60000 /* of one send; the kernel takes 65,507 */
#define KERNEL_BUFFER (8 << 20)
#define MAX_WAIT_US (10 * G_USEC_PER_SEC) /* in the kernel; more is a clock that was set */

/* What comes beside a datagram: when the kernel took it. */
typedef union {
  char bytes[CMSG_SPACE (sizeof (struct timespec))];
  struct cmsghdr aligned;
} Control;

/* One send: neighbouring segments of the buffer. */
typedef struct {
  CvAddress to;
  gsize at, n;
  guint16 segment; /* length of each; the last may be shorter */
  guint count;
  gboolean closed; /* a shorter segment ended it */
} Send;

struct _CvSocket {
  const CvSocketFuncs *funcs;
  gpointer user_data;
  int fds[2]; /* IPv4, IPv6; -1 */
  guint sources[2];
  gboolean can_segment;
  CvSocketCounts counts;

  guint8 *buffer;
  gsize used;
  Send sends[MAX_MESSAGES];
  guint n_sends;

  guint8 (*in)[CV_SOCKET_ROOM];
  struct mmsghdr in_headers[MAX_BATCH];
  struct iovec in_vectors[MAX_BATCH];
  CvAddress in_addresses[MAX_BATCH];
  Control in_controls[MAX_BATCH];
};

/* ---- out ---- */

static gsize
fill_header (const Send *send, guint8 *buffer, struct msghdr *header, struct iovec *vector, char *control)
{
  *vector = (struct iovec){ .iov_base = buffer + send->at, .iov_len = send->n };
  *header = (struct msghdr){
    .msg_name = (gpointer) &send->to.any, .msg_namelen = send->to.n, .msg_iov = vector, .msg_iovlen = 1
  };
  if (send->count == 1)
    return 1;
  header->msg_control = control;
  header->msg_controllen = CMSG_SPACE (sizeof (guint16));
  struct cmsghdr *item = CMSG_FIRSTHDR (header);
  item->cmsg_level = SOL_UDP;
  item->cmsg_type = UDP_SEGMENT;
  item->cmsg_len = CMSG_LEN (sizeof (guint16));
  memcpy (CMSG_DATA (item), &send->segment, sizeof send->segment);
  return send->count;
}

/* One datagram a call: where the kernel or the interface cannot segment. */
static void
send_singly (CvSocket *self, int fd, const Send *send)
{
  for (gsize at = 0; at < send->n; at += send->segment) {
    gsize n = MIN (send->segment, send->n - at);
    self->counts.calls++;
    if (sendto (fd, self->buffer + send->at + at, n, MSG_DONTWAIT, &send->to.any, send->to.n) < 0)
      self->counts.dropped++;
  }
}

/* Sends all of `sends` to one family. */
static void
send_all (CvSocket *self, int fd, const Send *const *sends, guint n)
{
  struct mmsghdr headers[MAX_MESSAGES];
  struct iovec vectors[MAX_MESSAGES];
  union {
    char bytes[CMSG_SPACE (sizeof (guint16))];
    struct cmsghdr aligned;
  } controls[MAX_MESSAGES];
  for (guint i = 0; i < n; i++)
    fill_header (sends[i], self->buffer, &headers[i].msg_hdr, &vectors[i], controls[i].bytes);

  for (guint done = 0; done < n;) {
    int sent = sendmmsg (fd, headers + done, n - done, MSG_DONTWAIT);
    self->counts.calls++;
    if (sent > 0) {
      done += (guint) sent;
      continue;
    }
    if (errno == EINTR)
      continue;
    if (sends[done]->count > 1 && (errno == EIO || errno == EINVAL || errno == EOPNOTSUPP)) {
      self->can_segment = FALSE;
      send_singly (self, fd, sends[done]);
    } else {
      self->counts.dropped += sends[done]->count;
    }
    done++;
  }
}

void
cv_socket_flush (CvSocket *self)
{
  const Send *sends[MAX_MESSAGES];
  for (guint family = 0; family < 2 && self->n_sends > 0; family++) {
    guint n = 0;
    for (guint i = 0; i < self->n_sends; i++)
      if ((self->sends[i].to.any.sa_family == AF_INET6) == (family == 1))
        sends[n++] = &self->sends[i];
    if (n > 0 && self->fds[family] >= 0)
      send_all (self, self->fds[family], sends, n);
  }
  self->n_sends = 0;
  self->used = 0;
}

guint8 *
cv_socket_reserve (CvSocket *self)
{
  if (self->used + CV_SOCKET_ROOM > BUFFER || self->n_sends == MAX_MESSAGES)
    cv_socket_flush (self);
  return self->buffer + self->used;
}

static gboolean
joins (CvSocket *self, const Send *last, const CvAddress *to, gsize n)
{
  return self->can_segment && !last->closed && n <= last->segment && last->count < MAX_SEGMENTS &&
         last->n + n <= MAX_SEND_BYTES && cv_address_equal (&last->to, to);
}

void
cv_socket_commit (CvSocket *self, const CvAddress *to, gsize n)
{
  g_return_if_fail (n > 0 && n <= CV_SOCKET_ROOM);
  Send *last = self->n_sends > 0 ? &self->sends[self->n_sends - 1] : NULL;
  self->counts.sent++;
  if (last != NULL && joins (self, last, to, n)) {
    last->n += n;
    last->count++;
    last->closed = n < last->segment;
  } else {
    self->sends[self->n_sends++] =
      (Send){ .to = *to, .at = self->used, .n = n, .segment = (guint16) n, .count = 1, .closed = FALSE };
  }
  self->used += n;
}

/* ---- in ---- */

static gint64
to_us (const struct timespec *time)
{
  return (gint64) time->tv_sec * G_USEC_PER_SEC + time->tv_nsec / 1000;
}

/* When the kernel took it, by the monotonic clock: while we wait for a processor the path is not to blame. */
static gint64
get_arrival (struct msghdr *header, gint64 now, gint64 wall)
{
  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL; item = CMSG_NXTHDR (header, item))
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy (&time, CMSG_DATA (item), sizeof time);
      gint64 waited = wall - to_us (&time);
      return waited >= 0 && waited < MAX_WAIT_US ? now - waited : now;
    }
  return now;
}

static void
hand_over (CvSocket *self, guint n, gint64 now)
{
  struct timespec wall;
  clock_gettime (CLOCK_REALTIME, &wall);
  for (guint i = 0; i < n; i++) {
    struct msghdr *header = &self->in_headers[i].msg_hdr;
    self->in_addresses[i].n = header->msg_namelen;
    if (self->in_headers[i].msg_len == 0 || (header->msg_flags & MSG_TRUNC) != 0)
      continue;
    gint64 at = get_arrival (header, now, to_us (&wall));
    self->funcs->datagram (self->in[i], self->in_headers[i].msg_len, &self->in_addresses[i], at, self->user_data);
  }
}

static gboolean
on_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  CvSocket *self = user_data;
  for (guint round = 0; round < MAX_ROUNDS; round++) {
    for (guint i = 0; i < MAX_BATCH; i++) {
      self->in_headers[i].msg_hdr.msg_namelen = sizeof self->in_addresses[i].v6;
      self->in_headers[i].msg_hdr.msg_controllen = sizeof self->in_controls[i];
    }
    int n = recvmmsg (fd, self->in_headers, MAX_BATCH, MSG_DONTWAIT, NULL);
    if (n <= 0)
      break;
    gint64 now = g_get_monotonic_time ();
    self->counts.received += (guint) n;
    hand_over (self, (guint) n, now);
    self->funcs->batch (now, self->user_data);
    cv_socket_flush (self);
    if (n < MAX_BATCH)
      break;
  }
  return G_SOURCE_CONTINUE;
}

static void
adopt (CvSocket *self, int fd)
{
  int size = KERNEL_BUFFER;
  struct sockaddr_storage name = { 0 };
  socklen_t n = sizeof name;
  if (getsockname (fd, (struct sockaddr *) &name, &n) != 0) {
    close (fd);
    return;
  }
  guint family = name.ss_family == AF_INET6;
  if (self->fds[family] >= 0) { /* a second one of a family has no use */
    close (fd);
    return;
  }
  /* The privileged form goes beyond net.core.rmem_max; without the right the plain one takes what it gets. */
  if (setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (setsockopt (fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
    setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &(int){ 1 }, sizeof (int));
  self->fds[family] = fd;
  self->sources[family] = g_unix_fd_add_full (G_PRIORITY_HIGH, fd, G_IO_IN, on_readable, self, NULL);
}

CvSocket *
cv_socket_new (const int *fds, guint n_fds, const CvSocketFuncs *funcs, gpointer user_data)
{
  CvSocket *self = g_new0 (CvSocket, 1);
  self->funcs = funcs;
  self->user_data = user_data;
  self->fds[0] = self->fds[1] = -1;
  self->can_segment = TRUE;
  self->buffer = g_malloc (BUFFER);
  self->in = g_malloc (MAX_BATCH * sizeof *self->in);
  for (guint i = 0; i < MAX_BATCH; i++) {
    self->in_vectors[i] = (struct iovec){ .iov_base = self->in[i], .iov_len = CV_SOCKET_ROOM };
    self->in_headers[i].msg_hdr = (struct msghdr){
      .msg_name = &self->in_addresses[i].any,
      .msg_iov = &self->in_vectors[i],
      .msg_iovlen = 1,
      .msg_control = &self->in_controls[i],
    };
  }
  for (guint i = 0; i < n_fds; i++)
    adopt (self, fds[i]);
  return self;
}

void
cv_socket_free (CvSocket *self)
{
  for (guint family = 0; family < 2; family++)
    if (self->fds[family] >= 0) {
      g_source_remove (self->sources[family]);
      close (self->fds[family]);
    }
  g_free (self->buffer);
  g_free (self->in);
  g_free (self);
}

const CvSocketCounts *
cv_socket_get_counts (CvSocket *self)
{
  return &self->counts;
}
