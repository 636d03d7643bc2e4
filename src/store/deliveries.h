/* Table `delivery`: calls of webhooks that are still to be made, or were given up. All calls are answered in the main
 * context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* that are kept, the oldest are dropped; ms for which one that was given up is kept */
#define CV_DELIVERIES_MAX 10000
#define CV_DELIVERIES_KEEP_MS (G_GINT64_CONSTANT (30) * 86400 * 1000)

typedef struct {
  char *id;       /* "d" + 12, the same in each attempt */
  gint64 created; /* ms since 1970 */
  char *event;    /* "recording.ready", … */
  char *body;     /* JSON */
  guint attempts;
  gint64 next_at; /* ms since 1970; 0: given up */
  char *error;    /* of the last attempt, "": none */
  char *room;     /* whose order is kept; NULL: no one's */
} CvDeliveryRow;

CvDeliveryRow *cv_delivery_row_copy (const CvDeliveryRow *self);
void cv_delivery_row_free (CvDeliveryRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDeliveryRow, cv_delivery_row_free)

/* To be made at `next_at`. Fails with CV_STORE_ERROR_EXISTS. */
void cv_deliveries_insert_async (CvStore *store, const CvDeliveryRow *row, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cv_deliveries_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* The one that is to be made next, be it now or later: of those of a room the oldest that was not given up. Fails with CV_STORE_ERROR_MISSING where there is none.
 * Returns: (transfer full). */
void cv_deliveries_next_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
CvDeliveryRow *cv_deliveries_next_finish (CvStore *store, GAsyncResult *result, GError **error);

/* It went wrong: attempts, next_at and error as `row` says. */
void cv_deliveries_update_async (CvStore *store, const CvDeliveryRow *row, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cv_deliveries_update_finish (CvStore *store, GAsyncResult *result, GError **error);

/* It was made. */
void cv_deliveries_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_deliveries_delete_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Oldest first, those given up as well; at most `limit`. Returns: (transfer full) of CvDeliveryRow. */
void cv_deliveries_list_async (CvStore *store, guint limit, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_deliveries_list_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
