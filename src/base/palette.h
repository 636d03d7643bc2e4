/* What becomes of one colour that an operator chose: those that the pages use in its place, in the light and in the dark theme, each pair of
 * which can be read. A value; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* of text and what is behind it, as WCAG 2 has it */
#define CV_PALETTE_LEAST_CONTRAST 4.5
#define CV_COLOUR_LENGTH 8

/* "#rrggbb" in small letters. */
typedef struct {
  char text[CV_COLOUR_LENGTH];
} CvColour;

typedef struct {
  CvColour accent;    /* text and lines, on everything that pages are made of; buttons */
  CvColour hover;     /* a button below the pointer */
  CvColour soft;      /* behind text in the accent */
  CvColour on_accent; /* text on a button */
} CvShades;

typedef struct {
  CvShades light, dark;
} CvPalette;

/* FALSE where it is none. */
gboolean cv_colour_parse (CvColour *self, const char *text);
/* Red, green and blue, 0 … 1 each. */
void cv_colour_split (const CvColour *self, double *red, double *green, double *blue);
/* 1 … 21. */
double cv_colour_contrast (const CvColour *a, const CvColour *b);

/* Follows `accent` as far as it can be read: it is made darker for the light theme, and lighter for the dark one. */
void cv_palette_make (CvPalette *self, const CvColour *accent);

G_END_DECLS
