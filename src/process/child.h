/* A child process of the daemon: started in a clean room, spoken to over a CvChannel, watched, and ended.
 *
 * Owns the process, the channel and what comes out of its stderr; lives until the process is reaped, whoever lets go of it
 * before. Main thread. Takes the child for hostile. Knows no message but `hello` and `alive`.
 *
 * Signals:
 *   started ()                      it has said who it is; only now may one speak to it
 *   message (CvParcel *)            what it says then
 *   exited (guint end, char *text)  once, when it is reaped: all its descriptors are closed. CvChildEnd and, for the log,
 *                                   a sentence
 */
#pragma once

#include "ipc/channel.h"

G_BEGIN_DECLS

typedef enum {
  CV_CHILD_END_ASKED,   /* by cv_child_end() */
  CV_CHILD_END_CRASHED, /* by itself, unasked */
  CV_CHILD_END_SILENT,  /* killed: it said nothing for too long, also at the start */
  CV_CHILD_END_STALLED, /* killed: it does not read or does not answer */
  CV_CHILD_END_VERSION, /* killed: it does not fit to us */
  CV_CHILD_END_HOSTILE, /* killed: it broke a rule */
} CvChildEnd;

/* ms until a child must have said who it is: GStreamer may look through all its plugins first */
#define CV_CHILD_START_MS 10000
/* ms until one that was asked to end is killed */
#define CV_CHILD_GRACE_MS 3000

typedef struct {
  const char *program;          /* the name in its hello: "conclave-media" */
  const char *path;             /* of the file */
  const char *const *arguments; /* behind its own name; NULL: none */
  int niceness;
  guint patience_ms; /* so long it may say nothing; 0: CV_HELLO_SILENT_MS, and CV_CHILD_START_MS at first */
  guint memory_mib;  /* that it may ask for, stacks and what is never touched counted (RLIMIT_DATA); 0: no limit */
} CvChildOptions;

#define CV_TYPE_CHILD (cv_child_get_type ())
G_DECLARE_FINAL_TYPE (CvChild, cv_child, CV, CHILD, GObject)

/* Returns: (transfer full), NULL with an error of GIO. */
CvChild *cv_child_spawn (const CvChildOptions *options, CvClock *clock, GError **error);

/* How many of ours were not reaped yet. */
guint cv_child_count (void);
/* The processor time of those of this program, µs: less again when one ends. */
gint64 cv_child_get_cpu (const char *program);

gboolean cv_child_is_started (CvChild *self);
/* `exited` is to come. */
gboolean cv_child_is_ending (CvChild *self);
/* Borrowed; what is sent before it has started waits. Its signals belong to the child. */
CvChannel *cv_child_get_channel (CvChild *self);
/* "PID", for the log. */
const char *cv_child_get_identifier (CvChild *self);
/* The room that its lines in the log are about. */
void cv_child_set_room (CvChild *self, const char *room);

/* Asks it to end by closing the channel, and kills it where it does not. `exited` follows. */
void cv_child_end (CvChild *self);
/* It broke a rule of a message's: kills it. `exited` follows. */
void cv_child_accuse (CvChild *self, const char *text);

G_END_DECLS
