/* Table `call`: who called, when, and why it ended. No media, and of a number only what people in the meeting saw. All calls are
 * answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

typedef struct {
  char *id;      /* "c" + 12 */
  char *room;    /* NULL: there was no right PIN */
  char *meeting; /* NULL: they were never in */
  char *person;
  char *caller; /* "…123", "" where the number was withheld */
  char *trunk;
  char *codec;
  char *security;  /* "none", "sdes", "dtls" */
  gint64 started;  /* ms since 1970 */
  gint64 answered; /* 0: never */
  gint64 ended;    /* 0: it goes on */
  char *reason;
} CvCallRow;

void cv_call_row_free (CvCallRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCallRow, cv_call_row_free)
/* Returns: (transfer full). */
CvCallRow *cv_call_row_copy (const CvCallRow *self);

/* A new one, or what is known of it now. */
void cv_calls_put_async (CvStore *store, const CvCallRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_calls_put_finish (CvStore *store, GAsyncResult *result, GError **error);

/* At start: ends what a crash left open. The result is how many; -1 with an error. The same for the next one. */
void cv_calls_close_open_async (CvStore *store, gint64 ended, GAsyncReadyCallback callback, gpointer user_data);
/* Those that ended before. */
void cv_calls_prune_async (CvStore *store, gint64 before, GAsyncReadyCallback callback, gpointer user_data);
gint64 cv_calls_count_finish (CvStore *store, GAsyncResult *result, GError **error);

/* The newest first; `room` NULL: of any; `cursor`: the last one of the page before, or NULL. Fails with CV_STORE_ERROR_INVALID for
 * what is none. Returns: (transfer full) of CvCallRow. */
void cv_calls_list_async (CvStore *store, const char *room, const char *cursor, guint limit,
                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_calls_list_finish (CvStore *store, GAsyncResult *result, GError **error);
/* Returns: (transfer full). */
char *cv_call_row_to_cursor (const CvCallRow *self);

G_END_DECLS
