/* See order.h. */
#include "render/order.h"

#include <string.h>

#define MIN_SIDE 160
#define MAX_WIDTH 3840
#define MAX_HEIGHT 2160
#define MAX_FPS 60
/* ms */
#define MAX_TIME (G_GINT64_CONSTANT (1000) * 3600 * 24 * 7)
#define MAX_PRODUCTS 16

static const char *const layouts[] = { "grid", "speaker", "presentation", "auto", NULL };

/* In the order of CvProducts' bits. */
static const char *const products[] = { "repair", "video",      "audio",    "tracks",   "timeline",
                                        "poster", "thumbnails", "waveform", "chapters", "manifest" };

static gint64
read_time (CvJsonReader *reader, const char *name)
{
  double ms = cv_json_reader_number (reader, name, -1, MAX_TIME);
  return ms < 0 ? -1 : (gint64) (ms * 1000);
}

static void
read_without (CvJsonReader *reader, CvOrder *self)
{
  JsonArray *array = cv_json_reader_strings (reader, "without", CV_ORDER_MAX_WITHOUT, 32);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (self->without, g_strdup (json_array_get_string_element (array, i)));
}

/* FALSE: there is one that nobody knows. */
static gboolean
read_products (CvJsonReader *reader, CvOrder *self)
{
  JsonArray *array = cv_json_reader_strings (reader, "products", MAX_PRODUCTS, 32);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    guint k = 0;
    while (k < G_N_ELEMENTS (products) && strcmp (products[k], json_array_get_string_element (array, i)) != 0)
      k++;
    if (k == G_N_ELEMENTS (products))
      return FALSE;
    self->products |= 1u << k;
  }
  return TRUE;
}

/* Part of files' names. */
static gboolean
read_suffix (CvJsonReader *reader, CvOrder *self)
{
  const char *suffix = cv_json_reader_text (reader, "suffix", 0, CV_ORDER_MAX_SUFFIX, FALSE);
  if (suffix == NULL || (*suffix != '\0' && (*suffix != '-' || strlen (suffix) < 2)))
    return FALSE;
  for (const char *at = suffix; *at != '\0'; at++)
    if (!g_ascii_isdigit (*at) && at != suffix)
      return FALSE;
  g_strlcpy (self->suffix, suffix, sizeof self->suffix);
  return TRUE;
}

/* FALSE: they are not those that there are. */
static gboolean
read_words (CvJsonReader *reader, CvOrder *self)
{
  JsonArray *array = cv_json_reader_strings (reader, "words", CV_FILM_N_WORDS, CV_FILM_MAX_WORDS);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    self->words[i] = g_strdup (json_array_get_string_element (array, i));
  return self->words[CV_FILM_N_WORDS - 1] != NULL;
}

static void
read_all (CvJsonReader *reader, CvOrder *self)
{
  const char *job = cv_json_reader_id (reader, "job", "j", 12);
  const char *recording = cv_json_reader_id (reader, "recording", "r", 12);
  g_strlcpy (self->job, job != NULL ? job : "", sizeof self->job);
  g_strlcpy (self->recording, recording != NULL ? recording : "", sizeof self->recording);
  self->layout = (CvLayout) MAX (cv_json_reader_choice (reader, "layout", layouts), 0);
  self->width = (guint) cv_json_reader_int (reader, "width", MIN_SIDE, MAX_WIDTH) & ~1u;
  self->height = (guint) cv_json_reader_int (reader, "height", MIN_SIDE, MAX_HEIGHT) & ~1u;
  self->fps = (guint) cv_json_reader_int (reader, "fps", 0, MAX_FPS);
  self->from = MAX (read_time (reader, "from"), 0);
  self->to = read_time (reader, "to");
  read_without (reader, self);
}

CvOrder *
cv_order_parse (const CvParcel *message, GError **error)
{
  g_autoptr (CvOrder) self = g_new0 (CvOrder, 1);
  CvJsonReader reader;
  self->without = g_ptr_array_new_with_free_func (g_free);
  cv_json_reader_init (&reader, message->object);
  read_all (&reader, self);
  gboolean known = read_products (&reader, self) && read_suffix (&reader, self) && read_words (&reader, self);
  if (!cv_json_reader_finish (&reader, error))
    return NULL;
  if (!known || (self->to >= 0 && self->to <= self->from)) {
    g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "products, suffix, words or range: no such thing");
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
cv_order_free (CvOrder *self)
{
  g_ptr_array_unref (self->without);
  for (guint i = 0; i < CV_FILM_N_WORDS; i++)
    g_free (self->words[i]);
  g_free (self);
}
