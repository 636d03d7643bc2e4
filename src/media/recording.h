/* What a person sends of one source, written to one file.
 *
 * Owns the file and how its streams become frames. Main thread; a part of the hot path where something is recorded. Borrows
 * the source, which comes and goes with the person's connection. Takes the largest layer that comes, changes at keyframes.
 */
#pragma once

#include "media/writer.h"
#include "media/source.h"

G_BEGIN_DECLS

/* a decoder can begin at least so often */
#define CV_RECORDING_KEYFRAME_US (10 * G_USEC_PER_SEC)
#define CV_RECORDING_CLOCK_US (10 * G_USEC_PER_SEC)

typedef struct {
  /* The first frame is there. `at`: µs of our clock where the file begins; sizes are 0 where nothing says them. */
  void (*track) (CvRecording *self, CvCodec codec, gint64 at, guint width, guint height, gpointer user_data);
  /* The sender says that what is at `pts` (µs in the file) happened at `ntp` (µs of its clock). */
  void (*clock) (CvRecording *self, gint64 pts, gint64 ntp, gpointer user_data);
  /* The file is closed; the last that is heard. `reason`: "" where that was asked, "full", "io", "codec". It may be freed. */
  void (*ended) (CvRecording *self, const char *reason, guint64 bytes, gpointer user_data);
} CvRecordingFuncs;

/* Takes the descriptor over. */
CvRecording *cv_recording_new (guint file, const char *person, CvSourceType type, CvWriter *writer, int fd,
                               const CvRecordingFuncs *funcs, gpointer user_data);
/* Not finished: what was handed to the disk stays. */
void cv_recording_free (CvRecording *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRecording, cv_recording_free)

guint cv_recording_get_file (const CvRecording *self);
/* It is of this source of that person, and still goes on. */
gboolean cv_recording_is_of (const CvRecording *self, const char *person, CvSourceType type);

/* From now on it is this one. */
void cv_recording_attach (CvRecording *self, CvSource *source);
/* There is none any more; another may come. */
void cv_recording_detach (CvRecording *self);
/* A packet that may be forwarded. */
void cv_recording_packet (CvRecording *self, CvTrack *track, const CvPacket *packet);
/* Nothing came for a while: pictures begin with a keyframe. */
void cv_recording_interrupt (CvRecording *self);
/* Ten times a second. */
void cv_recording_tick (CvRecording *self, gint64 now);
/* Nothing more is written but what came so far; `ended` follows. */
void cv_recording_finish (CvRecording *self);

G_END_DECLS
