/* One object of the shared model. Each field is a register: the larger clock wins, of equal ones the larger actor, so that neither the order
 * of operations matters nor how often they come. What was removed keeps nothing but that.
 *
 * A value. Main thread.
 */
#pragma once

#include "model/operation.h"

G_BEGIN_DECLS

typedef struct _CvObject CvObject;

CvObject *cv_object_new (const char *id, CvModelType type);
void cv_object_free (CvObject *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvObject, cv_object_free)

const char *cv_object_get_id (const CvObject *self);
CvModelType cv_object_get_type (const CvObject *self);
gboolean cv_object_is_gone (const CvObject *self);
/* What it counts for CV_MODEL_MAX_BYTES. */
gsize cv_object_get_bytes (const CvObject *self);

/* Of the same type. FALSE: nothing is another now. */
gboolean cv_object_apply (CvObject *self, const CvOperation *operation);

/* Borrowed; NULL where nothing was set. */
JsonNode *cv_object_get (const CvObject *self, const char *field);
/* What it is where nothing was set: "", the first choice, 0, FALSE. Borrowed. */
const char *cv_object_get_text (const CvObject *self, const char *field);
gint64 cv_object_get_int (const CvObject *self, const char *field);
gboolean cv_object_get_bool (const CvObject *self, const char *field);
/* Is it this person's? */
gboolean cv_object_is_of (const CvObject *self, const char *person);

/* Operations that make it, one for each clock and actor, as JSON. How many. */
guint cv_object_add_operations (const CvObject *self, JsonBuilder *builder);
/* The form that is compared and stored: `{fields: {NAME: [value, clock, actor] …}, type}`, sorted. */
void cv_object_add (const CvObject *self, JsonBuilder *builder);
/* Only its `fields`, for the database. Returns: (transfer full). */
char *cv_object_to_state (const CvObject *self);

G_END_DECLS
