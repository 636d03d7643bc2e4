/* Rooms over REST: made, with secrets of the server's or of somebody else's, whose they are, changed, listed. */
#include "signalling/api-rooms.h"

#include "base/ids.h"
#include "base/link.h"
#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"

#include <string.h>

#define KEY CV_TEST_API_KEY
#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem

#define NEW_ROOM(id, kind, title)                                                                                      \
  "{\"id\":\"" id "\",\"kind\":\"" kind "\",\"title\":\"" title "\",\"join_verifier\":\"" KEY                          \
  "\",\"host_verifier\":\"" KEY "\"}"

static void
test_create (CvTestApi *f, gconstpointer data)
{
  assert_answer (
    f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201,
    "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"standard\",\"title\":\"Cake\",\"created\":1700000000000,"
    "\"available\":true,\"people\":0,\"meeting\":null,\"lobby\":false,\"recording\":false,\"consent\":"
    "\"announce\",\"keep_"
    "days\":null,\"summary\":\"people\",\"attendance\":true,\"keep_content_days\":null,\"owner\":null,\"link\":null,"
    "\"dial_in\":null}");
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), CV_PROBLEM_ID_TAKEN);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "boardroom", "Cake"), CV_PROBLEM_NOT_AVAILABLE);
  /* what it is called is not for the server */
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "otr", "Cake"), CV_PROBLEM_BAD_MESSAGE);
}

static void
test_create_bad (CvTestApi *f, gconstpointer data)
{
  static const char *const bodies[] = {
    "",
    "{}",
    "[]",
    "{\"id\":",
    NEW_ROOM ("bbbbbbbbbbb", "standard", "Cake"),
    NEW_ROOM ("bbbbbbbbbbbl", "standard", "Cake"),
    NEW_ROOM ("bbbbbbbbbbbb", "seance", "Cake"),
    NEW_ROOM ("bbbbbbbbbbbb", "standard", ""),
    NEW_ROOM ("bbbbbbbbbbbb", "standard", "a\\nb"),
    NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake\",\"more\":\"x"),
    "{\"id\":\"bbbbbbbbbbbb\",\"kind\":\"standard\",\"title\":\"Cake\",\"join_verifier\":\"" KEY "\"}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    assert_problem (f, "POST /api/v1/rooms", bodies[i], CV_PROBLEM_BAD_MESSAGE);
  /* a form of another site cannot send JSON */
  g_autofree char *answer = cv_test_http_ask (&f->http, "POST /api/v1/rooms", "Host: a\r\nContent-Type: text/plain\r\n",
                                              NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"));
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
}

#define MORE(id, kind, more)                                                                                           \
  "{\"id\":\"" id "\",\"kind\":\"" kind "\",\"title\":\"Cake\",\"join_verifier\":\"" KEY "\",\"host_verifier\":\"" KEY \
  "\"," more "}"

static void
test_create_recorded (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "\"recording\":1", "\"consent\":\"ask\"", "\"keep_days\":-1",
                                     "\"keep_days\":36501", "\"lobby\":\"on\"" };
  assert_answer (f, "POST /api/v1/rooms",
                 MORE ("bbbbbbbbbbbb", "classroom", "\"recording\":true,\"consent\":\"require\",\"keep_days\":7"), 201,
                 "*,\"recording\":true,\"consent\":\"require\",\"keep_days\":7,*}");
  assert_answer (f, "GET /api/v1/rooms/bbbbbbbbbbbb", "", 200,
                 "*,\"recording\":true,\"consent\":\"require\",\"keep_days\":7,*}");
  assert_answer (f, "POST /api/v1/rooms", MORE ("cccccccccccc", "classroom", "\"keep_days\":null"), 201,
                 "*,\"recording\":false,\"consent\":\"announce\",\"keep_days\":null,*}");
  assert_problem (f, "POST /api/v1/rooms", MORE ("dddddddddddd", "standard", "\"recording\":true"),
                  CV_PROBLEM_NOT_ALLOWED);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *body = g_strdup_printf (MORE ("eeeeeeeeeeee", "classroom", "%s"), bad[i]);
    assert_problem (f, "POST /api/v1/rooms", body, CV_PROBLEM_BAD_MESSAGE);
  }
  f->admin = FALSE;
  f->api.anyone_may_create = TRUE;
  assert_problem (f, "POST /api/v1/rooms", MORE ("ffffffffffff", "classroom", "\"recording\":true"),
                  CV_PROBLEM_NOT_ALLOWED);
}

static void
test_create_by_anyone (CvTestApi *f, gconstpointer data)
{
  f->admin = FALSE;
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), CV_PROBLEM_NOT_ALLOWED);
  f->api.anyone_may_create = TRUE;
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201, "*");
  for (guint i = 1; i < CV_TEST_API_CREATIONS; i++)
    assert_problem (f, "POST /api/v1/rooms", "{}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "standard", "Cake"), CV_PROBLEM_RATE_LIMITED);
  f->admin = TRUE;
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "standard", "Cake"), 201, "*");
}

static void
test_dial_in (CvTestApi *f, gconstpointer data)
{
  static const char *const numbers[] = { "+49 30 1234", "+33 1 23", NULL };
  assert_problem (f, "POST /api/v1/rooms", MORE ("bbbbbbbbbbbb", "classroom", "\"dial_in\":true"),
                  CV_PROBLEM_NO_DIAL_IN);
  cv_registry_set_numbers (f->rooms.registry, numbers);
  assert_answer (f, "POST /api/v1/rooms", MORE ("bbbbbbbbbbbb", "classroom", "\"dial_in\":true"), 201,
                 "*,\"dial_in\":{\"numbers\":[\"+49 30 1234\",\"+33 1 23\"],\"pin\":\"??????????\",\"host_pin\":"
                 "\"??????????\"}}");
  /* they stay, whatever else happens */
  g_autofree char *before = cv_test_api_ask (f, "GET /api/v1/rooms/bbbbbbbbbbbb", "");
  assert_answer (f, "PATCH /api/v1/rooms/bbbbbbbbbbbb", "{\"dial_in\":false}", 200, "*,\"dial_in\":null}");
  assert_answer (f, "PATCH /api/v1/rooms/bbbbbbbbbbbb", "{\"dial_in\":true}", 200, strstr (before, "{\"id\""));
  assert_answer (f, "POST /api/v1/rooms", MORE ("cccccccccccc", "classroom", "\"lobby\":true"), 201,
                 "*,\"dial_in\":null}");
  assert_answer (f, "PATCH /api/v1/rooms/cccccccccccc", "{\"dial_in\":true}", 200, "*,\"dial_in\":{*");
  /* what is sealed from the server cannot be told a phone */
  assert_problem (f, "POST /api/v1/rooms", MORE ("dddddddddddd", "standard", "\"dial_in\":true"),
                  CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "PATCH /api/v1/rooms/" CV_TEST_ROOM, "{\"dial_in\":true}", CV_PROBLEM_NOT_ALLOWED);
  assert_problem (f, "POST /api/v1/rooms", MORE ("dddddddddddd", "classroom", "\"dial_in\":1"), CV_PROBLEM_BAD_MESSAGE);
  f->admin = FALSE;
  f->api.anyone_may_create = TRUE;
  assert_problem (f, "POST /api/v1/rooms", MORE ("dddddddddddd", "classroom", "\"dial_in\":true"),
                  CV_PROBLEM_NOT_ALLOWED);
  /* who has the link is told, but not how one is a host */
  assert_answer (f, "POST /api/v1/rooms/bbbbbbbbbbbb/check", "{\"key\":\"" KEY "\"}", 403, "*");
}

static void
test_check (CvTestApi *f, gconstpointer data)
{
  f->admin = FALSE;
  g_autofree char *key = cv_base64url_encode (cv_test_join_key, CV_KEY_BYTES);
  g_autofree char *body = g_strdup_printf ("{\"key\":\"%s\"}", key);
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, 200,
                 "{\"id\":\"" CV_TEST_ROOM
                 "\",\"kind\":\"standard\",\"title\":\"Tea\",\"available\":true,\"people\":0,\"max_people\":8,"
                 "\"recording\":false,\"consent\":\"announce\",\"dial_in\":null}");
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "{\"key\":\"" KEY "\"}", CV_PROBLEM_WRONG_KEY);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/check", body, CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "{}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, CV_PROBLEM_RATE_LIMITED);
  cv_clock_advance (f->rooms.clock, 1000);
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, 200, "*");
}

/* `role`: a choice of cv_ticket_roles. Returns: (transfer full) the body of a check. */
static char *
make_ticket_body (CvTestApi *f, const char *room, guint role, gint64 expires)
{
  g_autofree char *ticket =
    cv_tickets_issue (f->api.tickets, room, role, NULL, NULL, CV_TEST_NOW / 1000, CV_TEST_NOW / 1000 + expires);
  return g_strdup_printf ("{\"ticket\":\"%s\"}", ticket);
}

/* A ticket stands for the link where it does so in a join, and is as good afterwards as before. */
static void
test_check_by_ticket (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("cccccccccccc", "classroom", "Cake"), 201, "*");
  f->admin = FALSE;
  g_autofree char *body = make_ticket_body (f, "cccccccccccc", 0, 60);
  for (guint i = 0; i < 2; i++)
    assert_answer (f, "POST /api/v1/rooms/cccccccccccc/check", body, 200,
                   "{\"id\":\"cccccccccccc\",\"kind\":\"classroom\",\"title\":\"Cake\",*");
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", body, CV_PROBLEM_BAD_TICKET);
  g_autofree char *p2p = make_ticket_body (f, CV_TEST_ROOM, 1, 60);
  assert_problem (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/check", p2p, CV_PROBLEM_WRONG_KEY);
  g_autofree char *unknown = make_ticket_body (f, "mmmmmmmmmmmm", 1, 60);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/check", unknown, CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_check_by_bad_ticket (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "classroom", "Cake"), 201, "*");
  f->admin = FALSE;
  g_autofree char *expired = make_ticket_body (f, "bbbbbbbbbbbb", 1, 0);
  assert_problem (f, "POST /api/v1/rooms/bbbbbbbbbbbb/check", expired, CV_PROBLEM_BAD_TICKET);
  assert_problem (f, "POST /api/v1/rooms/bbbbbbbbbbbb/check", "{\"ticket\":\"a.b.c\"}", CV_PROBLEM_BAD_TICKET);
  assert_problem (f, "POST /api/v1/rooms/bbbbbbbbbbbb/check", "{\"ticket\":\"\"}", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms/bbbbbbbbbbbb/check", "{\"ticket\":\"a.b.c\",\"key\":\"" KEY "\"}",
                  CV_PROBLEM_BAD_MESSAGE);
}

static void
test_list_and_show (CvTestApi *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, "GET /api/v1/rooms", "", 200,
                 "{\"rooms\":[{\"id\":\"" CV_TEST_ROOM "\",*\"people\":1,\"meeting\":\"m*\",*}],\"next\":null}");
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM, "", 200, "{\"id\":\"" CV_TEST_ROOM "\",*\"people\":1,*}");
  assert_problem (f, "GET /api/v1/rooms/mmmmmmmmmmmm", "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_problem (f, "GET /api/v1/rooms/MMMMMMMMMMMM", "", CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_end (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/end", "", 200,
                 "{\"id\":\"" CV_TEST_ROOM "\",\"meeting\":null}");
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  assert_answer (f, "POST /api/v1/rooms/" CV_TEST_ROOM "/end", "", 200,
                 "{\"id\":\"" CV_TEST_ROOM "\",\"meeting\":\"m*\"}");
  g_assert_cmpuint (cv_registry_count_meetings (f->rooms.registry), ==, 0);
  assert_problem (f, "POST /api/v1/rooms/mmmmmmmmmmmm/end", "", CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_delete (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "DELETE /api/v1/rooms/" CV_TEST_ROOM, "", 204, "");
  assert_problem (f, "DELETE /api/v1/rooms/" CV_TEST_ROOM, "", CV_PROBLEM_UNKNOWN_ROOM);
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[],\"next\":null}");
}

/* ---- whose it is ---- */

/* Somebody with a key, 32 times `letter`. */
static void
become (CvTestApi *f, char letter, CvAccountRole role)
{
  g_autofree char *key = cv_test_api_key (letter);
  g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_add_key_of (f, letter, role);
  cv_test_api_become (f, headers);
}

static void
become_again (CvTestApi *f, char letter)
{
  g_autofree char *key = cv_test_api_key (letter);
  g_autofree char *headers = g_strdup_printf ("Authorization: Bearer %s\r\n", key);
  cv_test_api_become (f, headers);
}

#define OWN "/api/v1/rooms/bbbbbbbbbbbb"

/* A host may do everything with their room; for another host it is not there; a producer makes none. */
static void
test_owner (CvTestApi *f, gconstpointer data)
{
  static const char *const requests[][2] = {
    { "GET " OWN, "" },
    { "PATCH " OWN, "{\"title\":\"Pie\"}" },
    { "POST " OWN "/end", "" },
    { "GET " OWN "/meetings", "" },
    { "POST " OWN "/tickets", "{\"role\":\"person\"}" },
    { "GET " OWN "/tokens", "" },
    { "POST " OWN "/recording", "{\"action\":\"start\"}" },
    { "POST " OWN "/tokens", "{\"kind\":\"watch\",\"name\":\"TV\",\"hash\":\"" KEY "\",\"hours\":1}" },
    { "DELETE " OWN, "" },
  };
  become (f, 'q', CV_ACCOUNT_PRODUCER);
  assert_problem (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "classroom", "Cake"), CV_PROBLEM_NOT_ALLOWED);
  become (f, 'a', CV_ACCOUNT_HOST);
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "classroom", "Cake"), 201,
                 "*,\"owner\":\"kaaaaaaaaaaaa\",*");
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[{\"id\":\"bbbbbbbbbbbb\",*}],\"next\":null}");
  become (f, 'b', CV_ACCOUNT_HOST);
  assert_answer (f, "GET /api/v1/rooms", "", 200, "{\"rooms\":[],\"next\":null}");
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    assert_problem (f, requests[i][0], requests[i][1], CV_PROBLEM_UNKNOWN_ROOM);
  become_again (f, 'a');
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++) {
    g_autofree char *answer = cv_test_api_ask (f, requests[i][0], requests[i][1]);
    gboolean record = strstr (requests[i][0], "/recording") != NULL;
    if (!g_str_has_prefix (answer, record ? "HTTP/1.1 403 " : "HTTP/1.1 20"))
      g_error ("%s: %s", requests[i][0], answer);
  }
  assert_problem (f, "GET " OWN, "", CV_PROBLEM_UNKNOWN_ROOM);
}

static void
test_owners_token (CvTestApi *f, gconstpointer data)
{
  become (f, 'a', CV_ACCOUNT_HOST);
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "classroom", "Cake"), 201, "*");
  g_autofree char *made =
    cv_test_api_ask (f, "POST " OWN "/tokens", "{\"kind\":\"watch\",\"name\":\"TV\",\"hash\":\"" KEY "\",\"hours\":1}");
  g_autofree char *head = g_strdup_printf ("DELETE /api/v1/tokens/%.13s", strstr (made, "\"id\":\"t") + 6);
  become (f, 'b', CV_ACCOUNT_HOST);
  assert_problem (f, head, "", CV_PROBLEM_NOT_FOUND);
  become_again (f, 'a');
  assert_answer (f, head, "", 204, "");
}

/* ---- secrets ---- */

#define SEALED(id, kind)                                                                                               \
  g_strdup_printf ("{\"id\":\"%s\",\"kind\":\"" kind "\",\"title\":\"Cake\",\"join_verifier\":\"%s\","                 \
                   "\"host_verifier\":\"" KEY "\",\"secret\":\"%s\"}",                                                 \
                   id, verifier, secret)

/* The server draws both, hands them out once, and keeps the one of the link. */
static void
test_drawn (CvTestApi *f, gconstpointer data)
{
  become (f, 'a', CV_ACCOUNT_HOST);
  g_autofree char *made =
    cv_test_api_ask (f, "POST /api/v1/rooms", "{\"kind\":\"classroom\",\"title\":\"Cake\",\"lobby\":true}");
  g_autoptr (JsonObject) room = cv_json_parse (cv_test_http_body (made), strlen (cv_test_http_body (made)), NULL);
  const char *id = json_object_get_string_member (room, "id");
  const char *link = json_object_get_string_member (room, "link");
  const char *host_link = json_object_get_string_member (room, "host_link");
  g_assert_true (json_object_get_boolean_member (room, "lobby"));
  g_autofree char *start = g_strdup_printf ("https://meet.example/r/%s#", id);
  g_assert_true (g_str_has_prefix (link, start));
  g_assert_cmpuint (strlen (link), ==, strlen (start) + 43);
  g_assert_true (g_str_has_prefix (host_link, link) && host_link[strlen (link)] == '.');

  /* who comes by these links gets in */
  CvLink made_of = { 0 };
  CvLinkKeys keys;
  g_strlcpy (made_of.room, id, sizeof made_of.room);
  g_assert_true (cv_base64url_decode (link + strlen (start), made_of.secret, sizeof made_of.secret));
  g_assert_true (cv_base64url_decode (host_link + strlen (link) + 1, made_of.host_secret, sizeof made_of.host_secret));
  cv_link_derive (&made_of, &keys);
  g_autoptr (CvRoom) loaded = cv_test_rooms_load (&f->rooms, id, NULL);
  g_assert_true (cv_room_fits_join_key (loaded, keys.join_key) && cv_room_fits_host_key (loaded, keys.host_key));

  g_autofree char *head = g_strdup_printf ("GET /api/v1/rooms/%s", id);
  g_autofree char *again = g_strdup_printf ("*,\"link\":\"%s\",\"dial_in\":null}", link);
  assert_answer (f, head, "", 200, again);
  assert_answer (f, "POST /api/v1/rooms", "{\"id\":\"cccccccccccc\",\"kind\":\"classroom\",\"title\":\"Cake\"}", 201,
                 "{\"id\":\"cccccccccccc\",*\"link\":\"https://meet.example/r/cccccccccccc#*");
  assert_problem (f, "POST /api/v1/rooms", "{\"kind\":\"standard\",\"title\":\"Cake\"}", CV_PROBLEM_BAD_MESSAGE);
  f->api.anyone_may_create = TRUE;
  cv_test_api_become (f, "");
  g_autofree char *visitors = cv_test_api_ask (f, "POST /api/v1/rooms", "{\"kind\":\"classroom\",\"title\":\"Pie\"}");
  g_assert_nonnull (strstr (visitors, "\"owner\":null"));
  g_assert_nonnull (strstr (visitors, "\"host_link\":\"https://"));
  become_again (f, 'a');
  f->admin = TRUE;
  assert_answer (f, "GET /api/v1/rooms?q=pie", "", 200, "{\"rooms\":[{*\"link\":null,*}],*");
}

/* Somebody else drew them and lets the server know the one of the link. */
static void
test_secret (CvTestApi *f, gconstpointer data)
{
  CvLink link;
  CvLinkKeys keys;
  cv_link_init (&link);
  cv_link_derive (&link, &keys);
  g_autofree char *verifier = cv_base64url_encode (keys.join_verifier, sizeof keys.join_verifier);
  g_autofree char *secret = cv_base64url_encode (link.secret, sizeof link.secret);
  g_autofree char *good = SEALED (link.room, "classroom");
  g_autofree char *other_room = SEALED ("bbbbbbbbbbbb", "classroom");
  g_autofree char *p2p = SEALED (link.room, "standard");
  g_autofree char *answer = g_strdup_printf ("*,\"link\":\"https://meet.example/r/%s#%s\",*}", link.room, secret);
  assert_problem (f, "POST /api/v1/rooms", other_room, CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST /api/v1/rooms", p2p, CV_PROBLEM_BAD_MESSAGE);
  assert_answer (f, "POST /api/v1/rooms", good, 201, answer);
}

static void
test_orders (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "POST /api/v1/rooms", MORE ("bbbbbbbbbbbb", "standard", "\"orders\":\"{\\\"key\\\":1}\""), 201,
                 "*");
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, "bbbbbbbbbbbb", NULL);
  g_assert_cmpstr (cv_room_get_row (room)->orders, ==, "{\"key\":1}");
  assert_problem (f, "POST /api/v1/rooms", MORE ("cccccccccccc", "classroom", "\"orders\":\"{}\""),
                  CV_PROBLEM_BAD_MESSAGE);
  g_autofree char *filler = g_strnfill (1025, 'x');
  g_autofree char *long_one = g_strdup_printf (MORE ("cccccccccccc", "standard", "\"orders\":\"%s\""), filler);
  assert_problem (f, "POST /api/v1/rooms", long_one, CV_PROBLEM_BAD_MESSAGE);
}

/* ---- changes and lists ---- */

static void
test_change (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "{\"title\":\"\"}", "{\"title\":\" \"}",  "{\"kind\":\"classroom\"}",
                                     "{\"lobby\":1}",    "{\"keep_days\":-1}", "{\"owner\":\"ua\"}" };
  assert_answer (f, "PATCH /api/v1/rooms/" CV_TEST_ROOM, "{\"title\":\"Cake\",\"lobby\":true}", 200,
                 "{\"id\":\"" CV_TEST_ROOM "\",\"kind\":\"standard\",\"title\":\"Cake\",*\"lobby\":true,*}");
  assert_answer (f, "PATCH /api/v1/rooms/" CV_TEST_ROOM, "{\"consent\":\"require\",\"keep_days\":3}", 200, "*");
  assert_answer (f, "PATCH /api/v1/rooms/" CV_TEST_ROOM, "{\"keep_days\":null}", 200, "*");
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM, "", 200,
                 "*\"title\":\"Cake\",*\"lobby\":true,*\"consent\":\"require\",\"keep_days\":null,*\"owner\":null,*");
  assert_problem (f, "PATCH /api/v1/rooms/" CV_TEST_ROOM, "{\"recording\":true}", CV_PROBLEM_NOT_ALLOWED);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "PATCH /api/v1/rooms/" CV_TEST_ROOM, bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "PATCH /api/v1/rooms/mmmmmmmmmmmm", "{}", CV_PROBLEM_UNKNOWN_ROOM);
}

/* The cursor of a page. Returns: (transfer full), NULL where it is the last. */
static char *
get_next (const char *answer)
{
  g_autoptr (JsonObject) page = cv_json_parse (cv_test_http_body (answer), strlen (cv_test_http_body (answer)), NULL);
  return g_strdup (json_object_get_string_member_with_default (page, "next", NULL));
}

static void
test_pages (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "limit=0", "limit=201", "limit=x", "cursor=x", "sort=title" };
  cv_clock_advance (f->rooms.clock, 1000);
  assert_answer (f, "POST /api/v1/rooms", NEW_ROOM ("bbbbbbbbbbbb", "standard", "Cake"), 201, "*");
  g_autofree char *first = cv_test_api_ask (f, "GET /api/v1/rooms?limit=1", "");
  g_autofree char *cursor = get_next (first);
  g_assert_nonnull (strstr (first, "\"id\":\"bbbbbbbbbbbb\""));
  g_autofree char *head = g_strdup_printf ("GET /api/v1/rooms?limit=1&cursor=%s", cursor);
  assert_answer (f, head, "", 200, "{\"rooms\":[{\"id\":\"" CV_TEST_ROOM "\",*}],\"next\":null}");
  assert_answer (f, "GET /api/v1/rooms?q=CAK", "", 200, "{\"rooms\":[{\"id\":\"bbbbbbbbbbbb\",*}],\"next\":null}");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *odd = g_strdup_printf ("GET /api/v1/rooms?%s", bad[i]);
    assert_problem (f, odd, "", CV_PROBLEM_BAD_MESSAGE);
  }
}

static void
test_meetings (CvTestApi *f, gconstpointer data)
{
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM "/meetings", "", 200, "{\"meetings\":[],\"next\":null}");
  cv_test_rooms_enter (&f->rooms, room, "Ann");
  cv_meeting_end (cv_room_get_meeting (room), CV_ENDING_HOST);
  cv_clock_advance (f->rooms.clock, 1000);
  g_autoptr (CvRoom) again = cv_test_rooms_load (&f->rooms, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->rooms, again, "Ann");
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM "/meetings", "", 200,
                 "{\"meetings\":[{\"id\":\"m*\",\"room\":\"" CV_TEST_ROOM
                 "\",\"started\":1700000001000,\"ended\":null,\"reason\":null,*},{*\"started\":1700000000000,"
                 "\"ended\":1700000000000,\"reason\":\"host\",*}],\"next\":null}");
  assert_answer (f, "GET /api/v1/rooms/" CV_TEST_ROOM "/meetings?limit=1", "", 200,
                 "{\"meetings\":[{*}],\"next\":\"*\"}");
  assert_problem (f, "GET /api/v1/rooms/" CV_TEST_ROOM "/meetings?cursor=x", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "GET /api/v1/rooms/" CV_TEST_ROOM "/meetings?x=1", "", CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "GET /api/v1/rooms/mmmmmmmmmmmm/meetings", "", CV_PROBLEM_UNKNOWN_ROOM);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-rooms/create", test_create);
  ADD ("/api-rooms/create-bad", test_create_bad);
  ADD ("/api-rooms/create-recorded", test_create_recorded);
  ADD ("/api-rooms/create-by-anyone", test_create_by_anyone);
  ADD ("/api-rooms/dial-in", test_dial_in);
  ADD ("/api-rooms/check", test_check);
  ADD ("/api-rooms/check-by-ticket", test_check_by_ticket);
  ADD ("/api-rooms/check-by-bad-ticket", test_check_by_bad_ticket);
  ADD ("/api-rooms/list-and-show", test_list_and_show);
  ADD ("/api-rooms/end", test_end);
  ADD ("/api-rooms/delete", test_delete);
  ADD ("/api-rooms/owner", test_owner);
  ADD ("/api-rooms/owners-token", test_owners_token);
  ADD ("/api-rooms/drawn", test_drawn);
  ADD ("/api-rooms/secret", test_secret);
  ADD ("/api-rooms/orders", test_orders);
  ADD ("/api-rooms/change", test_change);
  ADD ("/api-rooms/pages", test_pages);
  ADD ("/api-rooms/meetings", test_meetings);
  return g_test_run ();
}
