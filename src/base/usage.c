/* See usage.h. */
#include "base/usage.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

double
cv_usage_take_cpu (gint64 now)
{
  static gint64 used_before, at;
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  gint64 used =
    (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
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
