/* See assets.h. */
#include "signalling/assets.h"

#include "base/web-client.h"

#include <string.h>

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
  char *base;          /* "/w/HASH" */
  char *policy;        /* of the page */
  char *framed_policy; /* the same, where embedders may show it within theirs */
  char *embed_policy;  /* of the example */
};

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

static gboolean
make_page (CvAssets *self, GHashTable *files, const char *embedders, GError **error)
{
  char *page = cv_web_client_make_page (files, self->base, embedders, error);
  if (page == NULL)
    return FALSE;
  self->page = asset_new (g_bytes_new_take (page, strlen (page)), cv_web_client_get_type ("index.html"));
  const char *ancestors = *embedders != '\0' ? embedders : NOBODY;
  self->policy = cv_web_client_make_policy (self->base, NOBODY);
  self->framed_policy = cv_web_client_make_policy (self->base, ancestors);
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
  g_autoptr (GHashTable) files = cv_web_client_read (web, po, error);
  if (files == NULL)
    return NULL;
  GHashTableIter iter;
  gpointer path = NULL, content = NULL;
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &path, &content))
    g_hash_table_insert (self->files, g_strdup (path),
                         asset_new (g_bytes_ref (content), cv_web_client_get_type (path)));
  g_autofree char *hash = cv_web_client_hash (files);
  self->base = cv_web_client_base (hash);
  if (!make_page (self, files, origins, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
cv_assets_free (CvAssets *self)
{
  g_hash_table_unref (self->files);
  g_clear_pointer (&self->page, asset_free);
  g_free (self->base);
  g_free (self->policy);
  g_free (self->framed_policy);
  g_free (self->embed_policy);
  g_free (self);
}

const char *
cv_assets_get_hash (CvAssets *self)
{
  return self->base + strlen ("/w/");
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
  g_autofree char *root = g_strconcat (self->base, "/", NULL);
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
