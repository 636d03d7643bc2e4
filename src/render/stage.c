/* See stage.h. */
#include "render/stage.h"

#include "base/film-words.h"

#include "render/picture.h"
#include "render/portrait.h"

/* overlays that are kept: every tile in its states, and some */
#define MAX_OVERLAYS 100
#define MAX_THREADS 4

typedef struct {
  CvStage *stage; /* borrowed */
  CvSceneTile tile;
  CvPicture *picture;       /* borrowed, or NULL */
  gboolean dirty;           /* must be painted whatever its picture does */
  gboolean pictured;        /* it shows its picture */
  const CvOverlay *overlay; /* for that; borrowed; NULL: not looked up yet */
} Slot;

struct _CvStage {
  const CvProgramme *programme;
  const CvKit *kit;
  CvLayout layout;
  CvCanvas *canvas;
  CvScene scene;
  gboolean begun;
  Slot slots[CV_SCENE_MAX_TILES];
  GHashTable *pictures; /* CvCut → CvPicture */
  GHashTable *overlays; /* a description → CvOverlay */
  gint64 t;

  /* The pool's tasks are slots; `lock` protects `pending` alone. */
  GThreadPool *pool;
  GMutex lock;
  GCond done;
  guint pending;
};

/* ---- On the pool's threads: touches one slot, its picture and its box of the canvas. ---- */

static void
on_task (gpointer data, gpointer user_data)
{
  Slot *slot = data;
  CvStage *self = user_data;
  gboolean changed = FALSE, shown = cv_picture_advance (slot->picture, self->t, &changed);
  if (shown != slot->pictured) {
    slot->pictured = shown;
    slot->overlay = NULL; /* who called looks it up, and paints */
  } else if (shown && (changed || slot->dirty) && slot->overlay != NULL) {
    cv_picture_paint (slot->picture, self->canvas, &slot->tile.box, FALSE);
    cv_canvas_blend (self->canvas, slot->overlay, slot->tile.box.x, slot->tile.box.y);
    slot->dirty = FALSE;
  }
  g_mutex_lock (&self->lock);
  if (--self->pending == 0)
    g_cond_signal (&self->done);
  g_mutex_unlock (&self->lock);
}

/* ---- On the thread of who calls ---- */

CvStage *
cv_stage_new (const CvProgramme *programme, const CvKit *kit, CvLayout layout, guint width, guint height)
{
  CvStage *self = g_new0 (CvStage, 1);
  self->programme = programme;
  self->kit = kit;
  self->layout = layout;
  self->canvas = cv_canvas_new (width, height);
  self->pictures = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) cv_picture_free);
  self->overlays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) cv_overlay_free);
  self->pool = g_thread_pool_new (on_task, self, (gint) MIN (g_get_num_processors (), MAX_THREADS), FALSE, NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->done);
  return self;
}

void
cv_stage_free (CvStage *self)
{
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_hash_table_unref (self->pictures);
  g_hash_table_unref (self->overlays);
  cv_canvas_free (self->canvas);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->done);
  g_free (self);
}

static const CvOverlay *
find_overlay (CvStage *self, const Slot *slot)
{
  const CvSceneTile *tile = &slot->tile;
  const CvPortrait portrait = { .id = tile->person != NULL ? tile->person->id : "",
                                .name = tile->person != NULL ? tile->person->name : "",
                                .pictured = slot->pictured,
                                .muted = tile->muted,
                                .speaking = tile->speaking,
                                .screen = tile->screen,
                                .more = tile->more };
  g_autofree char *key = g_strdup_printf ("%s %u %ux%u %d%d%d%d", portrait.id, tile->more, tile->box.width,
                                          tile->box.height, slot->pictured, tile->muted, tile->speaking, tile->screen);
  CvOverlay *overlay = g_hash_table_lookup (self->overlays, key);
  if (overlay == NULL) {
    overlay = cv_portrait_draw (&portrait, tile->box.width, tile->box.height);
    g_hash_table_insert (self->overlays, g_steal_pointer (&key), overlay);
  }
  return overlay;
}

static CvPicture *
find_picture (CvStage *self, CvCut *cut)
{
  CvPicture *picture = g_hash_table_lookup (self->pictures, cut);
  if (picture == NULL) {
    picture = cv_picture_new (cut, self->kit);
    g_hash_table_insert (self->pictures, cut, picture);
  }
  return picture;
}

/* Decoders of what is over are closed. */
static void
close_pictures (CvStage *self, gint64 t)
{
  GHashTableIter iter;
  CvCut *cut;
  g_hash_table_iter_init (&iter, self->pictures);
  while (g_hash_table_iter_next (&iter, (gpointer *) &cut, NULL))
    if (t < cut->from || t >= cut->to)
      g_hash_table_iter_remove (&iter);
}

static void
paint_background (CvStage *self)
{
  const CvBox all = { 0, 0, self->canvas->width, self->canvas->height };
  if (self->scene.n > 0) {
    cv_canvas_fill (self->canvas, &all, CV_PORTRAIT_STAGE);
    return;
  }
  const char *why = self->programme->words[self->scene.interrupted ? CV_FILM_INTERRUPTED : CV_FILM_NOBODY];
  g_autoptr (CvOverlay) notice = cv_portrait_notice (why, all.width, all.height);
  cv_canvas_blend (self->canvas, notice, 0, 0);
}

static void
take_scene (CvStage *self, gint64 t)
{
  CvScene scene;
  cv_scene_find (self->programme, self->layout, self->canvas->width, self->canvas->height, t, &scene);
  gboolean alike = self->begun && cv_scene_is_alike (&self->scene, &scene);
  self->scene = scene;
  self->begun = TRUE;
  close_pictures (self, t);
  if (!alike)
    paint_background (self);
  if (g_hash_table_size (self->overlays) > MAX_OVERLAYS)
    g_hash_table_remove_all (self->overlays);
  for (guint i = 0; i < scene.n; i++) {
    Slot *slot = &self->slots[i];
    gboolean pictured = alike && slot->pictured && scene.tiles[i].cut == slot->tile.cut;
    *slot = (Slot){ .stage = self, .tile = scene.tiles[i], .dirty = TRUE, .pictured = pictured };
    slot->picture = slot->tile.cut != NULL ? find_picture (self, slot->tile.cut) : NULL;
    slot->overlay = find_overlay (self, slot);
  }
}

static void
run_tasks (CvStage *self)
{
  for (guint i = 0; i < self->scene.n; i++)
    self->pending += self->slots[i].picture != NULL ? 1 : 0;
  if (self->pending == 0)
    return;
  guint n = self->pending;
  for (guint i = 0; i < self->scene.n && n > 0; i++)
    if (self->slots[i].picture != NULL)
      g_thread_pool_push (self->pool, &self->slots[i], NULL);
  g_mutex_lock (&self->lock);
  while (self->pending > 0)
    g_cond_wait (&self->done, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* What has no picture, or only now has one or none any more. */
static void
paint_rest (CvStage *self)
{
  for (guint i = 0; i < self->scene.n; i++) {
    Slot *slot = &self->slots[i];
    if (!slot->dirty && slot->overlay != NULL)
      continue;
    if (slot->overlay == NULL)
      slot->overlay = find_overlay (self, slot);
    if (slot->pictured)
      cv_picture_paint (slot->picture, self->canvas, &slot->tile.box, FALSE);
    cv_canvas_blend (self->canvas, slot->overlay, slot->tile.box.x, slot->tile.box.y);
    slot->dirty = FALSE;
  }
}

const CvCanvas *
cv_stage_draw (CvStage *self, gint64 t)
{
  if (!self->begun || t < self->scene.from || t >= self->scene.until)
    take_scene (self, t);
  self->t = t;
  run_tasks (self);
  paint_rest (self);
  return self->canvas;
}

guint
cv_stage_get_interest (const CvStage *self)
{
  guint sum = 0;
  for (guint i = 0; i < self->scene.n; i++)
    if (self->slots[i].pictured)
      sum += self->slots[i].tile.screen ? 3 : 1;
  return sum;
}
