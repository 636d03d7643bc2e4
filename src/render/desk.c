/* See desk.h. */
#include "render/desk.h"

#include "render/failure.h"

#include <string.h>

/* µs between two words of progress */
#define TELL 500000

static void
made_free (CvMade *self)
{
  g_free (self->name);
  g_free (self);
}

void
cv_desk_init (CvDesk *self, const CvOrder *order, const CvKit *kit, CvReporter *reporter)
{
  *self = (CvDesk){ .order = order, .kit = kit, .reporter = reporter };
  self->made = g_ptr_array_new_with_free_func ((GDestroyNotify) made_free);
}

void
cv_desk_clear (CvDesk *self)
{
  g_clear_pointer (&self->timeline, cv_timeline_free);
  g_ptr_array_unref (self->made);
}

void
cv_desk_begin (CvDesk *self, const char *stage, double begin, double share)
{
  self->stage = stage;
  self->begin = begin;
  self->share = share;
  self->told = g_get_monotonic_time ();
  cv_reporter_progress (self->reporter, stage, begin);
}

gboolean
cv_desk_go_on (CvDesk *self, double done, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  if (g_atomic_int_get (&self->cancelled)) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_CANCELLED, "nobody waits for it");
    return FALSE;
  }
  if (now - self->told >= TELL) {
    self->told = now;
    cv_reporter_progress (self->reporter, self->stage, self->begin + self->share * CLAMP (done, 0, 1));
  }
  return TRUE;
}

char *
cv_desk_path (const CvDesk *self, const char *name)
{
  const char *end = strrchr (name, '.');
  return g_strdup_printf ("files/%.*s%s%s", (int) (end - name), name, self->order->suffix, end);
}

gboolean
cv_desk_deliver (CvDesk *self, const char *path, const char *kind, const CvCut *cut, gint64 t, gint64 duration,
                 GError **error)
{
  CvMade *made = g_new0 (CvMade, 1);
  made->name = g_strdup (g_str_has_prefix (path, "files/") ? path + strlen ("files/") : path);
  made->kind = kind;
  g_ptr_array_add (self->made, made);
  if (!cv_deposit_measure (path, &made->deposit, error))
    return FALSE;
  const CvReport report = { .name = made->name,
                            .kind = kind,
                            .bytes = made->deposit.bytes,
                            .sha256 = made->deposit.sha256,
                            .person = cut != NULL ? cut->person->id : NULL,
                            .source = cut != NULL ? cv_track_source_to_text (cut->source) : NULL,
                            .t = t,
                            .duration = duration };
  cv_reporter_file (self->reporter, &report);
  return TRUE;
}

gboolean
cv_desk_put (CvDesk *self, const char *name, const char *kind, const char *text, gsize n, GError **error)
{
  g_autofree char *path = cv_desk_path (self, name);
  return cv_deposit_write (path, text, n, error) && cv_desk_deliver (self, path, kind, NULL, -1, -1, error);
}
