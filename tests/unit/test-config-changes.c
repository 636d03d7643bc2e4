/* What differs between two configurations: each key of the table by its name, trunks by theirs, and never a value. */
#include "daemon/config-key.h"
#include "daemon/config.h"
#include "lib/folder.h"

#include <string.h>

static CvConfig *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "conclave.conf", NULL);
  cv_test_folder_write (folder, "conclave.conf", text);
  CvConfig *config = cv_config_load (path, &error);
  g_assert_no_error (error);
  cv_test_folder_free (g_steal_pointer (&folder));
  return config;
}

/* `expected`: the names, in both directions. */
static void
assert_changed (const char *before, const char *after, const char *expected)
{
  g_autoptr (CvConfig) one = load (before), other = load (after);
  g_auto (GStrv) there = cv_config_changed (one, other), back = cv_config_changed (other, one);
  g_autofree char *names = g_strjoinv (", ", there), *backwards = g_strjoinv (", ", back);
  g_assert_cmpstr (names, ==, expected);
  g_assert_cmpstr (backwards, ==, expected);
}

static void
test_none (void)
{
  assert_changed ("", "", "");
  assert_changed ("[limits]\njoins-per-minute = 30\n", "", "");
  assert_changed ("[turn]\nservers =\n[server]\ntls = true\n", "[server]\ntls = true\nmetrics-from=127.0.0.0/8; ::1\n",
                  "");
}

static void
test_each_type (void)
{
  assert_changed ("", "[limits]\njoins-per-minute = 31\n", "limits.joins-per-minute");
  assert_changed ("", "[rooms]\nanyone-may-create = true\n", "rooms.anyone-may-create");
  assert_changed ("", "[server]\nmetrics-from = ::1\n", "server.metrics-from");
  assert_changed ("", "[server]\nlog-level = debug\n", "server.log-level");
  assert_changed ("", "[mail]\nca-file = /nowhere\n", "mail.ca-file");
  assert_changed ("[mail]\nusername = ann\n", "[mail]\nusername = bob\n", "mail.username");
  assert_changed ("[sip]\nkeep-days = 3\n[audit]\nkeep-days = 3\n", "[audit]\nkeep-days = 4\n",
                  "sip.keep-days, audit.keep-days");
}

/* None of the table is forgotten: where a configuration has other bytes in a key's field, that is told. */
static void
test_each_key (void)
{
  guint n;
  const CvConfigKey *keys = cv_config_list_keys (&n);
  g_assert_cmpuint (n, >, 100);
  for (guint i = 0; i < n; i++) {
    const CvConfigKey *key = &keys[i];
    g_autoptr (CvConfig) one = load (""), other = load ("");
    if (g_str_equal (key->group, CV_CONFIG_TRUNK_GROUP))
      continue;
    gpointer field = G_STRUCT_MEMBER_P (other, key->offset);
    cv_config_key_clear (key, other);
    if (key->type == CV_VALUE_LIST)
      *(char ***) field = g_strsplit ("another one", " ", -1);
    else if (key->type == CV_VALUE_BOOL || key->type == CV_VALUE_NUMBER)
      *(guint *) field = *(guint *) field == 0 ? 1 : 0;
    else
      *(char **) field = g_strdup ("another");
    g_auto (GStrv) names = cv_config_changed (one, other);
    g_autofree char *expected = g_strdup_printf ("%s.%s", key->group, key->name);
    g_assert_cmpuint (g_strv_length (names), ==, 1);
    g_assert_cmpstr (names[0], ==, expected);
  }
}

#define TRUNK(name, user) "[sip-trunk " name "]\nregistrars = sip:one.example\nuser = " user "\n"

static void
test_trunks (void)
{
  assert_changed (TRUNK ("north", "ann") TRUNK ("south", "bob"), TRUNK ("south", "bob") TRUNK ("north", "ann"), "");
  assert_changed (TRUNK ("north", "ann"), TRUNK ("north", "bob") "max-calls = 7\n",
                  "sip-trunk north.user, sip-trunk north.max-calls");
  assert_changed (TRUNK ("north", "ann"), "[sip]\nmax-calls = 7\n", "sip.max-calls, sip-trunk north");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-changes/none", test_none);
  g_test_add_func ("/config-changes/each-type", test_each_type);
  g_test_add_func ("/config-changes/each-key", test_each_key);
  g_test_add_func ("/config-changes/trunks", test_trunks);
  return g_test_run ();
}
