/* The daemon's end of things: takes its one order, says that we live, and passes on what the job tells.
 *
 * Owns the channel's timer and what the order came with. Lives on the main thread; cv_reporter_progress…done may be called
 * from the job's thread: they only post to the main context.
 */
#pragma once

#include "ipc/channel.h"
#include "render/order.h"

G_BEGIN_DECLS

typedef struct _CvReporter CvReporter;

/* A file of the recording, as it is told of. */
typedef struct {
  const char *name;
  const char *kind;
  guint64 bytes;
  const char *sha256;
  const char *person; /* NULL: of nobody in particular */
  const char *source; /* likewise */
  gint64 t;           /* µs of the composed timeline; -1: at no time */
  gint64 duration;    /* µs; -1: it has none */
} CvReport;

typedef struct {
  /* The order, and the recording's folder, both (transfer full). FALSE: it cannot be worked on. */
  gboolean (*ordered) (CvOrder *order, int folder, gpointer user_data);
  /* Nothing is to be done any more: all is said (`failed`: FALSE), or the other end is gone or was not understood. */
  void (*over) (gboolean failed, gpointer user_data);
} CvReporterFuncs;

CvReporter *cv_reporter_new (CvChannel *channel, const CvReporterFuncs *funcs, gpointer user_data);
/* Not before the job's thread has ended. */
void cv_reporter_free (CvReporter *self);
/* A message of the daemon's. FALSE: it is not as agreed. */
gboolean cv_reporter_handle (CvReporter *self, CvParcel *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvReporter, cv_reporter_free)

/* `done`: 0…1, of the whole job. */
void cv_reporter_progress (CvReporter *self, const char *stage, double done);
void cv_reporter_file (CvReporter *self, const CvReport *file);
/* One of these is the last thing that is said. */
void cv_reporter_done (CvReporter *self, gint64 duration);
void cv_reporter_failed (CvReporter *self, const char *error, const char *text);

G_END_DECLS
