/* A new issue of a summary: what hosts change takes the place of what stood there. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* `parts` is JSON: {issue, title?, attendance?, agenda?, minutes?, polls?, chat?, captions?}: `issue` is the one that was changed, the others as in
 * docs/summary.md; what is left out stays. Fails with EXISTS where there is a later issue, MISSING, G_IO_ERROR_NO_SPACE where it would
 * be longer than CV_SUMMARY_MAX_BYTES, or what cv_summary_read() fails with.
 * The answer: the new issue's number. */
void cv_revision_make_async (CvStore *store, const char *meeting, GBytes *parts, const char *actor, gint64 now,
                             GAsyncReadyCallback callback, gpointer user_data);
/* 0 with an error. */
guint cv_revision_make_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
