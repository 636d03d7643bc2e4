/* Registrations: digest, refreshing, what a registrar asks for, and the next one where one fails. */
#include "sip/trunk.h"

#include "base/ids.h"
#include "lib/sip-phone.h"
#include "lib/wait.h"
#include "sip/sofia.h"
#include "sip/user-agent.h"

#include <netinet/in.h>
#include <string.h>

#define CHALLENGE "WWW-Authenticate: Digest realm=\"r\", nonce=\"%s\", algorithm=MD5\r\n"

typedef struct {
  CvSipConfig *config;
  CvUserAgent *agent;
  CvClock *clock;
  CvTestSipPhone *first, *second; /* registrars */
  CvTrunk *trunk;
  GString *states;
} Fixture;

static int
find_trunk (const struct sockaddr *source, gpointer user_data)
{
  return -1;
}

static void
on_state (CvTrunk *trunk, CvTrunkState state, const char *text, gpointer user_data)
{
  static const char *const names[] = { "listed", "registering", "registered", "failed" };
  Fixture *self = user_data;
  g_string_append_printf (self->states, "%s ", names[state]);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const CvUserAgentFuncs funcs = { find_trunk, NULL };
  g_autoptr (GError) error = NULL;
  const char *contacts[CV_SIP_TLS + 1];
  self->first = cv_test_sip_phone_new (0);
  self->second = cv_test_sip_phone_new (0);
  self->config = cv_test_sip_config ("refuse", 10, 100, "\"registrars\":[],\"addresses\":[\"127.0.0.1\"],");
  CvSipTrunkConfig *trunk = &self->config->trunks[0];
  g_strfreev (trunk->registrars);
  trunk->registrars = g_new0 (char *, 3);
  trunk->registrars[0] = g_strdup_printf ("sip:127.0.0.1:%u", self->first->port);
  trunk->registrars[1] = g_strdup_printf ("sip:127.0.0.1:%u", self->second->port);
  g_clear_pointer (&trunk->sources, cv_sources_free);
  g_free (trunk->user);
  trunk->user = g_strdup ("alice");
  g_free (trunk->password);
  trunk->password = g_strdup ("s3cret");
  self->agent = cv_user_agent_new (self->config, -1, &funcs, self, &error);
  g_assert_no_error (error);
  self->first->target = self->second->target = cv_user_agent_get_listeners (self->agent)[0].port;
  self->clock = cv_clock_new_fake (0);
  self->states = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (contacts); i++)
    contacts[i] = cv_user_agent_get_contact (self->agent, i);
  self->trunk = cv_trunk_new (cv_user_agent_get_agent (self->agent), trunk, contacts, self->clock, on_state, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_trunk_free (self->trunk);
  cv_user_agent_free (self->agent);
  cv_test_sip_phone_free (self->first);
  cv_test_sip_phone_free (self->second);
  cv_sip_config_free (self->config);
  g_object_unref (self->clock);
  g_string_free (self->states, TRUE);
}

static void
wait_state (Fixture *self, const char *states)
{
  cv_test_wait_until (g_str_equal (self->states->str, states));
}

static gboolean
knows (Fixture *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  return cv_trunk_knows (self->trunk, (struct sockaddr *) &address);
}

/* The response that RFC 2617 wants, for the password that the trunk has. */
static char *
get_response (Fixture *self, const char *nonce, guint16 port)
{
  g_autofree char *uri = g_strdup_printf ("REGISTER:sip:127.0.0.1:%u", port);
  g_autofree char *known = g_strconcat ("alice:r:", self->config->trunks[0].password, NULL);
  g_autofree char *a1 = g_compute_checksum_for_string (G_CHECKSUM_MD5, known, -1);
  g_autofree char *a2 = g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1);
  g_autofree char *all = g_strdup_printf ("%s:%s:%s", a1, nonce, a2);
  return g_compute_checksum_for_string (G_CHECKSUM_MD5, all, -1);
}

static void
register_at (Fixture *self, CvTestSipPhone *registrar, const char *nonce)
{
  g_autofree char *challenge = g_strdup_printf (CHALLENGE, nonce);
  cv_test_sip_phone_expect (registrar, "REGISTER");
  cv_test_sip_phone_answer (registrar, "401 Unauthorized", challenge, "");
  const char *request = cv_test_sip_phone_expect (registrar, "REGISTER");
  g_autofree char *authorization = cv_test_sip_get (request, "Authorization");
  g_autofree char *response = get_response (self, nonce, registrar->port);
  g_assert_nonnull (strstr (authorization, response));
  g_assert_null (strstr (request, self->config->trunks[0].password));
}

static void
renew (Fixture *self, const char *password)
{
  cv_secret_replace (&self->config->trunks[0].password, password);
  cv_trunk_renew (self->trunk);
}

static void
test_digest (Fixture *self, gconstpointer data)
{
  g_assert_false (knows (self));
  cv_trunk_start (self->trunk);
  register_at (self, self->first, "n1");
  g_autofree char *contact = cv_test_sip_get (self->first->request, "Contact");
  g_assert_true (g_str_has_prefix (contact, "<sip:alice@127.0.0.1:"));
  cv_test_sip_phone_answer (self->first, "200 OK", "Expires: 100\r\n", "");
  wait_state (self, "registering registered ");
  g_assert_true (knows (self));
  /* again before it is over, with what is known of digest */
  cv_clock_advance (self->clock, 70000);
  const char *request = cv_test_sip_phone_expect (self->first, "REGISTER");
  g_assert_nonnull (strstr (request, "Authorization: "));
  cv_test_sip_phone_answer (self->first, "200 OK", "", "");
  cv_test_settle ();
  cv_trunk_stop (self->trunk);
  request = cv_test_sip_phone_expect (self->first, "REGISTER");
  g_autofree char *expires = cv_test_sip_get (request, "Expires");
  g_assert_cmpstr (expires, ==, "0");
  g_assert_cmpstr (self->states->str, ==, "registering registered ");
}

static void
test_wrong_password (Fixture *self, gconstpointer data)
{
  cv_trunk_start (self->trunk);
  register_at (self, self->first, "n1");
  g_autofree char *again = g_strdup_printf (CHALLENGE, "n1");
  cv_test_sip_phone_answer (self->first, "401 Unauthorized", again, "");
  wait_state (self, "registering failed ");
  g_assert_false (knows (self));
  cv_clock_advance (self->clock, 1000);
  cv_test_sip_phone_expect (self->second, "REGISTER");
}

/* At once, from wherever it stands, and with nothing of the password before; even where the registrar has the same challenge for it. */
static void
test_another_password (Fixture *self, gconstpointer data)
{
  cv_trunk_start (self->trunk);
  register_at (self, self->first, "n1");
  cv_test_sip_phone_answer (self->first, "200 OK", "Expires: 100\r\n", "");
  wait_state (self, "registering registered ");
  renew (self, "an0ther");
  g_assert_true (knows (self)); /* calls that come meanwhile are taken */
  register_at (self, self->first, "n1");
  cv_test_sip_phone_answer (self->first, "401 Unauthorized", "", "");
  wait_state (self, "registering registered failed ");
  /* long before it would try again by itself, and while a request is under way */
  renew (self, "a th1rd");
  cv_test_sip_phone_expect (self->second, "REGISTER");
  renew (self, "a f0urth");
  register_at (self, self->second, "n1");
  cv_test_sip_phone_answer (self->second, "200 OK", "Expires: 100\r\n", "");
  wait_state (self, "registering registered failed registering registered ");
  for (guint i = 0; i < 5; i++) { /* each begins anew with the challenges that a registrar may have */
    g_autofree char *password = g_strdup_printf ("passw0rd-%u", i);
    renew (self, password);
    register_at (self, self->second, "n1");
    cv_test_sip_phone_answer (self->second, "200 OK", "Expires: 100\r\n", "");
    cv_test_settle ();
  }
  g_assert_cmpstr (self->states->str, ==, "registering registered failed registering registered ");
}

/* A registrar cannot keep us going round. */
static void
test_endless_challenges (Fixture *self, gconstpointer data)
{
  cv_trunk_start (self->trunk);
  for (guint i = 0; !g_str_has_suffix (self->states->str, "failed "); i++) {
    g_assert_cmpuint (i, <, 6);
    g_autofree char *nonce = g_strdup_printf ("n%u", i), *challenge = g_strdup_printf (CHALLENGE, nonce);
    cv_test_sip_phone_expect (self->first, "REGISTER");
    cv_test_sip_phone_answer (self->first, "401 Unauthorized", challenge, "");
    cv_test_wait_until (cv_test_sip_phone_has (self->first) || g_str_has_suffix (self->states->str, "failed "));
  }
}

static void
test_failover (Fixture *self, gconstpointer data)
{
  cv_trunk_start (self->trunk);
  cv_test_sip_phone_expect (self->first, "REGISTER");
  cv_test_sip_phone_answer (self->first, "503 Service Unavailable", "", "");
  wait_state (self, "registering failed ");
  cv_clock_advance (self->clock, 1000);
  cv_test_sip_phone_expect (self->second, "REGISTER");
  cv_test_sip_phone_answer (self->second, "403 Forbidden", "", "");
  wait_state (self, "registering failed registering failed ");
  /* both have failed: later, at the first one again */
  cv_clock_advance (self->clock, CV_TRUNK_RETRY_S * 1000);
  cv_test_sip_phone_expect (self->first, "REGISTER");
  cv_test_sip_phone_answer (self->first, "200 OK", "", "");
  wait_state (self, "registering failed registering failed registering registered ");
}

static void
test_too_brief (Fixture *self, gconstpointer data)
{
  cv_trunk_start (self->trunk);
  cv_test_sip_phone_expect (self->first, "REGISTER");
  cv_test_sip_phone_answer (self->first, "423 Interval Too Brief", "Min-Expires: 3600\r\n", "");
  const char *request = cv_test_sip_phone_expect (self->first, "REGISTER");
  g_autofree char *expires = cv_test_sip_get (request, "Expires");
  g_assert_cmpstr (expires, ==, "3600");
}

static void
test_listed (Fixture *self, gconstpointer data)
{
  CvSipTrunkConfig *trunk = &self->config->trunks[0];
  trunk->sources = cv_sources_new ();
  cv_sources_add (trunk->sources, "127.0.0.0/8");
  g_clear_pointer (&trunk->registrars[0], g_free);
  cv_trunk_start (self->trunk);
  g_assert_cmpstr (self->states->str, ==, "listed ");
  g_assert_true (knows (self));
  g_assert_true (cv_trunk_get_config (self->trunk) == trunk);
  g_free (trunk->registrars[1]);
  trunk->registrars[1] = NULL;
}

#define ADD(name, test) g_test_add ("/trunk/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("digest", test_digest);
  ADD ("wrong-password", test_wrong_password);
  ADD ("another-password", test_another_password);
  ADD ("endless-challenges", test_endless_challenges);
  ADD ("failover", test_failover);
  ADD ("too-brief", test_too_brief);
  ADD ("listed", test_listed);
  return g_test_run ();
}
