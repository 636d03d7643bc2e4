/* Writes the summary of each meeting that is over, and keeps what is kept of meetings for as long as it may be.
 *
 * Owns a timer. Main thread. At its start it makes up for what a crash left undone. Knows no sockets and no browsers: a summary is made of
 * rows, whoever is still there.
 */
#pragma once

#include "base/clock.h"
#include "documents/cabinet.h"

G_BEGIN_DECLS

#define CV_SCRIBE_CHECK_MS (3600 * 1000)

typedef struct {
  CvStore *store;
  CvClock *clock;
  guint keep_days;    /* where the room does not say so; 0: for ever */
  CvCabinet *cabinet; /* what documents are deleted from */
} CvScribeOptions;

#define CV_TYPE_SCRIBE (cv_scribe_get_type ())
G_DECLARE_FINAL_TYPE (CvScribe, cv_scribe, CV, SCRIBE, GObject)

/* Signal: made (char *meeting), it is in the database. */
CvScribe *cv_scribe_new (const CvScribeOptions *options);
/* As in the options, for what is written from now on. */
void cv_scribe_set_keep_days (CvScribe *self, guint days);
void cv_scribe_stop (CvScribe *self);

/* The end of this meeting was handed to the store; its summary follows. */
void cv_scribe_write (CvScribe *self, const char *meeting);

/* All that is kept of a meeting goes: documents, content, who was there, summary. `whole`: and its row, as of store/records.h.
 * Fails as cv_records_delete_async(), or with an error of the disk. */
void cv_scribe_delete_async (CvScribe *self, const char *meeting, gboolean whole, const char *actor,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_scribe_delete_finish (CvScribe *self, GAsyncResult *result, GError **error);

G_END_DECLS
