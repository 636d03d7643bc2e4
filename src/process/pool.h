/* Where meetings get their media processes from: CvMediaPool over spare children and UDP ports. One for the daemon.
 *
 * Owns both. Main thread.
 */
#pragma once

#include "process/media-process.h"
#include "process/media.h"
#include "process/ports.h"
#include "process/spares.h"

G_BEGIN_DECLS

typedef struct {
  const char *path; /* of conclave-media */
  const char *const *arguments;
  int niceness;
  guint warm_spares;
  CvPortsOptions ports;
  CvClock *clock;
} CvPoolOptions;

#define CV_TYPE_POOL (cv_pool_get_type ())
G_DECLARE_FINAL_TYPE (CvPool, cv_pool, CV, POOL, GObject)

/* Copies what it needs. Returns: (transfer full), NULL where an address cannot be bound. */
CvPool *cv_pool_new (const CvPoolOptions *options, GError **error);
/* Spares that have started. */
guint cv_pool_count_ready (CvPool *self);
/* What all meetings' processes take and pass on, by what they said last. */
typedef struct {
  guint processes; /* that work for a meeting */
  CvMediaLoad sum;
} CvPoolLoad;
void cv_pool_measure (CvPool *self, CvPoolLoad *load);
/* Ends the spares and what meetings have, whoever still holds it. */
void cv_pool_stop (CvPool *self);

G_END_DECLS
