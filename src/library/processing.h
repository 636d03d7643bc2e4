/* From stopped to ready: a recording's tracks are listed, what is to be made of it is queued, what came of it is noted.
 *
 * Owns nothing but what is under way. Main thread. What a crash interrupts is taken up by cv_processing_recover().
 *
 * Signal: changed (char *recording)
 */
#pragma once

#include "library/deletion.h"

G_BEGIN_DECLS

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvRenderQueue *queue; /* NULL: nothing is made, tracks are all there is */
  CvHooks *hooks;       /* NULL: none */
  CvDeletion *deletion; /* what it has is left alone */
  const char *directory;
  guint keep_days;
} CvProcessingOptions;

#define CV_TYPE_PROCESSING (cv_processing_get_type ())
G_DECLARE_FINAL_TYPE (CvProcessing, cv_processing, CV, PROCESSING, GObject)

/* What comes out of `queue` is taken from there. */
CvProcessing *cv_processing_new (const CvProcessingOptions *options);
/* As in the options, for what comes out from now on. */
void cv_processing_set_keep_days (CvProcessing *self, guint days);

/* One that was stopped; also once more, and where a crash stopped it: then its row still says `recording`. */
void cv_processing_take (CvProcessing *self, const char *recording);
/* Before anything is recorded: all that the last run left. */
void cv_processing_recover (CvProcessing *self);

G_END_DECLS
