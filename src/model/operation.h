/* A change of one object of the shared model: fields with new values, a clock and who does it.
 *
 * A value; any thread. Read from the network: what is no operation by the schema is refused.
 */
#pragma once

#include "base/json.h"
#include "model/schema.h"

G_BEGIN_DECLS

typedef struct {
  guint field; /* of the type's */
  JsonNode *value;
} CvAssignment;

typedef struct {
  char *object;
  CvModelType type;
  gint64 clock; /* 1 … CV_MODEL_MAX_NUMBER */
  char *actor;
  gboolean gone;       /* removes it; assignments do not matter then */
  GArray *assignments; /* of CvAssignment, owned, in the order of fields */
} CvOperation;

/* Without assignments. Returns: (transfer full). */
CvOperation *cv_operation_new (const char *object, CvModelType type, gint64 clock, const char *actor);
/* Fails with CV_JSON_ERROR_MEMBER. Returns: (transfer full). */
CvOperation *cv_operation_read (JsonObject *object, GError **error);
void cv_operation_free (CvOperation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOperation, cv_operation_free)

/* 1 … 64 of [A-Za-z0-9_-]. */
gboolean cv_operation_is_id (const char *text);

/* Assign, in place of what was assigned to that field. `value` (transfer full) must fit the field, which must exist. */
void cv_operation_set (CvOperation *self, const char *field, JsonNode *value);
void cv_operation_set_text (CvOperation *self, const char *field, const char *text);
void cv_operation_set_int (CvOperation *self, const char *field, gint64 number);
void cv_operation_set_bool (CvOperation *self, const char *field, gboolean value);
/* What is assigned to a field, borrowed; NULL: nothing. */
JsonNode *cv_operation_get (const CvOperation *self, const char *field);
/* A value of its own in another tree. */
void cv_operation_add_value (JsonBuilder *builder, JsonNode *value);
/* As `read` reads it: one object. */
void cv_operation_add (const CvOperation *self, JsonBuilder *builder);

G_END_DECLS
