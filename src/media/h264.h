/* The size of pictures that an H.264 sequence parameter set tells. No state, any thread; never trusts a length. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The set from behind the NAL unit's header, as it stands in a packet. FALSE: it cannot be read; nothing is changed. */
gboolean cv_h264_read_size (const guint8 *set, gsize n, guint *width, guint *height);

G_END_DECLS
