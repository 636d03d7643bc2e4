/* Where the files are: this test runs from the build tree, so they are those of the source tree and of the build. */
#include "daemon/paths.h"

#include "cv-build.h"

#include <glib/gstdio.h>

static void
test_build_tree (void)
{
  g_auto (CvPaths) paths = { 0 };
  cv_paths_init (&paths);
  g_assert_cmpstr (paths.web, ==, CV_SOURCE_DATA_DIR "/web");
  g_assert_cmpstr (paths.po, ==, CV_BUILD_DIR "/po");
  g_assert_cmpstr (paths.media, ==, CV_BUILD_DIR "/src/media/conclave-media");
  g_assert_cmpstr (paths.render, ==, CV_BUILD_DIR "/src/render/conclave-render");
  g_autofree char *page = g_build_filename (paths.web, "index.html", NULL);
  g_assert_true (g_file_test (page, G_FILE_TEST_IS_REGULAR));
}

/* The same program outside of it: it runs a copy of itself that prints what it finds. */
static void
test_installed (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("conclave-test-XXXXXX", NULL);
  g_autofree char *copy = g_build_filename (folder, "test-paths", NULL);
  g_autofree char *program = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents ("/proc/self/exe", &program, &length, NULL));
  g_assert_true (g_file_set_contents_full (copy, program, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0700, &error));

  char *arguments[] = { copy, (char *) "--print", NULL };
  g_autofree char *output = NULL;
  int status = 0;
  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_assert_cmpstr (output, ==,
                   CV_DATA_DIR "/web\n" CV_DATA_DIR "/po\n" CV_LIBEXEC_DIR "/conclave-media\n" CV_LIBEXEC_DIR
                               "/conclave-render\n");
  g_assert_cmpint (g_unlink (copy), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static int
print (void)
{
  g_auto (CvPaths) paths = { 0 };
  cv_paths_init (&paths);
  g_print ("%s\n%s\n%s\n%s\n", paths.web, paths.po, paths.media, paths.render);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--print"))
    return print ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paths/build-tree", test_build_tree);
  g_test_add_func ("/paths/installed", test_installed);
  return g_test_run ();
}
