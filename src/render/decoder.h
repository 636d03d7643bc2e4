/* A decoder that works while it is called: what is pushed is decoded when the call returns.
 *
 * So it is known what there is at a time, and nothing waits for anything: a stream that ends, pauses or is broken holds up
 * nobody else. Owns its elements, the pads around them and what came out last. One thread at a time.
 */
#pragma once

#include "pipeline/template.h"

G_BEGIN_DECLS

typedef struct _CvDecoder CvDecoder;

/* What came out, in the course of a push: borrowed. */
typedef void (*CvDecoderFunc) (GstBuffer *buffer, GstCaps *caps, gpointer user_data);

/* Returns: (transfer full), NULL where the template cannot be made. */
CvDecoder *cv_decoder_new (CvTemplate *template, GstCaps *caps, CvDecoderFunc func, gpointer user_data, GError **error);
void cv_decoder_free (CvDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDecoder, cv_decoder_free)

/* Takes the buffer. FALSE: it would not have it; go on with the next. */
gboolean cv_decoder_push (CvDecoder *self, GstBuffer *buffer);
/* Forgets what was before: the next buffer is one to begin with. */
void cv_decoder_flush (CvDecoder *self);

G_END_DECLS
