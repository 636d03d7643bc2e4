/* See wait.h. */
#include "lib/wait.h"

#define PATIENCE_US (20 * G_USEC_PER_SEC)

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

void
cv_test_iterate (gint64 start, const char *condition, const char *where)
{
  if (g_get_monotonic_time () - start > PATIENCE_US)
    g_error ("%s: waited in vain for %s", where, condition);
  guint tick = g_timeout_add (20, on_tick, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static gboolean
on_pause_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
cv_test_pause (guint ms)
{
  gboolean over = FALSE;
  g_timeout_add (ms, on_pause_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

void
cv_test_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
cv_test_on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

GAsyncResult *
cv_test_wait_for (GAsyncResult **slot)
{
  cv_test_wait_until (*slot != NULL);
  return g_steal_pointer (slot);
}

void
cv_test_wait_gone (gpointer object)
{
  gpointer watched = object;
  g_object_add_weak_pointer (object, &watched);
  g_object_unref (object);
  cv_test_wait_until (watched == NULL);
}
