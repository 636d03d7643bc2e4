/* G.711: 16-bit samples to bytes of µ-law or A-law and back (ITU-T G.711). No state; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint8 cv_g711_encode_ulaw (gint16 sample);
guint8 cv_g711_encode_alaw (gint16 sample);
gint16 cv_g711_decode_ulaw (guint8 code);
gint16 cv_g711_decode_alaw (guint8 code);

G_END_DECLS
