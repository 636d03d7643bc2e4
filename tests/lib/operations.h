/* Operations of the shared model as tests write them: JSON, with ' for ". */
#pragma once

#include "model/model.h"

/* Returns: (transfer full), NULL where it is none. */
CvOperation *operation_try (const char *text);
/* It is one. Returns: (transfer full). */
CvOperation *operation_new (const char *text);
/* Applies one, which fits; whether anything changed. */
gboolean operation_apply (CvModel *model, const char *text);
/* tests/vectors/model.json. Returns: (transfer full). */
JsonObject *operations_load_vectors (void);
