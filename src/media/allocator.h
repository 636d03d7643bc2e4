/* Which layer of what a subscriber wants fits its bandwidth. A pure function; any thread; knows no packet and no person. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_ALLOCATOR_LAYERS 3
/* A choice: not sent. */
#define CV_ALLOCATOR_PAUSED (-1)
/* A previous choice: there was none. */
#define CV_ALLOCATOR_NEW (-2)

/* The most important first; those of one kind are in order of their importance. */
typedef enum { CV_WISH_AUDIO, CV_WISH_SCREEN, CV_WISH_SPEAKER, CV_WISH_TILE, CV_N_WISH_KINDS } CvWishKind;

typedef struct {
  guint bps;
  guint width; /* px; audio: 0 */
  gboolean available;
} CvWishLayer;

typedef struct {
  CvWishKind kind;
  CvWishLayer layers[CV_ALLOCATOR_LAYERS]; /* lowest first; audio has one */
  guint wanted_width;                      /* px as shown; 0: any */
  gint previous;                           /* layer, CV_ALLOCATOR_PAUSED or CV_ALLOCATOR_NEW */
} CvWish;

/* Decides for `n` wishes within `budget` bit/s; choices[i] becomes wish i's layer or CV_ALLOCATOR_PAUSED. Audio is sent
 * whatever the budget. Returns the bit/s with which every wish would be met (for cv_bandwidth_set_wanted()). */
guint cv_allocator_decide (guint budget, const CvWish *wishes, guint n, gint *choices);

G_END_DECLS
