/* What there is to share in a meeting: const tables of types and fields, the same as data/web/core/model-schema.js (a lint test compares them).
 *
 * Any thread; nothing here changes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a meeting. */
#define CV_MODEL_MAX_OBJECTS 5000
#define CV_MODEL_MAX_BYTES (2 * 1024 * 1024) /* as cv_object_get_bytes() counts them */
/* Of an operation, and of a change, which is some operations. */
#define CV_MODEL_MAX_FIELDS 16
#define CV_MODEL_MAX_OPS 64
#define CV_MODEL_MAX_CHANGE_BYTES (48 * 1024)
/* How far a client's clock may be ahead of all that was seen. */
#define CV_MODEL_MAX_AHEAD 10000
#define CV_MODEL_MAX_ID_CHARACTERS 64
#define CV_MODEL_MAX_KEY_CHARACTERS 200
/* What JavaScript counts to. */
#define CV_MODEL_MAX_NUMBER G_GINT64_CONSTANT (9007199254740991)

typedef enum {
  CV_MODEL_MESSAGE,
  CV_MODEL_REACTION,
  CV_MODEL_ITEM,
  CV_MODEL_AGENDA,
  CV_MODEL_BLOCK,
  CV_MODEL_POLL,
  CV_MODEL_VOTE,
  CV_MODEL_CAPTION,
  CV_MODEL_DOCUMENT,
  CV_MODEL_COPY,
  CV_MODEL_SETTINGS,
  CV_N_MODEL_TYPES,
} CvModelType;

typedef enum {
  CV_FIELD_TEXT, /* one line */
  CV_FIELD_LINES,
  CV_FIELD_ID, /* of an object or a person, or "" */
  CV_FIELD_INT,
  CV_FIELD_BOOL,
  CV_FIELD_CHOICE,
  CV_FIELD_DATE,  /* YYYY-MM-DD, or "" */
  CV_FIELD_ORDER, /* order-key.h */
  CV_FIELD_TEXTS,
  CV_FIELD_INTS,
  CV_N_FIELD_FORMS,
} CvFieldForm;

typedef struct {
  const char *name;
  CvFieldForm form;
  gint64 max;                 /* characters, or the largest number; the smallest is 0 */
  guint items;                /* of a list, at most */
  const char *const *choices; /* ending in NULL; the first one where nothing was set */
  gboolean stamped;           /* set by the server where there is one, else by the author */
  gboolean fixed;             /* set by the first operation, or never */
  gboolean needed;            /* there from the first operation on, and never empty; a list has two at least */
} CvField;

typedef struct {
  const char *name;
  const char *owner;  /* field that says whose it is; NULL: nobody's */
  gboolean singleton; /* there is one, whose id is `name` */
  const CvField *fields;
  guint n_fields; /* in the order of their names */
} CvModelSchema;

const CvModelSchema *cv_model_schema_get (CvModelType type);
/* FALSE where there is no such type. */
gboolean cv_model_schema_find (const char *name, CvModelType *type);
/* Index of a field, or -1. */
int cv_model_schema_find_field (CvModelType type, const char *name);

/* All of it as JSON, for `conclaved --model`. Returns: (transfer full). */
char *cv_model_schema_to_text (void);

G_END_DECLS
