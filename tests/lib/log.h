/* The log in a test: a warning that the test did not announce ends it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* First thing in a test's main(), after g_test_init(). */
void cv_test_log_init (void);
/* One line of this level that fits `pattern` is to come; it is swallowed. */
void cv_test_log_expect (GLogLevelFlags level, const char *pattern);
/* Whether all of those came. */
gboolean cv_test_log_is_done (void);
/* Fails where an announced line did not come. */
void cv_test_log_assert_all (void);

G_END_DECLS
