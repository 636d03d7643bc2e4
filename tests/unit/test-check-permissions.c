/* Modes at their edges, and folders that are closed, open, or not there yet. */
#include "doctor/check-permissions.h"

#include "lib/folder.h"
#include "lib/ward.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static void
assert_judged (CvPathKind kind, guint mode, CvFindingState expected)
{
  const char *problem;

  g_assert_cmpint (cv_permissions_judge (kind, mode, &problem), ==, expected);
  g_assert_true ((problem == NULL) == (expected == CV_FINDING_OK));
}

static void
test_modes (void)
{
  assert_judged (CV_PATH_PRIVATE, S_IFDIR | 0700, CV_FINDING_OK);
  assert_judged (CV_PATH_PRIVATE, S_IFDIR | 0710, CV_FINDING_FAIL);
  assert_judged (CV_PATH_PRIVATE, S_IFDIR | 0701, CV_FINDING_FAIL);
  assert_judged (CV_PATH_SECRET, S_IFREG | 0640, CV_FINDING_OK);
  assert_judged (CV_PATH_SECRET, S_IFREG | 0644, CV_FINDING_FAIL);
  assert_judged (CV_PATH_SERVED, S_IFDIR | 02750, CV_FINDING_OK);
  assert_judged (CV_PATH_SERVED, S_IFDIR | 0750, CV_FINDING_FAIL);
  assert_judged (CV_PATH_SERVED, S_IFDIR | 02710, CV_FINDING_FAIL);
  assert_judged (CV_PATH_SERVED, S_IFDIR | 02740, CV_FINDING_FAIL);
  assert_judged (CV_PATH_SERVED, S_IFDIR | 02755, CV_FINDING_FAIL);
}

static void
set_mode (CvWard *ward, const char *name, guint mode)
{
  g_autofree char *path = g_build_filename (ward->folder, name, NULL);

  g_mkdir (path, 0700);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
assert_one (CvWard *ward, CvFindingState state, const char *pattern)
{
  cv_test_ward_check (ward, cv_check_permissions);
  g_assert_cmpuint (cv_findings_get_length (ward->findings), ==, 1);
  cv_test_ward_assert (ward->findings, 0, state, pattern);
}

static void
test_folders (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("");

  assert_one (ward, CV_FINDING_OK, "*closed");
  static const struct {
    const char *folder;
    guint wrong, right;
    const char *finding;
  } cases[] = { { "state", 0750, 0700, "*/state: others*" },
                { "secrets", 0755, 0700, "*/secrets: others*" },
                { "state/recordings", 0755, 0750, "*/recordings: everybody*" },
                { "state/documents", 0755, 0700, "*/documents: everybody*" },
                { "state/backups", 0704, 0700, "*/backups: everybody*" } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    set_mode (ward, cases[i].folder, cases[i].wrong);
    assert_one (ward, CV_FINDING_FAIL, cases[i].finding);
    if (i == 0)
      g_assert_true (g_str_has_prefix (cv_findings_get (ward->findings, 0)->advice, "sudo chmod 700 /"));
    set_mode (ward, cases[i].folder, cases[i].right);
  }
  assert_one (ward, CV_FINDING_OK, "*closed");
}

static void
test_served (void)
{
  g_autoptr (CvWard) ward = cv_test_ward_new ("[recording]\naccel-prefix=/r/\n[documents]\naccel-prefix=/d/\n");

  set_mode (ward, "state", 0700);
  set_mode (ward, "state/recordings", 0750);
  assert_one (ward, CV_FINDING_FAIL, "*/recordings: nginx*");
  set_mode (ward, "state/recordings", 02750);
  set_mode (ward, "state/documents", 0750);
  assert_one (ward, CV_FINDING_FAIL, "*/documents: nginx*");
  set_mode (ward, "state/documents", 02750);
  assert_one (ward, CV_FINDING_OK, "*closed");
}

static void
test_key (void)
{
  g_autoptr (CvWard) bare = cv_test_ward_new ("");
  g_autofree char *key = g_build_filename (bare->folder, "key.pem", NULL);
  g_autofree char *text = g_strdup_printf ("[server]\ncertificate-file=/x.pem\nkey-file=%s\n", key);
  g_autoptr (CvWard) ward = cv_test_ward_new (text);

  cv_test_folder_write (bare->folder, "key.pem", "");
  g_assert_cmpint (g_chmod (key, 0644), ==, 0);
  assert_one (ward, CV_FINDING_FAIL, "*/key.pem: everybody*");
  g_assert_cmpint (g_chmod (key, 0640), ==, 0);
  assert_one (ward, CV_FINDING_OK, "*closed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-permissions/modes", test_modes);
  g_test_add_func ("/check-permissions/folders", test_folders);
  g_test_add_func ("/check-permissions/served", test_served);
  g_test_add_func ("/check-permissions/key", test_key);
  return g_test_run ();
}
