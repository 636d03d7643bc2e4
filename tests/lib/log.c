/* See log.h. Lines may come from any thread. */
#include "lib/log.h"

#include <string.h>

typedef struct {
  GLogLevelFlags level;
  char *pattern;
} Expected;

static GMutex lock; /* protects `expected` */
static GQueue expected = G_QUEUE_INIT;

static void
expected_free (Expected *self)
{
  g_free (self->pattern);
  g_free (self);
}

static gboolean
take_expected (GLogLevelFlags level, const char *message)
{
  Expected *next = g_queue_peek_head (&expected);
  if (next == NULL || !(level & next->level) || !g_pattern_match_simple (next->pattern, message))
    return FALSE;
  expected_free (g_queue_pop_head (&expected));
  return TRUE;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer user_data)
{
  const char *message = "";
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
  g_mutex_lock (&lock);
  gboolean was_expected = take_expected (level, message);
  g_mutex_unlock (&lock);
  if (was_expected || (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO | G_LOG_LEVEL_MESSAGE)))
    return G_LOG_WRITER_HANDLED;
  g_log_writer_standard_streams (level, fields, n, NULL);
  if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    g_abort ();
  return G_LOG_WRITER_HANDLED;
}

void
cv_test_log_init (void)
{
  g_log_set_writer_func (write_log, NULL, NULL);
}

void
cv_test_log_expect (GLogLevelFlags level, const char *pattern)
{
  Expected *line = g_new (Expected, 1);
  *line = (Expected){ level, g_strdup (pattern) };
  g_mutex_lock (&lock);
  g_queue_push_tail (&expected, line);
  g_mutex_unlock (&lock);
}

void
cv_test_log_assert_all (void)
{
  g_mutex_lock (&lock);
  Expected *next = g_queue_peek_head (&expected);
  g_mutex_unlock (&lock); /* the writer of what follows wants it */
  if (next != NULL)
    g_error ("this line did not come: %s", next->pattern);
}

gboolean
cv_test_log_is_done (void)
{
  g_mutex_lock (&lock);
  gboolean done = g_queue_is_empty (&expected);
  g_mutex_unlock (&lock);
  return done;
}
