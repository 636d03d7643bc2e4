/* Who was there: rows of table `attendance`, one a seat, made into one entry a person, however often they came. On the store's
 * worker; touches the connection only. */
#pragma once

#include "store/records.h"
#include "summary/summary.h"

G_BEGIN_DECLS

/* FALSE with an error. */
gboolean cv_attendance_collect (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error);

G_END_DECLS
