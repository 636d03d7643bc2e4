/* What films say themselves, in the language of the server: the daemon sends it with each order (render/CONTROL.md), as a list
 * in this order.
 */
#pragma once

typedef enum {
  CV_FILM_BEGINNING,    /* the first chapter, where the meeting is called nothing */
  CV_FILM_PRESENTATION, /* "Presentation: {name}" */
  CV_FILM_NOBODY,       /* where there is nobody to be seen */
  CV_FILM_INTERRUPTED,  /* where nothing was recorded */
  CV_FILM_N_WORDS,
} CvFilmWord;

/* bytes of one */
#define CV_FILM_MAX_WORDS 200
