/* A file that is recorded: frames with their time in, a Matroska file on the disk out.
 *
 * Owns the file and what was not handed to the disk yet. Main thread. Where the disk does not keep up, pictures are left out
 * until a keyframe, and sound where nothing else helps.
 */
#pragma once

#include "media/assembly.h"
#include "media/writer.h"

G_BEGIN_DECLS

typedef struct _CvTape CvTape;

/* Takes the descriptor over. `ended` as of cv_writer_open(). */
CvTape *cv_tape_new (CvWriter *writer, int fd, CvWriterFunc ended, gpointer user_data);
/* What was not handed over is lost. */
void cv_tape_free (CvTape *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTape, cv_tape_free)

/* A frame that happened at `time` (µs of our clock); the first one is at the beginning of the file, and a keyframe.
 * `channels`: of sound. FALSE: it was left out. */
gboolean cv_tape_add (CvTape *self, const CvFrame *frame, gint64 time, guint channels);
gboolean cv_tape_has_begun (const CvTape *self);
/* µs of our clock; once it has begun. */
gint64 cv_tape_get_start (const CvTape *self);
/* Pictures are being left out. */
gboolean cv_tape_needs_keyframe (const CvTape *self);
guint64 cv_tape_get_left_out (const CvTape *self);

/* Hands over what there is. */
void cv_tape_flush (CvTape *self);
/* Nothing follows: index, length, and the end. */
void cv_tape_finish (CvTape *self);

G_END_DECLS
