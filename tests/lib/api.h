/* The REST interface over rooms in memory, and who asks it: a Standard room, and Classrooms without media. */
#pragma once

#include "lib/http.h"
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

typedef struct {
  CvTestRooms rooms;
  CvApi api;
  CvAuthority authority; /* of who asks: an administrator */
  CvTestHttp http;
} CvTestApi;

void cv_test_api_set_up (CvTestApi *f, gconstpointer data);
void cv_test_api_tear_down (CvTestApi *f, gconstpointer data);

/* The answer to `head` is `status` with a body that fits `pattern`. */
void cv_test_api_assert (CvTestApi *f, const char *head, const char *body, guint status, const char *pattern);
void cv_test_api_assert_problem (CvTestApi *f, const char *head, const char *body, CvProblem problem);

G_END_DECLS
