/* How recordings came out once they were processed, and which still have to: tables `recording` and `render`. All calls are
 * answered in the main context. */
#pragma once

#include "store/recordings.h"

G_BEGIN_DECLS

/* Of one that is processing, ready or failed: its status (READY or FAILED), error ("": none), duration (ms; -1: as it was),
 * and from these when it expires: after its room's days, or `keep_days` where that says none; 0: never. Fails with
 * CV_STORE_ERROR_MISSING. */
void cv_outcomes_settle_async (CvStore *store, const char *recording, CvRecordingStatus status, const char *error,
                               gint64 duration, guint keep_days, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_outcomes_settle_finish (CvStore *store, GAsyncResult *result, GError **error);

typedef struct {
  char *recording;
  CvRecordingStatus status;
  gboolean rendered; /* it has renderings */
  gboolean open;     /* and one of them is queued or running */
} CvOutcomeRow;

void cv_outcome_row_free (CvOutcomeRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOutcomeRow, cv_outcome_row_free)

/* All recordings, oldest first. Returns: (transfer full) of CvOutcomeRow. */
void cv_outcomes_list_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_outcomes_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of a room. Returns: (transfer full) of CvOutcomeRow. */
void cv_outcomes_list_room_async (CvStore *store, const char *room, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_outcomes_list_room_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
