/* What a test's process has: descriptors and children. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Open ones. */
guint cv_test_count_descriptors (void);
/* Living ones and zombies. */
guint cv_test_count_children (void);

G_END_DECLS
