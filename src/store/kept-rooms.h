/* Table `kept_room`: rooms of kinds that leave nothing behind, of those that somebody has planned for. In no backup. All calls are answered in
 * the main context. What a receipt says is room/receipt.h's. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* In place of the one that is there. `until`, `now`: ms since 1970; those that ended by now go. */
void cv_kept_rooms_put_async (CvStore *store, const char *id, GBytes *receipt, gint64 until, gint64 now,
                              GAsyncReadyCallback callback, gpointer user_data);
/* It may be gone already. */
void cv_kept_rooms_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_kept_rooms_change_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Receipts of all; those that ended by `now` go. Returns: (transfer full) of GBytes. */
void cv_kept_rooms_list_async (CvStore *store, gint64 now, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_kept_rooms_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* For who writes a copy of the database: there are none of them in it, nor of their bytes. */
gboolean cv_kept_rooms_leave_out (sqlite3 *copy, GError **error);

G_END_DECLS
