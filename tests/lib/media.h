/* Media that a test plays: it notes what it is asked, and says what the test wants. */
#pragma once

#include "process/media.h"

G_BEGIN_DECLS

#define CV_TYPE_TEST_MEDIA (cv_test_media_get_type ())
G_DECLARE_FINAL_TYPE (CvTestMedia, cv_test_media, CV, TEST_MEDIA, GObject)

#define CV_TYPE_TEST_MEDIA_POOL (cv_test_media_pool_get_type ())
G_DECLARE_FINAL_TYPE (CvTestMediaPool, cv_test_media_pool, CV, TEST_MEDIA_POOL, GObject)

CvTestMediaPool *cv_test_media_pool_new (void);
/* From now on nothing can be opened, or it can again. */
void cv_test_media_pool_set_broken (CvTestMediaPool *self, gboolean broken);
/* What was opened last, borrowed for as long as the pool lives; NULL where nothing was. */
CvTestMedia *cv_test_media_pool_get_last (CvTestMediaPool *self);

/* of a file that was closed when it was asked to be */
#define CV_TEST_MEDIA_BYTES 5

/* What was asked since the last call, as "join(PERSON,OFFER,mcs) may(PERSON,-c-) view(PERSON,PERSON:camera:640)
 * record(PERSON,camera,FILE) unrecord(FILE) …", where
 * a person is known by the last two letters of the id. Returns: (transfer full). */
char *cv_test_media_take_asked (CvTestMedia *self);
/* Says `ready` or `lost`; whoever waits for an answer is told that it is lost. */
void cv_test_media_set_ready (CvTestMedia *self, gboolean ready);
/* Answers the oldest join that has no answer. */
void cv_test_media_answer (CvTestMedia *self, const char *sdp);
void cv_test_media_refuse (CvTestMedia *self, CvMediaError code);

/* Whether requests to record and to end that wait for an answer; else each is answered at once. */
void cv_test_media_set_holds (CvTestMedia *self, gboolean holds);
/* With which CvMediaError recording fails from now on; -1: it does not. */
void cv_test_media_set_fails (CvTestMedia *self, int code);
/* Writes the first frame of a file that is being recorded, and says so. `at`: µs. */
void cv_test_media_frame (CvTestMedia *self, guint file, const char *codec, gint64 at);
/* Closes it unasked. */
void cv_test_media_end_file (CvTestMedia *self, guint file, const char *reason);

G_END_DECLS
