/* Is there enough space for recordings? Asks the file system of their directory each time. Main thread; owns a few words. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_DISK_OK,
  CV_DISK_WARN, /* it runs low */
  CV_DISK_STOP, /* nothing may be recorded */
} CvDiskState;

typedef struct {
  guint warn_percent; /* below which one is warned */
  guint stop_percent; /* below which, or below so many bytes, it is stopped */
  guint64 stop_bytes;
} CvDiskLimits;

/* Fills in what is free for us and how much there is, in bytes. FALSE where that cannot be known. */
typedef gboolean (*CvDiskProbe) (const char *directory, guint64 *available, guint64 *total, gpointer user_data);

typedef struct _CvDisk CvDisk;

/* `directory` need not exist yet: then what is above it counts. */
CvDisk *cv_disk_new (const char *directory, const CvDiskLimits *limits);
void cv_disk_set_limits (CvDisk *self, const CvDiskLimits *limits);
void cv_disk_free (CvDisk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDisk, cv_disk_free)

/* For tests: asked in place of statvfs(). */
void cv_disk_set_probe (CvDisk *self, CvDiskProbe probe, gpointer user_data);

/* In bytes. FALSE where that cannot be known. */
gboolean cv_disk_measure (CvDisk *self, guint64 *available, guint64 *total);
/* A directory that cannot be asked is STOP. */
CvDiskState cv_disk_check (CvDisk *self);

G_END_DECLS
