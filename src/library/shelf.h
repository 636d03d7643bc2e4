/* Where recordings go. Of the daemon, and outlives all meetings. */
#pragma once

#include "library/disk.h"

G_BEGIN_DECLS

typedef struct {
  const char *directory;
  CvDisk *disk;
  guint keep_days; /* where a room does not say it; 0: for ever */
} CvShelf;

G_END_DECLS
