/* See stills.h. */
#include "render/stills.h"

#include "render/chapters.h"
#include "render/feed.h"
#include "render/stage.h"

#include <gst/video/video.h>
#include <string.h>

/* moments that are looked at for a poster; so much of the beginning and the end is left out */
#define MOMENTS 48
#define EDGE 0.04
#define POSTER_QUALITY 88
#define SHEET_COLUMNS 10
#define SHEET_QUALITY 75

/* JPEG has 0–255 where a canvas has 16–235; and rows are padded to four bytes. */
static void
fill (GstBuffer *buffer, const GstVideoInfo *info, const CvCanvas *canvas)
{
  GstMapInfo map;
  g_return_if_fail (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (guint i = 0; i < 3; i++)
    for (guint y = 0; y < canvas->height >> (i > 0); y++) {
      const guint8 *from = canvas->planes[i] + (gsize) y * canvas->strides[i];
      guint8 *to =
        map.data + GST_VIDEO_INFO_PLANE_OFFSET (info, i) + (gsize) y * (gsize) GST_VIDEO_INFO_PLANE_STRIDE (info, i);
      for (guint x = 0; x < canvas->strides[i]; x++) {
        int value = i == 0 ? (from[x] - 16) * 255 / 219 : (from[x] - 128) * 255 / 224 + 128;
        to[x] = (guint8) CLAMP (value, 0, 255);
      }
    }
  gst_buffer_unmap (buffer, &map);
}

static gboolean
write_jpeg (CvDesk *desk, const CvCanvas *canvas, const char *path, guint quality, GError **error)
{
  const CvTemplateNumber numbers[] = { { "quality", quality } };
  g_autofree char *part = cv_deposit_part (path);
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, (int) canvas->width,
                         "height", G_TYPE_INT, (int) canvas->height, "framerate", GST_TYPE_FRACTION, 0, 1, NULL);
  g_autoptr (CvFeed) feed = cv_feed_new (cv_kit_get (desk->kit, CV_RECIPE_WRITE_JPEG), numbers, 1, part, error);
  GstVideoInfo info;
  if (feed == NULL || !cv_feed_add (feed, "in", caps, error) || !gst_video_info_from_caps (&info, caps))
    return FALSE;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), NULL);
  fill (buffer, &info, canvas);
  GST_BUFFER_PTS (buffer) = 0;
  return cv_feed_push (feed, 0, buffer, error) && cv_feed_finish (feed, error) && cv_deposit_commit (path, error);
}

/* Without decoding: who could be seen. */
static guint
get_promise (const CvDesk *desk, gint64 t)
{
  CvScene scene;
  guint sum = 0;
  cv_scene_find (desk->programme, desk->order->layout, desk->order->width, desk->order->height, t, &scene);
  for (guint i = 0; i < scene.n; i++)
    sum += scene.tiles[i].cut == NULL ? 0 : scene.tiles[i].screen ? 3 : 2;
  return sum;
}

static gint64
find_moment (const CvDesk *desk)
{
  gint64 duration = desk->programme->duration, best = duration / 2;
  guint most = get_promise (desk, best);
  for (guint i = 0; i < MOMENTS; i++) {
    gint64 t = (gint64) ((double) duration * (EDGE + (1 - 2 * EDGE) * i / MOMENTS));
    guint promise = get_promise (desk, t);
    if (promise > most && get_promise (desk, MIN (t + G_USEC_PER_SEC, duration - 1)) == promise) {
      most = promise;
      best = t + MIN (G_USEC_PER_SEC / 2, (duration - t) / 2);
    }
  }
  return best;
}

gboolean
cv_stills_make_poster (CvDesk *desk, GError **error)
{
  const CvOrder *order = desk->order;
  g_autofree char *path = cv_desk_path (desk, "poster.jpg");
  g_autoptr (CvStage) stage = cv_stage_new (desk->programme, desk->kit, order->layout, order->width, order->height);
  return write_jpeg (desk, cv_stage_draw (stage, find_moment (desk)), path, POSTER_QUALITY, error) &&
         cv_desk_deliver (desk, path, "poster", NULL, -1, -1, error);
}

/* ---- The sheet ---- */

static void
paste (CvCanvas *sheet, const guint8 *thumb, guint number)
{
  guint left = number % SHEET_COLUMNS * CV_FILM_THUMB_WIDTH, top = number / SHEET_COLUMNS * CV_FILM_THUMB_HEIGHT;
  for (guint i = 0; i < 3; i++) {
    guint shift = i > 0, width = CV_FILM_THUMB_WIDTH >> shift, height = CV_FILM_THUMB_HEIGHT >> shift;
    for (guint y = 0; y < height; y++, thumb += width)
      memcpy (sheet->planes[i] + (gsize) ((top >> shift) + y) * sheet->strides[i] + (left >> shift), thumb, width);
  }
}

static CvCanvas *
make_sheet (const CvDesk *desk, const CvFilm *film)
{
  guint columns = MIN (film->n_thumbs, SHEET_COLUMNS), rows = (film->n_thumbs + SHEET_COLUMNS - 1) / SHEET_COLUMNS;
  CvCanvas *sheet = cv_canvas_new (columns * CV_FILM_THUMB_WIDTH, rows * CV_FILM_THUMB_HEIGHT);
  const CvBox all = { 0, 0, sheet->width, sheet->height };
  cv_canvas_fill (sheet, &all, 0);
  for (guint i = 0; i < film->n_thumbs; i++) {
    g_autofree char *path = cv_film_thumb (desk, i), *thumb = NULL;
    gsize n = 0;
    if (g_file_get_contents (path, &thumb, &n, NULL) && n == CV_FILM_THUMB_WIDTH * CV_FILM_THUMB_HEIGHT * 3 / 2)
      paste (sheet, (const guint8 *) thumb, i);
  }
  return sheet;
}

static GString *
describe (const CvDesk *desk, const CvFilm *film, const char *picture)
{
  GString *out = g_string_new ("WEBVTT\n");
  for (guint i = 0; i < film->n_thumbs; i++) {
    gint64 step = film->thumb_step * G_USEC_PER_SEC / film->fps;
    g_string_append_c (out, '\n');
    cv_chapters_append_time (out, i * step);
    g_string_append (out, " --> ");
    cv_chapters_append_time (out, MIN ((i + 1) * step, desk->programme->duration));
    g_string_append_printf (out, "\n%s#xywh=%u,%u,%d,%d\n", picture, i % SHEET_COLUMNS * CV_FILM_THUMB_WIDTH,
                            i / SHEET_COLUMNS * CV_FILM_THUMB_HEIGHT, CV_FILM_THUMB_WIDTH, CV_FILM_THUMB_HEIGHT);
  }
  return out;
}

gboolean
cv_stills_make_sheet (CvDesk *desk, const CvFilm *film, GError **error)
{
  g_autofree char *path = cv_desk_path (desk, "thumbnails.jpg"), *name = g_path_get_basename (path);
  g_autoptr (CvCanvas) sheet = make_sheet (desk, film);
  g_autoptr (GString) vtt = describe (desk, film, name);
  return write_jpeg (desk, sheet, path, SHEET_QUALITY, error) &&
         cv_desk_deliver (desk, path, "thumbnails", NULL, -1, -1, error) &&
         cv_desk_put (desk, "thumbnails.vtt", "thumbnails", vtt->str, vtt->len, error);
}
