/* Table `used_ticket`: tickets that somebody came with. All calls are answered in the main context. */
#pragma once

#include "base/ids.h"
#include "store/store.h"

G_BEGIN_DECLS

/* Notes the ticket with this hash until `expires`, and forgets those that expired before `now` (both ms since 1970). Fails with
 * CV_STORE_ERROR_EXISTS where somebody came with it already. */
void cv_used_tickets_add_async (CvStore *store, const guint8 hash[CV_HASH_BYTES], gint64 expires, gint64 now,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_used_tickets_add_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
