/* Table `consent`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/consents.h"

const char *const cv_answers[] = { "none", "announced", "agreed", "refused", "withdrawn", NULL };

CvConsentRow *
cv_consent_row_new (const char *recording, const char *person, const char *name, CvAnswer answer, gint64 at)
{
  CvConsentRow *self = g_new (CvConsentRow, 1);

  *self = (CvConsentRow){ g_strdup (recording), g_strdup (person), g_strdup (name), answer, at };
  return self;
}

void
cv_consent_row_free (CvConsentRow *self)
{
  g_free (self->recording);
  g_free (self->person);
  g_free (self->name);
  g_free (self);
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const GPtrArray *rows = data;

  for (guint i = 0; i < rows->len; i++) {
    const CvConsentRow *row = g_ptr_array_index (rows, i);

    if (!cv_store_exec (db, error, "INSERT INTO consent (recording, person, name, answer, at) VALUES (?, ?, ?, ?, ?)",
                        "ssssi", row->recording, row->person, row->name, cv_answers[row->answer], row->at))
      break;
  }
  return NULL;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  const char *answer = (const char *) sqlite3_column_text (statement, 3);
  guint i = CV_ANSWER_NONE;

  /* the table's CHECK knows no other */
  while (g_strcmp0 (cv_answers[i], answer) != 0)
    i++;
  return cv_consent_row_new (
    (const char *) sqlite3_column_text (statement, 0), (const char *) sqlite3_column_text (statement, 1),
    (const char *) sqlite3_column_text (statement, 2), (CvAnswer) i, sqlite3_column_int64 (statement, 4));
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT recording, person, name, answer, at FROM consent WHERE recording = ? ORDER BY n", "s", data);

  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_consent_row_free, error);
}

void
cv_consents_insert_async (CvStore *store, GPtrArray *rows, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (rows != NULL);

  cv_store_run_async (store, insert_on_worker, g_ptr_array_ref (rows), (GDestroyNotify) g_ptr_array_unref, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_consents_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_consents_list_async (CvStore *store, const char *recording, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (recording != NULL);

  cv_store_run_async (store, list_on_worker, g_strdup (recording), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                      callback, user_data);
}

GPtrArray *
cv_consents_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
