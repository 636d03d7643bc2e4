/* What a process takes is what it took. */
#include "base/usage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void
test_process (void)
{
  gint64 start = g_get_monotonic_time ();
  cv_usage_take_cpu (start);
  volatile guint work = 0;
  while (g_get_monotonic_time () - start < 200 * 1000)
    work++;
  double cpu = cv_usage_take_cpu (g_get_monotonic_time ());
  g_assert_cmpfloat (cpu, >, 0);
  g_assert_cmpfloat (cpu, <, 64);
  guint before = cv_usage_get_rss ();
  g_assert_cmpuint (before, >, 1000);
  gsize n = 64 << 20;
  volatile char *memory = malloc (n);
  for (gsize i = 0; i < n; i += 1024)
    memory[i] = 1;
  g_assert_cmpuint (cv_usage_get_rss (), >, before + 32 * 1024);
  free ((gpointer) memory);
}

static void
test_descriptors (void)
{
  int before = cv_usage_count_descriptors ();
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (before, >, 2);
  g_assert_cmpint (cv_usage_count_descriptors (), ==, before + 1);
  close (fd);
  g_assert_cmpint (cv_usage_count_descriptors (), ==, before);
  g_assert_cmpint (cv_usage_get_max_descriptors (), !=, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usage/process", test_process);
  g_test_add_func ("/usage/descriptors", test_descriptors);
  return g_test_run ();
}
