/* See web-client.h. */
#include "base/web-client.h"

#include "base/ids.h"

#include <string.h>

#define MAX_FILES 1000
#define MAX_FILE_BYTES (4 * 1024 * 1024)
#define MAX_DEPTH 6
#define EMBED "embed/"
#define BASE_DIGITS 20 /* of the hash: they name a build, its verification takes all of them */

static const struct {
  const char *suffix;
  const char *type;
} types[] = {
  { ".js", "text/javascript; charset=utf-8" },
  { ".css", "text/css; charset=utf-8" },
  { ".html", "text/html; charset=utf-8" },
  { ".svg", "image/svg+xml" },
  { ".json", "application/json" },
  { ".png", "image/png" },
  { ".webmanifest", "application/manifest+json" },
};

const char *
cv_web_client_get_type (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (path, types[i].suffix))
      return types[i].type;
  return NULL;
}

/* ---- reading ---- */

static gboolean read_folder (GHashTable *files, GFile *folder, const char *prefix, guint depth, GError **error);

static gboolean
read_entry (GHashTable *files, GFile *file, GFileInfo *info, const char *path, guint depth, GError **error)
{
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY) {
    g_autofree char *prefix = g_strconcat (path, "/", NULL);
    return depth >= MAX_DEPTH || read_folder (files, file, prefix, depth + 1, error);
  }
  if (cv_web_client_get_type (path) == NULL)
    return TRUE;
  if (g_hash_table_size (files) >= MAX_FILES || g_file_info_get_size (info) > MAX_FILE_BYTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s: too many or too large files", path);
    return FALSE;
  }
  GBytes *content = g_file_load_bytes (file, NULL, NULL, error);
  if (content == NULL)
    return FALSE;
  g_hash_table_insert (files, g_strdup (path), content);
  return TRUE;
}

static gboolean
read_folder (GHashTable *files, GFile *folder, const char *prefix, guint depth, GError **error)
{
  const char *attributes =
    G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE;
  g_autoptr (GFileEnumerator) entries = g_file_enumerate_children (folder, attributes, 0, NULL, error);
  if (entries == NULL)
    return FALSE;
  while (TRUE) {
    GFileInfo *info = NULL;
    GFile *file = NULL;
    if (!g_file_enumerator_iterate (entries, &info, &file, NULL, error))
      return FALSE;
    if (info == NULL)
      return TRUE;
    g_autofree char *path = g_strconcat (prefix, g_file_info_get_name (info), NULL);
    if (g_file_info_get_name (info)[0] != '.' && !read_entry (files, file, info, path, depth, error))
      return FALSE;
  }
}

GHashTable *
cv_web_client_read (const char *web, const char *po, GError **error)
{
  g_autoptr (GHashTable) files =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GFile) web_folder = g_file_new_for_path (web);
  g_autoptr (GFile) po_folder = g_file_new_for_path (po);
  if (!read_folder (files, web_folder, "", 0, error))
    return NULL;
  if (g_file_query_exists (po_folder, NULL) && !read_folder (files, po_folder, "po/", MAX_DEPTH, error))
    return NULL;
  return g_steal_pointer (&files);
}

/* ---- hashing ---- */

char *
cv_web_client_list (GHashTable *files)
{
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) strcmp);
  GString *list = g_string_new (NULL);
  for (GList *item = paths; item != NULL; item = item->next) {
    g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, g_hash_table_lookup (files, item->data));
    g_string_append_printf (list, "%s  %s\n", sum, (char *) item->data);
  }
  return g_string_free (list, FALSE);
}

char *
cv_web_client_hash (GHashTable *files)
{
  g_autofree char *list = cv_web_client_list (files);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, list, -1);
}

char *
cv_web_client_base (const char *hash)
{
  return g_strdup_printf ("/w/%.*s", BASE_DIGITS, hash);
}

/* ---- the page ---- */

static char *
make_import_map (const char *base)
{
  return g_strdup_printf ("{\"imports\":{\"lit-html\":\"%s/vendor/lit-html/lit-html.js\","
                          "\"lit-html/\":\"%s/vendor/lit-html/\"}}",
                          base, base);
}

/* Modules import each other several levels deep; told of all at once, a browser need not find out step by step. */
static char *
make_preloads (GHashTable *files, const char *base)
{
  GString *links = g_string_new (NULL);
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) strcmp);
  for (GList *item = paths; item != NULL; item = item->next)
    if (g_str_has_suffix (item->data, ".js") && !g_str_has_prefix (item->data, EMBED))
      g_string_append_printf (links, "<link rel=\"modulepreload\" href=\"%s/%s\">\n", base, (char *) item->data);
  return g_string_free (links, FALSE);
}

char *
cv_web_client_make_page (GHashTable *files, const char *base, const char *embedders, GError **error)
{
  GBytes *source = g_hash_table_lookup (files, "index.html");
  if (source == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "index.html is missing");
    return NULL;
  }
  g_autofree char *import_map = make_import_map (base);
  g_autofree char *script = g_strdup_printf ("<script type=\"importmap\">%s</script>", import_map);
  g_autofree char *preloads = make_preloads (files, base);
  gsize length = 0;
  const char *text = g_bytes_get_data (source, &length);
  GString *page = g_string_new_len (text, (gssize) length);
  g_string_replace (page, "{{importmap}}", script, 0);
  g_string_replace (page, "{{preloads}}", preloads, 0);
  g_string_replace (page, "{{base}}", base, 0);
  g_string_replace (page, "{{embedders}}", embedders, 0);
  return g_string_free (page, FALSE);
}

char *
cv_web_client_make_policy (const char *base, const char *ancestors)
{
  g_autofree char *import_map = make_import_map (base);
  guint8 hash[CV_HASH_BYTES];
  cv_hash ((const guint8 *) import_map, strlen (import_map), hash);
  g_autofree char *text = g_base64_encode (hash, sizeof hash);
  return g_strdup_printf ("default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self'; "
                          "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
                          "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
                          "frame-ancestors %s; require-trusted-types-for 'script'; trusted-types lit-html",
                          text, ancestors);
}
