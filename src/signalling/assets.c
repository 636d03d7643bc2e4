/* See assets.h. */
#include "signalling/assets.h"

#include "base/ids.h"

#include <string.h>

#define MAX_FILES 1000
#define MAX_FILE_BYTES (4 * 1024 * 1024)
#define MAX_DEPTH 6
#define EMBED "embed/"
#define NOBODY "'none'"

typedef struct {
  GBytes *plain;
  GBytes *gzip; /* NULL where it is not smaller */
  const char *type;
} Asset;

struct _CvAssets {
  GHashTable *files; /* path below the root ("css/base.css") → Asset */
  Asset *page;
  char *hash;
  char *policy;        /* of the page */
  char *framed_policy; /* the same, where embedders may show it within theirs */
  char *embed_policy;  /* of the example */
};

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

/* NULL: not a file for browsers (a README, a licence). */
static const char *
type_of (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (path, types[i].suffix))
      return types[i].type;
  return NULL;
}

static void
asset_free (Asset *self)
{
  g_bytes_unref (self->plain);
  g_clear_pointer (&self->gzip, g_bytes_unref);
  g_free (self);
}

static GBytes *
compress (GBytes *plain)
{
  g_autoptr (GConverter) gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, gzip);
  gsize length = 0;
  const void *data = g_bytes_get_data (plain, &length);
  if (!g_output_stream_write_all (stream, data, length, NULL, NULL, NULL) ||
      !g_output_stream_close (stream, NULL, NULL))
    return NULL;
  GBytes *small = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  if (g_bytes_get_size (small) >= length)
    g_clear_pointer (&small, g_bytes_unref);
  return small;
}

static Asset *
asset_new (GBytes *plain, const char *type)
{
  Asset *self = g_new0 (Asset, 1);
  self->plain = plain;
  self->gzip = compress (plain);
  self->type = type;
  return self;
}

static gboolean read_folder (CvAssets *self, GFile *folder, const char *prefix, guint depth, GError **error);

static gboolean
read_entry (CvAssets *self, GFile *file, GFileInfo *info, const char *path, guint depth, GError **error)
{
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY) {
    g_autofree char *prefix = g_strconcat (path, "/", NULL);
    return depth >= MAX_DEPTH || read_folder (self, file, prefix, depth + 1, error);
  }
  const char *type = type_of (path);
  if (type == NULL)
    return TRUE;
  if (g_hash_table_size (self->files) >= MAX_FILES || g_file_info_get_size (info) > MAX_FILE_BYTES) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s: too many or too large files", path);
    return FALSE;
  }
  GBytes *plain = g_file_load_bytes (file, NULL, NULL, error);
  if (plain == NULL)
    return FALSE;
  g_hash_table_insert (self->files, g_strdup (path), asset_new (plain, type));
  return TRUE;
}

static gboolean
read_folder (CvAssets *self, GFile *folder, const char *prefix, guint depth, GError **error)
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
    if (g_file_info_get_name (info)[0] != '.' && !read_entry (self, file, info, path, depth, error))
      return FALSE;
  }
}

static char *
hash_all (CvAssets *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (self->files), (GCompareFunc) strcmp);
  for (GList *item = paths; item != NULL; item = item->next) {
    const Asset *asset = g_hash_table_lookup (self->files, item->data);
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (asset->plain, &length);
    g_autofree char *head = g_strdup_printf ("%s %" G_GSIZE_FORMAT "\n", (char *) item->data, length);
    g_checksum_update (sum, (const guint8 *) head, -1);
    g_checksum_update (sum, data, (gssize) length);
  }
  return g_strndup (g_checksum_get_string (sum), 20);
}

static char *
hash_for_policy (const char *text)
{
  guint8 hash[CV_HASH_BYTES];
  cv_hash ((const guint8 *) text, strlen (text), hash);
  return g_base64_encode (hash, sizeof hash);
}

static char *
make_policy (const char *import_map, const char *ancestors)
{
  g_autofree char *hash = hash_for_policy (import_map);
  return g_strdup_printf ("default-src 'none'; script-src 'self' 'sha256-%s'; style-src 'self'; "
                          "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
                          "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
                          "frame-ancestors %s; require-trusted-types-for 'script'; trusted-types lit-html",
                          hash, ancestors);
}

/* Modules import each other several levels deep; told of all at once, a browser need not find out step by step. */
static char *
make_preloads (CvAssets *self, const char *base)
{
  g_autoptr (GString) links = g_string_new (NULL);
  g_autoptr (GList) paths = g_list_sort (g_hash_table_get_keys (self->files), (GCompareFunc) strcmp);
  for (GList *item = paths; item != NULL; item = item->next)
    if (g_str_has_suffix (item->data, ".js") && !g_str_has_prefix (item->data, EMBED))
      g_string_append_printf (links, "<link rel=\"modulepreload\" href=\"%s/%s\">\n", base, (char *) item->data);
  return g_string_free (g_steal_pointer (&links), FALSE);
}

static gboolean
make_page (CvAssets *self, const char *embedders, GError **error)
{
  Asset *source = g_hash_table_lookup (self->files, "index.html");
  if (source == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "index.html is missing");
    return FALSE;
  }
  g_autofree char *base = g_strconcat ("/w/", self->hash, NULL);
  g_autofree char *import_map = g_strdup_printf ("{\"imports\":{\"lit-html\":\"%s/vendor/lit-html/lit-html.js\","
                                                 "\"lit-html/\":\"%s/vendor/lit-html/\"}}",
                                                 base, base);
  g_autofree char *script = g_strdup_printf ("<script type=\"importmap\">%s</script>", import_map);
  g_autofree char *preloads = make_preloads (self, base);
  gsize length = 0;
  const char *text = g_bytes_get_data (source->plain, &length);
  GString *page = g_string_new_len (text, (gssize) length);
  g_string_replace (page, "{{importmap}}", script, 0);
  g_string_replace (page, "{{preloads}}", preloads, 0);
  g_string_replace (page, "{{base}}", base, 0);
  g_string_replace (page, "{{embedders}}", embedders, 0);
  self->page = asset_new (g_string_free_to_bytes (page), source->type);
  const char *ancestors = *embedders != '\0' ? embedders : NOBODY;
  self->policy = make_policy (import_map, NOBODY);
  self->framed_policy = make_policy (import_map, ancestors);
  self->embed_policy = g_strdup_printf ("default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; "
                                        "base-uri 'none'; form-action 'none'; frame-ancestors %s",
                                        ancestors);
  return TRUE;
}

CvAssets *
cv_assets_load (const char *web, const char *po, const char *const *embedders, GError **error)
{
  g_autoptr (CvAssets) self = g_new0 (CvAssets, 1);
  g_autofree char *origins = embedders != NULL ? g_strjoinv (" ", (char **) embedders) : g_strdup ("");
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) asset_free);
  g_autoptr (GFile) web_folder = g_file_new_for_path (web);
  g_autoptr (GFile) po_folder = g_file_new_for_path (po);
  if (!read_folder (self, web_folder, "", 0, error))
    return NULL;
  if (g_file_query_exists (po_folder, NULL) && !read_folder (self, po_folder, "po/", MAX_DEPTH, error))
    return NULL;
  self->hash = hash_all (self);
  if (!make_page (self, origins, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
cv_assets_free (CvAssets *self)
{
  g_hash_table_unref (self->files);
  g_clear_pointer (&self->page, asset_free);
  g_free (self->hash);
  g_free (self->policy);
  g_free (self->framed_policy);
  g_free (self->embed_policy);
  g_free (self);
}

const char *
cv_assets_get_hash (CvAssets *self)
{
  return self->hash;
}

static void
respond (const Asset *asset, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *accepts =
    soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Accept-Encoding");
  gboolean gzip = asset->gzip != NULL && accepts != NULL && soup_header_contains (accepts, "gzip");
  if (asset->gzip != NULL)
    soup_message_headers_replace (headers, "Vary", "Accept-Encoding");
  if (gzip)
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  soup_message_headers_set_content_type (headers, asset->type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), gzip ? asset->gzip : asset->plain);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

gboolean
cv_assets_respond (CvAssets *self, SoupServerMessage *message, const char *path)
{
  g_autofree char *root = g_strdup_printf ("/w/%s/", self->hash);
  if (!g_str_has_prefix (path, root))
    return FALSE;
  const Asset *asset = g_hash_table_lookup (self->files, path + strlen (root));
  if (asset == NULL)
    return FALSE;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Cache-Control", "public, max-age=31536000, immutable");
  respond (asset, message);
  return TRUE;
}

gboolean
cv_assets_respond_embed (CvAssets *self, SoupServerMessage *message, const char *path)
{
  if (!g_str_has_prefix (path, "/" EMBED))
    return FALSE;
  const Asset *asset = g_hash_table_lookup (self->files, path + 1);
  if (asset == NULL)
    return FALSE;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  /* Public files that pages of other origins load; they say nothing of who asks. */
  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "cross-origin");
  soup_message_headers_replace (headers, "Content-Security-Policy", self->embed_policy);
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  respond (asset, message);
  return TRUE;
}

void
cv_assets_respond_page (CvAssets *self, SoupServerMessage *message, gboolean framed)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Content-Security-Policy", framed ? self->framed_policy : self->policy);
  soup_message_headers_replace (headers, "Permissions-Policy",
                                "camera=(self), microphone=(self), display-capture=(self), screen-wake-lock=(self), "
                                "picture-in-picture=(self), fullscreen=(self), geolocation=(), payment=(), usb=()");
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
  respond (self->page, message);
}
