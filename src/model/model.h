/* What people share in one meeting: objects with fields, each of which the last one to write has, whatever the order in which that comes.
 *
 * Owns its objects. Main thread. Knows nobody's rights, no socket and no database.
 */
#pragma once

#include "model/object.h"

G_BEGIN_DECLS

#define CV_MODEL_ERROR (cv_model_error_quark ())
GQuark cv_model_error_quark (void);

typedef enum {
  CV_MODEL_ERROR_TYPE,  /* the object is of another type */
  CV_MODEL_ERROR_LIMIT, /* no more objects, or no more text */
} CvModelError;

typedef struct _CvModel CvModel;

CvModel *cv_model_new (void);
void cv_model_free (CvModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvModel, cv_model_free)

/* The largest clock of all that was applied. */
gint64 cv_model_get_clock (const CvModel *self);
/* In the order they came, also what is gone; borrowed. An index stays what it is. */
GPtrArray *cv_model_get_objects (const CvModel *self);
/* Borrowed; NULL where there is none. One that is gone is there. */
CvObject *cv_model_find (const CvModel *self, const char *id);
/* What counts for CV_MODEL_MAX_BYTES. */
gsize cv_model_get_bytes (const CvModel *self);

/* Whether `apply` would fail. */
gboolean cv_model_check (const CvModel *self, const CvOperation *operation, GError **error);
/* `changed` (or NULL): whether anything is another now. Fails with CV_MODEL_ERROR, and then nothing is. */
gboolean cv_model_apply (CvModel *self, const CvOperation *operation, gboolean *changed, GError **error);

/* The whole state, for comparison. Returns: (transfer full). */
char *cv_model_to_text (const CvModel *self);

G_END_DECLS
