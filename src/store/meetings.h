/* Table `meeting`: from the first person in to the end. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_MEETING_SECRET_BYTES 32

/* `started` and `ended` in ms since 1970; `reason` as in PROTOCOL.md's `ended`, or "empty". */
void cv_meetings_start_async (CvStore *store, const char *id, const char *room, gint64 started,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_meetings_start_finish (CvStore *store, GAsyncResult *result, GError **error);

void cv_meetings_end_async (CvStore *store, const char *id, gint64 ended, const char *reason,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_meetings_end_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Is this what links to its summary are made of? `id`: of the meeting, or of a document of it. */
void cv_meetings_check_secret_async (CvStore *store, const char *id, const guint8 secret[CV_MEETING_SECRET_BYTES],
                                     GAsyncReadyCallback callback, gpointer user_data);
/* Fails with CV_STORE_ERROR_MISSING where it is not. */
gboolean cv_meetings_check_secret_finish (CvStore *store, GAsyncResult *result, GError **error);

/* At start: ends what a crash left open, with the reason "crash" and `ended` as the time. The result is how many. */
void cv_meetings_close_open_async (CvStore *store, gint64 ended, GAsyncReadyCallback callback, gpointer user_data);
gint64 cv_meetings_close_open_finish (CvStore *store, GAsyncResult *result, GError **error);

typedef struct {
  char *id;
  char *room;
  gint64 started;
  gint64 ended; /* 0: it runs */
  char *reason; /* NULL: it runs */
  char *title;  /* the room's when it ended; "": it runs */
  guint issue;  /* of its summary; 0: there is none, or not yet */
} CvMeetingRow;

void cv_meeting_row_free (CvMeetingRow *self);

/* Of a room, the newest first; `cursor`: the last one of the page before, or NULL. Fails with CV_STORE_ERROR_INVALID for what is
 * none. Returns: (transfer full) of CvMeetingRow. */
void cv_meetings_list_async (CvStore *store, const char *room, const char *cursor, guint limit,
                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_meetings_list_finish (CvStore *store, GAsyncResult *result, GError **error);
/* Returns: (transfer full). */
char *cv_meeting_row_to_cursor (const CvMeetingRow *self);

G_END_DECLS
