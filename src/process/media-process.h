/* A meeting's media in a process of its own, which is replaced when it dies: CvMedia over a CvChild.
 *
 * Owns the child and the meeting's UDP sockets, which stay when the child goes. Main thread. Believes nothing that the
 * child says: who breaks a rule is killed.
 */
#pragma once

#include "process/media.h"
#include "process/ports.h"
#include "process/spares.h"

G_BEGIN_DECLS

/* How often it may crash within which time, before it is given up. */
#define CV_MEDIA_PROCESS_MAX_CRASHES 5
#define CV_MEDIA_PROCESS_CRASH_MS 60000
/* MiB that it may ask for: many times what a large meeting takes */
#define CV_MEDIA_PROCESS_MEMORY_MIB 4096

#define CV_TYPE_MEDIA_PROCESS (cv_media_process_get_type ())
G_DECLARE_FINAL_TYPE (CvMediaProcess, cv_media_process, CV, MEDIA_PROCESS, GObject)

/* What it takes and passes on, by what its child said last. */
typedef struct {
  gboolean alive; /* a child has started, and works for it */
  double cpu;     /* cores */
  guint rss;      /* KiB */
  guint people;   /* that are told of, like what follows: their sums */
  guint64 up, down;
  double up_loss, down_loss;
} CvMediaLoad;

void cv_media_process_get_load (CvMediaProcess *self, CvMediaLoad *load);

/* `owner` keeps `ports` and `spares` alive, and is held until the last child is gone. Returns: (transfer full), NULL with
 * an error where there is no port. */
CvMedia *cv_media_process_new (GObject *owner, CvPorts *ports, CvSpares *spares, CvClock *clock, const char *room,
                               const char *meeting, GError **error);

G_END_DECLS
