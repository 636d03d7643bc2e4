/* A store in memory with a room, a meeting in it, and recordings of that. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_TEST_RECORDING "rabcdefghijkm"

/* With one recording, CV_TEST_RECORDING, that is being processed. Returns: (transfer full). */
CvStore *cv_test_recordings_open (void);
/* Waits for all that is under way. */
void cv_test_recordings_close (CvStore *store);
/* A test that gets such a store, which is closed afterwards. */
void cv_test_recordings_add_func (const char *path, void (*test) (CvStore *));

/* One more, of the same room, started at `started`. */
void cv_test_recordings_add (CvStore *store, const char *id, const char *status, gint64 started);

/* Runs a statement without parameters; it must work. */
void cv_test_recordings_run (CvStore *store, const char *sql);
/* The rows of a statement: columns with a space between them, each row ending in ";". Returns: (transfer full). */
char *cv_test_recordings_dump (CvStore *store, const char *sql);

G_END_DECLS
