/* What happened how often since the process started, for those who watch over it (daemon/metrics.h). Nothing else reads it.
 *
 * One table for the process, as there is one process to watch. Main thread. Whoever does something counts it in the line that does
 * it: so nobody has to know who is interested.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_TALLY_CONNECTIONS,         /* over the network, or a proxy's */
  CV_TALLY_CONNECTIONS_REFUSED, /* too many from one address */
  CV_TALLY_REQUESTS,            /* HTTP, answered; by the first digit of the status */
  CV_TALLY_REFUSED,             /* by CvProblem, over HTTP and WebSockets */
  CV_TALLY_MESSAGES,            /* over WebSockets, by CvTallyWay */
  CV_TALLY_LOGINS_FAILED,       /* wrong keys, passwords, codes, tokens and secrets of links */
  CV_TALLY_JOINS,               /* by the kind's place in cv_policy_all() */
  CV_TALLY_JOINS_REFUSED,       /* over WebSockets, by CvProblem */
  CV_TALLY_MEDIA_STARTS,        /* processes that were given a meeting */
  CV_TALLY_MEDIA_CRASHES,       /* of processes that had a meeting */
  CV_TALLY_SPARES_LOST,         /* spare processes that ended, or did not start */
  CV_TALLY_RECORDINGS,          /* that began */
  CV_TALLY_RECORDINGS_FAILED,   /* that ended for want of space, or could not be written */
  CV_TALLY_RECORDED_BYTES,      /* of recordings that ended */
  CV_TALLY_RENDERS,             /* that are done */
  CV_TALLY_RENDERS_FAILED,      /* those that were cancelled are not */
  CV_TALLY_HOOKS,               /* webhooks' calls that were made */
  CV_TALLY_HOOKS_FAILED,        /* attempts */
  CV_TALLY_BACKUPS,
  CV_TALLY_BACKUPS_FAILED,
  CV_TALLY_SIP_CRASHES,
  CV_N_TALLIES,
} CvTally;

typedef enum { CV_TALLY_IN, CV_TALLY_OUT } CvTallyWay;

/* of one tally; those that have none are 0 */
#define CV_TALLY_MAX_LABELS 64

void cv_tally_add (CvTally what, guint label, guint64 n);
/* One more. */
void cv_tally_count (CvTally what);
void cv_tally_count_as (CvTally what, guint label);
guint64 cv_tally_get (CvTally what, guint label);

G_END_DECLS
