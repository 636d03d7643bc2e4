/* Opus packets of a tone, as RTP. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_TEST_OPUS_TYPE 111

/* One packet each 20 ms, sequence numbers from 1000 on; GBytes. After gst_init(). Returns: (transfer full). */
GPtrArray *cv_test_opus_packets (double hertz, double amplitude, guint n);

G_END_DECLS
