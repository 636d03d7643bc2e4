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

/* What goes beside datagrams: from the kernel when one came and to which address, to the kernel how long segments are and
 * from which address they leave. */
typedef union {
  char bytes[CMSG_SPACE (sizeof (struct timespec)) + CMSG_SPACE (sizeof (struct in6_pktinfo))];
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
  gboolean everywhere[2]; /* bound to all addresses of the machine: answers leave from where they were asked */
  guint max_segment;      /* longer ones the kernel or a path did not take */
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

/* Appends to the control data of `header`, which has room for it. */
static void
add_control (struct msghdr *header, int level, int type, gconstpointer data, gsize n)
{
  struct cmsghdr *item = (struct cmsghdr *) ((char *) header->msg_control + header->msg_controllen);
  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN (n);
  memcpy (CMSG_DATA (item), data, n);
  header->msg_controllen += CMSG_SPACE (n);
}

static void
add_origin (struct msghdr *header, const CvAddress *to)
{
  if (to->any.sa_family == AF_INET) {
    struct in_pktinfo info = { 0 };
    memcpy (&info.ipi_spec_dst, to->local, sizeof info.ipi_spec_dst);
    add_control (header, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
  } else {
    struct in6_pktinfo info = { 0 };
    memcpy (&info.ipi6_addr, to->local, sizeof info.ipi6_addr);
    add_control (header, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
  }
}

/* `at`, `n`: which part of the buffer; `segment` 0: as one datagram. */
static void
fill_header (const CvSocket *self, const CvAddress *to, gsize at, gsize n, guint16 segment, struct msghdr *header,
             struct iovec *vector, Control *control)
{
  guint family = to->any.sa_family == AF_INET6;
  *vector = (struct iovec){ .iov_base = self->buffer + at, .iov_len = n };
  *header = (struct msghdr){
    .msg_name = (gpointer) &to->any, .msg_namelen = to->n, .msg_iov = vector, .msg_iovlen = 1, .msg_control = control
  };
  if (segment != 0)
    add_control (header, SOL_UDP, UDP_SEGMENT, &segment, sizeof segment);
  if (self->everywhere[family])
    add_origin (header, to);
  if (header->msg_controllen == 0)
    header->msg_control = NULL;
}

/* One datagram a call: where the kernel cannot segment, or not so for this path. Where that works, it was the segments'
 * fault and not the address's: strangers may come from such that nothing can be sent to. */
static void
send_singly (CvSocket *self, int fd, const Send *send)
{
  gboolean sent = FALSE;
  for (gsize at = 0; at < send->n; at += send->segment) {
    gsize n = MIN (send->segment, send->n - at);
    struct msghdr header;
    struct iovec vector;
    Control control;
    fill_header (self, &send->to, send->at + at, n, 0, &header, &vector, &control);
    self->counts.calls++;
    if (sendmsg (fd, &header, MSG_DONTWAIT) < 0)
      self->counts.dropped++;
    else
      sent = TRUE;
  }
  if (sent)
    self->max_segment = MIN (self->max_segment, send->segment - 1u);
}

/* Sends all of `sends` to one family. */
static void
send_all (CvSocket *self, int fd, const Send *const *sends, guint n)
{
  struct mmsghdr headers[MAX_MESSAGES];
  struct iovec vectors[MAX_MESSAGES];
  Control controls[MAX_MESSAGES];
  for (guint i = 0; i < n; i++)
    fill_header (self, &sends[i]->to, sends[i]->at, sends[i]->n, sends[i]->count > 1 ? sends[i]->segment : 0,
                 &headers[i].msg_hdr, &vectors[i], &controls[i]);

  for (guint done = 0; done < n;) {
    int sent = sendmmsg (fd, headers + done, n - done, MSG_DONTWAIT);
    self->counts.calls++;
    if (sent > 0) {
      done += (guint) sent;
      continue;
    }
    if (errno == EINTR)
      continue;
    if (sends[done]->count > 1 && (errno == EIO || errno == EINVAL || errno == EMSGSIZE || errno == EOPNOTSUPP))
      send_singly (self, fd, sends[done]);
    else
      self->counts.dropped += sends[done]->count;
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
  return last->segment <= self->max_segment && !last->closed && n <= last->segment && last->count < MAX_SEGMENTS &&
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

/* When the kernel took it, by the monotonic clock: while we wait for a processor the path is not to blame. Fills in the
 * address that it came to, where the kernel says. */
static gint64
read_control (struct msghdr *header, CvAddress *from, gint64 now, gint64 wall)
{
  gint64 at = now;
  memset (from->local, 0, sizeof from->local);
  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL; item = CMSG_NXTHDR (header, item)) {
    const guint8 *data = CMSG_DATA (item);
    if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy (&time, data, sizeof time);
      gint64 waited = wall - to_us (&time);
      at = waited >= 0 && waited < MAX_WAIT_US ? now - waited : now;
    } else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
      memcpy (from->local, data + offsetof (struct in_pktinfo, ipi_addr), sizeof (struct in_addr));
    } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
      memcpy (from->local, data + offsetof (struct in6_pktinfo, ipi6_addr), sizeof (struct in6_addr));
    }
  }
  return at;
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
    gint64 at = read_control (header, &self->in_addresses[i], now, to_us (&wall));
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

/* Whether it is bound to all addresses of the machine; the kernel then is asked which one a datagram came to. */
static gboolean
listens_everywhere (int fd, const CvAddress *name)
{
  static const struct in6_addr any6 = IN6ADDR_ANY_INIT;
  int on = 1;
  if (name->any.sa_family == AF_INET6 && memcmp (&name->v6.sin6_addr, &any6, sizeof any6) == 0)
    return setsockopt (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) == 0;
  if (name->any.sa_family == AF_INET && name->v4.sin_addr.s_addr == htonl (INADDR_ANY))
    return setsockopt (fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0;
  return FALSE;
}

static guint
watch (CvSocket *self, int fd)
{
  /* Of no higher priority than others: a flood would keep the daemon from being heard, which then ends the process. */
  g_autoptr (GSource) source = g_unix_fd_source_new (fd, G_IO_IN);
  /* It never does; but GLib takes other sources out of what is polled while they are dispatched, and wakes itself up twice
   * for that: four system calls a batch. */
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), self, NULL);
  return g_source_attach (source, NULL);
}

static void
adopt (CvSocket *self, int fd)
{
  int size = KERNEL_BUFFER, on = 1;
  CvAddress name = { .n = sizeof name.v6 };
  if (getsockname (fd, &name.any, &name.n) != 0) {
    close (fd);
    return;
  }
  guint family = name.any.sa_family == AF_INET6;
  if (self->fds[family] >= 0) { /* a second one of a family has no use */
    close (fd);
    return;
  }
  /* The privileged form goes beyond net.core.rmem_max; without the right the plain one takes what it gets. */
  if (setsockopt (fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (setsockopt (fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
    setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  setsockopt (fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  self->fds[family] = fd;
  self->everywhere[family] = listens_everywhere (fd, &name);
  self->sources[family] = watch (self, fd);
}

CvSocket *
cv_socket_new (const int *fds, guint n_fds, const CvSocketFuncs *funcs, gpointer user_data)
{
  CvSocket *self = g_new0 (CvSocket, 1);
  self->funcs = funcs;
  self->user_data = user_data;
  self->fds[0] = self->fds[1] = -1;
  self->max_segment = G_MAXUINT16;
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
