/* Table `mail`: e-mails that are still to be sent, or were given up. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* that wait, of all meetings; ms for which one that was given up is kept */
#define CV_MAILS_MAX 10000
#define CV_MAILS_KEEP_MS (G_GINT64_CONSTANT (7) * 86400 * 1000)

typedef struct {
  char *id; /* "l" + 12, the same in each attempt */
  char *meeting;
  char *recipient;
  gint64 created; /* ms since 1970 */
  guint attempts;
  gint64 next_at; /* ms since 1970; 0: given up */
  char *error;    /* of the last attempt, "": none */
} CvMailRow;

CvMailRow *cv_mail_row_copy (const CvMailRow *self);
void cv_mail_row_free (CvMailRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvMailRow, cv_mail_row_free)

/* All of `rows` (CvMailRow), of one meeting, or none. Fails with LIMIT, MISSING. */
void cv_mails_insert_async (CvStore *store, GPtrArray *rows, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_mails_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* The one that is to be sent next, be it now or later. Fails with MISSING where there is none. Returns: (transfer full). */
void cv_mails_next_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
CvMailRow *cv_mails_next_finish (CvStore *store, GAsyncResult *result, GError **error);

/* It went wrong: attempts, next_at and error as `row` says. */
void cv_mails_update_async (CvStore *store, const CvMailRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_mails_update_finish (CvStore *store, GAsyncResult *result, GError **error);

/* It was sent. */
void cv_mails_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_mails_delete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
