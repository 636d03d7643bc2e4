/* The gateway as configured: with its folders, started and ended; and what it lacks is said. */
#include "daemon/gateway.h"

#include "lib/log.h"
#include "lib/wait.h"

#include <glib/gstdio.h>

typedef struct {
  char *folder;
  CvClock *clock;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("conclave-gateway-XXXXXX", NULL);
  f->clock = cv_clock_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const files[] = { "c", "key.pem", "sip-tls/agent.pem", "sip-tls/cafile.pem", "sip-tls", "" };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (f->folder, files[i], NULL);
    g_remove (path);
  }
  g_assert_false (g_file_test (f->folder, G_FILE_TEST_EXISTS));
  g_free (f->folder);
  g_object_unref (f->clock);
}

static CvConfig *
configure (Fixture *f, const char *listen)
{
  g_autofree char *path = g_build_filename (f->folder, "c", NULL);
  g_autofree char *key = g_build_filename (f->folder, "key.pem", NULL);
  g_autofree char *text = g_strdup_printf ("[sip]\nlisten=%s\nnumbers=+49 30 1\ntrunk-addresses=127.0.0.1\n"
                                           "prompts=%s\nca-file=%s\n[development]\nsip-program=" CV_FAKE_SIP "\n",
                                           listen, f->folder, key);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_set_contents (key, "PEM\n", -1, NULL));
  CvConfig *config = cv_config_load (path, &error);
  g_assert_no_error (error);
  return config;
}

static void
on_up (CvTelephony *telephony, gboolean *up)
{
  *up = TRUE;
}

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autoptr (CvConfig) config = configure (f, "udp:127.0.0.1:0");
  g_autoptr (GError) error = NULL;
  gboolean up = FALSE;
  g_assert_true (cv_gateway_is_wanted (config));
  g_autoptr (CvGateway) gateway = cv_gateway_new (config, f->folder, NULL, NULL, f->clock, &error);
  g_assert_no_error (error);
  g_signal_connect (cv_gateway_get_telephony (gateway), "up", G_CALLBACK (on_up), &up);
  cv_gateway_start (gateway);
  cv_test_wait_until (up);
  g_clear_pointer (&gateway, cv_gateway_free);
  cv_test_wait_until (cv_child_count () == 0);
}

static void
test_tls (Fixture *f, gconstpointer data)
{
  g_autoptr (CvConfig) config = configure (f, "tls:127.0.0.1:0");
  g_autofree char *key = g_build_filename (f->folder, "key.pem", NULL);
  g_autofree char *agent = g_build_filename (f->folder, "sip-tls", "agent.pem", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_gateway_new (config, f->folder, NULL, NULL, f->clock, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_autoptr (CvGateway) gateway = cv_gateway_new (config, f->folder, key, key, f->clock, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (agent, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "PEM\n\nPEM\n\n");
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (CvConfig) config = configure (f, "udp:127.0.0.1:0");
  g_autoptr (GError) error = NULL;
  g_free (config->sip.prompts);
  config->sip.prompts = g_strdup ("/nonexistent");
  g_assert_null (cv_gateway_new (config, f->folder, NULL, NULL, f->clock, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

#define LISTEN "udp:127.0.0.1:0"

static CvConfig *
configure_trunk (Fixture *f, const char *listen, const char *trunk, const char *password)
{
  g_autofree char *secret = g_build_filename (f->folder, "key.pem", NULL);
  g_autofree char *path = g_build_filename (f->folder, "c", NULL);
  g_autofree char *text = g_strdup_printf ("[sip]\nlisten=%s\nnumbers=+49 30 1\nprompts=%s\n%s\npassword-file=%s\n"
                                           "[development]\nsip-program=" CV_FAKE_SIP "\n",
                                           listen, f->folder, trunk, secret);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_set_contents_full (secret, password, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error));
  CvConfig *config = cv_config_load (path, &error);
  g_assert_no_error (error);
  return config;
}

/* Told to the trunk that it is for, and to nobody where that is another one now. */
static void
test_passwords (Fixture *f, gconstpointer data)
{
  static const char ALICE[] = "registrars=sip:127.0.0.1:1\nuser=alice";
  static const char *const others[] = {
    "registrars=sip:127.0.0.1:1\nuser=bob",
    "registrars=sip:127.0.0.1:2\nuser=alice",
    "registrars=sip:127.0.0.1:1;sip:127.0.0.1:2\nuser=alice",
    "registrars=sip:127.0.0.1:1\nuser=alice\n[sip-trunk two]\nregistrars=sip:127.0.0.1:2\nuser=carol\nnumbers=+49 1",
  };
  g_autoptr (CvConfig) config = configure_trunk (f, LISTEN, ALICE, "first\n");
  g_autoptr (GError) error = NULL;
  gboolean up = FALSE;
  g_autoptr (CvGateway) gateway = cv_gateway_new (config, f->folder, NULL, NULL, f->clock, &error);
  g_assert_no_error (error);
  g_signal_connect (cv_gateway_get_telephony (gateway), "up", G_CALLBACK (on_up), &up);
  cv_gateway_start (gateway);
  cv_test_wait_until (up);
  g_assert_true (cv_gateway_set_passwords (gateway, config));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (CvConfig) other = configure_trunk (f, LISTEN, others[i], "of others\n");
    g_assert_false (cv_gateway_set_passwords (gateway, other));
  }
  g_autoptr (CvConfig) without = configure_trunk (f, "", ALICE, "of nobody\n");
  g_assert_false (cv_gateway_set_passwords (gateway, without));
  g_autoptr (CvConfig) next = configure_trunk (f, LISTEN, ALICE, "second\n");
  cv_test_log_expect (G_LOG_LEVEL_INFO, "*fake: password {*\"password\":\"second\"*");
  g_assert_true (cv_gateway_set_passwords (gateway, next));
  cv_test_wait_until (cv_test_log_is_done ());
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/gateway/life", test_life);
  ADD ("/gateway/tls", test_tls);
  ADD ("/gateway/missing", test_missing);
  ADD ("/gateway/passwords", test_passwords);
  return g_test_run ();
}
