/* What goes on in the server at one moment, in numbers: for Prometheus (metrics.h) and for the administrators' page (overview.h), which
 * so say the same. Nobody is named. A value, but for the parts that are asked; main thread.
 */
#pragma once

#include "library/disk.h"
#include "process/pool.h"
#include "signalling/server.h"
#include "store/census.h"

G_BEGIN_DECLS

/* All borrowed. */
typedef struct {
  CvStore *store;
  CvClock *clock;
  CvRegistry *registry;
  CvLibrary *library;
  CvBackups *backups;
  CvDisk *disk; /* of recordings */
  CvPool *pool; /* NULL: no meeting's media pass through the server */
} CvGaugesParts;

typedef struct {
  guint meetings[CV_CENSUS_MAX_KINDS], people[CV_CENSUS_MAX_KINDS]; /* in the order of cv_policy_all() */
  guint recording, paused;
  guint connections, sockets;
  gboolean has_pool;
  CvPoolLoad media; /* where there is a pool, as what follows */
  guint spares;
  gboolean has_disk;
  guint64 disk_free, disk_size; /* where that is known, bytes */
  guint renders_waiting, renders_running;
  CvCallers *callers; /* borrowed; NULL: nobody can call, and what follows is 0 */
  gboolean sip_up;
  guint calls, trunks, trunks_up;
} CvGauges;

/* How many kinds of rooms there are, of those that fit. */
guint cv_gauges_count_kinds (void);
/* `server` NULL: without connections and callers. */
void cv_gauges_measure (CvGauges *self, const CvGaugesParts *parts, CvServer *server);
/* A trunk that takes calls: it is registered, or needs not be. */
gboolean cv_gauges_is_trunk_up (const CvTrunkView *trunk);

G_END_DECLS
