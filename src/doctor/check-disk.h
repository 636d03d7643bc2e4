/* Whether there is space: the judgement. */
#pragma once

#include "doctor/patient.h"
#include "library/disk.h"

G_BEGIN_DECLS

/* `what`: is kept in `directory`, which `disk` was made for. */
void cv_disk_judge (const char *what, const char *directory, CvDisk *disk, CvFindings *findings);

G_END_DECLS
