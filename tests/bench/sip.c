/* Calls for `tools/bench sip`: phones on loopback, the gateway's media in a process of its own, and real media processes.
 *
 *   conclave-phones MEDIA CALLERS ROOMS SPEAKERS SECONDS CODEC KEYS RECORDED
 *
 * Signalling is left out: calls begin where offer and answer are known. In each room the first speaker says a short pip each
 * second, the others a tone all the time; one who only listens notes when pips come. Prints one line of JSON.
 */
#define _GNU_SOURCE
#include "sip/call-media.h"
#include "sip/g711.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETTLE_US (3 * G_USEC_PER_SEC)
#define PIP_HZ 1900.0
#define PIP_FRAMES 5
#define FRAMES_A_SECOND 50
#define NARROW 160

typedef struct {
  int fd, call_fd; /* call_fd: the gateway's */
  CvAddress address, call;
  guint room, place; /* among those of its room */
  guint16 seq;
  guint32 timestamp, ssrc;
  guint64 frames, came;
  CvSrtp *send;
  CvSrtpWindow sent;
  gint64 said_at; /* µs: when the first sample of the last pip was spoken; of the first speaker */
  gboolean heard; /* the listener: that pip */
} Phone;

static guint n_phones, n_rooms, n_speakers, per_room;
static gboolean keys, a_law;
static Phone *phones;
static int (*bridges)[2];
static double delays[100000];
static guint n_delays;

static int
bind_udp (CvAddress *address)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  cv_address_parse (address, "127.0.0.1", 0);
  if (fd < 0 || bind (fd, &address->any, address->n) != 0 || getsockname (fd, &address->any, &address->n) != 0)
    g_error ("no socket");
  return fd;
}

/* ---- the gateway ---- */

static void
on_nothing (CvCallMedia *media, gpointer user_data)
{
}

static void
on_digit (CvCallMedia *media, char digit, gpointer user_data)
{
}

static void
on_lost (CvCallMedia *media, const char *reason, gpointer user_data)
{
}

static void
on_ended (CvBridge *bridge, gpointer user_data)
{
  g_printerr ("a bridge ended\n");
  exit (1);
}

static void
fill_keys (const Phone *phone, CvCallAgreement *agreement)
{
  agreement->security = CV_CALL_SDES;
  agreement->profile = CV_SRTP_AES128_CM_SHA1_80;
  memset (agreement->their_key, (int) (phone - phones) + 1, 30);
  memset (agreement->our_key, (int) (phone - phones) + 101, 30);
}

static void
run_gateway (void)
{
  static const CvCallMediaFuncs funcs = { on_nothing, on_digit, on_nothing, on_lost };
  CvExchange *exchange = cv_exchange_new (NULL);
  g_autofree CvBridge **all = g_new0 (CvBridge *, n_rooms);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (guint i = 0; i < n_rooms; i++)
    all[i] = cv_bridge_new (exchange, bridges[i][0], on_ended, NULL);
  for (guint i = 0; i < n_phones; i++) {
    CvCallMedia *media = cv_call_media_new (exchange, phones[i].call_fd, -1, &funcs, NULL);
    CvCallAgreement agreement = { .codec = a_law ? CV_PHONE_PCMA : CV_PHONE_PCMU,
                                  .payload_type = a_law ? 8 : 0,
                                  .remote = phones[i].address,
                                  .rtcp_mux = TRUE,
                                  .sends = TRUE,
                                  .receives = TRUE };
    if (keys)
      fill_keys (&phones[i], &agreement);
    if (!cv_call_media_agree (media, &agreement) ||
        !cv_call_media_attach (media, all[phones[i].room], phones[i].place + 1))
      g_error ("a call was refused");
  }
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}

/* ---- media processes ---- */

/* A line to a media process, with a descriptor or -1. */
static void
tell (int channel, int fd, const char *text)
{
  char control[CMSG_SPACE (sizeof fd)] = { 0 };
  struct iovec vector = { .iov_base = (gpointer) text, .iov_len = strlen (text) };
  struct msghdr header = { .msg_iov = &vector, .msg_iovlen = 1 };
  if (fd >= 0) {
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    struct cmsghdr *item = CMSG_FIRSTHDR (&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN (sizeof fd);
    memcpy (CMSG_DATA (item), &fd, sizeof fd);
  }
  if (sendmsg (channel, &header, 0) != (ssize_t) strlen (text))
    g_error ("a media process is gone");
}

static pid_t
start_media (const char *program, guint room, int *channel, gboolean recorded)
{
  int pair[2];
  CvAddress address;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    g_error ("no socket");
  pid_t pid = fork ();
  if (pid == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    dup2 (pair[1], 3);
    close_range (4, ~0u, 0);
    execl (program, program, NULL);
    _exit (1);
  }
  close (pair[1]);
  *channel = pair[0];
  int fd = bind_udp (&address);
  tell (*channel, fd,
        "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\",\"loudest\":4,"
        "\"candidates\":[{\"address\":\"127.0.0.1\",\"port\":5000}]}\n");
  tell (*channel, bridges[room][1], "{\"type\":\"phones\",\"fds\":1}\n");
  for (guint i = 0; i < per_room; i++) {
    char person[16];
    g_snprintf (person, sizeof person, "p%c%caaaaaaaaaa", 'a' + i / 26, 'a' + i % 26);
    g_autofree char *line =
      g_strdup_printf ("{\"type\":\"phone\",\"person\":\"%s\",\"number\":%u,\"may\":{\"microphone\":true,"
                       "\"camera\":false,\"screen\":false}}\n",
                       person, i + 1);
    tell (*channel, -1, line);
    if (!recorded)
      continue;
    g_autofree char *record =
      g_strdup_printf ("{\"type\":\"record\",\"id\":%u,\"file\":%u,\"person\":\"%s\",\"source\":"
                       "\"microphone\",\"fds\":1}\n",
                       i + 2, i + 1, person);
    int file = memfd_create ("track", MFD_CLOEXEC);
    tell (*channel, file, record);
    close (file);
  }
  close (fd);
  return pid;
}

/* s; both kinds of processes have one thread that counts. */
static double
get_cpu (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/schedstat", (int) pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("a process is gone");
  return (double) g_ascii_strtoull (text, NULL, 10) / 1e9;
}

/* ---- phones ---- */

static double
get_amplitude (const Phone *phone)
{
  if (phone->place >= n_speakers)
    return 0;
  return phone->place == 0 && phone->frames % FRAMES_A_SECOND >= PIP_FRAMES ? 0 : 0.2;
}

static void
say (Phone *phone, gint64 now)
{
  guint8 packet[12 + NARROW + CV_SRTP_MAX_OVERHEAD] = { 0x80, a_law ? 8 : 0 };
  double amplitude = get_amplitude (phone), hertz = phone->place == 0 ? PIP_HZ : 300.0 + 70 * phone->place;
  cv_write16 (packet + 2, phone->seq);
  cv_write32 (packet + 4, phone->timestamp);
  cv_write32 (packet + 8, phone->ssrc);
  for (guint i = 0; i < NARROW; i++) {
    double at = (double) (phone->frames * NARROW + i) / 8000;
    gint16 sample = amplitude > 0 ? (gint16) (32767 * amplitude * sin (2 * G_PI * hertz * at)) : 0;
    packet[12 + i] = a_law ? cv_g711_encode_alaw (sample) : cv_g711_encode_ulaw (sample);
  }
  if (phone->place == 0 && phone->frames % FRAMES_A_SECOND == 0) {
    phone->said_at = now - CV_EXCHANGE_TICK_US; /* it was spoken while the packet was filled */
    phones[phone - phones + per_room - 1].heard = FALSE;
  }
  gsize n = 12 + NARROW;
  if (phone->send != NULL)
    n = cv_srtp_protect_rtp (phone->send, &phone->sent, phone->seq, packet, 12, packet + 12, NARROW);
  sendto (phone->fd, packet, n, MSG_DONTWAIT, &phone->call.any, phone->call.n);
  phone->seq++;
  phone->frames++;
  phone->timestamp += NARROW;
}

static gboolean
is_pip (const guint8 *payload)
{
  double real = 0, imaginary = 0;
  for (guint i = 0; i < NARROW; i++) {
    gint16 sample = a_law ? cv_g711_decode_alaw (payload[i]) : cv_g711_decode_ulaw (payload[i]);
    real += sample * cos (2 * G_PI * PIP_HZ * i / 8000);
    imaginary += sample * sin (2 * G_PI * PIP_HZ * i / 8000);
  }
  return 2 * hypot (real, imaginary) / NARROW / 32767 > 0.04;
}

static void
listen_to (Phone *phone, gint64 now, gboolean measured)
{
  guint8 packet[1600];
  for (ssize_t n; (n = recv (phone->fd, packet, sizeof packet, MSG_DONTWAIT)) > 0;) {
    const Phone *speaker = phone - phone->place;
    if (!measured || (packet[1] & 0x7f) >= 64)
      continue;
    phone->came++;
    if (keys || phone->place != per_room - 1 || phone->heard || speaker->said_at == 0 || !is_pip (packet + 12))
      continue;
    phone->heard = TRUE;
    if (n_delays < G_N_ELEMENTS (delays))
      delays[n_delays++] = (double) (now - speaker->said_at) / 1000;
  }
}

/* Each phone has its own place within 20 ms. */
static void
run_phones (gint64 until, gboolean measured)
{
  struct epoll_event events[64];
  int poll = epoll_create1 (EPOLL_CLOEXEC);
  static gint64 start;
  static guint64 due; /* packets, over all phones */
  if (start == 0)
    start = g_get_monotonic_time ();
  for (guint i = 0; i < n_phones; i++)
    epoll_ctl (poll, EPOLL_CTL_ADD, phones[i].fd, &(struct epoll_event){ .events = EPOLLIN, .data.u32 = i });
  for (gint64 now; (now = g_get_monotonic_time ()) < until;) {
    for (; start + (gint64) due * CV_EXCHANGE_TICK_US / n_phones <= now; due++)
      say (&phones[due % n_phones], g_get_monotonic_time ());
    int n = epoll_wait (poll, events, G_N_ELEMENTS (events), 1);
    now = g_get_monotonic_time ();
    for (int i = 0; i < n; i++)
      listen_to (&phones[events[i].data.u32], now, measured);
  }
  close (poll);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

int
main (int argc, char *argv[])
{
  if (argc != 9)
    return 2;
  n_phones = (guint) atoi (argv[2]);
  n_rooms = (guint) atoi (argv[3]);
  n_speakers = (guint) atoi (argv[4]);
  int seconds = atoi (argv[5]);
  a_law = strcmp (argv[6], "PCMA") == 0;
  keys = atoi (argv[7]) != 0;
  per_room = n_phones / n_rooms;
  phones = g_new0 (Phone, n_phones);
  bridges = g_malloc0 (n_rooms * sizeof *bridges);
  for (guint i = 0; i < n_phones; i++) {
    Phone *phone = &phones[i];
    phone->room = i / per_room;
    phone->place = i % per_room;
    phone->fd = bind_udp (&phone->address);
    phone->call_fd = bind_udp (&phone->call);
    phone->ssrc = g_random_int ();
    phone->frames = (guint64) (phone->room * 7); /* pips of all rooms at other times */
    CvCallAgreement agreement = { 0 };
    if (!keys)
      continue;
    fill_keys (phone, &agreement);
    phone->send = cv_srtp_new (agreement.profile, agreement.their_key, agreement.their_key + 16);
  }
  for (guint i = 0; i < n_rooms; i++)
    if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, bridges[i]) != 0)
      g_error ("no socket");
  pid_t gateway = fork ();
  if (gateway == 0)
    run_gateway ();
  g_autofree pid_t *media = g_new0 (pid_t, n_rooms);
  g_autofree int *channels = g_new0 (int, n_rooms);
  for (guint i = 0; i < n_rooms; i++)
    media[i] = start_media (argv[1], i, &channels[i], atoi (argv[8]) != 0);

  run_phones (g_get_monotonic_time () + SETTLE_US, FALSE);
  double gateway_before = get_cpu (gateway), media_before = 0, media_after = 0;
  guint64 came = 0;
  for (guint i = 0; i < n_rooms; i++)
    media_before += get_cpu (media[i]);
  gint64 start = g_get_monotonic_time ();
  run_phones (start + seconds * G_USEC_PER_SEC, TRUE);
  double elapsed = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  double gateway_after = get_cpu (gateway);
  for (guint i = 0; i < n_rooms; i++)
    media_after += get_cpu (media[i]);
  for (guint i = 0; i < n_phones; i++)
    came += phones[i].came;
  qsort (delays, n_delays, sizeof *delays, compare);
  printf ("{\"gateway\": %.4f, \"media\": %.4f, \"pips\": %u, \"p50\": %.1f, \"p99\": %.1f, \"missing\": %.5f}\n",
          100 * (gateway_after - gateway_before) / elapsed / n_phones,
          100 * (media_after - media_before) / elapsed / n_phones, n_delays, n_delays > 0 ? delays[n_delays / 2] : -1,
          n_delays > 0 ? delays[(gsize) (n_delays * 0.99)] : -1,
          1 - (double) came / (elapsed * FRAMES_A_SECOND * n_phones));
  return 0;
}
