/* What a job works with and cannot load later, because the sandbox is closed then: pipelines with their plugins, fonts.
 *
 * Owns the templates; after that it is only read, by any thread.
 */
#pragma once

#include "pipeline/template.h"

G_BEGIN_DECLS

typedef enum {
  CV_RECIPE_DECODE_OPUS,
  CV_RECIPE_DECODE_VP8,
  CV_RECIPE_DECODE_VP9,
  CV_RECIPE_DECODE_H264,
  CV_RECIPE_RENDER_VIDEO,
  CV_RECIPE_RENDER_SOUND,
  CV_RECIPE_WRITE_OPUS,
  CV_RECIPE_WRITE_FLAC,
  CV_RECIPE_WRITE_JPEG,
  CV_RECIPE_JOIN_MOVIE,
  CV_RECIPE_JOIN_SOUND,
  CV_N_RECIPES,
} CvRecipe;

typedef struct _CvKit CvKit;

/* NULL: one of the templates is not there or needs what is not installed. After gst_init(). */
CvKit *cv_kit_new (GError **error);
void cv_kit_free (CvKit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvKit, cv_kit_free)

/* Borrowed. */
CvTemplate *cv_kit_get (const CvKit *self, CvRecipe recipe);

G_END_DECLS
