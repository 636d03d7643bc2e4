/* The estimate over a path that is simulated: a bottleneck with a queue, a base delay, random loss, jitter and a competing
 * flow; feedback goes through both ends of media/twcc. Everything is deterministic. CV_VERBOSE prints each second.
 */
#include "media/bandwidth.h"

#include <math.h>
#include <string.h>

#define STEP_US 1000
#define FEEDBACK_US 50000
#define IN_FLIGHT 4096
#define PACKET 1100
#define SECOND G_USEC_PER_SEC

typedef struct {
  gint64 arrival;
  guint16 seq;
} Packet;

typedef struct {
  gint64 arrival;
  gsize n;
  guint8 bytes[CV_TWCC_MAX_BYTES];
} Feedback;

/* How the sender chooses what to send. */
typedef enum { FULL, LAYERS, SOUND, NOTHING } Source;

typedef struct {
  /* the path */
  double rate, loss, cross;
  gint64 greedy; /* µs, about: a competitor that always has so much in the queue, and sends so many packets at once */
  guint burst;
  gint64 delay, jitter, queue; /* µs; each way, at most, that the queue holds at `rate` */
  gboolean feedback_lost;
  /* the sender */
  Source source;
  guint wanted;
  guint start;
  /* inside */
  CvBandwidth *bandwidth;
  CvTwccSender *sender;
  CvTwccReceiver *receiver;
  GRand *rand;
  gint64 now, free_at, last_arrival;
  double tokens, cross_tokens, probe_tokens;
  CvProbe probe;
  gint64 probe_until;
  guint probe_packets; /* that are still to be sent */
  gint probe_bytes;
  Packet packets[IN_FLIGHT];
  guint packets_from, packets_to;
  Feedback feedback[64];
  guint feedback_from, feedback_to;
  guint n_probes;
  /* since cleared */
  gint64 queued_least, queued_most;
  gint64 window_least, window_at; /* the least in each second; the most of these is what stands */
  double sum, sum_loss;
  guint n_sum;
} Path;

static Path *
path_new (double rate, guint rtt_ms)
{
  Path *self = g_new0 (Path, 1);
  self->rate = rate;
  self->delay = rtt_ms * 500;
  self->queue = SECOND / 2;
  self->wanted = 4000000;
  self->start = 500000;
  self->now = 100 * SECOND;
  self->rand = g_rand_new_with_seed (7);
  self->sender = cv_twcc_sender_new ();
  self->receiver = cv_twcc_receiver_new ();
  return self;
}

static void
path_free (Path *self)
{
  g_rand_free (self->rand);
  cv_twcc_sender_free (self->sender);
  cv_twcc_receiver_free (self->receiver);
  cv_bandwidth_free (self->bandwidth);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Path, path_free)

static gint64
queued (Path *self)
{
  return MAX (0, self->free_at - self->now);
}

/* Into the bottleneck's queue. FALSE: it is full. */
static gboolean
enqueue (Path *self, guint bytes)
{
  if (queued (self) > self->queue)
    return FALSE;
  self->free_at = MAX (self->free_at, self->now) + (gint64) (bytes * 8 * 1e6 / self->rate);
  return TRUE;
}

static void
send_packet (Path *self, guint bytes, guint probe)
{
  guint16 seq = cv_twcc_sender_sent (self->sender, self->now, bytes, probe);
  if (!enqueue (self, bytes) || g_rand_double (self->rand) < self->loss)
    return;
  gint64 jitter = self->jitter == 0 ? 0 : g_rand_int_range (self->rand, 0, (gint32) self->jitter);
  self->last_arrival = MAX (self->last_arrival, self->free_at + self->delay + jitter);
  self->packets[self->packets_to++ % IN_FLIGHT] = (Packet){ self->last_arrival, seq };
}

static double
source_rate (Path *self)
{
  static const double layers[] = { 1500000, 500000, 150000 };
  double estimate = cv_bandwidth_get (self->bandwidth);
  if (self->source == FULL)
    return MIN (estimate, self->wanted);
  if (self->source == SOUND) /* which is sent whatever there is, and small pictures */
    return 100000 + 60000 * CLAMP (floor ((estimate - 100000) / 60000), 0, 10);
  for (guint i = 0; self->source == LAYERS && i < G_N_ELEMENTS (layers); i++)
    if (layers[i] <= estimate)
      return layers[i] + 40000;
  return 0;
}

static gboolean
probing (Path *self)
{
  return self->now < self->probe_until || self->probe_packets > 0 || self->probe_bytes > 0;
}

static void
note_probe (Path *self, guint bytes)
{
  self->probe_tokens -= bytes;
  self->probe_bytes -= (gint) bytes;
  self->probe_packets -= self->probe_packets > 0;
}

static void
send_media (Path *self)
{
  for (self->tokens += source_rate (self) / 8e6 * STEP_US; self->tokens > PACKET; self->tokens -= PACKET) {
    send_packet (self, PACKET, probing (self) ? self->probe.number : 0);
    note_probe (self, PACKET);
  }
}

static void
start_probe (Path *self)
{
  self->probe_until = self->now + self->probe.duration_us;
  self->probe_bytes = (gint) ((double) self->probe.bps * (double) self->probe.duration_us / 8e6);
  self->probe_packets = self->probe.packets_min;
  self->probe_tokens = 0;
  self->n_probes++;
  if (g_getenv ("CV_VERBOSE") != NULL)
    g_printerr ("%7.2f probe %u at %u kbit/s\n", (double) self->now / 1e6 - 100, self->probe.number,
                self->probe.bps / 1000);
}

static void
send_probe (Path *self)
{
  gint total = (gint) ((double) self->probe.bps * (double) self->probe.duration_us / 8e6);
  guint size = (guint) CLAMP (total / (gint) self->probe.packets_min, 50, PACKET);
  for (self->probe_tokens += self->probe.bps / 8e6 * STEP_US; probing (self) && self->probe_tokens > size;) {
    send_packet (self, size, self->probe.number);
    note_probe (self, size);
  }
}

static void
step_sender (Path *self)
{
  for (self->cross_tokens += self->cross / 8e6 * STEP_US; self->cross_tokens > 1200; self->cross_tokens -= 1200)
    enqueue (self, 1200);
  double sweep = 1 + 0.15 * sin (2 * G_PI * (double) (self->now % (4 * SECOND)) / (4 * SECOND));
  if ((double) queued (self) < (double) self->greedy * sweep) /* in bursts, as its acknowledgements come */
    for (guint i = 0; i < self->burst; i++)
      enqueue (self, 1500);
  send_media (self);
  if (self->source != NOTHING && self->now % 5000 == 0 && !probing (self) &&
      cv_bandwidth_take_probe (self->bandwidth, self->now, &self->probe))
    start_probe (self);
  if (probing (self))
    send_probe (self);
  if (self->now % 50000 == 0)
    cv_bandwidth_silence (self->bandwidth, cv_twcc_sender_get_silence (self->sender), self->now);
}

static void
step_receiver (Path *self)
{
  for (; self->packets_from < self->packets_to; self->packets_from++) {
    Packet *packet = &self->packets[self->packets_from % IN_FLIGHT];
    if (packet->arrival > self->now)
      break;
    cv_twcc_receiver_add (self->receiver, packet->seq, packet->arrival);
  }
  while (self->now % FEEDBACK_US == 0) {
    Feedback *feedback = &self->feedback[self->feedback_to % G_N_ELEMENTS (self->feedback)];
    CvRtcpWriter writer = { feedback->bytes, sizeof feedback->bytes, 0 };
    if (!cv_twcc_receiver_write (self->receiver, &writer, 1, 2))
      break;
    feedback->n = writer.n;
    feedback->arrival = self->now + self->delay;
    self->feedback_to += !self->feedback_lost;
  }
}

static void
step_feedback (Path *self)
{
  for (; self->feedback_from < self->feedback_to; self->feedback_from++) {
    Feedback *feedback = &self->feedback[self->feedback_from % G_N_ELEMENTS (self->feedback)];
    CvTwccResult results[CV_TWCC_RESULTS];
    if (feedback->arrival > self->now)
      return;
    guint n =
      cv_twcc_sender_feedback (self->sender, feedback->bytes + 12, feedback->n - 12, results, G_N_ELEMENTS (results));
    cv_bandwidth_feedback (self->bandwidth, results, n, self->now);
  }
}

static void
measure (Path *self)
{
  self->window_least = MIN (self->window_least, queued (self));
  if (self->now - self->window_at >= SECOND) {
    self->queued_most = MAX (self->queued_most, self->window_least);
    self->window_least = queued (self);
    self->window_at = self->now;
  }
  self->sum += cv_bandwidth_get (self->bandwidth);
  self->sum_loss += cv_bandwidth_get_loss (self->bandwidth);
  self->n_sum++;
  if (self->now % SECOND == 0 && g_getenv ("CV_VERBOSE") != NULL)
    g_printerr ("%7.2f rate %5u kbit/s, queue %4d ms, loss %.3f, rtt %d ms\n", (double) self->now / 1e6 - 100,
                cv_bandwidth_get (self->bandwidth) / 1000, (int) queued (self) / 1000,
                cv_bandwidth_get_loss (self->bandwidth), (int) cv_bandwidth_get_rtt (self->bandwidth) / 1000);
}

/* Runs for a time and starts to measure anew before. */
static void
run (Path *self, double seconds)
{
  gint64 end = self->now + (gint64) (seconds * 1e6);
  if (self->bandwidth == NULL)
    self->bandwidth = cv_bandwidth_new (self->start, 50000, 8000000);
  cv_bandwidth_set_wanted (self->bandwidth, self->wanted, self->source == SOUND ? 100000 : 0);
  self->window_at = self->now;
  self->window_least = queued (self);
  self->queued_most = 0;
  self->sum = self->sum_loss = self->n_sum = 0;
  for (; self->now < end; self->now += STEP_US) {
    step_sender (self);
    step_receiver (self);
    step_feedback (self);
    measure (self);
  }
}

static double
mean_kbps (Path *self)
{
  return self->sum / self->n_sum / 1000;
}

/* Runs until the rate is at least that; seconds, or -1. */
static double
run_until (Path *self, double kbps, double seconds)
{
  for (double t = 0; t < seconds; t += 0.1) {
    if (self->bandwidth != NULL && cv_bandwidth_get (self->bandwidth) >= kbps * 1000)
      return t;
    run (self, 0.1);
  }
  return -1;
}

#define assert_between(x, low, high)                                                                                   \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    double x_ = (x);                                                                                                   \
    g_test_message ("%s: %.3f", #x, x_);                                                                               \
    g_assert_cmpfloat (x_, >=, low);                                                                                   \
    g_assert_cmpfloat (x_, <=, high);                                                                                  \
  }                                                                                                                    \
  G_STMT_END

static void
test_narrow (void)
{
  static const guint rtts[] = { 20, 60, 200 }, starts[] = { 300000, 600000 };
  for (guint i = 0; i < 6; i++) {
    g_autoptr (Path) path = path_new (250000, rtts[i % 3]);
    path->start = starts[i / 3];
    run (path, 5);
    for (guint second = 0; second < 20; second++) {
      run (path, 1);
      assert_between (mean_kbps (path), 165, 275);
    }
    run (path, 60);
    assert_between (mean_kbps (path), 180, 250);
    assert_between ((double) path->queued_most / 1000, 0, 100);
    assert_between (cv_bandwidth_get_loss (path->bandwidth), 0, 0.02);
  }
}

static void
test_start (void)
{
  static const guint rtts[] = { 20, 200 };
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Path) path = path_new (3000000, rtts[i]);
    assert_between (run_until (path, 2000, 5), 0, 2);
    run (path, 10);
    assert_between (mean_kbps (path), 2300, 3000);
    assert_between ((double) path->queued_most / 1000, 0, 100);
    assert_between ((double) cv_bandwidth_get_rtt (path->bandwidth) / 1000, rtts[i], rtts[i] + 120);
  }
}

static void
test_falls_and_recovers (void)
{
  static const guint rtts[] = { 20, 60, 200 };
  for (guint i = 0; i < 6; i++) {
    g_autoptr (Path) path = path_new (3000000, rtts[i % 3]);
    path->source = i < 3 ? FULL : LAYERS;
    run (path, 10);
    path->rate = 250000;
    run (path, 5);
    run (path, 20);
    assert_between (mean_kbps (path), i < 3 ? 180 : 150, i < 3 ? 250 : 320);
    assert_between ((double) path->queued_most / 1000, 0, 100);
    path->rate = 3000000;
    assert_between (run_until (path, 2000, 15), 0, 10);
  }
}

/* However the probes lie to the moment in which a narrow path is wide again, the second one takes what there is. */
static void
test_lifted (void)
{
  static const guint rtts[] = { 2, 20, 60, 200 };
  for (guint i = 0; i < 8; i++)
    for (guint k = 0; k < 24; k++) {
      g_autoptr (Path) path = path_new (3000000, rtts[i % 4]);
      path->source = LAYERS;
      path->queue = i < 4 ? SECOND / 2 : SECOND / 5;
      path->wanted = 700000;
      run (path, 6);
      path->rate = 250000;
      run (path, 4 + 0.5 * k);
      path->rate = 20000000;
      assert_between (run_until (path, 640, 15), 0, 4);
    }
}

/* A path that narrows to a twelfth has a full queue in no time: it must be emptied again, however deep it is. */
static void
test_narrows (void)
{
  static const guint rtts[] = { 20, 60, 200 };
  for (guint i = 0; i < 6; i++) {
    g_autoptr (Path) path = path_new (3000000, rtts[i % 3]);
    path->queue = i < 3 ? SECOND / 2 : SECOND * 2;
    run (path, 10);
    path->rate = 250000;
    run (path, i < 3 ? 2.5 : 6);
    run (path, 3);
    assert_between ((double) path->queued_most / 1000, 0, 100);
  }
}

static void
test_random_loss (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Path) path = path_new (3000000, 40);
    path->loss = i == 0 ? 0.05 : 0;
    run (path, 10);
    path->loss = 0.05;
    for (guint second = 0; second < 60; second++) {
      run (path, 1);
      assert_between (mean_kbps (path), 1500, 3200);
    }
    assert_between (cv_bandwidth_get_loss (path->bandwidth), 0.03, 0.07);
    path->loss = 0.3;
    run (path, 10);
    assert_between (cv_bandwidth_get (path->bandwidth) / 1000, 50, 1000);
    path->loss = 0;
    assert_between (run_until (path, 2000, 30), 0, 15);
  }
}

/* A queue too short to be seen: only losses tell that the path is full, and they must not stay. */
static void
test_policed (void)
{
  static const guint rtts[] = { 20, 60, 200 };
  for (guint i = 0; i < 3; i++) {
    g_autoptr (Path) path = path_new (1000000, rtts[i]);
    path->queue = 13000;
    run (path, 10);
    run (path, 90);
    assert_between (mean_kbps (path), 800, 1050);
    assert_between (path->sum_loss / path->n_sum, 0, 0.02);
  }
}

static void
test_competing (void)
{
  static const guint rtts[] = { 20, 60, 200 };
  for (guint i = 0; i < 3; i++) {
    g_autoptr (Path) path = path_new (2000000, rtts[i]);
    path->cross = 1000000;
    run (path, 10);
    run (path, 30);
    assert_between (mean_kbps (path), 750, 1250);
    assert_between ((double) path->queued_most / 1000, 0, 100);
  }
}

/* A download fills the queue whatever we do. Who sends little has nothing to empty it by: pictures go on. */
static void
test_greedy (void)
{
  static const gint64 standing[] = { 60000, 70000, 80000, 85000, 90000, 100000, 130000, 160000 };
  static const guint bursts[] = { 2, 8, 12 };
  guint total = 0;
  for (guint i = 0; i < G_N_ELEMENTS (standing) * G_N_ELEMENTS (bursts); i++) {
    g_autoptr (Path) path = path_new (1500000, 10);
    path->queue = SECOND / 5;
    path->source = SOUND;
    path->wanted = 630000;
    run (path, 6);
    path->greedy = standing[i / G_N_ELEMENTS (bursts)];
    path->burst = bursts[i % G_N_ELEMENTS (bursts)];
    run (path, 10);
    guint starved = 0;
    gboolean low = FALSE;
    for (guint second = 0; second < 60; second++) {
      run (path, 1);
      starved += mean_kbps (path) < 160;
      low |= cv_bandwidth_get (path->bandwidth) < 100000; /* as sound is sent all the same */
    }
    g_test_message ("%d ms, %u at once: starved for %u of 60 s", (int) path->greedy / 1000, path->burst, starved);
    g_assert_false (low);
    assert_between (starved, 0, 18);
    total += starved;
  }
  assert_between (total, 0, 20);
}

/* Sound is sent whatever the path takes: the rate never says less, and pictures are tried from there. */
static void
test_least (void)
{
  static const guint rtts[] = { 10, 60, 200 };
  for (guint i = 0; i < G_N_ELEMENTS (rtts); i++) {
    g_autoptr (Path) path = path_new (1500000, rtts[i]);
    path->queue = SECOND / 5;
    path->source = SOUND;
    path->wanted = 630000;
    run (path, 4);
    path->rate = 80000;
    run (path, 6);
    assert_between (cv_bandwidth_get (path->bandwidth), 100000, 130000);
    path->rate = 1500000;
    path->greedy = 110000;
    path->burst = 8;
    double took = run_until (path, 160, 20);
    g_test_message ("rtt %u ms: %.1f s", rtts[i], took);
    assert_between (took, 0, 8);
  }
}

static void
test_feedback_lost (void)
{
  g_autoptr (Path) path = path_new (3000000, 60);
  run (path, 10);
  path->feedback_lost = TRUE;
  run (path, 2);
  path->feedback_lost = FALSE;
  run (path, 0.2);
  assert_between (run_until (path, 2000, 10), 0, 3);
  /* for longer: less and less is sent */
  path->feedback_lost = TRUE;
  run (path, 10);
  assert_between (cv_bandwidth_get (path->bandwidth) / 1000, 50, 100);
  path->feedback_lost = FALSE;
  assert_between (run_until (path, 2000, 15), 0, 10);
}

/* Another path: what became of the one before does not count, nor does what is lost there still. */
static void
test_restart (void)
{
  g_autoptr (Path) path = path_new (3000000, 60);
  guint start = path->start;
  run (path, 10);
  path->feedback_lost = TRUE;
  run (path, 10);
  assert_between (cv_bandwidth_get (path->bandwidth) / 1000, 50, 100);
  path->feedback_lost = FALSE;
  cv_twcc_sender_forget (path->sender);
  g_assert_cmpint (cv_twcc_sender_get_silence (path->sender), ==, 0);
  cv_bandwidth_restart (path->bandwidth);
  g_assert_cmpuint (cv_bandwidth_get (path->bandwidth), ==, start);
  run (path, 0.3);
  g_assert_cmpfloat (cv_bandwidth_get_loss (path->bandwidth), ==, 0);
  g_assert_cmpuint (cv_bandwidth_get (path->bandwidth), >=, start);
  assert_between (run_until (path, 2000, 10), 0, 5);
}

static void
test_idle (void)
{
  g_autoptr (Path) path = path_new (3000000, 60);
  run (path, 10);
  path->source = NOTHING;
  run (path, 0.5); /* what is on its way */
  guint before = cv_bandwidth_get (path->bandwidth);
  run (path, 10);
  assert_between (cv_bandwidth_get (path->bandwidth), before, before);
  path->source = FULL;
  run (path, 0.5);
  run (path, 10);
  assert_between (mean_kbps (path), 2000, 3000);
}

static void
test_jitter (void)
{
  static const guint rtts[] = { 20, 200 };
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Path) path = path_new (3000000, rtts[i]);
    path->jitter = 20000;
    run (path, 10);
    run (path, 60);
    assert_between (mean_kbps (path), 1500, 3200);
  }
}

/* No probing beyond what is wanted; a source with steps gets to the step that fits. */
static void
test_wanted (void)
{
  g_autoptr (Path) path = path_new (20000000, 40);
  path->wanted = 400000;
  run (path, 20);
  g_assert_cmpuint (path->n_probes, ==, 0);
  path->source = LAYERS;
  path->wanted = 1800000;
  assert_between (run_until (path, 1600, 10), 0, 6);
  guint probes = path->n_probes;
  run (path, 20);
  assert_between (path->n_probes - probes, 0, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bandwidth/narrow", test_narrow);
  g_test_add_func ("/bandwidth/start", test_start);
  g_test_add_func ("/bandwidth/falls-and-recovers", test_falls_and_recovers);
  g_test_add_func ("/bandwidth/lifted", test_lifted);
  g_test_add_func ("/bandwidth/narrows", test_narrows);
  g_test_add_func ("/bandwidth/random-loss", test_random_loss);
  g_test_add_func ("/bandwidth/policed", test_policed);
  g_test_add_func ("/bandwidth/competing", test_competing);
  g_test_add_func ("/bandwidth/greedy", test_greedy);
  g_test_add_func ("/bandwidth/least", test_least);
  g_test_add_func ("/bandwidth/feedback-lost", test_feedback_lost);
  g_test_add_func ("/bandwidth/restart", test_restart);
  g_test_add_func ("/bandwidth/idle", test_idle);
  g_test_add_func ("/bandwidth/jitter", test_jitter);
  g_test_add_func ("/bandwidth/wanted", test_wanted);
  return g_test_run ();
}
