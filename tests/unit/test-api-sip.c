/* The gateway over REST: for administrators, and only where there is one. */
#include "signalling/api-sip.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/telephony.h"
#include "lib/wait.h"

#define A "caaaaaaaaaaaa"

static void
test_none (CvTestApi *f, gconstpointer data)
{
  cv_test_api_assert_problem (f, "GET /api/v1/sip", "", CV_PROBLEM_NO_DIAL_IN);
  cv_test_api_assert_problem (f, "GET /api/v1/sip/calls", "", CV_PROBLEM_NO_DIAL_IN);
  cv_test_api_assert_problem (f, "POST /api/v1/sip/calls/" A "/hangup", "", CV_PROBLEM_NO_DIAL_IN);
  f->admin = FALSE;
  cv_test_api_assert_problem (f, "GET /api/v1/sip", "", CV_PROBLEM_NO_SESSION);
}

static void
ask_all (CvTestApi *f, CvTestTelephony *telephony)
{
  cv_test_telephony_ring (telephony, A, "…123", "0123456789abcdef");
  const CvSipNews trunk = { .type = CV_SIP_NEWS_TRUNK, .trunk = "trunk", .state = "registered", .text = "" };
  cv_test_telephony_say (telephony, &trunk);
  cv_test_api_assert (
    f, "GET /api/v1/sip", "", 200,
    "{\"up\":true,\"calls\":1,\"cpu\":*,\"wrong_pins\":0,\"trunks\":[{\"name\":\"trunk\",\"state\":"
    "\"registered\",\"text\":\"\",\"calls\":1,\"answered\":1,\"refused_full\":0,\"refused_media\":0}]}");
  cv_test_api_assert (
    f, "GET /api/v1/sip/calls", "", 200,
    "{\"calls\":[{\"id\":\"" A "\",\"state\":\"menu\",\"room\":null,*\"caller\":\"…123\",\"trunk\":"
    "\"trunk\",\"codec\":\"PCMA\",\"security\":\"none\",*\"ended\":null,\"reason\":\"\"}],\"next\":null}");
  cv_test_api_assert (f, "GET /api/v1/sip/calls?room=" CV_TEST_ROOM, "", 200, "{\"calls\":[],\"next\":null}");
  cv_test_api_assert_problem (f, "GET /api/v1/sip/calls?boo=1", "", CV_PROBLEM_BAD_MESSAGE);
  cv_test_api_assert_problem (f, "POST /api/v1/sip/calls/czzzzzzzzzzzz/hangup", "", CV_PROBLEM_NOT_FOUND);
  cv_test_api_assert (f, "POST /api/v1/sip/calls/" A "/hangup", "", 204, "");
  cv_test_telephony_go (telephony, A, "operator");
  cv_test_api_assert (f, "GET /api/v1/sip/calls?limit=1", "", 200, "*\"state\":\"ended\",*\"reason\":\"operator\"}]*");
}

static void
test_all (CvTestApi *f, gconstpointer data)
{
  CvTestTelephony *telephony = cv_test_telephony_new ();
  CvKnocks *knocks = cv_knocks_new (f->rooms.clock);
  const CvCallersOptions options = { .registry = f->rooms.registry,
                                     .store = f->rooms.store,
                                     .knocks = knocks,
                                     .telephony = CV_TELEPHONY (telephony),
                                     .clock = f->rooms.clock,
                                     .max_per_room = 1 };
  f->api.callers = cv_callers_new (&options);
  ask_all (f, telephony);
  g_object_run_dispose (G_OBJECT (f->api.callers));
  cv_test_wait_gone (g_steal_pointer (&f->api.callers));
  cv_test_wait_gone (knocks);
  cv_test_wait_gone (telephony);
}

#define ADD(name, func) g_test_add (name, CvTestApi, NULL, cv_test_api_set_up, func, cv_test_api_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/api-sip/none", test_none);
  ADD ("/api-sip/all", test_all);
  return g_test_run ();
}
