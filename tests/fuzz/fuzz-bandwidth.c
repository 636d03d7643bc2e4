/* Fuzz target of the bandwidth estimate (libFuzzer): whatever a stranger's feedback claims, the rate stays within its bounds,
 * probes within what is wanted, and nothing overflows.
 *
 * Steps of eight bytes: what happens, how many packets, how the clocks move.
 */
#include "media/bandwidth.h"

#define MIN_BPS 50000
#define MAX_BPS 5000000

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

typedef struct {
  CvBandwidth *bandwidth;
  gint64 now, arrival;
  guint wanted;
  guint probe;
} Fuzz;

static void
give_feedback (Fuzz *self, const guint8 *step)
{
  CvTwccResult results[64];
  guint n = step[1] % 64 + 1;
  gint64 between = (gint16) cv_read16 (step + 4) * (gint64) (step[0] & 0x40 ? 4000000000 : 10);
  for (guint i = 0; i < n; i++) {
    self->arrival += between;
    self->arrival = CLAMP (self->arrival, -((gint64) 1 << 57), (gint64) 1 << 57);
    results[i] = (CvTwccResult){ .sent_us = self->now - (gint64) (n - i) * step[2] * 100,
                                 .arrival_us = self->arrival,
                                 .bytes = step[6] * 6u,
                                 .probe = step[7] % 3 == 0 ? self->probe : 0,
                                 .lost = (step[3] + i) % 8 > 4u + step[3] % 8,
                                 .late = step[3] == 255 };
  }
  cv_bandwidth_feedback (self->bandwidth, results, n, self->now);
}

static void
take_probe (Fuzz *self)
{
  CvProbe probe;
  if (!cv_bandwidth_take_probe (self->bandwidth, self->now, &probe))
    return;
  g_assert_cmpuint (probe.bps, <=, MIN (self->wanted, MAX_BPS));
  g_assert_cmpuint (probe.bps, >, cv_bandwidth_get (self->bandwidth));
  g_assert_cmpuint (probe.number, >=, 1);
  g_assert_cmpuint (probe.number, <=, 255);
  g_assert_cmpint (probe.duration_us, >, 0);
  self->probe = probe.number;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autoptr (CvBandwidth) bandwidth = cv_bandwidth_new (400000, MIN_BPS, MAX_BPS);
  Fuzz self = { bandwidth, G_USEC_PER_SEC, 0, MAX_BPS, 0 };
  for (gsize at = 0; at + 8 <= n; at += 8) {
    const guint8 *step = data + at;
    self.now += step[0] & 0x80 ? cv_read16 (step + 2) * 100 : 5000;
    switch (step[0] % 8) {
    case 0:
      cv_bandwidth_silence (bandwidth, cv_read16 (step + 1) * (gint64) 1000, self.now);
      break;
    case 1:
      self.wanted = cv_read32 (step + 1);
      cv_bandwidth_set_wanted (bandwidth, self.wanted, cv_read16 (step + 5) * 1000);
      break;
    case 2:
      take_probe (&self);
      break;
    default:
      give_feedback (&self, step);
    }
    g_assert_cmpuint (cv_bandwidth_get (bandwidth), >=, MIN_BPS);
    g_assert_cmpuint (cv_bandwidth_get (bandwidth), <=, MAX_BPS);
    g_assert_cmpfloat (cv_bandwidth_get_loss (bandwidth), >=, 0);
    g_assert_cmpfloat (cv_bandwidth_get_loss (bandwidth), <=, 1);
    g_assert_cmpint (cv_bandwidth_get_rtt (bandwidth), >=, -1);
  }
  return 0;
}
