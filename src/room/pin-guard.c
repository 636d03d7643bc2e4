/* See pin-guard.h. */
#include "room/pin-guard.h"

typedef struct {
  guint n;
  gint64 since; /* µs; all is forgotten together */
} Count;

struct _CvPinGuard {
  CvClock *clock;
  GHashTable *sources; /* who → Count */
  GHashTable *aims;    /* how it begins → Count */
  Count all;
};

CvPinGuard *
cv_pin_guard_new (CvClock *clock)
{
  CvPinGuard *self = g_new0 (CvPinGuard, 1);
  self->clock = g_object_ref (clock);
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->aims = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
cv_pin_guard_free (CvPinGuard *self)
{
  g_hash_table_unref (self->sources);
  g_hash_table_unref (self->aims);
  g_object_unref (self->clock);
  g_free (self);
}

static gboolean
is_old (CvPinGuard *self, const Count *count)
{
  return cv_clock_now (self->clock) - count->since >= G_GINT64_CONSTANT (1000) * CV_PIN_GUARD_MEMORY_MS;
}

static gboolean
is_old_entry (gpointer key, gpointer value, gpointer user_data)
{
  return is_old (user_data, value);
}

static guint
get_count (CvPinGuard *self, GHashTable *counts, const char *key)
{
  const Count *count = g_hash_table_lookup (counts, key);
  return count != NULL && !is_old (self, count) ? count->n : 0;
}

static guint
add (CvPinGuard *self, Count *count)
{
  if (count->n == 0 || is_old (self, count))
    *count = (Count){ 0, cv_clock_now (self->clock) };
  return ++count->n;
}

/* Where there is no place any more it is one of many, and `all` tells of those. */
static guint
add_to (CvPinGuard *self, GHashTable *counts, const char *key)
{
  Count *count = g_hash_table_lookup (counts, key);
  if (count == NULL && g_hash_table_size (counts) >= CV_PIN_GUARD_MAX_COUNTS)
    g_hash_table_foreach_remove (counts, is_old_entry, self);
  if (count == NULL && g_hash_table_size (counts) >= CV_PIN_GUARD_MAX_COUNTS)
    return 0;
  if (count == NULL) {
    count = g_new0 (Count, 1);
    g_hash_table_insert (counts, g_strdup (key), count);
  }
  return add (self, count);
}

gboolean
cv_pin_guard_is_blocked (CvPinGuard *self, const char *source)
{
  return source != NULL && get_count (self, self->sources, source) >= CV_PIN_GUARD_TRIES;
}

guint
cv_pin_guard_get_delay (CvPinGuard *self, const char *aim)
{
  guint wrong = MAX (get_count (self, self->aims, aim), cv_pin_guard_count (self) / CV_PIN_GUARD_ALL);
  return CV_PIN_GUARD_ANSWER_MS * MIN (1 + wrong, CV_PIN_GUARD_MOST_MS / CV_PIN_GUARD_ANSWER_MS);
}

CvPinAlert
cv_pin_guard_note (CvPinGuard *self, const char *source, const char *aim, gboolean hits)
{
  if (source != NULL)
    add_to (self, self->sources, source);
  guint all = add (self, &self->all);
  /* also where no room's PIN begins like that: otherwise the time of the next answer would tell which ones do */
  guint aimed = add_to (self, self->aims, aim);
  if (all == CV_PIN_GUARD_ALL)
    return CV_PIN_ALERT_ALL;
  return hits && aimed == CV_PIN_GUARD_AIMED ? CV_PIN_ALERT_AIMED : CV_PIN_ALERT_NONE;
}

guint
cv_pin_guard_count (CvPinGuard *self)
{
  return is_old (self, &self->all) ? 0 : self->all.n;
}
