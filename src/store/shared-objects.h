/* Table `content`: what people share in a meeting, one row an object. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef struct {
  char *id;
  char *type;
  char *state; /* fields with clocks, as JSON: model/object.h */
} CvSharedObjectRow;

CvSharedObjectRow *cv_shared_object_row_new (const char *id, const char *type, char *state);
void cv_shared_object_row_free (CvSharedObjectRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSharedObjectRow, cv_shared_object_row_free)

/* All `rows` (of CvSharedObjectRow, held until it is done), in place of what was there, or none. Fails with CV_STORE_ERROR_MISSING where there is no such meeting. */
void cv_shared_objects_save_async (CvStore *store, const char *meeting, GPtrArray *rows, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean cv_shared_objects_save_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of a meeting, by id. Returns: (transfer full) of CvSharedObjectRow. */
void cv_shared_objects_list_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *cv_shared_objects_list_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
