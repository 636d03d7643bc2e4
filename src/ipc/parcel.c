/* The envelope of a message: see parcel.h.
 *
 * Owns nothing but the messages that it hands out. One thread at a time. Text from the other end never meets an assertion.
 */
#include "ipc/parcel.h"

#include <string.h>
#include <unistd.h>

/* TRUE for 1 … CV_PARCEL_MAX_NAME of [a-z-]. */
static gboolean
is_name (const char *text)
{
  gsize n = strspn (text, "abcdefghijklmnopqrstuvwxyz-");

  return n > 0 && n <= CV_PARCEL_MAX_NAME && text[n] == '\0';
}

/* Takes a name out of the object. Returns: (transfer full), NULL with the reader's error set. */
static char *
take_name (CvJsonReader *reader, const char *member)
{
  const char *text = cv_json_reader_text (reader, member, 1, CV_PARCEL_MAX_NAME, FALSE);

  if (text == NULL)
    return NULL;
  if (!is_name (text)) {
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "%s: not a name", member);
    return NULL;
  }
  return g_strdup (text);
}

static void
read_answer (CvParcel *self, CvJsonReader *reader)
{
  self->re = cv_json_reader_int (reader, "re", 1, G_MAXINT64);
  if (!cv_json_reader_has (reader, "error"))
    return;
  self->error = take_name (reader, "error");
  self->text = g_strdup (cv_json_reader_text (reader, "text", 0, CV_PARCEL_MAX_TEXT, FALSE));
}

static void
read_envelope (CvParcel *self, CvJsonReader *reader)
{
  if (cv_json_reader_has (reader, "re")) {
    read_answer (self, reader);
  } else {
    self->type = take_name (reader, "type");
    if (cv_json_reader_has (reader, "id"))
      self->id = cv_json_reader_int (reader, "id", 1, G_MAXINT64);
  }
  if (cv_json_reader_has (reader, "fds"))
    self->n_fds = (guint) cv_json_reader_int (reader, "fds", 1, CV_PARCEL_MAX_FDS);
}

/* What is left belongs to the type. `type` in an answer is left too, and so is an unknown member of it. */
static void
drop_envelope (CvParcel *self)
{
  if (self->error != NULL)
    json_object_remove_member (self->object, "text");
  if (self->error != NULL)
    json_object_remove_member (self->object, "error");
  json_object_remove_member (self->object, self->re > 0 ? "re" : "type");
  if (self->id > 0)
    json_object_remove_member (self->object, "id");
  if (self->n_fds > 0)
    json_object_remove_member (self->object, "fds");
}

CvParcel *
cv_parcel_parse (const char *line, gsize n, GError **error)
{
  g_autoptr (CvParcel) self = g_new0 (CvParcel, 1);
  CvJsonReader reader;

  for (guint i = 0; i < CV_PARCEL_MAX_FDS; i++)
    self->fds[i] = -1;
  self->bytes = n;
  self->object = cv_json_parse_long (line, n, CV_PARCEL_MAX_BYTES, error);
  if (self->object == NULL)
    return NULL;
  cv_json_reader_init (&reader, self->object);
  read_envelope (self, &reader);
  if (reader.error != NULL) {
    g_propagate_error (error, reader.error);
    return NULL;
  }
  drop_envelope (self);
  return g_steal_pointer (&self);
}

void
cv_parcel_free (CvParcel *self)
{
  for (guint i = 0; i < CV_PARCEL_MAX_FDS; i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
  g_clear_pointer (&self->object, json_object_unref);
  g_free (self->type);
  g_free (self->error);
  g_free (self->text);
  g_free (self);
}

int
cv_parcel_take_fd (CvParcel *self, guint i)
{
  int fd;

  g_return_val_if_fail (self != NULL, -1);

  if (i >= CV_PARCEL_MAX_FDS)
    return -1;
  fd = self->fds[i];
  self->fds[i] = -1;
  return fd;
}

/* ---- Writing ---- */

JsonBuilder *
cv_parcel_build (const char *type)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "type", type);
  return builder;
}

JsonBuilder *
cv_parcel_build_answer (gint64 re)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  cv_json_add_int (builder, "re", re);
  return builder;
}

/* The sentence may quote a stranger: it is cut to what the other end takes. Returns: (transfer full). */
static char *
make_sentence (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *sentence = g_string_new (NULL);
  guint n = 0;

  for (const char *at = valid; *at != '\0' && n < CV_PARCEL_MAX_TEXT; at = g_utf8_next_char (at), n++) {
    gunichar c = g_utf8_get_char (at);

    g_string_append_unichar (sentence, g_unichar_isprint (c) ? c : ' ');
  }
  return g_string_free (sentence, FALSE);
}

JsonBuilder *
cv_parcel_build_error (gint64 re, const char *error, const char *text)
{
  JsonBuilder *builder = cv_parcel_build_answer (re);
  g_autofree char *sentence = make_sentence (text);

  cv_json_add_text (builder, "error", error);
  cv_json_add_text (builder, "text", sentence);
  return builder;
}

char *
cv_parcel_finish (JsonBuilder *builder, gint64 id, guint n_fds, gsize *n)
{
  g_autofree char *text = NULL;

  if (id > 0)
    cv_json_add_int (builder, "id", id);
  if (n_fds > 0)
    cv_json_add_int (builder, "fds", n_fds);
  json_builder_end_object (builder);
  text = cv_json_builder_to_text (builder, n);
  if (*n > CV_PARCEL_MAX_BYTES)
    return NULL;
  text = g_realloc (text, *n + 2);
  text[(*n)++] = '\n';
  text[*n] = '\0';
  return g_steal_pointer (&text);
}
