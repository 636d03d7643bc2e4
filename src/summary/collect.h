/* What the database knows of a meeting that is over, as a summary. On the store's worker; touches the connection only. */
#pragma once

#include "store/records.h"
#include "summary/summary.h"

G_BEGIN_DECLS

/* What hosts said last of what it may tell: in the meeting, else the room's. */
typedef struct {
  CvSummaryFor who;
  gboolean attendance;
  gboolean chat;
} CvSummarySettings;

/* Fails with what the store fails with, or MISSING. FALSE with an error. */
gboolean cv_summary_read_settings (sqlite3 *db, const CvRecordRow *record, CvSummarySettings *settings, GError **error);
/* Returns: (transfer full), NULL with an error. */
CvSummary *cv_summary_collect (sqlite3 *db, const CvRecordRow *record, const CvSummarySettings *settings,
                               GError **error);

G_END_DECLS
