/* Secrets that the unit hands over are found beside the configuration; without a configuration little is looked at. */
#include "lib/folder.h"
#include "lib/ward.h"

#include <glib/gstdio.h>

static void
test_secrets (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");
  g_autofree char *secret = g_build_filename (ward->folder, "secrets", "turn", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = NULL, none = NULL;

  cv_test_folder_write (ward->folder, "secrets/turn", "a secret\n");
  cv_test_folder_write (ward->folder, "conclave.conf", "[turn]\nservers=turn:relay.example\nsecret-file=secret_turn\n");
  g_assert_cmpint (g_chmod (secret, 0600), ==, 0);
  config = cv_patient_load_config (ward->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (config->turn_secret, ==, "a secret");
  g_assert_null (g_getenv ("CREDENTIALS_DIRECTORY"));
  /* the copies' folder is gone */
  g_assert_false (g_file_test (config->secret_file, G_FILE_TEST_IS_SYMLINK));

  g_assert_cmpint (g_chmod (secret, 0604), ==, 0);
  none = cv_patient_load_config (ward->path, &error);
  g_assert_null (none);
  g_assert_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID);
}

/* What systemd has handed over itself is what counts. */
static void
test_credentials (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");
  g_autofree char *secret = g_build_filename (ward->folder, "given", "secret_turn", NULL);
  g_autofree char *given = g_path_get_dirname (secret);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvConfig) config = NULL;

  cv_test_folder_write (ward->folder, "secrets/turn", "another\n");
  cv_test_folder_write (ward->folder, "given/secret_turn", "handed over\n");
  cv_test_folder_write (ward->folder, "conclave.conf", "[turn]\nservers=turn:relay.example\nsecret-file=secret_turn\n");
  g_assert_cmpint (g_chmod (secret, 0600), ==, 0);
  g_setenv ("CREDENTIALS_DIRECTORY", given, TRUE);
  config = cv_patient_load_config (ward->path, &error);
  g_assert_cmpstr (g_getenv ("CREDENTIALS_DIRECTORY"), ==, given);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_assert_no_error (error);
  g_assert_cmpstr (config->turn_secret, ==, "handed over");
}

static void
test_places (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("[server]\npublic-url=https://[2001:db8::1]:8443\n");
  g_autofree char *name = cv_patient_get_name (&ward->patient);
  g_autofree char *given = cv_patient_find (&ward->patient, "/srv/x", "recordings");
  g_autofree char *own = cv_patient_find (&ward->patient, "", "recordings");
  g_autofree char *expected = g_build_filename (ward->state, "recordings", NULL);
  g_autoptr (CvWard) bare = cv_test_ward_new ("");
  g_autofree char *local = cv_patient_get_name (&bare->patient);

  g_assert_cmpstr (name, ==, "2001:db8::1");
  g_assert_cmpstr (given, ==, "/srv/x");
  g_assert_cmpstr (own, ==, expected);
  g_assert_cmpstr (local, ==, "localhost");
}

static void
test_broken (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");

  ward->patient.config = NULL;
  ward->patient.config_error = "[server] tls = perhaps: must be true or false";
  cv_test_ward_check (ward, cv_patient_examine);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_WARN, "nobody answers");
  cv_test_ward_assert (ward->findings, 1, CV_FINDING_FAIL, "*tls = perhaps*");
  cv_test_ward_assert (ward->findings, 2, CV_FINDING_SKIPPED, "*");
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 3);
}

/* Every check says something, whatever it is. */
static void
test_all (void)
{
  static const char *const all[] = { "server",  "configuration", "permissions", "gstreamer", "ports",    "certificate",
                                     "address", "turn",          "clock",       "disk",      "telephony" };
  g_autoptr (CvWard) ward = cv_test_ward_new ("[media]\nports=0\n");
  g_autoptr (JsonObject) status = cv_test_ward_parse ("{\"version\":\"9.8\"}");

  ward->patient.status = status;
  cv_test_ward_check (ward, cv_patient_examine);
  cv_test_ward_assert (ward->findings, 0, CV_FINDING_OK, "version 9.8 runs");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    guint n = 0;

    for (guint k = 0; k < cv_findings_get_length (ward->findings); k++)
      n += g_str_equal (cv_findings_get (ward->findings, k)->check, all[i]) ? 1 : 0;
    g_assert_cmpuint (n, >, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_test_add_func ("/patient/secrets", test_secrets);
  g_test_add_func ("/patient/credentials", test_credentials);
  g_test_add_func ("/patient/places", test_places);
  g_test_add_func ("/patient/broken", test_broken);
  g_test_add_func ("/patient/all", test_all);
  return g_test_run ();
}
