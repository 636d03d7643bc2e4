/* What the server says about itself: to everybody, and nothing but that. */
#include "signalling/api-about.h"

#include "lib/api.h"
#include "lib/log.h"

#define ABOUT(anyone, dial_in)                                                                                         \
  "{\"anyone_may_create\":" anyone ",\"kinds\":{\"standard\":true,\"otr\":true,\"boardroom\":*,\"classroom\":*},"      \
  "\"dial_in\":" dial_in ",\"elsewhere\":null}"

static void
test_about (CvTestApi *f, gconstpointer data)
{
  f->admin = FALSE;
  f->api.anyone_may_create = TRUE;
  cv_test_api_assert (f, "GET /api/v1/about", "", 200, ABOUT ("true", "false"));
  f->api.anyone_may_create = FALSE;
  cv_test_api_assert (f, "GET /api/v1/about", "", 200, ABOUT ("false", "false"));
  static const char *const numbers[] = { "+49 30 1234", NULL };
  cv_registry_set_numbers (f->rooms.registry, numbers);
  cv_test_api_assert (f, "GET /api/v1/about", "", 200, ABOUT ("false", "true"));
}

static void
test_description (CvTestApi *f, gconstpointer data)
{
  f->admin = FALSE;
  cv_test_api_assert (f, "GET /api", "", 200, "{*\"openapi\": \"3.1.0\"*\"/api/v1/rooms/{room}\"*}*");
  f->admin = TRUE;
  cv_test_api_assert (f, "GET /api", "", 200, "{*\"openapi\": \"3.1.0\"*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/api-about/everybody", CvTestApi, NULL, cv_test_api_set_up, test_about, cv_test_api_tear_down);
  g_test_add ("/api-about/description", CvTestApi, NULL, cv_test_api_set_up, test_description, cv_test_api_tear_down);
  return g_test_run ();
}
