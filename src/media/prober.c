/* See prober.h. */
#include "media/prober.h"

/* so much, that jitter does not decide; but not so long that a narrow path is filled for a while */
#define BITS 40000.0
#define MIN_DURATION_US 20000
#define MAX_DURATION_US 60000
#define PACKETS_MIN 5
/* a first guess is far off, mostly */
#define FIRST 3
#define SECOND 6
#define STEP 2
#define RECOVERY 0.85
#define INTERVAL_US (3 * G_USEC_PER_SEC)
#define RECOVERY_US (1 * G_USEC_PER_SEC)
#define HOLD_US (1 * G_USEC_PER_SEC)
/* a fall below that part of the rate is worth a probe */
#define FALL 0.66
/* who wants no more than that has what it wants */
#define WORTH 1.05
/* of a probe must have come for it to say something */
#define COMPLETE 0.8
#define MAX_INTERVAL_US G_USEC_PER_SEC
/* what arrives that much faster than it was sent was held back somewhere */
#define MAX_RATIO 2.0
/* less than that came through: the path is full, and takes a little less than that */
#define FULL 0.9
#define FULL_MARGIN 0.95

void
cv_prober_init (CvProber *self, double limit)
{
  *self = (CvProber){ .limit = limit };
}

void
cv_prober_set_limit (CvProber *self, double bps)
{
  self->limit = bps;
}

static gint64
duration (double bps)
{
  return CLAMP ((gint64) (BITS * G_USEC_PER_SEC / MAX (bps, 1)), MIN_DURATION_US, MAX_DURATION_US);
}

static gboolean
start_probe (CvProber *self, double bps, gint64 now_us, CvProbe *probe)
{
  self->numbers = self->numbers % 255 + 1;
  *probe = (CvProbe){ self->numbers, (guint) bps, PACKETS_MIN, duration (bps) };
  self->clusters[probe->number % CV_PROBER_CLUSTERS] =
    (CvProberCluster){ .number = probe->number, .bps = probe->bps, .packets_min = PACKETS_MIN };
  self->busy_until = now_us + probe->duration_us;
  self->next_at = now_us + INTERVAL_US;
  return TRUE;
}

gboolean
cv_prober_take (CvProber *self, double rate, gint64 now_us, CvProbe *probe)
{
  if (now_us < self->busy_until || now_us < self->quiet_until || self->limit < rate * WORTH)
    return FALSE;
  if (self->next_at == 0) {
    self->pending[0] = FIRST * rate;
    self->pending[1] = SECOND * rate;
    self->n_pending = 2;
  }
  while (self->n_pending > 0) {
    double bps = MIN (self->pending[0], self->limit);
    self->pending[0] = self->pending[1];
    self->n_pending--;
    if (bps > rate * WORTH)
      return start_probe (self, bps, now_us, probe);
  }
  if (self->before > 0 && now_us >= self->recover_at) {
    double bps = MIN (self->before * RECOVERY, self->limit);
    self->before = 0;
    if (bps > rate * WORTH)
      return start_probe (self, bps, now_us, probe);
  }
  if (now_us < self->next_at)
    return FALSE;
  return start_probe (self, MIN (STEP * rate, self->limit), now_us, probe);
}

void
cv_prober_hold (CvProber *self, gint64 now_us)
{
  self->n_pending = 0;
  self->quiet_until = now_us + HOLD_US;
}

void
cv_prober_fell (CvProber *self, double before, double rate, gint64 now_us)
{
  if (rate >= FALL * MAX (before, self->before))
    return;
  self->before = MAX (before, self->before);
  self->recover_at = now_us + RECOVERY_US;
}

static CvProberCluster *
find_cluster (CvProber *self, guint number)
{
  CvProberCluster *cluster = &self->clusters[number % CV_PROBER_CLUSTERS];
  return number != 0 && cluster->number == number ? cluster : NULL;
}

void
cv_prober_add (CvProber *self, guint number, guint bytes, gint64 sent_us, gint64 arrival_us)
{
  CvProberCluster *cluster = find_cluster (self, number);
  if (cluster == NULL)
    return;
  if (cluster->packets == 0 || arrival_us < cluster->first_arrival) {
    cluster->first_arrival = arrival_us;
    cluster->first_bytes = bytes;
  }
  if (cluster->packets == 0)
    cluster->first_sent = sent_us;
  if (cluster->packets == 0 || sent_us >= cluster->last_sent) {
    cluster->last_sent = sent_us;
    cluster->last_bytes = bytes;
  }
  cluster->last_arrival = cluster->packets == 0 ? arrival_us : MAX (cluster->last_arrival, arrival_us);
  cluster->packets++;
  cluster->bytes += bytes;
}

/* bit/s, sent and come. FALSE where it says nothing. */
static gboolean
measure (const CvProberCluster *cluster, double *sent, double *came)
{
  if (cluster == NULL || cluster->packets < COMPLETE * cluster->packets_min ||
      cluster->bytes < COMPLETE * cluster->bps / 8 * (double) duration (cluster->bps) / G_USEC_PER_SEC)
    return FALSE;
  gint64 sent_us = cluster->last_sent - cluster->first_sent, came_us = cluster->last_arrival - cluster->first_arrival;
  if (sent_us <= 0 || sent_us > MAX_INTERVAL_US || came_us <= 0 || came_us > MAX_INTERVAL_US)
    return FALSE;
  /* of n packets n - 1 lie between; they are not all of one size, and the same ones must count on both sides */
  double bits = 8.0 * (cluster->bytes - (cluster->first_bytes + cluster->last_bytes) / 2.0);
  *sent = bits * G_USEC_PER_SEC / (double) sent_us;
  *came = bits * G_USEC_PER_SEC / (double) came_us;
  return *came <= MAX_RATIO * *sent;
}

double
cv_prober_get_result (CvProber *self, guint number)
{
  const CvProberCluster *cluster = find_cluster (self, number);
  double sent, came;
  if (!measure (cluster, &sent, &came))
    return -1;
  double result = came < FULL * sent ? FULL_MARGIN * came : MIN (sent, came);
  return MIN (result, cluster->bps); /* packets that left in lumps do not show more than was tried */
}

gboolean
cv_prober_found_open (CvProber *self, guint number)
{
  double sent, came;
  return measure (find_cluster (self, number), &sent, &came) && came >= FULL * sent;
}

void
cv_prober_succeeded (CvProber *self, double bps)
{
  self->pending[0] = STEP * bps;
  self->n_pending = 1;
}
