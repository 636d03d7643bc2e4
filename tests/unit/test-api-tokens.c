/* Tokens over the REST interface: made, listed, revoked, refused. */
#include "signalling/api-tokens.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define KEY CV_TEST_API_KEY
#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define TOKENS "/api/v1/rooms/cccccccccccc/tokens"

static void
test_tokens (CvTestApi *f, gconstpointer data)
{
  cv_test_rooms_create (&f->rooms, "cccccccccccc", "classroom", NULL);
  assert_answer (f, "GET " TOKENS, "", 200, "{\"tokens\":[]}");
  const char *good = "{\"kind\":\"publish\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2,"
                     "\"consents\":true}";
#define CAMERA(revoked)                                                                                                \
  "{\"id\":\"t????????????\",\"room\":\"cccccccccccc\",\"kind\":\"publish\",\"name\":\"Camera\","                      \
  "\"created\":1700000000000,\"expires\":1700007200000,\"revoked\":" revoked ",\"consents\":true}"
  assert_answer (f, "POST " TOKENS, good, 201, CAMERA ("0"));
  assert_problem (f, "POST " TOKENS, good, CV_PROBLEM_ID_TAKEN); /* the same token once more */
  g_autofree char *listed = cv_test_http_ask (&f->http, "GET " TOKENS, CV_TEST_API_JSON, "");
  g_assert_true (g_pattern_match_simple ("{\"tokens\":[" CAMERA ("0") "]}", cv_test_http_body (listed)));

  g_autofree char *id = g_strndup (strstr (listed, "\"id\":\"") + 6, 13);
  g_autofree char *revoke = g_strconcat ("DELETE /api/v1/tokens/", id, NULL);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, "cccccccccccc", NULL);
  CvTokenRow token = { .id = id, .room = (char *) "cccccccccccc", .publishes = TRUE, .name = (char *) "Camera" };
  g_autofree char *secret = NULL;
  g_assert_nonnull (cv_streams_open (f->api.streams, room, &token, &secret, NULL));
  assert_answer (f, revoke, "", 204, "");
  g_assert_cmpuint (cv_streams_count (f->api.streams), ==, 0);
  assert_answer (f, "GET " TOKENS, "", 200, "{\"tokens\":[" CAMERA ("1700000000000") "]}");
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_ADMIN);
}

static void
test_tokens_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = {
    "{\"kind\":\"stream\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2}",
    "{\"kind\":\"watch\",\"name\":\" \",\"hash\":\"" KEY "\",\"hours\":2}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"x\",\"hours\":2}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":-1}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":99999999}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\"}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2,\"more\":1}",
    "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":2,\"consents\":1}",
  };
  const char *good = "{\"kind\":\"watch\",\"name\":\"Camera\",\"hash\":\"" KEY "\",\"hours\":0}";
  cv_test_rooms_create (&f->rooms, "cccccccccccc", "classroom", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " TOKENS, bad[i], CV_PROBLEM_BAD_MESSAGE);
  /* whose media do not come here */
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/tokens", good, CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/tokens", good, CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "GET /api/v1/rooms/mmmmmmmmmmmm/tokens", "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "DELETE /api/v1/tokens/tmmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, "DELETE /api/v1/tokens/mmmmmmmmmmmm", "", CV_PROBLEM_NOT_FOUND);
  f->admin = FALSE;
  assert_problem (f, "POST " TOKENS, good, CV_PROBLEM_NO_SESSION);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-tokens/life", test_tokens);
  ADD ("/api-tokens/refused", test_tokens_refused);
  return g_test_run ();
}
