/* Whose the room is that something hangs on. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* `id`: of a recording, a rendering, a share or a token; `actor`: of a user or a key. */
void cv_owners_check_async (CvStore *store, const char *id, const char *actor, GAsyncReadyCallback callback,
                            gpointer user_data);
/* FALSE with CV_STORE_ERROR_MISSING where the room is not theirs, or there is no such thing. */
gboolean cv_owners_check_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
