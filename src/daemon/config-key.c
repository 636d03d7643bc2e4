/* See config-key.h. */
#include "daemon/config-key.h"

#include "daemon/config.h"

#include <string.h>

gboolean
cv_config_key_refuse (const CvConfigKey *self, const char *group, const char *value, const char *allowed,
                      GError **error)
{
  g_set_error (error, CV_CONFIG_ERROR, CV_CONFIG_ERROR_INVALID, "[%s] %s = %s: must be %s", group, self->name, value,
               allowed);
  return FALSE;
}

static gboolean
check_text (const CvConfigKey *key, const char *group, const char *value, GError **error)
{
  g_autofree char *choices = NULL;

  if (key->choices != NULL && !g_strv_contains (key->choices, value)) {
    choices = g_strjoinv (", ", (char **) key->choices);
    return cv_config_key_refuse (key, group, value, choices, error);
  }
  if (key->is_valid != NULL && value[0] != '\0' && !key->is_valid (value))
    return cv_config_key_refuse (key, group, value, key->allowed, error);
  return TRUE;
}

static gboolean
set_number (const CvConfigKey *key, const char *group, guint *field, const char *value, GError **error)
{
  g_autofree char *allowed = g_strdup_printf ("a whole number from %u to %u", key->min, key->max);
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, key->min, key->max, &number, NULL))
    return cv_config_key_refuse (key, group, value, allowed, error);
  *field = number;
  return TRUE;
}

static gboolean
set_bool (const CvConfigKey *key, const char *group, gboolean *field, const char *value, GError **error)
{
  *field = g_str_equal (value, "true");
  return *field || g_str_equal (value, "false") || cv_config_key_refuse (key, group, value, "true or false", error);
}

/* Elements are separated by semicolons, but for what a SIP URI says behind its own; spaces and empty ones do not count.
 * Returns: (transfer full) of char *, ending in NULL. */
static GPtrArray *
split_list (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ";", -1);
  GPtrArray *elements = g_ptr_array_new_with_free_func (g_free);

  for (char **part = parts; *part != NULL; part++) {
    if (*g_strstrip (*part) == '\0')
      continue;
    if (elements->len > 0 && g_str_has_prefix (*part, "transport=")) {
      g_autofree char *uri = g_ptr_array_steal_index (elements, elements->len - 1);
      g_ptr_array_add (elements, g_strconcat (uri, ";", *part, NULL));
    } else {
      g_ptr_array_add (elements, g_strdup (*part));
    }
  }
  g_ptr_array_add (elements, NULL);
  return elements;
}

static gboolean
set_list (const CvConfigKey *key, const char *group, char ***field, const char *value, GError **error)
{
  g_autoptr (GPtrArray) elements = split_list (value);
  g_autofree char *allowed = g_strdup_printf ("at most %u, separated by semicolons", key->max);

  for (guint i = 0; elements->pdata[i] != NULL; i++)
    if (!check_text (key, group, elements->pdata[i], error))
      return FALSE;
  if (elements->len - 1 > key->max)
    return cv_config_key_refuse (key, group, value, allowed, error);
  g_strfreev (*field);
  *field = g_strdupv ((char **) elements->pdata);
  return TRUE;
}

/* A path that is not absolute is the name of a credential. */
static gboolean
set_file (const CvConfigKey *key, const char *group, char **field, const char *value, GError **error)
{
  const char *directory = g_getenv ("CREDENTIALS_DIRECTORY");
  const char *name = g_str_has_prefix (value, "credential:") ? value + strlen ("credential:") : value;

  g_free (*field);
  *field = NULL;
  if (value[0] == '\0' || value[0] == '/') {
    *field = g_strdup (value);
    return TRUE;
  }
  if (name[0] == '\0' || name[0] == '.' || strchr (name, '/') != NULL)
    return cv_config_key_refuse (key, group, value, "an absolute path or the name of a credential", error);
  if (directory == NULL)
    return cv_config_key_refuse (key, group, value,
                                 "an absolute path, or the program started with $CREDENTIALS_DIRECTORY", error);
  *field = g_build_filename (directory, name, NULL);
  return TRUE;
}

gboolean
cv_config_key_set (const CvConfigKey *self, const char *group, gpointer base, const char *value, GError **error)
{
  gpointer field = G_STRUCT_MEMBER_P (base, self->offset);

  switch (self->type) {
  case CV_VALUE_NUMBER:
    return set_number (self, group, field, value, error);
  case CV_VALUE_BOOL:
    return set_bool (self, group, field, value, error);
  case CV_VALUE_LIST:
    return set_list (self, group, field, value, error);
  case CV_VALUE_FILE:
    return set_file (self, group, field, value, error);
  case CV_VALUE_TEXT:
  case CV_VALUE_CHOICE:
    if (!check_text (self, group, value, error))
      return FALSE;
    g_free (*(char **) field);
    *(char **) field = g_strdup (value);
    return TRUE;
  default:
    g_assert_not_reached ();
  }
}

void
cv_config_key_clear (const CvConfigKey *self, gpointer base)
{
  gpointer *field = G_STRUCT_MEMBER_P (base, self->offset);

  if (self->type == CV_VALUE_LIST)
    g_clear_pointer ((char ***) field, g_strfreev);
  else if (self->type != CV_VALUE_BOOL && self->type != CV_VALUE_NUMBER)
    g_clear_pointer (field, g_free);
}

gboolean
cv_config_key_is_same (const CvConfigKey *self, gconstpointer one, gconstpointer other)
{
  gconstpointer a = (const char *) one + self->offset, b = (const char *) other + self->offset;

  switch (self->type) {
  case CV_VALUE_NUMBER:
    return *(const guint *) a == *(const guint *) b;
  case CV_VALUE_BOOL:
    return *(const gboolean *) a == *(const gboolean *) b;
  case CV_VALUE_LIST:
    return g_strv_equal (*(const char *const *const *) a, *(const char *const *const *) b);
  case CV_VALUE_TEXT:
  case CV_VALUE_CHOICE:
  case CV_VALUE_FILE:
    return g_str_equal (*(const char *const *) a, *(const char *const *) b);
  default:
    g_assert_not_reached ();
  }
}
