/* What a client shows: a source of another person, so wide. A value; any thread. */
#pragma once

#include "media/source.h"

G_BEGIN_DECLS

/* that one client may show at a time */
#define CV_TILES_MAX 64

typedef struct {
  char person[16];
  CvSourceType source; /* camera or screen */
  guint width;         /* px of the client's screen */
} CvTile;

G_END_DECLS
