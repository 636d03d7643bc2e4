/* See processes.h. */
#include "lib/processes.h"

#include "lib/wait.h"

#include <string.h>

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

/* Each thread may have started some. */
guint
cv_test_count_children (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename ("/proc/self/task", name, "children", NULL);
    g_autofree char *text = NULL;

    if (g_file_get_contents (path, &text, NULL, NULL))
      for (const char *at = text; *at != '\0'; at++)
        n += *at == ' ';
  }
  return n;
}
