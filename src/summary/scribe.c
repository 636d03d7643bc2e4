/* See scribe.h. */
#include "summary/scribe.h"

#include "base/json.h"
#include "store/records.h"
#include "store/summaries.h"
#include "summary/collect.h"

#define CV_LOG_TOPIC "summary"
#include "base/log.h"

#define DAY_MS (G_GINT64_CONSTANT (86400) * 1000)
#define RETENTION "retention"

struct _CvScribe {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  guint keep_days;
  CvCabinet *cabinet;
  guint timer;
};

G_DEFINE_FINAL_TYPE (CvScribe, cv_scribe, G_TYPE_OBJECT)

static guint made_signal;

/* ---- a summary, on the store's worker ---- */

typedef struct {
  char *meeting;
  gint64 now;
  guint keep_days;
} Order;

static void
order_free (gpointer data)
{
  Order *self = data;

  g_free (self->meeting);
  g_free (self);
}

/* Nobody wants one: nothing is kept, and the next look for what is over takes the documents as well. */
static void
forget (sqlite3 *db, const char *meeting, GError **error)
{
  if (cv_store_exec (db, error, "DELETE FROM content WHERE meeting = ?", "s", meeting) &&
      cv_store_exec (db, error, "DELETE FROM attendance WHERE meeting = ?", "s", meeting))
    cv_store_exec (db, error, "UPDATE meeting SET title = '', secret = NULL, expires = ended WHERE id = ?", "s",
                   meeting);
}

static gboolean
add (sqlite3 *db, const CvRecordRow *record, const CvSummarySettings *settings, const CvSummary *summary,
     const Order *order, GError **error)
{
  guint days = record->keep_content_days >= 0 ? (guint) record->keep_content_days : order->keep_days;
  g_autoptr (JsonNode) node = cv_summary_to_json (summary);
  g_autofree char *body = cv_json_to_text (node, NULL);
  const CvSummaryRow row = { .meeting = record->meeting, .made = order->now, .actor = (char *) "server", .body = body };

  return cv_store_exec (db, error, "UPDATE meeting SET expires = nullif (?, 0), readers = ? WHERE id = ?", "iss",
                        days > 0 ? record->ended + (gint64) days * DAY_MS : 0, cv_summary_fors[settings->who],
                        record->meeting) &&
         cv_summary_add (db, &row, error) > 0;
}

/* Answers non-NULL where one was made. */
static gpointer
write_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Order *order = data;
  g_autoptr (CvRecordRow) record = cv_record_read (db, order->meeting, error);
  g_autoptr (CvSummary) summary = NULL;
  CvSummarySettings settings;

  if (record == NULL || !record->has_secret || record->ended == 0 || record->issue > 0 ||
      !cv_summary_read_settings (db, record, &settings, error))
    return NULL;
  if (settings.who == CV_SUMMARY_OFF) {
    forget (db, order->meeting, error);
    return NULL;
  }
  summary = cv_summary_collect (db, record, &settings, error);
  return summary != NULL && add (db, record, &settings, summary, order, error) ? g_strdup (order->meeting) : NULL;
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvScribe) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *meeting = cv_store_run_finish (CV_STORE (source), result, &error);

  /* a meeting whose room was deleted at once is no failure */
  if (error != NULL && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_warning (NULL, NULL, "the summary of a meeting was not made: %s", error->message);
  if (meeting == NULL)
    return;
  cv_info (NULL, NULL, "the summary of meeting %s is made", meeting);
  g_signal_emit (self, made_signal, 0, meeting);
}

void
cv_scribe_write (CvScribe *self, const char *meeting)
{
  Order *order;

  g_return_if_fail (CV_IS_SCRIBE (self) && meeting != NULL);

  order = g_new (Order, 1);
  *order = (Order){ g_strdup (meeting), cv_clock_wall (self->clock), self->keep_days };
  cv_store_run_async (self->store, write_on_worker, order, order_free, g_free, NULL, on_written, g_object_ref (self));
}

static void
on_pending_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvScribe) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = cv_records_list_finish (CV_STORE (source), result, &error);

  if (ids == NULL)
    cv_warning (NULL, NULL, "meetings without their summary are not known: %s", error->message);
  for (guint i = 0; ids != NULL && i < ids->len && self->timer != 0; i++)
    cv_scribe_write (self, g_ptr_array_index (ids, i));
}

/* ---- the end of what is kept ---- */

typedef struct {
  char *meeting;
  char *actor;
  gboolean whole;
} Deletion;

static void
deletion_free (gpointer data)
{
  Deletion *self = data;

  g_free (self->meeting);
  g_free (self->actor);
  g_free (self);
}

static void
on_record_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (cv_records_delete_finish (CV_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_documents_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvScribe *self = g_task_get_source_object (task);
  const Deletion *deletion = g_task_get_task_data (task);
  GError *error = NULL;

  if (cv_cabinet_delete_finish (CV_CABINET (source), result, &error))
    cv_records_delete_async (self->store, deletion->meeting, deletion->whole, deletion->actor,
                             cv_clock_wall (self->clock), on_record_deleted, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/* Files first, rows last: what is interrupted is found again. */
void
cv_scribe_delete_async (CvScribe *self, const char *meeting, gboolean whole, const char *actor,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Deletion *deletion = g_new (Deletion, 1);

  *deletion = (Deletion){ g_strdup (meeting), g_strdup (actor), whole };
  g_task_set_task_data (task, deletion, deletion_free);
  cv_cabinet_delete_async (self->cabinet, CV_DOCUMENTS_OF_MEETING, meeting, on_documents_deleted, task);
}

gboolean
cv_scribe_delete_finish (CvScribe *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- retention ---- */

static void
on_expired_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!cv_scribe_delete_finish (CV_SCRIBE (source), result, &error))
    cv_info (NULL, NULL, "the record of a meeting whose time is over was not deleted now: %s", error->message);
}

static void
on_expired_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvScribe) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = cv_records_list_finish (CV_STORE (source), result, &error);

  if (ids == NULL)
    cv_warning (NULL, NULL, "records whose time is over are not known: %s", error->message);
  for (guint i = 0; ids != NULL && i < ids->len && self->timer != 0; i++)
    cv_scribe_delete_async (self, g_ptr_array_index (ids, i), FALSE, RETENTION, on_expired_deleted, NULL);
}

static void
check (gpointer user_data)
{
  CvScribe *self = user_data;

  self->timer = cv_clock_after (self->clock, CV_SCRIBE_CHECK_MS, check, self);
  cv_records_list_pending_async (self->store, on_pending_listed, g_object_ref (self));
  cv_records_list_expired_async (self->store, cv_clock_wall (self->clock), on_expired_listed, g_object_ref (self));
}

/* ---- life ---- */

CvScribe *
cv_scribe_new (const CvScribeOptions *options)
{
  CvScribe *self = g_object_new (CV_TYPE_SCRIBE, NULL);

  self->store = g_object_ref (options->store);
  self->clock = g_object_ref (options->clock);
  self->keep_days = options->keep_days;
  self->cabinet = g_object_ref (options->cabinet);
  check (self);
  return self;
}

void
cv_scribe_set_keep_days (CvScribe *self, guint days)
{
  g_return_if_fail (CV_IS_SCRIBE (self));

  self->keep_days = days;
}

void
cv_scribe_stop (CvScribe *self)
{
  cv_clock_cancel (self->clock, &self->timer);
}

static void
cv_scribe_dispose (GObject *object)
{
  CvScribe *self = CV_SCRIBE (object);

  if (self->clock != NULL)
    cv_scribe_stop (self);
  g_clear_object (&self->cabinet);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_scribe_parent_class)->dispose (object);
}

static void
cv_scribe_class_init (CvScribeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_scribe_dispose;
  made_signal = g_signal_new ("made", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                              G_TYPE_STRING);
}

static void
cv_scribe_init (CvScribe *self)
{
}
