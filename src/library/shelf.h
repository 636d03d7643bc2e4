/* Where recordings go. Of the daemon, and outlives all meetings. */
#pragma once

#include "library/disk.h"

G_BEGIN_DECLS

typedef struct {
  const char *directory;
  CvDisk *disk;
} CvShelf;

G_END_DECLS
