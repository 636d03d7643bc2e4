/* See processes.h. */
#define _GNU_SOURCE
#include "lib/processes.h"

#include "base/sanitized.h"
#include "lib/wait.h"

#include <string.h>
#include <sys/resource.h>

guint
cv_test_count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n - 1; /* this folder */
}

void
cv_test_wait_descriptors (guint most)
{
  cv_test_wait_until (cv_test_count_descriptors () <= most);
}

/* "PID " of each; each thread may have started some. Returns: (transfer full). */
static char *
read_children (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/task", 0, NULL);
  GString *all = g_string_new (NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename ("/proc/self/task", name, "children", NULL);
    g_autofree char *text = NULL;

    if (g_file_get_contents (path, &text, NULL, NULL))
      g_string_append (all, text);
  }
  return g_string_free (all, FALSE);
}

guint
cv_test_count_children (void)
{
  g_autofree char *text = read_children ();
  guint n = 0;

  for (const char *at = text; *at != '\0'; at++)
    n += *at == ' ';
  return n;
}

pid_t
cv_test_only_child (void)
{
  g_autofree char *text = read_children ();

  g_assert_cmpuint (cv_test_count_children (), ==, 1);
  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

void
cv_test_assert_memory (guint mib)
{
  rlim_t expected = CV_SANITIZED ? RLIM_INFINITY : (rlim_t) mib * 1024 * 1024;
  struct rlimit limit;

  g_assert_cmpint (prlimit (cv_test_only_child (), RLIMIT_DATA, NULL, &limit), ==, 0);
  g_assert_true (limit.rlim_cur == expected && limit.rlim_max == expected);
}
