/* What is said to a caller: prompts one after another, and one that is said over and over while nothing else is.
 *
 * Holds references to the samples (mono, 16 kHz, 16 bit). Any thread.
 */
#pragma once

#include "rtp/mix.h"

G_BEGIN_DECLS

/* prompts that wait; the oldest goes */
#define CV_ANNOUNCER_MAX 16

typedef struct {
  GQueue queue; /* of GBytes; the first is being said */
  gsize at;     /* samples of it that were said */
  GBytes *loop; /* NULL: none */
  gsize loop_at, pause;
} CvAnnouncer;

void cv_announcer_init (CvAnnouncer *self);
void cv_announcer_clear (CvAnnouncer *self);
void cv_announcer_say (CvAnnouncer *self, GBytes *samples);
/* `pause`: samples of silence between. NULL: none any more. */
void cv_announcer_set_loop (CvAnnouncer *self, GBytes *samples, gsize pause);
void cv_announcer_hush (CvAnnouncer *self);
/* The next 20 ms. FALSE: nothing is said. `done` becomes TRUE where the last of the queue ended in it. */
gboolean cv_announcer_take (CvAnnouncer *self, gint16 *frame, gboolean *done);

G_END_DECLS
