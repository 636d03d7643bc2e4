/* A directory of recordings, with a store over it, for tests of the library: CV_TEST_RECORDING has a folder with two tracks. */
#pragma once

#include "base/clock.h"
#include "lib/recordings.h"

G_BEGIN_DECLS

#define CV_TEST_TRACK "tracks/001-pabcdefghijkm-microphone-1.mkv"
#define CV_TEST_OTHER_TRACK "tracks/001-pbbcdefghijkm-screen-audio-1.mkv"
/* ms since 1970 */
#define CV_TEST_SHELF_NOW G_GINT64_CONSTANT (1700000000000)

typedef struct {
  CvStore *store;
  CvClock *clock; /* stands still */
  char *directory;
} CvTestShelf;

void cv_test_shelf_init (CvTestShelf *self);
/* Waits until nobody has the store and the clock any more. */
void cv_test_shelf_clear (CvTestShelf *self);

/* The same folder for another recording; its row is the caller's. */
void cv_test_shelf_add_folder (CvTestShelf *self, const char *recording);
/* What tests/lib/fake-render.c is to do with it. */
void cv_test_shelf_set_act (CvTestShelf *self, const char *recording, const char *word);
/* A file of the folder's. */
void cv_test_shelf_write (CvTestShelf *self, const char *recording, const char *name, const char *text);
gboolean cv_test_shelf_has (CvTestShelf *self, const char *recording, const char *name);

/* Fails where the statement does not answer so (cv_test_recordings_dump()). */
void cv_test_shelf_assert (CvTestShelf *self, const char *sql, const char *expected);
/* Runs the main loop until it does. */
void cv_test_shelf_wait (CvTestShelf *self, const char *sql, const char *expected);

G_END_DECLS
