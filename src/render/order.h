/* What one process is asked for: the daemon's `render` request, see CONTROL.md. A value; any thread. */
#pragma once

#include "base/film-words.h"
#include "ipc/parcel.h"

G_BEGIN_DECLS

/* people that may be left out; bytes of a suffix */
#define CV_ORDER_MAX_WITHOUT 500
#define CV_ORDER_MAX_SUFFIX 8

typedef enum { CV_LAYOUT_GRID, CV_LAYOUT_SPEAKER, CV_LAYOUT_PRESENTATION, CV_LAYOUT_AUTO } CvLayout;

typedef enum {
  CV_PRODUCT_REPAIR = 1 << 0,
  CV_PRODUCT_VIDEO = 1 << 1,
  CV_PRODUCT_AUDIO = 1 << 2,
  CV_PRODUCT_TRACKS = 1 << 3,
  CV_PRODUCT_TIMELINE = 1 << 4,
  CV_PRODUCT_POSTER = 1 << 5,
  CV_PRODUCT_THUMBNAILS = 1 << 6,
  CV_PRODUCT_WAVEFORM = 1 << 7,
  CV_PRODUCT_CHAPTERS = 1 << 8,
  CV_PRODUCT_MANIFEST = 1 << 9,
} CvProducts;

typedef struct {
  char job[16];
  char recording[16];
  CvLayout layout;
  guint width;                          /* even */
  guint height;                         /* even */
  guint fps;                            /* 0: as many people there are */
  gint64 from;                          /* µs of the composed timeline */
  gint64 to;                            /* -1: to its end */
  GPtrArray *without;                   /* of char *: ids of people */
  guint products;                       /* of CvProducts */
  char suffix[CV_ORDER_MAX_SUFFIX + 1]; /* of all files' names: "" or "-2" */
  char *words[CV_FILM_N_WORDS];
} CvOrder;

/* Takes nothing from the parcel but what it says; its descriptor is left. Returns: (transfer full), NULL with
 * CV_JSON_ERROR. */
CvOrder *cv_order_parse (const CvParcel *message, GError **error);
void cv_order_free (CvOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOrder, cv_order_free)

G_END_DECLS
