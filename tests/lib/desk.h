/* A renderer's desk over a small recording of a test's own, in the current folder: Anna, a second of red and of 440 Hz. */
#pragma once

#include "ipc/channel.h"
#include "render/desk.h"

G_BEGIN_DECLS

#define CV_TEST_ANNA "paaaaaaaaaaaa"
#define CV_TEST_BEN "pbbbbbbbbbbbb"

typedef struct {
  char *folder, *before;
  CvKit *kit;
  CvOrder order; /* 320×180, 10 frames a second; change it before what looks at it */
  CvClock *clock;
  CvChannel *ends[2]; /* ours, the daemon's */
  CvReporter *reporter;
  CvDesk desk;
  GPtrArray *told; /* char *: what came to the daemon: "file poster.jpg" */
  gboolean over;
} CvTestDesk;

/* `tracks`: whether they are made and opened. */
CvTestDesk *cv_test_desk_new (gboolean tracks);
void cv_test_desk_free (CvTestDesk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTestDesk, cv_test_desk_free)

/* Takes what was posted; TRUE where that was told ("file poster.jpg", "progress mixing", "done", "failed io"). */
gboolean cv_test_desk_was_told (CvTestDesk *self, const char *what);

G_END_DECLS
