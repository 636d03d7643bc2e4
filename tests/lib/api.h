/* The REST interface over rooms in memory, and who asks it: a Standard room, and Classrooms without media. */
#pragma once

#include "lib/http.h"
#include "lib/recordings.h"
#include "lib/rooms.h"
#include "signalling/api.h"
#include "signalling/problem.h"

G_BEGIN_DECLS

/* a key or a hash */
#define CV_TEST_API_KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define CV_TEST_API_JSON "Host: a\r\nContent-Type: application/json\r\n"
/* at once; one more each second */
#define CV_TEST_API_CHECKS 5
#define CV_TEST_API_CREATIONS 3
/* a minute */
#define CV_TEST_API_SIGN_INS 4

typedef struct {
  CvTestRooms rooms;
  CvApi api;
  gboolean admin;  /* who asks is at the admin socket */
  char *headers;   /* that they send besides: "Cookie: …\r\n" */
  char *directory; /* of recordings */
  CvTestHttp http;
} CvTestApi;

void cv_test_api_set_up (CvTestApi *f, gconstpointer data);
void cv_test_api_tear_down (CvTestApi *f, gconstpointer data);

/* CV_TEST_RECORDING, which is ready: meeting.mp4 and timeline.json are made of it, CV_TEST_API_TRACK is Zoë's; each has its
 * own name in it. */
#define CV_TEST_API_TRACK "tracks/001-pabcdefghijkm-camera-1.mkv"
void cv_test_api_add_recording (CvTestApi *f);
/* A key of a producer, 32 times `letter`, with the id "k" + 12 times that letter. */
void cv_test_api_add_key (CvTestApi *f, char letter);
void cv_test_api_add_key_of (CvTestApi *f, char letter, CvAccountRole role);
/* A user, over the admin socket. Returns: (transfer full), the id. */
char *cv_test_api_add_user (CvTestApi *f, const char *body);
/* What that key is as text. Returns: (transfer full). */
char *cv_test_api_key (char letter);
/* That many lines about sign-ins that were refused are to come. */
void cv_test_api_expect_refused (guint times);
/* From here on somebody on the network asks, with these headers; they may be "". */
void cv_test_api_become (CvTestApi *f, const char *headers);

/* Like a browser: keeps the cookie. Returns: (transfer full), all of the answer. */
char *cv_test_api_ask (CvTestApi *f, const char *head, const char *body);
/* The answer to `head` is `status` with a body that fits `pattern`. */
void cv_test_api_assert (CvTestApi *f, const char *head, const char *body, guint status, const char *pattern);
void cv_test_api_assert_problem (CvTestApi *f, const char *head, const char *body, CvProblem problem);

G_END_DECLS
