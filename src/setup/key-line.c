/* See key-line.h. */
#include "setup/key-line.h"

#include <string.h>

/* Returns: (transfer full), the name in a heading, NULL where it is none. */
static char *
read_heading (const char *line)
{
  g_autofree char *bare = g_strstrip (g_strdup (line));
  gsize n = strlen (bare);

  return n >= 2 && bare[0] == '[' && bare[n - 1] == ']' ? g_strndup (bare + 1, n - 2) : NULL;
}

/* `value`: NULL for any. */
static gboolean
has_key (const char *line, const char *key, const char *value)
{
  const char *equals = strchr (line, '=');
  g_autofree char *name = equals != NULL ? g_strstrip (g_strndup (line, equals - line)) : NULL;
  g_autofree char *there = equals != NULL ? g_strstrip (g_strdup (equals + 1)) : NULL;

  return name != NULL && g_str_equal (name, key) && (value == NULL || g_str_equal (there, value));
}

/* The line of the heading, and the one that has the key below it; -1: there is none. */
static void
find (char **lines, const char *group, const char *key, int *heading_at, int *key_at)
{
  gboolean inside = FALSE;

  *heading_at = *key_at = -1;
  for (int i = 0; lines[i] != NULL; i++) {
    g_autofree char *heading = read_heading (lines[i]);

    if (heading != NULL)
      inside = g_str_equal (heading, group);
    if (heading != NULL && inside && *heading_at < 0)
      *heading_at = i;
    /* what stands last is what counts */
    if (inside && has_key (lines[i], key, NULL))
      *key_at = i;
  }
}

char *
cv_key_line_set (const char *text, const char *group, const char *key, const char *value)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *line = g_strdup_printf ("%s = %s", key, value);
  int heading_at, key_at;
  char *old;

  find (lines, group, key, &heading_at, &key_at);
  if (heading_at < 0)
    return g_strdup_printf ("%s%s%s[%s]\n%s\n", text, g_str_has_suffix (text, "\n") || *text == '\0' ? "" : "\n",
                            *text != '\0' ? "\n" : "", group, line);
  if (key_at >= 0 && has_key (lines[key_at], key, value))
    return g_strdup (text);
  if (key_at >= 0) {
    old = lines[key_at];
    lines[key_at] = g_steal_pointer (&line);
  } else {
    old = lines[heading_at];
    lines[heading_at] = g_strdup_printf ("%s\n%s", old, line);
  }
  g_free (old);
  return g_strjoinv ("\n", lines);
}
