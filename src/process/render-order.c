/* What is to be made of a recording: see render-order.h. */
#include "process/render-order.h"

#include "base/ids.h"

#include <string.h>

/* what conclave-render takes: render/CONTROL.md */
#define MIN_SIDE 160
#define MAX_WIDTH 3840
#define MAX_HEIGHT 2160
#define MAX_FPS 60
#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 720
#define MAX_MS (G_GINT64_CONSTANT (30) * 24 * 3600 * 1000)

const char *const cv_render_layouts[] = { "grid", "speaker", "presentation", "auto", NULL };
const char *const cv_render_products[] = { "repair",     "tracks",   "video",    "audio",    "timeline", "poster",
                                           "thumbnails", "waveform", "chapters", "manifest", NULL };
/* of those above: what the first rendering has made already, and nobody needs twice */
#define N_ONCE 2

CvRenderOrder *
cv_render_order_new (void)
{
  CvRenderOrder *self = g_new0 (CvRenderOrder, 1);

  self->layout = "auto";
  self->width = DEFAULT_WIDTH;
  self->height = DEFAULT_HEIGHT;
  self->from = -1;
  self->to = -1;
  self->without = g_new0 (char *, 1);
  G_STATIC_ASSERT (G_N_ELEMENTS (cv_render_products) <= G_N_ELEMENTS (self->products));
  memcpy (self->products, cv_render_products, sizeof cv_render_products);
  return self;
}

void
cv_render_order_free (CvRenderOrder *self)
{
  g_strfreev (self->without);
  g_free (self);
}

static void
refuse (CvJsonReader *reader, const char *text)
{
  if (reader->error == NULL)
    g_set_error_literal (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, text);
}

static void
read_number (CvJsonReader *reader, const char *name, guint min, guint max, guint *value)
{
  if (cv_json_reader_has (reader, name))
    *value = (guint) cv_json_reader_int (reader, name, min, max);
}

static void
read_range (CvJsonReader *reader, CvRenderOrder *self)
{
  if (cv_json_reader_has (reader, "from"))
    self->from = cv_json_reader_int (reader, "from", -1, MAX_MS);
  if (cv_json_reader_has (reader, "to"))
    self->to = cv_json_reader_int (reader, "to", -1, MAX_MS);
  if (self->to >= 0 && self->to <= self->from)
    refuse (reader, "to: not behind from");
}

static void
read_without (CvJsonReader *reader, CvRenderOrder *self)
{
  JsonArray *array = NULL;
  g_autoptr (GStrvBuilder) people = g_strv_builder_new ();

  if (cv_json_reader_has (reader, "without"))
    array = cv_json_reader_strings (reader, "without", CV_RENDER_MAX_WITHOUT, 1 + CV_ID_LETTERS);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    const char *person = json_array_get_string_element (array, i);

    if (cv_id_is_valid (person, "p"))
      g_strv_builder_add (people, person);
    else
      refuse (reader, "without: not the id of a person");
  }
  g_strfreev (self->without);
  self->without = g_strv_builder_end (people);
}

/* In the table's order, each once. */
static void
read_products (CvJsonReader *reader, CvRenderOrder *self)
{
  JsonArray *array = NULL;
  guint n = 0, known = 0, given = 0;

  if (cv_json_reader_has (reader, "products"))
    array = cv_json_reader_strings (reader, "products", G_N_ELEMENTS (cv_render_products), 32);
  for (guint i = 0; cv_render_products[i] != NULL; i++) {
    gboolean wanted = array == NULL && i >= N_ONCE;

    for (guint k = 0; array != NULL && k < json_array_get_length (array); k++)
      if (g_str_equal (json_array_get_string_element (array, k), cv_render_products[i])) {
        wanted = TRUE;
        known++;
      }
    if (wanted)
      self->products[n++] = cv_render_products[i];
  }
  self->products[n] = NULL;
  given = array != NULL ? json_array_get_length (array) : 0;
  if (known != given || n == 0)
    refuse (reader, "products: unknown, or none");
}

CvRenderOrder *
cv_render_order_read (CvJsonReader *reader)
{
  CvRenderOrder *self = cv_render_order_new ();
  int layout = cv_json_reader_choice (reader, "layout", cv_render_layouts);

  if (layout >= 0)
    self->layout = cv_render_layouts[layout];
  read_number (reader, "width", MIN_SIDE, MAX_WIDTH, &self->width);
  read_number (reader, "height", MIN_SIDE, MAX_HEIGHT, &self->height);
  read_number (reader, "fps", 0, MAX_FPS, &self->fps);
  read_range (reader, self);
  read_without (reader, self);
  read_products (reader, self);
  return self;
}

static gboolean
is_suffix (const char *text)
{
  return *text == '\0' || (*text == '-' && text[1] != '\0' && text[1 + strspn (text + 1, "0123456789")] == '\0');
}

CvRenderOrder *
cv_render_order_parse (const char *text, GError **error)
{
  g_autoptr (JsonObject) object = cv_json_parse (text, strlen (text), error);
  g_autoptr (CvRenderOrder) self = NULL;
  CvJsonReader reader;
  const char *suffix = "";

  if (object == NULL)
    return NULL;
  cv_json_reader_init (&reader, object);
  self = cv_render_order_read (&reader);
  if (cv_json_reader_has (&reader, "suffix"))
    suffix = cv_json_reader_text (&reader, "suffix", 0, sizeof self->suffix - 1, FALSE);
  if (suffix != NULL && !is_suffix (suffix))
    refuse (&reader, "suffix: not one of ours");
  else if (suffix != NULL)
    g_strlcpy (self->suffix, suffix, sizeof self->suffix);
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&self) : NULL;
}

static void
add_strings (JsonBuilder *builder, const char *name, const char *const *strings)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *strings != NULL; strings++)
    json_builder_add_string_value (builder, *strings);
  json_builder_end_array (builder);
}

void
cv_render_order_add (const CvRenderOrder *self, JsonBuilder *builder)
{
  cv_json_add_text (builder, "layout", self->layout);
  cv_json_add_int (builder, "width", self->width);
  cv_json_add_int (builder, "height", self->height);
  cv_json_add_int (builder, "fps", self->fps);
  cv_json_add_int (builder, "from", self->from);
  cv_json_add_int (builder, "to", self->to);
  add_strings (builder, "without", (const char *const *) self->without);
  add_strings (builder, "products", self->products);
  cv_json_add_text (builder, "suffix", self->suffix);
  if (self->words != NULL)
    add_strings (builder, "words", self->words);
}

char *
cv_render_order_to_text (const CvRenderOrder *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_render_order_add (self, builder);
  json_builder_end_object (builder);
  return cv_json_builder_to_text (builder, NULL);
}
