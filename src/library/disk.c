/* See disk.h. */
#include "library/disk.h"

#include <errno.h>
#include <sys/statvfs.h>

struct _CvDisk {
  char *directory;
  CvDiskLimits limits;
  CvDiskProbe probe;
  gpointer user_data;
};

static gboolean
probe_file_system (const char *directory, guint64 *available, guint64 *total, gpointer user_data)
{
  g_autofree char *path = g_strdup (directory);
  struct statvfs info;
  while (statvfs (path, &info) != 0) {
    if (errno != ENOENT || g_str_equal (path, "/") || g_str_equal (path, "."))
      return FALSE;
    char *above = g_path_get_dirname (path);
    g_free (path);
    path = above;
  }
  *available = (guint64) info.f_bavail * info.f_frsize;
  /* What only root may fill is nobody's: else a full disk would have some percent left. */
  *total = (guint64) (info.f_blocks - (info.f_bfree - info.f_bavail)) * info.f_frsize;
  return TRUE;
}

CvDisk *
cv_disk_new (const char *directory, const CvDiskLimits *limits)
{
  CvDisk *self = g_new0 (CvDisk, 1);
  self->directory = g_strdup (directory);
  self->limits = *limits;
  self->probe = probe_file_system;
  return self;
}

void
cv_disk_set_limits (CvDisk *self, const CvDiskLimits *limits)
{
  g_return_if_fail (self != NULL && limits != NULL);

  self->limits = *limits;
}

void
cv_disk_free (CvDisk *self)
{
  g_free (self->directory);
  g_free (self);
}

void
cv_disk_set_probe (CvDisk *self, CvDiskProbe probe, gpointer user_data)
{
  self->probe = probe;
  self->user_data = user_data;
}

static gboolean
is_below (guint64 available, guint64 total, guint percent)
{
  return (double) available * 100 < (double) total * percent;
}

gboolean
cv_disk_measure (CvDisk *self, guint64 *available, guint64 *total)
{
  return self->probe (self->directory, available, total, self->user_data);
}

CvDiskState
cv_disk_check (CvDisk *self)
{
  guint64 available = 0, total = 0;
  if (!cv_disk_measure (self, &available, &total) || is_below (available, total, self->limits.stop_percent) ||
      available < self->limits.stop_bytes)
    return CV_DISK_STOP;
  return is_below (available, total, self->limits.warn_percent) ? CV_DISK_WARN : CV_DISK_OK;
}
