/* See kit.h. */
#include "render/kit.h"

#include "render/lettering.h"

struct _CvKit {
  CvTemplate *templates[CV_N_RECIPES];
};

static const char *const names[CV_N_RECIPES] = {
  [CV_RECIPE_DECODE_OPUS] = "decode-opus",   [CV_RECIPE_DECODE_VP8] = "decode-vp8",
  [CV_RECIPE_DECODE_VP9] = "decode-vp9",     [CV_RECIPE_DECODE_H264] = "decode-h264",
  [CV_RECIPE_RENDER_VIDEO] = "render-video", [CV_RECIPE_RENDER_SOUND] = "render-sound",
  [CV_RECIPE_WRITE_OPUS] = "write-opus",     [CV_RECIPE_WRITE_FLAC] = "write-flac",
  [CV_RECIPE_WRITE_JPEG] = "write-jpeg",     [CV_RECIPE_JOIN_MOVIE] = "join-movie",
  [CV_RECIPE_JOIN_SOUND] = "join-sound",
};

CvKit *
cv_kit_new (GError **error)
{
  g_autoptr (CvKit) self = g_new0 (CvKit, 1);
  for (guint i = 0; i < CV_N_RECIPES; i++) {
    self->templates[i] = cv_template_load (names[i], error);
    if (self->templates[i] == NULL)
      return NULL;
  }
  cv_lettering_warm_up ();
  return g_steal_pointer (&self);
}

void
cv_kit_free (CvKit *self)
{
  for (guint i = 0; i < CV_N_RECIPES; i++)
    g_clear_pointer (&self->templates[i], cv_template_free);
  g_free (self);
}

CvTemplate *
cv_kit_get (const CvKit *self, CvRecipe recipe)
{
  return self->templates[recipe];
}
