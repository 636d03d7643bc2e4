/* What this process takes. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Since the last call: cores in use. */
double cv_usage_take_cpu (gint64 now);
/* KiB of memory that are resident now. The first call opens a file, later ones need none. */
guint cv_usage_get_rss (void);
/* µs of processor time so far. */
gint64 cv_usage_get_cpu (void);
/* Descriptors that are open now, and how many there may be; -1 where that cannot be known. */
int cv_usage_count_descriptors (void);
gint64 cv_usage_get_max_descriptors (void);

G_END_DECLS
