/* What belongs to no dialog: who is answered, how, and who is not. */
#include "sip/user-agent.h"

#include "lib/sip-phone.h"
#include "lib/wait.h"
#include "sip/sofia.h"

#include <string.h>

#define LISTED "\"registrars\":[],\"addresses\":[\"127.0.0.1\"],"

typedef struct {
  CvSipConfig *config;
  CvUserAgent *agent;
  CvTestSipPhone *phone;
  int trunk; /* of whoever speaks */
  guint invites;
} Fixture;

static int
find_trunk (const struct sockaddr *source, gpointer user_data)
{
  Fixture *self = user_data;
  char text[46];
  cv_sources_print (source, text);
  g_assert_cmpstr (text, ==, "127.0.0.1");
  return self->trunk;
}

static void
on_invite (guint trunk, msg_t *msg, const sip_t *sip, gpointer user_data)
{
  Fixture *self = user_data;
  self->invites++;
  g_assert_cmpuint (trunk, ==, 3);
  g_assert_cmpint (cv_user_agent_get_transport (sip), ==, CV_SIP_UDP);
  cv_user_agent_refuse (self->agent, msg, SIP_486_BUSY_HERE);
}

static void
set_up (Fixture *self, gconstpointer unknown)
{
  static const CvUserAgentFuncs funcs = { find_trunk, on_invite };
  g_autoptr (GError) error = NULL;
  self->config = cv_test_sip_config (unknown != NULL ? unknown : "refuse", 10, 2, LISTED);
  self->agent = cv_user_agent_new (self->config, -1, &funcs, self, &error);
  g_assert_no_error (error);
  self->trunk = 3;
  guint16 port = cv_user_agent_get_listeners (self->agent)[0].port;
  g_assert_cmpuint (port, >, 0);
  self->phone = cv_test_sip_phone_new (port);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_test_sip_phone_free (self->phone);
  cv_user_agent_free (self->agent);
  cv_sip_config_free (self->config);
}

static guint
ask (Fixture *self, const char *method, const char *headers, const char *body)
{
  return cv_test_sip_phone_ask (self->phone, method, headers, body);
}

static void
test_methods (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "OPTIONS", "", ""), ==, 200);
  g_autofree char *allow = cv_test_sip_get (self->phone->last, "Allow");
  g_assert_cmpstr (allow, ==, CV_SIP_ALLOW);
  g_assert_cmpuint (ask (self, "REGISTER", "", ""), ==, 405);
  g_assert_cmpuint (ask (self, "MESSAGE", "", ""), ==, 405);
  g_assert_cmpuint (ask (self, "FROBNICATE", "", ""), ==, 501);
  g_clear_pointer (&self->phone->to_tag, g_free);
  g_assert_cmpuint (ask (self, "BYE", "", ""), ==, 481);
  g_assert_cmpuint (ask (self, "INFO", "", ""), ==, 481);
}

static void
test_invites (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP), ==, 486);
  g_assert_cmpuint (ask (self, "INVITE", "Require: timer\r\n", ""), ==, 486);
  g_assert_cmpuint (self->invites, ==, 2);
  g_assert_cmpuint (ask (self, "INVITE", "Require: timer, precondition\r\n", CV_TEST_SIP_SDP), ==, 420);
  g_assert_cmpuint (ask (self, "INVITE", "", "Signal=5"), ==, 415);
  self->phone->to_tag = g_strdup ("gone");
  g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP), ==, 481);
  g_assert_cmpuint (self->invites, ==, 2);
}

/* Two a second, six at once; other requests are still answered. */
static void
test_rate (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP), ==, 486);
  guint status = 0;
  for (guint i = 0; i < 20 && status != 503; i++)
    status = ask (self, "INVITE", "", CV_TEST_SIP_SDP);
  g_assert_cmpuint (status, ==, 503);
  g_autofree char *later = cv_test_sip_get (self->phone->last, "Retry-After");
  g_assert_nonnull (later);
  g_assert_cmpuint (cv_user_agent_get_stats (self->agent)->rate, >, 0);
  g_assert_cmpuint (ask (self, "OPTIONS", "", ""), ==, 200);
}

static void
test_unknown (Fixture *self, gconstpointer data)
{
  self->trunk = -1;
  g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP), ==, 403);
  g_assert_cmpuint (ask (self, "OPTIONS", "", ""), ==, 403);
  g_assert_cmpuint (self->invites, ==, 0);
  g_assert_cmpuint (cv_user_agent_get_stats (self->agent)->unknown, ==, 2);
}

static void
test_silent (Fixture *self, gconstpointer data)
{
  self->trunk = -1;
  cv_test_sip_phone_send (self->phone, "INVITE", "", CV_TEST_SIP_SDP);
  cv_test_wait_until (cv_user_agent_get_stats (self->agent)->unknown == 1);
  self->trunk = 3;
  /* the first thing that is heard is of the second request */
  g_assert_cmpuint (ask (self, "OPTIONS", "", ""), ==, 200);
  g_autofree char *what = cv_test_sip_get (self->phone->last, "CSeq");
  g_assert_cmpstr (what, ==, "2 OPTIONS");
}

static void
test_contact (Fixture *self, gconstpointer data)
{
  g_autofree char *expected = g_strdup_printf ("<sip:127.0.0.1:%u>", self->phone->target);
  g_assert_cmpstr (cv_user_agent_get_contact (self->agent, CV_SIP_UDP), ==, expected);
  g_assert_null (cv_user_agent_get_contact (self->agent, CV_SIP_TLS));
}

static void
test_not_bound (Fixture *self, gconstpointer data)
{
  static const CvUserAgentFuncs funcs = { find_trunk, on_invite };
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSipConfig) config = cv_test_sip_config ("refuse", 10, 2, LISTED);
  g_strlcpy (config->listeners[0].address, "192.0.2.1", sizeof config->listeners[0].address);
  g_assert_null (cv_user_agent_new (config, -1, &funcs, self, &error));
  g_assert_error (error, CV_USER_AGENT_ERROR, CV_USER_AGENT_ERROR_BIND);
  g_clear_error (&error);
  config->listeners[0].transport = CV_SIP_TLS;
  g_strlcpy (config->listeners[0].address, "127.0.0.1", sizeof config->listeners[0].address);
  g_assert_null (cv_user_agent_new (config, -1, &funcs, self, &error));
  g_assert_error (error, CV_USER_AGENT_ERROR, CV_USER_AGENT_ERROR_TLS);
}

#define ADD(name, unknown, test) g_test_add ("/user-agent/" name, Fixture, unknown, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("methods", NULL, test_methods);
  ADD ("invites", NULL, test_invites);
  ADD ("rate", NULL, test_rate);
  ADD ("unknown", NULL, test_unknown);
  ADD ("silent", "silent", test_silent);
  ADD ("contact", NULL, test_contact);
  ADD ("not-bound", NULL, test_not_bound);
  return g_test_run ();
}
