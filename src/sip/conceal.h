/* Frames that did not come, guessed: the last period of the voice goes on, more and more quietly, for 60 ms.
 *
 * 16 kHz, mono. A plain struct, zeroed to begin with; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_CONCEAL_FRAME 320
#define CV_CONCEAL_PAST 640

typedef struct {
  gint16 past[CV_CONCEAL_PAST]; /* what was played last */
  guint lag;                    /* samples of a period, while frames are missing; 0: none are */
  guint at;                     /* within it */
  guint gone;                   /* samples that were guessed */
} CvConceal;

/* What came; its beginning is led to from what was guessed, if it was. */
void cv_conceal_heard (CvConceal *self, gint16 *samples, gsize n);
/* A frame that did not come. FALSE: it is silence by now. */
gboolean cv_conceal_guess (CvConceal *self, gint16 frame[CV_CONCEAL_FRAME]);

G_END_DECLS
