/* See film.h. */
#include "render/film.h"

#include "render/failure.h"
#include "render/feed.h"
#include "render/scaler.h"
#include "render/stage.h"

#include <string.h>

#define FPS 30
/* where more than so many tiles are seen: they are small, and it is a lot of work */
#define MANY_TILES 9
#define FPS_OF_MANY 15
#define KEYFRAME_SECONDS 2
/* x264's maximum, kbit/s, for 1280×720 */
#define MAX_KBPS 4000
#define THUMB_BYTES (CV_FILM_THUMB_WIDTH * CV_FILM_THUMB_HEIGHT * 3 / 2)

typedef struct {
  CvDesk *desk;
  const CvFilm *film;
  CvStage *stage;
  GstBufferPool *pool;
  GstCaps *caps;
  CvScaler *luma, *chroma; /* for thumbnails */
} Maker;

char *
cv_film_piece (const CvDesk *desk, guint number)
{
  return g_strdup_printf ("%s/video-%04u.mkv", desk->folder, number);
}

char *
cv_film_thumb (const CvDesk *desk, guint number)
{
  return g_strdup_printf ("%s/thumb-%04u.raw", desk->folder, number);
}

void
cv_film_plan (const CvDesk *desk, CvFilm *film)
{
  const CvOrder *order = desk->order;
  gint64 duration = desk->programme->duration;
  guint many = order->fps == 0 ? cv_scene_count_most (desk->programme, order->layout) : 0;
  film->fps = order->fps > 0 ? order->fps : many > MANY_TILES ? FPS_OF_MANY : FPS;
  film->n_frames = MAX ((duration * film->fps + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 1);
  gint64 in_piece = (gint64) film->fps * CV_FILM_SECONDS;
  film->n_pieces = (guint) ((film->n_frames + in_piece - 1) / in_piece);
  gint64 seconds = (film->n_frames / film->fps + CV_FILM_MAX_THUMBS - 1) / CV_FILM_MAX_THUMBS;
  film->thumb_step = MAX (seconds, 1) * film->fps;
  film->n_thumbs = (guint) ((film->n_frames + film->thumb_step - 1) / film->thumb_step);
}

static gint64
get_time (const CvFilm *film, gint64 frame)
{
  return frame * G_USEC_PER_SEC / film->fps;
}

/* ---- Thumbnails ---- */

static gboolean
write_thumb (Maker *self, const CvCanvas *canvas, guint number, GError **error)
{
  g_autofree char *path = cv_film_thumb (self->desk, number);
  g_autoptr (CvCanvas) small = cv_canvas_new (CV_FILM_THUMB_WIDTH, CV_FILM_THUMB_HEIGHT);
  for (guint i = 0; i < 3; i++)
    cv_scaler_run (i == 0 ? self->luma : self->chroma, canvas->planes[i], canvas->strides[i], small->planes[i],
                   small->strides[i]);
  return cv_deposit_write (path, small->planes[0], THUMB_BYTES, error);
}

/* Those that are missing, and nothing else. */
static gboolean
make_thumbs (Maker *self, GError **error)
{
  const CvFilm *film = self->film;
  for (guint i = 0; i < film->n_thumbs; i++) {
    g_autofree char *path = cv_film_thumb (self->desk, i);
    if (!cv_desk_go_on (self->desk, (double) i / film->n_thumbs, error))
      return FALSE;
    if (!g_file_test (path, G_FILE_TEST_EXISTS) &&
        !write_thumb (self, cv_stage_draw (self->stage, get_time (film, i * film->thumb_step)), i, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- Pieces ---- */

static GstBuffer *
copy_canvas (Maker *self, const CvCanvas *canvas)
{
  GstBuffer *buffer = NULL;
  gst_buffer_pool_acquire_buffer (self->pool, &buffer, NULL);
  gst_buffer_fill (buffer, 0, canvas->planes[0], cv_canvas_get_size (canvas));
  return buffer;
}

static gboolean
push_frame (Maker *self, CvFeed *feed, gint64 frame, gint64 first, GError **error)
{
  const CvFilm *film = self->film;
  const CvCanvas *canvas = cv_stage_draw (self->stage, get_time (film, frame));
  if (frame % film->thumb_step == 0 && !write_thumb (self, canvas, (guint) (frame / film->thumb_step), error))
    return FALSE;
  GstBuffer *buffer = copy_canvas (self, canvas);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale ((guint64) (frame - first), GST_SECOND, film->fps);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / film->fps;
  return cv_desk_go_on (self->desk, (double) frame / (double) film->n_frames, error) &&
         cv_feed_push (feed, 0, buffer, error);
}

static gboolean
make_piece (Maker *self, guint number, const char *path, GError **error)
{
  const CvOrder *order = self->desk->order;
  gint64 in_piece = (gint64) self->film->fps * CV_FILM_SECONDS, first = number * in_piece;
  gint64 end = MIN (first + in_piece, self->film->n_frames);
  const CvTemplateNumber numbers[] = { { "keyframes", self->film->fps * KEYFRAME_SECONDS },
                                       { "maximum",
                                         MAX ((gint64) MAX_KBPS * order->width * order->height / 1280 / 720, 500) } };
  g_autofree char *part = cv_deposit_part (path);
  g_autoptr (CvFeed) feed =
    cv_feed_new (cv_kit_get (self->desk->kit, CV_RECIPE_RENDER_VIDEO), numbers, G_N_ELEMENTS (numbers), part, error);
  if (feed == NULL || !cv_feed_add (feed, "in", self->caps, error))
    return FALSE;
  for (gint64 frame = first; frame < end; frame++)
    if (!push_frame (self, feed, frame, first, error))
      return FALSE;
  return cv_feed_finish (feed, error) && cv_deposit_commit (path, error);
}

static gboolean
make_pieces (Maker *self, GError **error)
{
  for (guint i = 0; i < self->film->n_pieces; i++) {
    g_autofree char *path = cv_film_piece (self->desk, i);
    if (!cv_desk_go_on (self->desk, (double) i / self->film->n_pieces, error) ||
        (!g_file_test (path, G_FILE_TEST_EXISTS) && !make_piece (self, i, path, error)))
      return FALSE;
  }
  return TRUE;
}

static void
maker_init (Maker *self, CvDesk *desk, const CvFilm *film)
{
  const CvOrder *order = desk->order;
  *self = (Maker){ .desk = desk, .film = film };
  self->stage = cv_stage_new (desk->programme, desk->kit, order->layout, order->width, order->height);
  self->luma = cv_scaler_new (order->width, order->height, CV_FILM_THUMB_WIDTH, CV_FILM_THUMB_HEIGHT);
  self->chroma = cv_scaler_new (order->width / 2, order->height / 2, CV_FILM_THUMB_WIDTH / 2, CV_FILM_THUMB_HEIGHT / 2);
  self->caps = gst_caps_new_simple (
    "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, (int) order->width, "height", G_TYPE_INT,
    (int) order->height, "framerate", GST_TYPE_FRACTION, (int) film->fps, 1, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1,
    1, "colorimetry", G_TYPE_STRING, "bt601", "interlace-mode", G_TYPE_STRING, "progressive", NULL);
  self->pool = gst_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (self->pool);
  gst_buffer_pool_config_set_params (config, self->caps, order->width * order->height * 3 / 2, 4, 0);
  gst_buffer_pool_set_config (self->pool, config);
  gst_buffer_pool_set_active (self->pool, TRUE);
}

static void
maker_clear (Maker *self)
{
  cv_stage_free (self->stage);
  cv_scaler_free (self->luma);
  cv_scaler_free (self->chroma);
  gst_caps_unref (self->caps);
  gst_buffer_pool_set_active (self->pool, FALSE);
  gst_object_unref (self->pool);
}

gboolean
cv_film_make (CvDesk *desk, const CvFilm *film, gboolean video, GError **error)
{
  Maker self;
  maker_init (&self, desk, film);
  gboolean done = video ? make_pieces (&self, error) : make_thumbs (&self, error);
  maker_clear (&self);
  return done;
}
