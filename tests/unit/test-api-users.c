/* Users over the REST interface: made, changed, deleted, let in with a link. */
#include "signalling/api-users.h"

#include "lib/api.h"
#include "lib/log.h"

#include <string.h>

#define assert_answer cv_test_api_assert
#define assert_problem cv_test_api_assert_problem
#define USERS "/api/v1/users"
#define ROW(login, name, role, disabled, password)                                                                     \
  "{\"id\":\"u????????????\",\"login\":\"" login "\",\"name\":\"" name "\",\"role\":\"" role                           \
  "\",\"created\":1700000000000,\"last_seen\":*,\"disabled\":" disabled ",\"password\":" password "}"

static void
test_life (CvTestApi *f, gconstpointer data)
{
  assert_answer (f, "GET " USERS, "", 200, "{\"users\":[]}");
  g_autofree char *id =
    cv_test_api_add_user (f, "{\"login\":\" Zoë@example.org \",\"name\":\"Zoë\",\"role\":\"host\"}");
  g_autofree char *path = g_strconcat ("PATCH " USERS "/", id, NULL);
  g_autofree char *delete = g_strconcat ("DELETE " USERS "/", id, NULL);
  assert_answer (f, "GET " USERS, "", 200,
                 "{\"users\":[" ROW ("Zoë@example.org", "Zoë", "host", "false", "false") "]}");
  assert_problem (f, "POST " USERS, "{\"login\":\"zoë@EXAMPLE.org\",\"role\":\"producer\"}", CV_PROBLEM_LOGIN_TAKEN);
  assert_answer (f, path, "{}", 200, ROW ("Zoë@example.org", "Zoë", "host", "false", "false"));
  assert_answer (f, path, "{\"name\":\"Zoe\",\"role\":\"administrator\",\"disabled\":true}", 200,
                 ROW ("Zoë@example.org", "Zoe", "administrator", "true", "false"));
  assert_answer (f, path, "{\"disabled\":false,\"password\":\"ten letters\"}", 200,
                 ROW ("Zoë@example.org", "Zoe", "administrator", "false", "true"));
  assert_answer (f, delete, "", 204, "");
  assert_problem (f, delete, "", CV_PROBLEM_NOT_FOUND);
  assert_problem (f, path, "{}", CV_PROBLEM_NOT_FOUND);
  g_autofree char *kept =
    cv_test_recordings_dump (f->rooms.store, "SELECT actor, action FROM audit WHERE action LIKE 'user.%' ORDER BY n");
  g_assert_cmpstr (kept, ==,
                   "admin user.create;admin user.role;admin user.disable;admin user.enable;"
                   "admin user.password;admin user.delete;");
}

/* Whoever has no name of their own is called what they sign in with. */
static void
test_names (CvTestApi *f, gconstpointer data)
{
  g_autofree char *login = g_strnfill (CV_LOGIN_MAX_CHARACTERS, 'x');
  g_autofree char *body = g_strdup_printf ("{\"login\":\"%s\",\"role\":\"host\"}", login);
  assert_answer (f, "POST " USERS, "{\"login\":\"ann\",\"role\":\"producer\"}", 201,
                 ROW ("ann", "ann", "producer", "false", "false"));
  g_autofree char *long_name = g_strndup (login, 60);
  g_autofree char *pattern = g_strdup_printf ("*\"name\":\"%s\",*", long_name);
  assert_answer (f, "POST " USERS, body, 201, pattern);
}

static void
test_refused (CvTestApi *f, gconstpointer data)
{
  static const char *const bad[] = { "",
                                     "{}",
                                     "{\"login\":\"ann\"}",
                                     "{\"login\":\"\",\"role\":\"host\"}",
                                     "{\"login\":\" \",\"role\":\"host\"}",
                                     "{\"login\":\"a\\nb\",\"role\":\"host\"}",
                                     "{\"login\":\"ann\",\"role\":\"admin\"}",
                                     "{\"login\":\"ann\",\"role\":\"host\",\"name\":\" \"}",
                                     "{\"login\":\"ann\",\"role\":\"host\",\"password\":\"ten letters\"}",
                                     "{\"login\":\"ann\",\"role\":\"host\",\"more\":1}" };
  static const char *const bad_changes[] = {
    "", "{\"password\":\"too short\"}", "{\"role\":\"\"}", "{\"name\":\" \"}", "{\"disabled\":1}", "{\"login\":\"ben\"}"
  };
  static const char *const bad_codes[] = { "{\"hours\":0}", "{\"hours\":25}", "{\"more\":1}", "[" };
  g_autofree char *long_login = g_strnfill (CV_LOGIN_MAX_CHARACTERS + 1, 'x');
  g_autofree char *too_long = g_strdup_printf ("{\"login\":\"%s\",\"role\":\"host\"}", long_login);
  g_autofree char *id = cv_test_api_add_user (f, "{\"login\":\"ann\",\"role\":\"host\"}");
  g_autofree char *path = g_strconcat ("PATCH " USERS "/", id, NULL);
  g_autofree char *code = g_strconcat ("POST " USERS "/", id, "/code", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_problem (f, "POST " USERS, bad[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST " USERS, too_long, CV_PROBLEM_BAD_MESSAGE);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_changes); i++)
    assert_problem (f, path, bad_changes[i], CV_PROBLEM_BAD_MESSAGE);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_codes); i++)
    assert_problem (f, code, bad_codes[i], CV_PROBLEM_BAD_MESSAGE);
  assert_problem (f, "POST " USERS "/ummmmmmmmmmmm/code", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_become (f, "");
  assert_problem (f, "GET " USERS, "", CV_PROBLEM_NO_SESSION);
}

static void
test_codes (CvTestApi *f, gconstpointer data)
{
  g_autofree char *id = cv_test_api_add_user (f, "{\"login\":\"ann\",\"role\":\"host\"}");
  g_autofree char *path = g_strconcat ("POST " USERS "/", id, "/code", NULL);
  g_autofree char *off = g_strconcat ("PATCH " USERS "/", id, NULL);
  assert_answer (f, path, "{\"hours\":1}", 201,
                 "{\"code\":\"*\",\"url\":\"https://meet.example/sign-in#*\",\"expires\":1700003600000}");
  assert_answer (f, path, "", 201, "{\"code\":\"*\",\"url\":\"*\",\"expires\":1700086400000}");
  assert_answer (f, off, "{\"disabled\":true}", 200, "*");
  assert_problem (f, path, "", CV_PROBLEM_NOT_FOUND);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-users/life", test_life);
  ADD ("/api-users/names", test_names);
  ADD ("/api-users/refused", test_refused);
  ADD ("/api-users/codes", test_codes);
  return g_test_run ();
}
