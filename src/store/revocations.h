/* What was given out and counts no more: tokens and keys. The first time that it was revoked stays. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef enum {
  CV_REVOCATION_TOKEN,
  CV_REVOCATION_KEY,
} CvRevocation;

/* `at`: wall time, ms. Fails with CV_STORE_ERROR_MISSING. */
void cv_revocations_add_async (CvStore *store, CvRevocation what, const char *id, gint64 at,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_revocations_add_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
