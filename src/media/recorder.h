/* All that is recorded of a meeting: which person's source goes to which file.
 *
 * Owns the files and the disk's thread. Main thread. Gets sources as they come; they let go of it themselves. Knows no path.
 */
#pragma once

#include "media/recording.h"

G_BEGIN_DECLS

/* files that are open at a time */
#define CV_RECORDER_MAX_FILES 1024

typedef struct _CvRecorder CvRecorder;

/* News; as of CvRecordingFuncs. */
typedef struct {
  void (*track) (guint file, CvCodec codec, gint64 at, guint width, guint height, gpointer user_data);
  void (*clock) (guint file, gint64 pts, gint64 ntp, gpointer user_data);
  /* The number is free again. */
  void (*ended) (guint file, const char *reason, guint64 bytes, gpointer user_data);
} CvRecorderFuncs;

CvRecorder *cv_recorder_new (const CvRecorderFuncs *funcs, gpointer user_data);
/* Finishes all files and waits for them, though not for ever. */
void cv_recorder_free (CvRecorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRecorder, cv_recorder_free)

/* Writes what comes of a person's source, and takes the descriptor over. `file` is not in use. `source`: NULL where there is
 * none at present. FALSE: there are too many, or it is recorded already. */
gboolean cv_recorder_record (CvRecorder *self, guint file, const char *person, CvSourceType type, CvSource *source,
                             int fd);
gboolean cv_recorder_has (CvRecorder *self, guint file);
/* Nothing more of it is written; `ended` follows. */
void cv_recorder_unrecord (CvRecorder *self, guint file);
/* A source is there: it may be one that is recorded. */
void cv_recorder_attach (CvRecorder *self, CvSource *source);

G_END_DECLS
