/* When to probe a path, how fast, and what a probe showed. Probes are a few packets above the rate: what comes through of
 * them shows room that ordinary sending, which keeps to the rate, cannot see.
 *
 * A plain struct inside its owner; any thread; time is given.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_PROBER_CLUSTERS 4
#define CV_PROBER_PENDING 2

typedef struct {
  guint number;
  guint bps;
  guint packets_min;
  guint packets, bytes, first_bytes, last_bytes; /* that came */
  gint64 first_sent, last_sent, first_arrival, last_arrival;
} CvProberCluster;

typedef struct {
  double limit; /* bit/s: no probe beyond */
  double pending[CV_PROBER_PENDING];
  guint n_pending;
  double before; /* the rate before it fell; 0: it did not */
  gint64 recover_at;
  gint64 next_at;    /* of the next probe by the clock; 0: nothing was probed yet */
  gint64 busy_until; /* the last probe is being sent */
  gint64 quiet_until;
  guint numbers;
  CvProberCluster clusters[CV_PROBER_CLUSTERS];
} CvProber;

/* A probe to send: at `bps` for `duration_us`, at least `packets_min` packets. */
typedef struct {
  guint number; /* 1…255: the mark of its packets */
  guint bps;
  guint packets_min;
  gint64 duration_us;
} CvProbe;

void cv_prober_init (CvProber *self, double limit);
void cv_prober_set_limit (CvProber *self, double bps);
/* TRUE: a probe is due where the rate is `rate`. The first are due at once. */
gboolean cv_prober_take (CvProber *self, double rate, gint64 now_us, CvProbe *probe);
/* The path is full or loses much: no probes for a while. */
void cv_prober_hold (CvProber *self, gint64 now_us);
/* The rate fell from `before` to `rate`: see soon whether that has passed. */
void cv_prober_fell (CvProber *self, double before, double rate, gint64 now_us);
/* A probe's packet came. */
void cv_prober_add (CvProber *self, guint number, guint bytes, gint64 sent_us, gint64 arrival_us);
/* What that probe showed that the path takes, bit/s; < 0: nothing yet. */
double cv_prober_get_result (CvProber *self, guint number);
/* Whether all of it came as quickly as it was sent: the path may take still more. */
gboolean cv_prober_found_open (CvProber *self, guint number);
/* A probe succeeded: go on from `bps`. */
void cv_prober_succeeded (CvProber *self, double bps);

G_END_DECLS
