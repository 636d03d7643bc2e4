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
  self->folder = g_strdup_printf ("files/.chunks-%s", order->job);
  self->made = g_ptr_array_new_with_free_func ((GDestroyNotify) made_free);
}

void
cv_desk_clear (CvDesk *self)
{
  g_clear_pointer (&self->programme, cv_programme_free);
  g_ptr_array_unref (self->made);
  g_free (self->folder);
}

/* What decides how the pieces look. Returns: (transfer full). */
static char *
describe (const CvDesk *self)
{
  const CvOrder *order = self->order;
  GString *out = g_string_new (NULL);
  g_string_append_printf (out, "1 %d %ux%u %u %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %x %" G_GINT64_FORMAT "\n",
                          order->layout, order->width, order->height, order->fps, order->from, order->to, order->suffix,
                          order->products, self->programme->duration);
  for (guint i = 0; i < order->without->len; i++)
    g_string_append_printf (out, "-%s\n", (const char *) g_ptr_array_index (order->without, i));
  for (guint i = 0; i < self->programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (self->programme->cuts, i);
    g_string_append_printf (out, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %u\n", cut->name, cut->from, cut->to,
                            cut->footage->n_frames);
  }
  return g_string_free (out, FALSE);
}

gboolean
cv_desk_prepare (CvDesk *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "order", NULL);
  g_autofree char *before = NULL, *now = describe (self);
  if (!cv_deposit_make_folder ("files", error))
    return FALSE;
  if (g_file_get_contents (path, &before, NULL, NULL) && strcmp (before, now) == 0)
    return TRUE;
  cv_deposit_remove_folder (self->folder);
  return cv_deposit_make_folder (self->folder, error) && cv_deposit_write (path, now, strlen (now), error);
}

static char *
get_mark (const CvDesk *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  return g_strdup_printf ("%s/%s.done", self->folder, name);
}

gboolean
cv_desk_mark (const CvDesk *self, const char *path, GError **error)
{
  g_autofree char *mark = get_mark (self, path);
  return cv_deposit_write (mark, "", 0, error);
}

gboolean
cv_desk_is_marked (const CvDesk *self, const char *path)
{
  g_autofree char *mark = get_mark (self, path);
  return g_file_test (mark, G_FILE_TEST_EXISTS) && g_file_test (path, G_FILE_TEST_EXISTS);
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
