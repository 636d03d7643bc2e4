/* What a test's process has: descriptors and children. */
#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* Open ones. */
guint cv_test_count_descriptors (void);
/* Waits until no more than so many are open. Fewer may be: GLib's own of a child that is gone go a little later. */
void cv_test_wait_descriptors (guint most);
/* Living ones and zombies. */
guint cv_test_count_children (void);
/* Of the one that there is. */
pid_t cv_test_only_child (void);
/* That one may ask for `mib` of memory; in an instrumented build, for as much as it likes. */
void cv_test_assert_memory (guint mib);

G_END_DECLS
