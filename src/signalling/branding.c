/* See branding.h. */
#include "signalling/branding.h"

#include "base/json.h"
#include "base/palette.h"
#include "signalling/http.h"

#include <string.h>

#define CV_LOG_TOPIC "branding"
#include "base/log.h"

#define FOLDER "/branding/"
#define OWN_NAME "Conclave"
/* of the hash that a logo is named by */
#define NAME_DIGITS 20
/* Whoever opens the picture itself gets a page of nobody: nothing in it runs or loads anything. */
#define LOGO_POLICY                                                                                                    \
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "       \
  "sandbox"

struct _CvBranding {
  char *name;
  char *json;
  GBytes *logo; /* NULL: there is none */
  const char *type;
  char *logo_name;
};

static void
add_shades (JsonBuilder *builder, const char *name, const CvShades *shades)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "accent", shades->accent.text);
  cv_json_add_text (builder, "hover", shades->hover.text);
  cv_json_add_text (builder, "soft", shades->soft.text);
  cv_json_add_text (builder, "on_accent", shades->on_accent.text);
  json_builder_end_object (builder);
}

static void
add_colours (JsonBuilder *builder, const char *text)
{
  CvColour accent;
  CvPalette palette;
  if (text == NULL || !cv_colour_parse (&accent, text))
    return;
  cv_palette_make (&palette, &accent);
  if (!g_str_equal (palette.light.accent.text, accent.text))
    cv_notice (NULL, NULL, "[branding] accent = %s is too bright for text on light pages: %s is used there",
               accent.text, palette.light.accent.text);
  json_builder_set_member_name (builder, "colours");
  json_builder_begin_object (builder);
  add_shades (builder, "light", &palette.light);
  add_shades (builder, "dark", &palette.dark);
  json_builder_end_object (builder);
}

static void
add_set (JsonBuilder *builder, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    cv_json_add_text (builder, name, value);
}

static char *
make_json (const CvBrandingOptions *options, const char *logo_name)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autofree char *logo = logo_name != NULL ? g_strconcat (FOLDER, logo_name, NULL) : NULL;
  json_builder_begin_object (builder);
  add_set (builder, "name", options->name);
  add_set (builder, "logo", logo);
  add_colours (builder, options->accent);
  json_builder_set_member_name (builder, "links");
  json_builder_begin_object (builder);
  add_set (builder, "imprint", options->imprint);
  add_set (builder, "privacy", options->privacy);
  add_set (builder, "terms", options->terms);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}

CvBranding *
cv_branding_new (const CvBrandingOptions *options)
{
  static const CvBrandingOptions none = { 0 };
  CvBranding *self = g_new0 (CvBranding, 1);
  if (options == NULL)
    options = &none;
  if (options->logo != NULL) {
    g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, options->logo);
    self->logo = g_bytes_ref (options->logo);
    self->type = g_str_equal (options->logo_type, "image/png") ? "image/png" : "image/svg+xml";
    self->logo_name =
      g_strdup_printf ("%.*s.%s", NAME_DIGITS, sum, g_str_equal (self->type, "image/png") ? "png" : "svg");
  }
  self->name = g_strdup (options->name != NULL && *options->name != '\0' ? options->name : OWN_NAME);
  self->json = make_json (options, self->logo_name);
  return self;
}

void
cv_branding_free (CvBranding *self)
{
  g_free (self->name);
  g_free (self->json);
  g_free (self->logo_name);
  g_clear_pointer (&self->logo, g_bytes_unref);
  g_free (self);
}

const char *
cv_branding_get_name (const CvBranding *self)
{
  return self->name;
}

void
cv_branding_respond (const CvBranding *self, SoupServerMessage *message)
{
  cv_http_respond_json (message, SOUP_STATUS_OK, g_strdup (self->json));
}

gboolean
cv_branding_respond_logo (const CvBranding *self, SoupServerMessage *message, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  if (self->logo == NULL || !g_str_equal (name, self->logo_name))
    return FALSE;
  soup_message_headers_replace (headers, "Content-Security-Policy", LOGO_POLICY);
  soup_message_headers_replace (headers, "Cache-Control", "public, max-age=31536000, immutable");
  soup_message_headers_set_content_type (headers, self->type, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), self->logo);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  return TRUE;
}
