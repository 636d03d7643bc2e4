/* Table `document`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/documents.h"

#define COLUMNS                                                                                                        \
  "document.id, document.meeting, person, by_name, name, media_type, bytes, sha256, status, document.created, "        \
  "meeting.room, room.owner"
#define SELECT                                                                                                         \
  "SELECT " COLUMNS " FROM document JOIN meeting ON meeting.id = document.meeting JOIN room ON room.id = "             \
  "meeting.room "

static const char *const statuses[] = { "uploading", "scanning", "ready", "refused", "deleting", NULL };

/* What a call is about. */
typedef struct {
  CvDocumentRow *row; /* of an insertion */
  char *id;
  char *meeting;
  char *person;
  char *by_name;
  char *sha256;
  CvDocumentStatus status;
  CvDocumentsOf of;
  gint64 quota;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;
  g_clear_pointer (&self->row, cv_document_row_free);
  g_free (self->id);
  g_free (self->meeting);
  g_free (self->person);
  g_free (self->by_name);
  g_free (self->sha256);
  g_free (self);
}

const char *
cv_document_status_to_text (CvDocumentStatus status)
{
  return statuses[status];
}

CvDocumentRow *
cv_document_row_copy (const CvDocumentRow *self)
{
  CvDocumentRow *copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->meeting = g_strdup (self->meeting);
  copy->person = g_strdup (self->person);
  copy->by_name = g_strdup (self->by_name);
  copy->name = g_strdup (self->name);
  copy->media_type = g_strdup (self->media_type);
  copy->sha256 = g_strdup (self->sha256);
  copy->room = g_strdup (self->room);
  copy->owner = g_strdup (self->owner);
  return copy;
}

void
cv_document_row_free (CvDocumentRow *self)
{
  g_free (self->id);
  g_free (self->meeting);
  g_free (self->person);
  g_free (self->by_name);
  g_free (self->name);
  g_free (self->media_type);
  g_free (self->sha256);
  g_free (self->room);
  g_free (self->owner);
  g_free (self);
}

static CvDocumentStatus
read_status (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);
  for (guint i = 0; statuses[i] != NULL; i++)
    if (g_strcmp0 (text, statuses[i]) == 0)
      return (CvDocumentStatus) i;
  return CV_DOCUMENT_DELETING;
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvDocumentRow *row = g_new0 (CvDocumentRow, 1);
  row->id = cv_store_read_text (statement, 0);
  row->meeting = cv_store_read_text (statement, 1);
  row->person = cv_store_read_text (statement, 2);
  row->by_name = cv_store_read_text (statement, 3);
  row->name = cv_store_read_text (statement, 4);
  row->media_type = cv_store_read_text (statement, 5);
  row->bytes = sqlite3_column_int64 (statement, 6);
  row->sha256 = cv_store_read_text (statement, 7);
  row->status = read_status (statement, 8);
  row->created = sqlite3_column_int64 (statement, 9);
  row->room = cv_store_read_text (statement, 10);
  row->owner = cv_store_read_text (statement, 11);
  return row;
}

static gpointer
read_number (sqlite3_stmt *statement)
{
  return g_memdup2 (&(gint64){ sqlite3_column_int64 (statement, 0) }, sizeof (gint64));
}

/* ---- on the store's thread ---- */

/* FALSE with an error where a number is too large already. */
static gboolean
check (sqlite3 *db, GError **error, sqlite3_stmt *question, gint64 most, CvStoreError code, const char *text)
{
  g_autoptr (sqlite3_stmt) statement = question;
  g_autofree gint64 *number = cv_store_read_one (statement, read_number, error);
  if (number == NULL)
    return FALSE;
  if (*number <= most)
    return TRUE;
  g_set_error_literal (error, CV_STORE_ERROR, code, text);
  return FALSE;
}

static gpointer
insert_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  const CvDocumentRow *row = job->row;
  sqlite3_stmt *count =
    cv_store_prepare (db, error, "SELECT count (*) FROM document WHERE meeting = ?", "s", row->meeting);
  if (!check (db, error, count, CV_DOCUMENTS_MAX - 1, CV_STORE_ERROR_LIMIT, "the meeting has too many documents"))
    return NULL;
  sqlite3_stmt *unfinished = cv_store_prepare (db, error,
                                               "SELECT count (*) FROM document WHERE meeting = ? AND person = ? "
                                               "AND status IN ('uploading', 'scanning')",
                                               "ss", row->meeting, row->person);
  if (!check (db, error, unfinished, CV_DOCUMENTS_MAX_UNFINISHED - 1, CV_STORE_ERROR_LIMIT, "too many at once"))
    return NULL;
  sqlite3_stmt *sum = cv_store_prepare (
    db, error, "SELECT ifnull (sum (bytes), 0) FROM document WHERE meeting = ? AND status != 'refused'", "s",
    row->meeting);
  if (!check (db, error, sum, job->quota - row->bytes, CV_STORE_ERROR_FULL, "the meeting's documents are too large"))
    return NULL;
  cv_store_exec (db, error,
                 "INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, 'uploading', ?)",
                 "ssssssii", row->id, row->meeting, row->person, row->by_name, row->name, row->media_type, row->bytes,
                 row->created);
  return NULL;
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, SELECT "WHERE document.id = ?", "s", job->id);
  return cv_store_read_one (statement, read_row, error);
}

static gpointer
list_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  g_autoptr (sqlite3_stmt) statement =
    job->meeting != NULL
      ? cv_store_prepare (db, error, SELECT "WHERE document.meeting = ? ORDER BY document.created, document.rowid", "s",
                          job->meeting)
      : cv_store_prepare (db, error, SELECT "WHERE status IN ('uploading', 'scanning', 'deleting')", "");
  return cv_store_read_all (statement, read_row, (GDestroyNotify) cv_document_row_free, error);
}

/* Fails where the last statement changed nothing. */
static void
expect_change (sqlite3 *db, GError **error)
{
  if (sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such document");
}

static gpointer
set_status_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  if (cv_store_exec (
        db, error, "UPDATE document SET status = ?, sha256 = ifnull (?, sha256) WHERE id = ? AND status != 'deleting'",
        "sss", statuses[job->status], job->sha256, job->id))
    expect_change (db, error);
  return NULL;
}

static gpointer
move_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  if (cv_store_exec (db, error,
                     "UPDATE document SET meeting = ?1, person = ?2, by_name = ?3 "
                     "WHERE id = ?4 AND status = 'uploading' AND (SELECT room FROM meeting WHERE id = ?1) = "
                     "(SELECT room FROM meeting WHERE id = document.meeting)",
                     "ssss", job->meeting, job->person, job->by_name, job->id))
    expect_change (db, error);
  return NULL;
}

static const char *const conditions[] = {
  [CV_DOCUMENTS_OF_MEETING] = "meeting = ?",
  [CV_DOCUMENTS_OF_ROOM] = "meeting IN (SELECT id FROM meeting WHERE room = ?)",
  [CV_DOCUMENTS_UNFINISHED] = "meeting = ? AND status = 'uploading'",
  [CV_DOCUMENTS_ONE] = "id = ?",
};

static gpointer
mark_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  const char *condition = conditions[job->of];
  g_autofree char *list = g_strdup_printf (
    SELECT "WHERE document.id IN (SELECT id FROM document WHERE %s) ORDER BY document.created", condition);
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, list, "s", job->id);
  g_autoptr (GPtrArray) rows = cv_store_read_all (statement, read_row, (GDestroyNotify) cv_document_row_free, error);
  if (rows == NULL)
    return NULL;
  g_autofree char *update = g_strdup_printf ("UPDATE document SET status = 'deleting' WHERE %s", condition);
  return cv_store_exec (db, error, update, "s", job->id) ? g_steal_pointer (&rows) : NULL;
}

static gpointer
complete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  if (cv_store_exec (db, error, "DELETE FROM document WHERE id = ? AND status = 'deleting'", "s", job->id))
    expect_change (db, error);
  return NULL;
}

/* ---- main context ---- */

static void
run (CvStore *store, CvStoreFunc func, const Job *job, GDestroyNotify free_result, GAsyncReadyCallback callback,
     gpointer user_data)
{
  cv_store_run_async (store, func, g_memdup2 (job, sizeof *job), job_free, free_result, NULL, callback, user_data);
}

void
cv_documents_insert_async (CvStore *store, const CvDocumentRow *row, gint64 quota, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (row != NULL && row->id != NULL && row->meeting != NULL);
  Job job = { .row = cv_document_row_copy (row), .quota = quota };
  run (store, insert_on_worker, &job, NULL, callback, user_data);
}

gboolean
cv_documents_insert_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_documents_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);
  Job job = { .id = g_strdup (id) };
  run (store, load_on_worker, &job, (GDestroyNotify) cv_document_row_free, callback, user_data);
}

CvDocumentRow *
cv_documents_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_documents_list_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (meeting != NULL);
  Job job = { .meeting = g_strdup (meeting) };
  run (store, list_on_worker, &job, (GDestroyNotify) g_ptr_array_unref, callback, user_data);
}

void
cv_documents_list_unfinished_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  Job job = { 0 };
  run (store, list_on_worker, &job, (GDestroyNotify) g_ptr_array_unref, callback, user_data);
}

GPtrArray *
cv_documents_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_documents_set_status_async (CvStore *store, const char *id, CvDocumentStatus status, const char *sha256,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);
  Job job = { .id = g_strdup (id), .status = status, .sha256 = g_strdup (sha256) };
  run (store, set_status_on_worker, &job, NULL, callback, user_data);
}

gboolean
cv_documents_set_status_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_documents_move_async (CvStore *store, const char *id, const char *meeting, const char *person, const char *by_name,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL && meeting != NULL && person != NULL && by_name != NULL);
  Job job = {
    .id = g_strdup (id), .meeting = g_strdup (meeting), .person = g_strdup (person), .by_name = g_strdup (by_name)
  };
  run (store, move_on_worker, &job, NULL, callback, user_data);
}

gboolean
cv_documents_move_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_documents_mark_async (CvStore *store, CvDocumentsOf of, const char *id, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (id != NULL);
  Job job = { .of = of, .id = g_strdup (id) };
  run (store, mark_on_worker, &job, (GDestroyNotify) g_ptr_array_unref, callback, user_data);
}

GPtrArray *
cv_documents_mark_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_documents_complete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (id != NULL);
  Job job = { .id = g_strdup (id) };
  run (store, complete_on_worker, &job, NULL, callback, user_data);
}

gboolean
cv_documents_complete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
