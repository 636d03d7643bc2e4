/* conclave-load: people who join meetings, stay, answer, and write; many in one process.
 *
 * Measures what a client sees (time to join, time from a chat message to each receipt, its own work included) and prints
 * one JSON object a line; what the server costs is for who started it. Ends when stdin does. One thread.
 */
#include "bench/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

/* As the web client acknowledges: what came, after so many messages or so long. */
#define ACK_COUNT 16
#define ACK_AFTER_NS (2 * G_GINT64_CONSTANT (1000000000))
#define SWEEP_NS (G_GINT64_CONSTANT (100000000))
/* After the last message, its receipts may take so long. */
#define LAST_NS (3 * G_GINT64_CONSTANT (1000000000))
#define MARK "\"text\":\"bench "
#define PARAGRAPH                                                                                                      \
  "It was decided that the offices move in March, that each department packs what is its own, and that the keys are "  \
  "handed in on the last Friday. Whoever needs a van says so by the end of February."
#define SELF "\"self\":\""
#define MEETING "\"meeting\":\""
#define BADGE "\"documents\":{\"token\":\""

typedef struct {
  char id[13];
  char *key;
} Room;

typedef struct {
  char *host; /* HOST:PORT */
  char *address;
  guint16 port;
  SSL_CTX *tls;
  guint people;
  guint parallel;
  guint join_rate; /* a second, however many are on their way; 0: as `parallel` says */
  guint chat_rate;
  guint chat_count;
  gboolean edits; /* a paragraph each, over and over, in place of messages */
  GArray *rooms;
  GPtrArray *peers;
  GArray *latencies; /* ns, of the phase that runs */
  guint joined;
  guint sent;
  gint64 began;
  gint64 next_chat;
  gint64 swept;
  gboolean chat_done;
  char meeting[16]; /* of who came last */
  char badge[48];   /* theirs, for documents */
  int epoll;
} Load;

static Load load;

static gint64
now_ns (void)
{
  struct timespec time;
  clock_gettime (CLOCK_MONOTONIC, &time);
  return (gint64) time.tv_sec * 1000000000 + time.tv_nsec;
}

static int
compare_ns (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return x < y ? -1 : x > y;
}

static double
percentile_ms (double share)
{
  if (load.latencies->len == 0)
    return 0;
  guint index = MIN ((guint) (share * load.latencies->len), load.latencies->len - 1);
  return g_array_index (load.latencies, gint64, index) / 1e6;
}

/* Prints the latencies of a phase and forgets them. */
static void
report (const char *phase, guint count)
{
  g_array_sort (load.latencies, compare_ns);
  printf ("{\"phase\":\"%s\",\"count\":%u,\"samples\":%u,\"seconds\":%.3f,\"p50_ms\":%.3f,\"p95_ms\":%.3f,"
          "\"p99_ms\":%.3f,\"max_ms\":%.3f,\"meeting\":\"%s\",\"badge\":\"%s\"}\n",
          phase, count, load.latencies->len, (now_ns () - load.began) / 1e9, percentile_ms (0.5), percentile_ms (0.95),
          percentile_ms (0.99), percentile_ms (1), load.meeting, load.badge);
  fflush (stdout);
  g_array_set_size (load.latencies, 0);
}

/* ---- what peers do ---- */

static void
add_peer (const CvPeerFuncs *funcs)
{
  CvPeer *peer = cv_peer_new (load.address, load.port, load.host, load.tls, funcs);
  peer->room = load.peers->len * load.rooms->len / load.people;
  peer->started = now_ns ();
  g_ptr_array_add (load.peers, peer);
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = peer };
  if (epoll_ctl (load.epoll, EPOLL_CTL_ADD, peer->fd, &event) != 0)
    g_error ("epoll: %s", g_strerror (errno));
}

static void
on_peer_open (CvPeer *peer)
{
  const Room *room = &g_array_index (load.rooms, Room, peer->room);
  g_autofree char *text = g_strdup_printf ("{\"type\":\"join\",\"room\":\"%s\",\"key\":\"%s\",\"name\":\"Person %u\","
                                           "\"mic\":true,\"camera\":true}",
                                           room->id, room->key, load.peers->len);
  cv_peer_send (peer, text);
}

static void
acknowledge (CvPeer *peer)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"ack\",\"seq\":%" G_GUINT64_FORMAT "}", peer->seq);
  peer->acked = peer->seq;
  cv_peer_send (peer, text);
}

/* What stands behind `mark`, up to the quote. */
static void
read_text (const char *text, const char *mark, char *value, gsize size)
{
  const char *begin = strstr (text, mark);
  gsize n = 0;
  if (begin != NULL)
    for (begin += strlen (mark); begin[n] != '"' && begin[n] != '\0' && n + 1 < size; n++)
      value[n] = begin[n];
  value[n] = '\0';
}

static void
on_peer_message (CvPeer *peer, const char *text)
{
  gint64 now = now_ns ();
  const char *seq = g_strrstr (text, ",\"seq\":");
  if (seq != NULL) {
    if (peer->seq == peer->acked)
      peer->unacked = now;
    peer->seq = g_ascii_strtoull (seq + strlen (",\"seq\":"), NULL, 10);
  }
  if (g_str_has_prefix (text, "{\"type\":\"changes\"")) {
    const char *mark = strstr (text, MARK);
    gint64 took = mark != NULL ? now - g_ascii_strtoll (mark + strlen (MARK), NULL, 10) : 0;
    if (mark != NULL) /* else it is what the server says to who has written */
      g_array_append_val (load.latencies, took);
  } else if (g_str_has_prefix (text, "{\"type\":\"ping\"")) {
    cv_peer_send (peer, "{\"type\":\"pong\"}");
  } else if (g_str_has_prefix (text, "{\"type\":\"joined\"")) {
    gint64 took = now - peer->started;
    read_text (text, SELF, peer->person, sizeof peer->person);
    read_text (text, MEETING, load.meeting, sizeof load.meeting);
    read_text (text, BADGE, load.badge, sizeof load.badge);
    g_array_append_val (load.latencies, took);
    load.joined++;
  } else if (g_str_has_prefix (text, "{\"type\":\"error\"")) {
    g_error ("%s", text);
  }
}

static const CvPeerFuncs peer_funcs = { on_peer_open, on_peer_message };

/* What is written says when. */
static void
chat (gint64 now)
{
  guint nth = load.sent++ % load.peers->len;
  CvPeer *peer = g_ptr_array_index (load.peers, nth);
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"change\",\"id\":%" G_GUINT64_FORMAT
    ",\"ops\":[{\"o\":\"b%u\",\"t\":\"%s\",\"c\":%u,\"a\":\"%s\",\"f\":"
    "{%s\"text\":\"bench %" G_GINT64_FORMAT " %s\"}}]}",
    ++peer->last_id, load.edits ? nth : load.sent, load.edits ? "block" : "message", load.sent, peer->person,
    load.edits ? "\"order\":\"V\"," : "", now, load.edits ? PARAGRAPH : "and some more words");
  cv_peer_send (peer, text);
}

/* ---- phases ---- */

static gint64
get_due (guint nth)
{
  return load.began + (gint64) nth * 1000000000 / load.join_rate;
}

static gboolean
is_next_due (gint64 now)
{
  guint n = load.peers->len;
  return load.join_rate > 0 ? now >= get_due (n) : n - load.joined < load.parallel;
}

static void
step_joins (gint64 now)
{
  while (load.peers->len < load.people && is_next_due (now)) {
    add_peer (&peer_funcs);
    CvPeer *peer = g_ptr_array_index (load.peers, load.peers->len - 1);
    if (load.join_rate > 0)
      peer->started = get_due (load.peers->len - 1); /* who comes late because we were busy has waited too */
  }
  if (load.joined < load.people)
    return;
  report ("joined", load.joined);
  load.began = now_ns ();
  load.next_chat = load.began + G_GINT64_CONSTANT (1000000000);
}

static void
step_chat (gint64 now)
{
  if (load.sent < load.chat_count && now >= load.next_chat) {
    load.next_chat += 1000000000 / load.chat_rate;
    chat (now);
  } else if (load.sent == load.chat_count &&
             (load.latencies->len == load.chat_count * (load.people - 1) || now > load.next_chat + LAST_NS)) {
    load.chat_done = TRUE;
    report ("chat", load.sent);
  }
}

/* Acknowledges. Not while receipts are awaited: these people share a processor, and would wait for each other's work. */
static void
sweep (gint64 now)
{
  gboolean awaiting = load.sent > 0 && !load.chat_done && load.latencies->len < load.sent * load.people;
  if (now - load.swept < SWEEP_NS || (awaiting && now - load.swept < ACK_AFTER_NS))
    return;
  load.swept = now;
  for (guint i = 0; i < load.peers->len; i++) {
    CvPeer *peer = g_ptr_array_index (load.peers, i);
    if (peer->seq - peer->acked >= ACK_COUNT || (peer->seq > peer->acked && now - peer->unacked > ACK_AFTER_NS))
      acknowledge (peer);
  }
}

/* Until stdin ends. */
static void
run (void)
{
  struct epoll_event events[256];
  gboolean joining = TRUE;
  char rest[64];
  load.began = now_ns ();
  while (read (STDIN_FILENO, rest, sizeof rest) != 0) {
    gint64 now = now_ns ();
    if (joining)
      step_joins (now);
    else if (!load.chat_done && load.chat_count > 0)
      step_chat (now);
    joining = load.joined < load.people;
    sweep (now);
    int wait = joining || (load.chat_count > 0 && !load.chat_done) ? 1 : 100;
    int n = epoll_wait (load.epoll, events, G_N_ELEMENTS (events), wait);
    for (int i = 0; i < n; i++)
      cv_peer_work (events[i].data.ptr);
  }
}

/* ---- arguments ---- */

/* Lines of ROOM KEY. */
static void
read_rooms (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_auto (GStrv) words = g_strsplit (*line, " ", 2);
    Room room = { .key = g_strdup (words[1]) };
    g_strlcpy (room.id, words[0], sizeof room.id);
    g_array_append_val (load.rooms, room);
  }
}

int
main (int argc, char *argv[])
{
  int port = 0, people = 1, parallel = 1, join_rate = 0, rate = 1, count = 0;
  gboolean tls = FALSE, edits = FALSE;
  g_autofree char *rooms = NULL;
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Where the daemon listens on 127.0.0.1", "N" },
    { "tls", 0, 0, G_OPTION_ARG_NONE, &tls, "Over TLS, whatever the certificate", NULL },
    { "rooms", 0, 0, G_OPTION_ARG_FILENAME, &rooms, "Lines of ROOM KEY; people are spread over them", "FILE" },
    { "people", 0, 0, G_OPTION_ARG_INT, &people, "How many", "N" },
    { "parallel", 0, 0, G_OPTION_ARG_INT, &parallel, "How many join at a time", "N" },
    { "join-rate", 0, 0, G_OPTION_ARG_INT, &join_rate, "Or so many a second, ready or not", "N" },
    { "chat-rate", 0, 0, G_OPTION_ARG_INT, &rate, "Then write so many messages a second", "N" },
    { "chat-count", 0, 0, G_OPTION_ARG_INT, &count, "So many in all", "N" },
    { "edits", 0, 0, G_OPTION_ARG_NONE, &edits, "Everybody a paragraph, over and over", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || rooms == NULL || people < 1 || rate < 1) {
    g_printerr ("conclave-load: %s\n", error != NULL ? error->message : "--rooms, --people and --chat-rate are needed");
    return EXIT_FAILURE;
  }
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_peer_free);
  load = (Load){ .address = "127.0.0.1",
                 .port = port,
                 .people = people,
                 .parallel = parallel,
                 .join_rate = MAX (join_rate, 0),
                 .chat_rate = rate,
                 .chat_count = count,
                 .edits = edits,
                 .peers = peers,
                 .epoll = epoll_create1 (EPOLL_CLOEXEC) };
  load.host = g_strdup_printf ("%s:%d", load.address, port);
  load.rooms = g_array_new (FALSE, FALSE, sizeof (Room));
  load.latencies = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (tls) {
    load.tls = SSL_CTX_new (TLS_client_method ());
    SSL_CTX_set_mode (load.tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  }
  read_rooms (rooms);
  fcntl (STDIN_FILENO, F_SETFL, O_NONBLOCK);
  run ();
  return EXIT_SUCCESS;
}
