/* Watches a file that was made: what colours are where, and which tones are heard, at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Viewer Viewer;

/* Decodes all of it. */
Viewer *viewer_new (const char *path);
void viewer_free (Viewer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Viewer, viewer_free)

/* Seconds of pictures, of sound. */
double viewer_get_duration (const Viewer *self);
double viewer_get_sound_duration (const Viewer *self);
/* 0xRRGGBB at a place (0…1 of each side), in the picture that is shown at `t` seconds. */
guint32 viewer_get_colour (const Viewer *self, double t, double x, double y);
/* Fails where the colour there is another one. */
void viewer_assert_colour (const Viewer *self, double t, double x, double y, guint32 colour);
/* dB of full scale of that tone in the 100 ms from `t` on. */
double viewer_get_tone (const Viewer *self, double t, double hertz);
void viewer_assert_tone (const Viewer *self, double t, double hertz);
void viewer_assert_no_tone (const Viewer *self, double t, double hertz);
/* The first time after `t` that the place is brighter than grey, that there is a sound; -1: never. */
double viewer_find_flash (const Viewer *self, double t, double x, double y);
double viewer_find_beep (const Viewer *self, double t);
/* Whether all pictures are the same, bit by bit. */
gboolean viewer_equal (const Viewer *a, const Viewer *b);

G_END_DECLS
