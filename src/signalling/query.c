/* See query.h. */
#include "signalling/query.h"

#include "base/ids.h"

#include <string.h>

#define MAX_WORD 32

void
cv_query_init (CvQuery *self, SoupServerMessage *message)
{
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  *self = (CvQuery){ .members = text != NULL ? soup_form_decode (text) : NULL };
}

void
cv_query_clear (CvQuery *self)
{
  g_clear_pointer (&self->members, g_hash_table_unref);
}

const char *
cv_query_text (CvQuery *self, const char *name, gsize max_bytes)
{
  const char *value = self->members != NULL ? g_hash_table_lookup (self->members, name) : NULL;
  if (value == NULL)
    return NULL;
  self->read++;
  if (strlen (value) > max_bytes || !g_utf8_validate (value, -1, NULL))
    self->bad = TRUE;
  return *value != '\0' ? value : NULL;
}

const char *
cv_query_room (CvQuery *self, const char *name)
{
  const char *value = cv_query_text (self, name, MAX_WORD);
  self->bad |= value != NULL && !cv_id_is_valid (value, "");
  return value;
}

int
cv_query_choice (CvQuery *self, const char *name, const char *const *choices)
{
  const char *value = cv_query_text (self, name, MAX_WORD);
  for (int i = 0; value != NULL && choices[i] != NULL; i++)
    if (g_str_equal (choices[i], value))
      return i;
  self->bad |= value != NULL;
  return -1;
}

guint
cv_query_number (CvQuery *self, const char *name, guint max, guint otherwise)
{
  const char *value = cv_query_text (self, name, MAX_WORD);
  guint64 number = otherwise;
  if (value != NULL && !g_ascii_string_to_unsigned (value, 10, 1, max, &number, NULL))
    self->bad = TRUE;
  return (guint) number;
}

gboolean
cv_query_finish (CvQuery *self)
{
  return !self->bad && self->read == (self->members != NULL ? g_hash_table_size (self->members) : 0);
}
