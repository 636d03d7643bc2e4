/* Table `meeting`: from the first person in to the end. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* `started` and `ended` in ms since 1970; `reason` as in PROTOCOL.md's `ended`, or "empty". */
void cv_meetings_start_async (CvStore *store, const char *id, const char *room, gint64 started,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_meetings_start_finish (CvStore *store, GAsyncResult *result, GError **error);

void cv_meetings_end_async (CvStore *store, const char *id, gint64 ended, const char *reason,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_meetings_end_finish (CvStore *store, GAsyncResult *result, GError **error);

/* At start: ends what a crash left open, with the reason "crash" and `ended` as the time. The result is how many. */
void cv_meetings_close_open_async (CvStore *store, gint64 ended, GAsyncReadyCallback callback, gpointer user_data);
gint64 cv_meetings_close_open_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
