/* Makes pictures smaller or larger: each plane by itself, weighted by area when it shrinks, linearly when it grows.
 *
 * Written for us because GStreamer's scaler is made for code that it compiles at run time, which the sandbox forbids. Owns
 * its tables; any one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CvScaler CvScaler;

/* Sides of a plane, at least 1 each. */
CvScaler *cv_scaler_new (guint from_width, guint from_height, guint to_width, guint to_height);
void cv_scaler_free (CvScaler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvScaler, cv_scaler_free)

gboolean cv_scaler_fits (const CvScaler *self, guint from_width, guint from_height, guint to_width, guint to_height);
void cv_scaler_run (CvScaler *self, const guint8 *from, guint from_stride, guint8 *to, guint to_stride);

G_END_DECLS
