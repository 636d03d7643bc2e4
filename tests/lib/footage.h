/* Tracks as a recording has them, made on the spot: pictures of a colour, tones. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What there is to be seen and heard at `t` seconds: 0xRRGGBB, and 0…1. */
typedef guint32 (*CvTestColour) (double t);
typedef double (*CvTestLoudness) (double t);

typedef struct {
  const char *encoder; /* NULL: vp8enc */
  guint width, height; /* 0: 320×180 */
  guint fps;           /* 0: 15 */
  double seconds;
  double changes; /* from then on it has twice the size; 0: never */
  guint32 colour;
  CvTestColour colours; /* in place of `colour` */
} CvTestPictures;

typedef struct {
  double hertz;
  double seconds;
  CvTestLoudness loudness; /* NULL: 0.25 */
} CvTestSound;

/* Each writes a Matroska file with one track. */
void cv_test_footage_pictures (const char *path, const CvTestPictures *pictures);
void cv_test_footage_sound (const char *path, const CvTestSound *sound);
/* Cuts a file off, as a crash does. `part`: what is left, 0…1. */
void cv_test_footage_truncate (const char *path, double part);

G_END_DECLS
