/* Waiting in the main context, with an end: a test that would hang fails instead. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Runs the main context until the condition holds. */
#define cv_test_wait_until(condition)                                                                                  \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gint64 cv_test_start = g_get_monotonic_time ();                                                                    \
    while (!(condition))                                                                                               \
      cv_test_iterate (cv_test_start, #condition, G_STRLOC);                                                           \
  }                                                                                                                    \
  G_STMT_END

/* For cv_test_wait_until(). */
void cv_test_iterate (gint64 start, const char *condition, const char *where);
/* Runs the main context for so long. */
void cv_test_pause (guint ms);
/* Runs what is ready now, and what that makes ready. */
void cv_test_settle (void);

/* A GAsyncReadyCallback that stores the result in the slot that `user_data` points to. */
void cv_test_on_ready (GObject *source, GAsyncResult *result, gpointer user_data);
/* Returns: (transfer full). */
GAsyncResult *cv_test_wait_for (GAsyncResult **slot);

/* Lets go of `object`, runs the main context until everybody has, and fails where somebody never does. */
void cv_test_wait_gone (gpointer object);

G_END_DECLS
