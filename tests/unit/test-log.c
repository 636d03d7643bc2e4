/* The log writer, in a process of its own: what stands on stderr. */
#define CV_LOG_TOPIC "test"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

static void
in_subprocess (GLogLevelFlags lowest)
{
  /* under systemd too */
  g_unsetenv ("JOURNAL_STREAM");
  cv_log_init (lowest);
}

static void
test_format (void)
{
  if (g_test_subprocess ()) {
    in_subprocess (G_LOG_LEVEL_DEBUG);
    cv_info (NULL, NULL, "started with %d", 3);
    cv_notice ("abcdefghijkm", NULL, "opened");
    cv_debug ("abcdefghijkm", "pabcdefghijkm", "joined");
    cv_warning (NULL, "pabcdefghijkm", "100%% sure");
    exit (0);
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("INFO test: started with 3\n"
                             "NOTICE test: opened (ROOM=abcdefghijkm)\n"
                             "DEBUG test: joined (ROOM=abcdefghijkm PERSON=pabcdefghijkm)\n"
                             "WARNING test: 100% sure (PERSON=pabcdefghijkm)\n");
  g_test_trap_assert_stdout_unmatched ("*started with*");
}

static void
test_one_line (void)
{
  if (g_test_subprocess ()) {
    in_subprocess (G_LOG_LEVEL_DEBUG);
    cv_info (NULL, NULL, "a\nERROR test: forged\r\t\x1b[31m %s \xff ü", "\xc2\x85\xe2\x80\xa8");
    exit (0);
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("INFO test: a\\nERROR test: forged\\x0d\\x09\\x1b[31m \\x85\\x2028 \uFFFD ü\n");
}

static void
test_lowest (void)
{
  if (g_test_subprocess ()) {
    in_subprocess (G_LOG_LEVEL_MESSAGE);
    cv_debug (NULL, NULL, "unseen");
    cv_info (NULL, NULL, "unseen");
    cv_notice (NULL, NULL, "seen");
    cv_warning (NULL, NULL, "seen too");
    g_log ("Library", G_LOG_LEVEL_INFO, "unseen");
    g_log ("Library", G_LOG_LEVEL_MESSAGE, "seen\nas well");
    cv_log_set_level (G_LOG_LEVEL_WARNING);
    cv_notice (NULL, NULL, "unseen");
    exit (0);
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("NOTICE test: seen\nWARNING test: seen too\nNOTICE Library: seen\\nas well\n");
}

/* Libraries' details are not shown at any level. */
static void
test_libraries (void)
{
  if (g_test_subprocess ()) {
    in_subprocess (G_LOG_LEVEL_DEBUG);
    g_log ("Library", G_LOG_LEVEL_DEBUG, "unseen");
    g_log ("Library", G_LOG_LEVEL_INFO, "unseen");
    g_log ("Library", G_LOG_LEVEL_MESSAGE, "seen");
    exit (0);
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("NOTICE Library: seen\n");
}

/* A warning of ours is for the operator; a library's is a bug, and ends a test. */
static void
test_fatal (void)
{
  if (g_test_subprocess ()) {
    in_subprocess (G_LOG_LEVEL_DEBUG);
    cv_warning (NULL, NULL, "disk nearly full");
    g_log_structured ("Library", G_LOG_LEVEL_CRITICAL, "MESSAGE", "%s", "misused");
    exit (0);
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("WARNING test: disk nearly full\nCRITICAL Library: misused\n*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/format", test_format);
  g_test_add_func ("/log/one-line", test_one_line);
  g_test_add_func ("/log/lowest", test_lowest);
  g_test_add_func ("/log/libraries", test_libraries);
  g_test_add_func ("/log/fatal", test_fatal);
  return g_test_run ();
}
