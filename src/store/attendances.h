/* Table `attendance`: who was in a meeting, one row a seat. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef struct {
  char *person;
  char *name;
  const char *role;   /* "viewer" … */
  const char *device; /* "browser", "stream", "phone" */
  char *account;      /* "" for a guest */
  gint64 joined;      /* ms since 1970 */
  gint64 left;        /* when they left, or were known to be there last */
} CvAttendanceRow;

/* Copies all. */
CvAttendanceRow *cv_attendance_row_new (const CvAttendanceRow *like);
void cv_attendance_row_free (CvAttendanceRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAttendanceRow, cv_attendance_row_free)

/* All `rows` (of CvAttendanceRow, held until it is done), in place of what was there, or none. Fails with CV_STORE_ERROR_MISSING where there is no such meeting. */
void cv_attendances_save_async (CvStore *store, const char *meeting, GPtrArray *rows, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean cv_attendances_save_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
