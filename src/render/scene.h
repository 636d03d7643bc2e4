/* Who is seen where at a time: a layout applied to a programme. Pure; a value. */
#pragma once

#include "render/layout.h"
#include "render/order.h"
#include "render/programme.h"

G_BEGIN_DECLS

#define CV_SCENE_MAX_TILES (CV_LAYOUT_MAX_GRID + 1)

typedef struct {
  CvBox box;
  CvCharacter *person; /* borrowed; NULL: `more` others */
  CvCut *cut;          /* borrowed: whose picture it is, if it has one at the time; NULL: there can be none */
  gboolean screen;
  gboolean muted, speaking;
  guint more;
} CvSceneTile;

typedef struct {
  CvSceneTile tiles[CV_SCENE_MAX_TILES];
  guint n;
  gboolean interrupted; /* nothing was recorded then */
  gint64 from, until;   /* it holds for from ≤ t < until */
} CvScene;

void cv_scene_find (const CvProgramme *programme, CvLayout layout, guint width, guint height, gint64 t, CvScene *scene);
/* Whether the same tiles lie in the same places. */
gboolean cv_scene_is_alike (const CvScene *a, const CvScene *b);
/* The most tiles that are seen at once. */
guint cv_scene_count_most (const CvProgramme *programme, CvLayout layout);

G_END_DECLS
