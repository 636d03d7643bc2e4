/* Table `recording`. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef enum {
  CV_RECORDING_RECORDING,
  CV_RECORDING_PROCESSING, /* it has ended, and something is made of it */
  CV_RECORDING_READY,
  CV_RECORDING_FAILED,
  CV_RECORDING_DELETING,
} CvRecordingStatus;

/* "recording", "processing", "ready", "failed", "deleting", NULL. */
extern const char *const cv_recording_statuses[];

typedef struct {
  char *id; /* "r" + 12 */
  char *room;
  char *meeting;
  char *title;
  gint64 started; /* ms since 1970, like those below */
  gint64 ended;   /* 0: it has not */
  CvRecordingStatus status;
  char *error;     /* stable id, "" where there is none */
  gint64 duration; /* ms without pauses */
  gint64 bytes;    /* of all files */
  guint people;    /* who were recorded */
  gint64 expires;  /* 0: never */
} CvRecordingRow;

CvRecordingRow *cv_recording_row_copy (const CvRecordingRow *self);
void cv_recording_row_free (CvRecordingRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRecordingRow, cv_recording_row_free)

/* Fails with CV_STORE_ERROR_EXISTS, or MISSING where there is no such room or meeting. */
void cv_recordings_insert_async (CvStore *store, const CvRecordingRow *row, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cv_recordings_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with CV_STORE_ERROR_MISSING. Returns: (transfer full). */
void cv_recordings_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
CvRecordingRow *cv_recordings_load_finish (CvStore *store, GAsyncResult *result, GError **error);

typedef enum {
  CV_RECORDINGS_BY_STARTED,
  CV_RECORDINGS_BY_TITLE,
  CV_RECORDINGS_BY_BYTES,
  CV_RECORDINGS_BY_DURATION,
} CvRecordingsOrder;

/* Of one page of a list. */
#define CV_RECORDINGS_MAX_PAGE 200

/* NULL and 0: whatever it is. */
typedef struct {
  const char *text; /* a part of its title, its room's, or the name of somebody in it, no matter the case; UTF-8 */
  const char *room;
  const char *owner;  /* of its room */
  const char *status; /* without one, all but those that are being deleted */
  gint64 expired;     /* only those that were to be deleted by then */
  CvRecordingsOrder order;
  gboolean ascending;
  const char *cursor; /* of the last one of the page before: cv_recording_row_to_cursor() */
  guint limit;        /* 1 … CV_RECORDINGS_MAX_PAGE */
} CvRecordingsQuery;

/* Returns: (transfer full) of CvRecordingRow. Fails with CV_STORE_ERROR_INVALID where the cursor is none. */
void cv_recordings_list_async (CvStore *store, const CvRecordingsQuery *query, GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *cv_recordings_list_finish (CvStore *store, GAsyncResult *result, GError **error);
/* Where a list in this order goes on behind this one; base64url. Returns: (transfer full). */
char *cv_recording_row_to_cursor (const CvRecordingRow *self, CvRecordingsOrder order);

/* Each of these fails with CV_STORE_ERROR_MISSING where there is no such row; all of them end with
 * cv_recordings_change_finish(). */
void cv_recordings_set_title_async (CvStore *store, const char *id, const char *title, GAsyncReadyCallback callback,
                                    gpointer user_data);
void cv_recordings_set_status_async (CvStore *store, const char *id, CvRecordingStatus status, const char *error,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* What is known of its files. */
void cv_recordings_set_size_async (CvStore *store, const char *id, gint64 duration, gint64 bytes,
                                   GAsyncReadyCallback callback, gpointer user_data);
/* `expires` 0: never. */
void cv_recordings_set_expires_async (CvStore *store, const char *id, gint64 expires, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* From `recording` to `processing`; MISSING where it is not being recorded. */
void cv_recordings_end_async (CvStore *store, const char *id, gint64 ended, gint64 duration, gint64 bytes, guint people,
                              GAsyncReadyCallback callback, gpointer user_data);
/* With everything that refers to it. */
void cv_recordings_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_recordings_change_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
