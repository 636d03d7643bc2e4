/* What films say themselves in tests of those who order or make them. */
#pragma once

#include "base/film-words.h"

#include <stddef.h>

static const char *const cv_test_film_words[CV_FILM_N_WORDS + 1] = {
  [CV_FILM_BEGINNING] = "Anfang",
  [CV_FILM_PRESENTATION] = "Vorführung: {name}",
  [CV_FILM_NOBODY] = "Niemand ist hier",
  [CV_FILM_INTERRUPTED] = "Hier war die Aufzeichnung unterbrochen",
};
