/* See filenames.h. */
#include "signalling/filenames.h"

#include <string.h>

#define MAX_BYTES 200
/* of the name in a recording's folder */
#define MAX_NAME 128
#define TRACKS "tracks/"
/* what is made of the whole meeting */
#define MEETING "meeting"

char *
cv_filename_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) name = g_string_new (NULL);
  for (const char *c = valid; *c != '\0' && name->len < MAX_BYTES - 8; c = g_utf8_next_char (c)) {
    gunichar letter = g_utf8_get_char (c);
    gboolean bad = !g_unichar_isprint (letter) || g_unichar_type (letter) == G_UNICODE_FORMAT ||
                   (letter < 128 && strchr ("/\\:*?\"<>|", (int) letter) != NULL);
    g_string_append_unichar (name, bad ? '_' : letter);
  }
  gsize blanks = strspn (name->str, " ");
  g_string_erase (name, 0, (gssize) blanks);
  while (name->len > 0 && strchr (". ", name->str[name->len - 1]) != NULL)
    g_string_truncate (name, name->len - 1);
  if (name->len == 0 || name->str[0] == '.')
    g_string_prepend_c (name, '_');
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* `stem` without "-PERSON", which says nothing to people. Returns: (transfer full). */
static char *
without_person (const char *stem, const char *person)
{
  g_autofree char *part = g_strconcat (person, "-", NULL);
  const char *at = *person != '\0' ? strstr (stem, part) : NULL;
  if (at == NULL)
    return g_strdup (stem);
  return g_strdup_printf ("%.*s%s", (int) (at - stem), stem, at + strlen (part));
}

char *
cv_filename_for (const char *title, const char *name, const char *person, const char *person_name)
{
  const char *base = g_str_has_prefix (name, TRACKS) ? name + strlen (TRACKS) : name;
  const char *dot = strrchr (base, '.');
  const char *suffix = dot != NULL ? dot : "";
  g_autofree char *stem = g_strndup (base, dot != NULL ? (gsize) (dot - base) : strlen (base));
  g_autofree char *rest = without_person (stem, person);
  g_autofree char *front = cv_filename_clean (title);
  g_autoptr (GString) text = g_string_new (front);
  /* the end says which of the files it is: it is never cut off */
  gsize longest = MAX_BYTES - 8 - MIN (strlen (rest) + strlen (suffix) + 3, MAX_BYTES / 2);
  if (*person != '\0' && person_name != NULL && *person_name != '\0')
    g_string_append_printf (text, " - %s", person_name);
  if (text->len > longest) {
    const char *end = g_utf8_find_prev_char (text->str, text->str + longest + 1);
    g_string_truncate (text, (gsize) (end - text->str));
  }
  if (g_str_has_prefix (rest, MEETING))
    g_string_append (text, rest + strlen (MEETING));
  else
    g_string_append_printf (text, " - %s", rest);
  g_string_append (text, suffix);
  return cv_filename_clean (text->str);
}

/* What a header may hold besides letters and digits (RFC 8187 attr-char). */
static void
append_encoded (GString *out, const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_isalnum (*c) || strchr ("!#$&+-.^_`|~", *c) != NULL)
      g_string_append_c (out, *c);
    else
      g_string_append_printf (out, "%%%02X", (guint) (guchar) *c);
}

char *
cv_filename_to_disposition (const char *filename, gboolean attachment)
{
  g_autofree char *name = cv_filename_clean (filename);
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  GString *out = g_string_new (attachment ? "attachment; filename=\"" : "inline; filename=\"");
  /* clean() has taken quotes and backslashes away; a percent sign would be decoded by some */
  for (const char *c = ascii; *c != '\0'; c++)
    g_string_append_c (out, strchr ("\"\\%?", *c) != NULL || !g_ascii_isprint (*c) ? '_' : *c);
  g_string_append (out, "\"; filename*=UTF-8''");
  append_encoded (out, name);
  return g_string_free (out, FALSE);
}

gboolean
cv_filename_is_valid (const char *name)
{
  if (g_str_has_prefix (name, TRACKS))
    name += strlen (TRACKS);
  gsize n = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
  return n > 0 && n <= MAX_NAME && name[n] == '\0' && name[0] != '.';
}
