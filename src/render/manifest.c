/* See manifest.h. */
#include "render/manifest.h"

#include "base/json.h"

static void
add_file (JsonBuilder *out, const char *name, const char *kind, const CvDeposit *deposit)
{
  json_builder_begin_object (out);
  cv_json_add_text (out, "name", name);
  cv_json_add_text (out, "kind", kind);
  cv_json_add_int (out, "bytes", (gint64) deposit->bytes);
  cv_json_add_text (out, "sha256", deposit->sha256);
  json_builder_end_object (out);
}

static gboolean
was_told (const CvDesk *desk, const char *name)
{
  for (guint i = 0; i < desk->made->len; i++)
    if (g_str_equal (((const CvMade *) g_ptr_array_index (desk->made, i))->name, name))
      return TRUE;
  return FALSE;
}

/* Without `repair` nobody has measured them. */
static gboolean
add_tracks (CvDesk *desk, JsonBuilder *out, GError **error)
{
  for (guint i = 0; i < desk->programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (desk->programme->cuts, i);
    g_autofree char *path = g_build_filename ("tracks", cut->name, NULL);
    CvDeposit deposit;
    if (was_told (desk, path))
      continue;
    if (!cv_desk_go_on (desk, (double) i / desk->programme->cuts->len, error) ||
        !cv_deposit_measure (path, &deposit, error))
      return FALSE;
    add_file (out, path, "track", &deposit);
  }
  return TRUE;
}

gboolean
cv_manifest_make (CvDesk *desk, GError **error)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  CvDeposit log;
  gsize n = 0;
  if (!cv_deposit_measure ("events.jsonl", &log, error))
    return FALSE;
  json_builder_begin_object (out);
  cv_json_add_int (out, "version", 1);
  cv_json_add_text (out, "recording", desk->order->recording);
  cv_json_add_double (out, "duration", (double) desk->programme->duration / 1000);
  json_builder_set_member_name (out, "files");
  json_builder_begin_array (out);
  add_file (out, "events.jsonl", "log", &log);
  if (!add_tracks (desk, out, error))
    return FALSE;
  for (guint i = 0; i < desk->made->len; i++) {
    const CvMade *made = g_ptr_array_index (desk->made, i);
    add_file (out, made->name, made->kind, &made->deposit);
  }
  json_builder_end_array (out);
  json_builder_end_object (out);
  g_autofree char *text = cv_json_builder_to_text (out, &n);
  return cv_desk_put (desk, "manifest.json", "manifest", text, n, error);
}
