/* Whether ports are ours or free: the judgement. */
#pragma once

#include "doctor/findings.h"

G_BEGIN_DECLS

/* A TCP port. `error`: of bind() (0: it is free). `running`: a server answers on the admin socket. */
void cv_ports_judge_listen (const char *listen, int error, gboolean running, CvFindings *findings);

typedef struct {
  guint n;     /* that were tried */
  guint taken; /* by some program */
  int error;   /* of the first that failed for another reason */
} CvPortTally;

/* Of `what` ("media"), at `address`. */
void cv_ports_judge_range (const char *what, const char *address, const CvPortTally *tally, gboolean running,
                           CvFindings *findings);

G_END_DECLS
