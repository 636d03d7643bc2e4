/* One key of the configuration: what it may have, and the field of a struct that it goes into. Values; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_VALUE_TEXT,   /* char *, any text that `is_valid` takes */
  CV_VALUE_FILE,   /* char *, a path or a credential */
  CV_VALUE_CHOICE, /* char *, one of `choices` */
  CV_VALUE_LIST,   /* char **, each taken by `is_valid` or one of `choices` */
  CV_VALUE_BOOL,   /* gboolean */
  CV_VALUE_NUMBER, /* guint, min … max */
} CvConfigType;

typedef struct {
  const char *group;
  const char *name;
  CvConfigType type;
  gsize offset; /* in the struct of its group */
  const char *initial;
  const char *comment;                 /* lines of the example */
  guint min, max;                      /* of a number; max elements of a list */
  const char *const *choices;          /* of a choice or a list */
  gboolean (*is_valid) (const char *); /* of a text or a list's element, not called for "" */
  const char *allowed;                 /* what is_valid takes, after "must be " */
} CvConfigKey;

/* All of them, those of a group together; the table stands in config.c. */
const CvConfigKey *cv_config_list_keys (guint *n);

/* Always FALSE, with CV_CONFIG_ERROR_INVALID. `group`: as the file names it. */
gboolean cv_config_key_refuse (const CvConfigKey *self, const char *group, const char *value, const char *allowed,
                               GError **error);
/* Puts `value` into the field of `base`, in place of what is there. */
gboolean cv_config_key_set (const CvConfigKey *self, const char *group, gpointer base, const char *value,
                            GError **error);
/* Whether both have the same in the field, which is set in both. */
gboolean cv_config_key_is_same (const CvConfigKey *self, gconstpointer one, gconstpointer other);
/* Frees what is in the field. */
void cv_config_key_clear (const CvConfigKey *self, gpointer base);

G_END_DECLS
