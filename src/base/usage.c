/* See usage.h. */
#include "base/usage.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

gint64
cv_usage_get_cpu (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

double
cv_usage_take_cpu (gint64 now)
{
  static gint64 used_before, at;
  gint64 used = cv_usage_get_cpu ();
  double cpu = at != 0 && now > at ? (double) (used - used_before) / (double) (now - at) : 0;
  used_before = used;
  at = now;
  return cpu;
}

guint
cv_usage_get_rss (void)
{
  /* Kept open: later there is no opening of files any more. */
  static int fd = -1;
  char text[128];
  long total = 0, resident = 0;
  if (fd < 0)
    fd = open ("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? pread (fd, text, sizeof text - 1, 0) : 0;
  text[MAX (n, 0)] = '\0';
  if (sscanf (text, "%ld %ld", &total, &resident) != 2)
    return 0;
  return (guint) (resident * sysconf (_SC_PAGESIZE) / 1024);
}

int
cv_usage_count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  int n = -1; /* its own is none of ours */
  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

gint64
cv_usage_get_max_descriptors (void)
{
  struct rlimit limit;
  return getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY ? (gint64) limit.rlim_cur : -1;
}
