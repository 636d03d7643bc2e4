/* The configuration as a file that one can begin with: all keys, each with what it is for. Values; any thread. */
#include "daemon/config-key.h"
#include "daemon/config.h"

char *
cv_config_example (void)
{
  guint n;
  const CvConfigKey *keys = cv_config_list_keys (&n);
  GString *text = g_string_new ("# Conclave's configuration: conclave.conf(5). Every key stands at its default.\n");

  for (guint i = 0; i < n; i++) {
    const CvConfigKey *key = &keys[i];
    g_auto (GStrv) lines = key->comment != NULL ? g_strsplit (key->comment, "\n", -1) : NULL;

    /* a trunk is there or not: it has no default */
    gboolean of_trunk = g_str_equal (key->group, CV_CONFIG_TRUNK_GROUP);

    if (i == 0 || !g_str_equal (key->group, keys[i - 1].group))
      g_string_append_printf (text, of_trunk ? "\n# [%s NAME]\n" : "\n[%s]\n", key->group);
    for (char **line = lines; line != NULL && *line != NULL; line++)
      g_string_append_printf (text, "%s# %s", line == lines ? "" : "\n", *line);
    if (key->type == CV_VALUE_NUMBER)
      g_string_append_printf (text, " %u to %u.", key->min, key->max);
    if (lines != NULL)
      g_string_append_c (text, '\n');
    g_string_append_printf (text, "%s%s =%s%s\n", of_trunk ? "# " : "", key->name, key->initial[0] != '\0' ? " " : "",
                            key->initial);
  }
  return g_string_free (text, FALSE);
}
