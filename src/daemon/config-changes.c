/* What differs between two configurations, by the names of keys. Knows no key. Values; any thread. */
#include "daemon/config-key.h"
#include "daemon/config.h"

/* `group`: as the file names it; `of_trunk`: `one` and `other` are trunks. */
static void
add_changed (GStrvBuilder *names, const char *group, gboolean of_trunk, gconstpointer one, gconstpointer other)
{
  guint n;
  const CvConfigKey *keys = cv_config_list_keys (&n);

  for (guint i = 0; i < n; i++) {
    if (g_str_equal (keys[i].group, CV_CONFIG_TRUNK_GROUP) != of_trunk || cv_config_key_is_same (&keys[i], one, other))
      continue;
    g_autofree char *name = g_strdup_printf ("%s.%s", group != NULL ? group : keys[i].group, keys[i].name);
    g_strv_builder_add (names, name);
  }
}

/* Returns: (transfer none), NULL if there is none of that name. */
static const CvConfigTrunk *
find_trunk (const CvConfig *self, const char *name)
{
  for (guint i = 0; i < self->sip.trunks->len; i++) {
    const CvConfigTrunk *trunk = self->sip.trunks->pdata[i];

    if (g_str_equal (trunk->name, name))
      return trunk;
  }
  return NULL;
}

/* Trunks of `one` that are otherwise in `other`, or not there; of those that are in both only where `with_common`. */
static void
add_trunks (GStrvBuilder *names, const CvConfig *one, const CvConfig *other, gboolean with_common)
{
  for (guint i = 0; i < one->sip.trunks->len; i++) {
    const CvConfigTrunk *trunk = one->sip.trunks->pdata[i], *same = find_trunk (other, trunk->name);
    g_autofree char *group = g_strconcat (CV_CONFIG_TRUNK_GROUP " ", trunk->name, NULL);

    if (same == NULL)
      g_strv_builder_add (names, group);
    else if (with_common)
      add_changed (names, group, TRUE, trunk, same);
  }
}

char **
cv_config_changed (const CvConfig *one, const CvConfig *other)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (one != NULL && other != NULL, NULL);

  add_changed (names, NULL, FALSE, one, other);
  add_trunks (names, one, other, TRUE);
  add_trunks (names, other, one, FALSE);
  return g_strv_builder_end (names);
}
