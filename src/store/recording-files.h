/* Table `recording_file`: what there is of a recording, its tracks and what was made of them. All calls are answered in the
 * main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef struct {
  char *recording;
  char *name;              /* "tracks/NAME" of a track, "NAME" of what was made */
  char *kind;              /* "track", "video", … */
  gint64 bytes;            /* 0 … */
  char *sha256;            /* 64 hexadecimal digits; "": not known yet */
  char *person;            /* whose track it is; "": nobody's */
  char *source;            /* "microphone", "camera", …; "": of none */
  gint64 begins, duration; /* ms, on the composed timeline; duration 0: not known yet, or it has none */
  char *render;            /* what made it; NULL: nothing did, or that is forgotten */
} CvRecordingFileRow;

CvRecordingFileRow *cv_recording_file_row_copy (const CvRecordingFileRow *self);
void cv_recording_file_row_free (CvRecordingFileRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRecordingFileRow, cv_recording_file_row_free)

/* All or none of `rows` (CvRecordingFileRow); what a row does not know ("", 0, NULL) stays as it was, but a hash only where
 * the file is as long as before. Sums up the recording's bytes. Fails with CV_STORE_ERROR_MISSING where there is no such
 * recording. */
void cv_recording_files_put_async (CvStore *store, GPtrArray *rows, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_recording_files_put_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of one recording, or of several (ending in NULL), by recording and name. Returns: (transfer full) of
 * CvRecordingFileRow. */
void cv_recording_files_list_async (CvStore *store, const char *const *recordings, GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *cv_recording_files_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with CV_STORE_ERROR_MISSING, also where the recording is being deleted. Returns: (transfer full). */
void cv_recording_files_find_async (CvStore *store, const char *recording, const char *name,
                                    GAsyncReadyCallback callback, gpointer user_data);
CvRecordingFileRow *cv_recording_files_find_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
