/* A pipeline that writes one file from what is pushed into it: encoders, muxers.
 *
 * Owns the pipeline and the pads in front of it. Pushing blocks as long as the pipeline's queues are full; templates begin
 * with a queue, so the work is done on threads of GStreamer's. One thread.
 */
#pragma once

#include "pipeline/template.h"

G_BEGIN_DECLS

/* streams of one file */
#define CV_FEED_MAX_INPUTS 2

typedef struct _CvFeed CvFeed;

/* Writes to `path`, which is the location of the template's element named `file`. Returns: (transfer full). */
CvFeed *cv_feed_new (CvTemplate *template, const CvTemplateNumber *numbers, guint n, const char *path, GError **error);
/* A stream into the element of that name. All are there before anything is pushed. Inputs are numbered as they come. */
gboolean cv_feed_add (CvFeed *self, const char *element, GstCaps *caps, GError **error);
/* Takes the buffer. FALSE: the pipeline has failed and takes no more. */
gboolean cv_feed_push (CvFeed *self, guint input, GstBuffer *buffer, GError **error);
/* Ends all streams and waits until the file is complete (not synced). */
gboolean cv_feed_finish (CvFeed *self, GError **error);
/* Stops where it is, and removes what is not finished. */
void cv_feed_free (CvFeed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvFeed, cv_feed_free)

G_END_DECLS
