/* Who may read what the server keeps: the judgement. */
#pragma once

#include "doctor/findings.h"

G_BEGIN_DECLS

typedef enum {
  CV_PATH_PRIVATE, /* its owner's alone */
  CV_PATH_SECRET,  /* not everybody's */
  CV_PATH_SERVED,  /* a folder whose files nginx sends: its group reads what comes into it */
} CvPathKind;

/* `mode` as stat() has it. `problem`: a static string, NULL where it is right. */
CvFindingState cv_permissions_judge (CvPathKind kind, guint mode, const char **problem);

G_END_DECLS
