/* Dialogs from INVITE to their end, from either side, with what happens in between. */
#include "sip/dialog.h"

#include "lib/sip-phone.h"
#include "lib/wait.h"
#include "sip/sofia.h"
#include "sip/user-agent.h"

#include <string.h>

#define LISTED "\"registrars\":[],\"addresses\":[\"127.0.0.1\"],"
#define OURS "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n"

typedef struct {
  CvSipConfig *config;
  CvUserAgent *agent;
  CvClock *clock;
  CvTestSipPhone *phone;
  CvDialog *dialog;
  gboolean answers, refuses; /* each INVITE at once; offers later */
  guint confirmed, answered;
  gboolean stranger; /* whoever speaks now */
  GString *digits;
  char *ended, *offer, *in_ack;
} Fixture;

static gboolean
knows (const struct sockaddr *source, gpointer user_data)
{
  Fixture *self = user_data;
  char text[46];
  cv_sources_print (source, text);
  g_assert_cmpstr (text, ==, "127.0.0.1");
  return !self->stranger;
}

static void
on_confirmed (const char *sdp, gsize n, gpointer user_data)
{
  Fixture *self = user_data;
  self->confirmed++;
  self->in_ack = sdp != NULL ? g_strndup (sdp, n) : NULL;
}

static char *
on_offered (const char *sdp, gsize n, gpointer user_data)
{
  Fixture *self = user_data;
  g_free (self->offer);
  self->offer = sdp != NULL ? g_strndup (sdp, n) : g_strdup ("none");
  return self->refuses ? NULL : g_strdup (OURS);
}

static void
on_answered (const char *sdp, gsize n, gpointer user_data)
{
  Fixture *self = user_data;
  self->answered++;
}

static void
on_digit (char digit, gpointer user_data)
{
  Fixture *self = user_data;
  g_string_append_c (self->digits, digit);
}

static void
on_ended (const char *reason, gpointer user_data)
{
  Fixture *self = user_data;
  g_assert_null (self->ended);
  self->ended = g_strdup (reason);
  g_clear_pointer (&self->dialog, cv_dialog_free);
}

static int
find_trunk (const struct sockaddr *source, gpointer user_data)
{
  return 0;
}

static void
on_invite (guint trunk, msg_t *msg, const sip_t *sip, gpointer user_data)
{
  static const CvDialogFuncs funcs = { knows, on_confirmed, on_offered, on_answered, on_digit, on_ended };
  Fixture *self = user_data;
  self->dialog = cv_dialog_new (cv_user_agent_get_agent (self->agent), msg, sip,
                                cv_user_agent_get_contact (self->agent, CV_SIP_UDP), self->clock, &funcs, self);
  if (self->dialog != NULL && self->answers)
    cv_dialog_answer (self->dialog, OURS);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const CvUserAgentFuncs funcs = { find_trunk, on_invite };
  g_autoptr (GError) error = NULL;
  self->config = cv_test_sip_config ("refuse", 10, 100, LISTED);
  self->agent = cv_user_agent_new (self->config, -1, &funcs, self, &error);
  g_assert_no_error (error);
  self->clock = cv_clock_new_fake (0);
  self->phone = cv_test_sip_phone_new (cv_user_agent_get_listeners (self->agent)[0].port);
  self->digits = g_string_new (NULL);
  self->answers = TRUE;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->dialog, cv_dialog_free);
  cv_test_sip_phone_free (self->phone);
  cv_user_agent_free (self->agent);
  cv_sip_config_free (self->config);
  g_object_unref (self->clock);
  g_string_free (self->digits, TRUE);
  g_free (self->ended);
  g_free (self->offer);
  g_free (self->in_ack);
}

static void
call (Fixture *self, const char *headers)
{
  cv_test_sip_phone_call (self->phone, headers);
  cv_test_wait_until (self->confirmed == 1);
}

static guint
ask (Fixture *self, const char *method, const char *headers, const char *body)
{
  return cv_test_sip_phone_ask (self->phone, method, headers, body);
}

static void
test_phone_hangs_up (Fixture *self, gconstpointer data)
{
  call (self, "");
  g_assert_null (self->in_ack);
  g_assert_cmpuint (ask (self, "BYE", "", ""), ==, 200);
  g_assert_cmpstr (self->ended, ==, "hung-up");
  g_assert_cmpuint (ask (self, "INFO", "", ""), ==, 481);
}

static void
test_we_hang_up (Fixture *self, gconstpointer data)
{
  call (self, "");
  g_assert_true (cv_dialog_hang_up (self->dialog));
  g_clear_pointer (&self->dialog, cv_dialog_free);
  const char *bye = cv_test_sip_phone_expect (self->phone, "BYE");
  g_assert_nonnull (strstr (bye, self->phone->tag));
  cv_test_sip_phone_answer (self->phone, "200 OK", "", "");
  cv_test_settle ();
  g_assert_null (self->ended);
}

/* A BYE comes after the ACK, not before. */
static void
test_hang_up_before_ack (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP), ==, 200);
  g_assert_false (cv_dialog_hang_up (self->dialog));
  cv_test_sip_phone_ack (self->phone, "");
  cv_test_sip_phone_expect (self->phone, "BYE");
  g_assert_cmpstr (self->ended, ==, "hung-up");
  g_assert_cmpuint (self->confirmed, ==, 0);
}

static void
test_refuse (Fixture *self, gconstpointer data)
{
  self->answers = FALSE;
  cv_test_sip_phone_send (self->phone, "INVITE", "", CV_TEST_SIP_SDP);
  cv_test_wait_until (self->dialog != NULL);
  g_assert_true (cv_dialog_hang_up (self->dialog));
  while (!g_str_has_prefix (cv_test_sip_phone_receive (self->phone), "SIP/2.0 480"))
    ;
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  self->answers = FALSE;
  cv_test_sip_phone_send (self->phone, "INVITE", "", CV_TEST_SIP_SDP);
  cv_test_wait_until (self->dialog != NULL);
  cv_test_sip_phone_send (self->phone, "CANCEL", "", "");
  cv_test_wait_until (self->ended != NULL);
  g_assert_cmpstr (self->ended, ==, "cancelled");
  while (!g_str_has_prefix (cv_test_sip_phone_receive (self->phone), "SIP/2.0 487"))
    ;
}

static void
test_hold (Fixture *self, gconstpointer data)
{
  call (self, "");
  g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP "a=sendonly\r\n"), ==, 200);
  g_assert_nonnull (strstr (self->offer, "a=sendonly"));
  g_assert_nonnull (strstr (self->phone->last, OURS));
  /* one after the other */
  g_assert_cmpuint (ask (self, "INVITE", "", CV_TEST_SIP_SDP), ==, 500);
  cv_test_sip_phone_send (self->phone, "ACK", "", ""); /* of the refused one */
  self->phone->seq--;
  cv_test_sip_phone_ack (self->phone, "");
  self->phone->seq++;
  cv_test_settle ();
  self->refuses = TRUE;
  guint status = 0;
  for (guint i = 0; i < 50 && status != 488; i++) {
    status = ask (self, "INVITE", "", CV_TEST_SIP_SDP);
    cv_test_sip_phone_ack (self->phone, "");
  }
  g_assert_cmpuint (status, ==, 488);
  g_assert_null (self->ended);
}

/* An INVITE without an offer gets ours; the answer is in the ACK. */
static void
test_offerless (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", "", ""), ==, 200);
  cv_test_sip_phone_ack (self->phone, CV_TEST_SIP_SDP);
  cv_test_wait_until (self->confirmed == 1);
  g_assert_cmpstr (self->in_ack, ==, CV_TEST_SIP_SDP);
  g_assert_cmpuint (ask (self, "INVITE", "", ""), ==, 200);
  g_assert_cmpstr (self->offer, ==, "none");
  cv_test_sip_phone_ack (self->phone, CV_TEST_SIP_SDP);
  cv_test_wait_until (self->answered == 1);
}

static void
test_digits (Fixture *self, gconstpointer data)
{
  call (self, "");
  g_assert_cmpuint (ask (self, "INFO", "", "Signal=5\r\n"), ==, 200);
  g_assert_cmpuint (ask (self, "INFO", "", "Signal=#\r\n"), ==, 200);
  g_assert_cmpuint (ask (self, "INFO", "", ""), ==, 200);
  g_assert_cmpuint (ask (self, "INFO", "", "v=0"), ==, 415);
  g_assert_cmpuint (ask (self, "OPTIONS", "", ""), ==, 200);
  g_assert_cmpuint (ask (self, "REFER", "", ""), ==, 501);
  g_assert_cmpstr (self->digits->str, ==, "5#");
}

static void
test_timer_of_phone (Fixture *self, gconstpointer data)
{
  call (self, "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n");
  cv_clock_advance (self->clock, 59000);
  g_assert_cmpuint (ask (self, "UPDATE", "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n", ""), ==, 200);
  g_autofree char *expires = cv_test_sip_get (self->phone->last, "Session-Expires");
  g_assert_cmpstr (expires, ==, "90;refresher=uac");
  cv_clock_advance (self->clock, 59000);
  g_assert_null (self->ended);
  cv_clock_advance (self->clock, 1000);
  g_assert_cmpstr (self->ended, ==, "session-timeout");
  cv_test_sip_phone_expect (self->phone, "BYE");
}

static void
test_timer_too_short (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", "Supported: timer\r\nSession-Expires: 30\r\n", CV_TEST_SIP_SDP), ==, 422);
  g_autofree char *min = cv_test_sip_get (self->phone->last, "Min-SE");
  g_assert_cmpstr (min, ==, "90");
  g_assert_null (self->dialog);
}

/* We refresh: by UPDATE, by INVITE where that is not known, and a phone that does not know the call is gone. */
static void
test_timer_of_ours (Fixture *self, gconstpointer data)
{
  call (self, "Supported: timer\r\nAllow: INVITE, UPDATE\r\nSession-Expires: 90;refresher=uas\r\n");
  cv_clock_advance (self->clock, 45000);
  cv_test_sip_phone_expect (self->phone, "UPDATE");
  cv_test_sip_phone_answer (self->phone, "405 Method Not Allowed", "", "");
  cv_test_settle ();
  const char *refresh = NULL;
  for (guint i = 0; i < 5 && refresh == NULL; i++) {
    cv_test_pause (20);
    cv_clock_advance (self->clock, 45000);
    cv_test_pause (20);
    if (cv_test_sip_phone_has (self->phone))
      refresh = cv_test_sip_phone_expect (self->phone, "INVITE");
  }
  g_assert_nonnull (refresh);
  g_assert_nonnull (strstr (refresh, OURS));
  g_autofree char *contact = g_strdup_printf ("Contact: <sip:127.0.0.1:%u>\r\n", self->phone->port);
  cv_test_sip_phone_answer (self->phone, "200 OK", contact, CV_TEST_SIP_SDP);
  cv_test_sip_phone_expect (self->phone, "ACK");
  cv_clock_advance (self->clock, 45000);
  cv_test_sip_phone_expect (self->phone, "INVITE");
  cv_test_sip_phone_answer (self->phone, "481 Unknown", "", "");
  cv_test_wait_until (self->ended != NULL);
  g_assert_cmpstr (self->ended, ==, "session-timeout");
}

#define ADD(name, test) g_test_add ("/dialog/" name, Fixture, NULL, set_up, test, tear_down)

/* Who knows the dialog but is not of its trunk changes nothing of it, and says nothing in an ACK. */
static void
test_strangers (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ask (self, "INVITE", "", ""), ==, 200);
  self->stranger = TRUE;
  cv_test_sip_phone_ack (self->phone, CV_TEST_SIP_SDP);
  cv_test_wait_until (self->confirmed == 1);
  g_assert_null (self->in_ack);
  static const char *const methods[] = { "INFO", "INVITE", "UPDATE", "BYE", "OPTIONS" };
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    g_assert_cmpuint (ask (self, methods[i], "", i == 0 ? "Signal=5\r\n" : CV_TEST_SIP_SDP), ==, 403);
  g_assert_cmpstr (self->digits->str, ==, "");
  g_assert_null (self->offer);
  self->stranger = FALSE;
  g_assert_cmpuint (ask (self, "BYE", "", ""), ==, 200);
  g_assert_cmpstr (self->ended, ==, "hung-up");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("phone-hangs-up", test_phone_hangs_up);
  ADD ("we-hang-up", test_we_hang_up);
  ADD ("hang-up-before-ack", test_hang_up_before_ack);
  ADD ("refuse", test_refuse);
  ADD ("cancel", test_cancel);
  ADD ("hold", test_hold);
  ADD ("offerless", test_offerless);
  ADD ("strangers", test_strangers);
  ADD ("digits", test_digits);
  ADD ("timer-of-phone", test_timer_of_phone);
  ADD ("timer-too-short", test_timer_too_short);
  ADD ("timer-of-ours", test_timer_of_ours);
  return g_test_run ();
}
