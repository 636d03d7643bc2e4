/* What is kept of meetings: see records.h.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/records.h"

#include "base/ids.h"
#include "store/audit.h"

#include <string.h>

typedef struct {
  char *meeting;
  char *title; /* of an opening */
  guint8 secret[CV_RECORD_SECRET_BYTES];
  char *actor; /* of a deletion */
  gboolean whole;
  gint64 now;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  g_free (self->meeting);
  g_free (self->title);
  g_free (self->actor);
  g_free (self);
}

void
cv_record_row_free (CvRecordRow *self)
{
  g_free (self->meeting);
  g_free (self->room);
  g_free (self->title);
  g_free (self->kind);
  g_free (self->owner);
  g_free (self->reason);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  CvRecordRow *row = g_new0 (CvRecordRow, 1);

  row->meeting = cv_store_read_text (statement, 0);
  row->room = cv_store_read_text (statement, 1);
  row->title = cv_store_read_text (statement, 2);
  row->kind = cv_store_read_text (statement, 3);
  row->owner = cv_store_read_text (statement, 4);
  row->started = sqlite3_column_int64 (statement, 5);
  row->ended = sqlite3_column_int64 (statement, 6);
  /* the tables' CHECKs keep their length */
  row->has_secret = sqlite3_column_type (statement, 7) != SQLITE_NULL;
  if (row->has_secret)
    memcpy (row->secret, sqlite3_column_blob (statement, 7), CV_RECORD_SECRET_BYTES);
  memcpy (row->host_verifier, sqlite3_column_blob (statement, 8), CV_VERIFIER_BYTES);
  row->summary = cv_summary_for_parse ((const char *) sqlite3_column_text (statement, 9));
  row->expires = sqlite3_column_int64 (statement, 10);
  row->issue = (guint) sqlite3_column_int (statement, 11);
  row->reason = cv_store_read_text (statement, 12);
  row->attendance = sqlite3_column_int (statement, 13) != 0;
  row->keep_content_days = sqlite3_column_int (statement, 14);
  row->open = g_strcmp0 ((const char *) sqlite3_column_text (statement, 15), cv_summary_fors[CV_SUMMARY_PEOPLE]) == 0;
  return row;
}

/* SHA-256 of a label and the hosts' secret. */
void
cv_record_make_people_secret (const guint8 secret[CV_RECORD_SECRET_BYTES], guint8 people[CV_RECORD_SECRET_BYTES])
{
  static const char label[] = "conclave summary people"; /* with its zero */
  guint8 bytes[sizeof label + CV_RECORD_SECRET_BYTES];

  G_STATIC_ASSERT (CV_HASH_BYTES == CV_RECORD_SECRET_BYTES);
  memcpy (bytes, label, sizeof label);
  memcpy (bytes + sizeof label, secret, CV_RECORD_SECRET_BYTES);
  cv_hash (bytes, sizeof bytes, people);
  cv_wipe (bytes, sizeof bytes);
}

gboolean
cv_record_is_people_secret (const guint8 secret[CV_RECORD_SECRET_BYTES], const guint8 key[CV_RECORD_SECRET_BYTES])
{
  guint8 people[CV_RECORD_SECRET_BYTES];

  cv_record_make_people_secret (secret, people);
  return cv_bytes_equal (people, key, sizeof people);
}

char *
cv_record_make_path_for (const char *meeting, const guint8 secret[CV_RECORD_SECRET_BYTES], gboolean host)
{
  guint8 people[CV_RECORD_SECRET_BYTES];
  g_autofree char *text = NULL;

  cv_record_make_people_secret (secret, people);
  text = cv_base64url_encode (host ? secret : people, CV_RECORD_SECRET_BYTES);
  return g_strconcat ("/summary/", meeting, "#", text, NULL);
}

char *
cv_record_make_path (const CvRecordRow *self)
{
  return cv_record_make_path_for (self->meeting, self->secret, !self->open);
}

CvRecordRow *
cv_record_read (sqlite3 *db, const char *meeting, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error,
    "SELECT meeting.id, room, meeting.title, kind, owner, started, ifnull (ended, 0), meeting.secret, host_verifier, "
    "room.summary, ifnull (expires, 0), (SELECT ifnull (max (issue), 0) FROM summary WHERE summary.meeting = "
    "meeting.id), "
    "reason, attendance, ifnull (keep_content_days, " G_STRINGIFY (
      CV_ROOM_KEEP_DEFAULT) ") "
                            ", readers FROM meeting JOIN room ON room.id = meeting.room WHERE meeting.id = ?",
    "s", meeting);

  return cv_store_read_one (statement, read_row, error);
}

static gpointer
load_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  return cv_record_read (db, data, error);
}

static gpointer
open_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;

  if (cv_store_exec (db, error, "UPDATE meeting SET title = ?, secret = ? WHERE id = ?", "sbs", job->title, job->secret,
                     CV_RECORD_SECRET_BYTES, job->meeting) &&
      sqlite3_changes (db) == 0)
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "no such meeting");
  return NULL;
}

/* ---- lists ---- */

static gpointer
read_id (sqlite3_stmt *statement)
{
  return cv_store_read_text (statement, 0);
}

static gpointer
list_pending_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT id FROM meeting WHERE ended IS NOT NULL AND secret IS NOT NULL "
                      "AND NOT EXISTS (SELECT 1 FROM summary WHERE summary.meeting = meeting.id) ORDER BY ended",
                      "");

  return cv_store_read_all (statement, read_id, g_free, error);
}

static gpointer
list_expired_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const gint64 *now = data;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT id FROM meeting WHERE expires <= ? AND ended IS NOT NULL ORDER BY expires", "i", *now);

  return cv_store_read_all (statement, read_id, g_free, error);
}

/* ---- the end ---- */

static gboolean
clear (sqlite3 *db, const char *meeting, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM summary WHERE meeting = ?",
    "DELETE FROM mail WHERE meeting = ?",
    "DELETE FROM content WHERE meeting = ?",
    "DELETE FROM attendance WHERE meeting = ?",
    "UPDATE meeting SET title = '', secret = NULL, expires = NULL WHERE id = ?",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!cv_store_exec (db, error, statements[i], "s", meeting))
      return FALSE;
  return TRUE;
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Job *job = data;
  const CvAuditRow audit = { .at = job->now,
                             .actor = job->actor,
                             .action = (char *) "meeting.delete",
                             .object = job->meeting,
                             .detail = (char *) "" };
  g_autoptr (CvRecordRow) row = cv_record_read (db, job->meeting, error);
  g_autoptr (sqlite3_stmt) documents = NULL;

  if (row == NULL)
    return NULL;
  documents = cv_store_prepare (db, error, "SELECT 1 FROM document WHERE meeting = ?", "s", job->meeting);
  if (documents == NULL)
    return NULL;
  if (sqlite3_step (documents) == SQLITE_ROW) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED, "documents of the meeting are left");
    return NULL;
  }
  if (row->ended == 0) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID, "the meeting is not over");
    return NULL;
  }
  if (clear (db, job->meeting, error) && job->whole)
    cv_store_exec (db, error,
                   "DELETE FROM meeting WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM recording WHERE meeting = ?1)", "s",
                   job->meeting);
  if (error == NULL || *error == NULL)
    cv_audit_add (db, &audit, error);
  return NULL;
}

/* ---- in the main context ---- */

void
cv_records_open_async (CvStore *store, const char *meeting, const char *title,
                       const guint8 secret[CV_RECORD_SECRET_BYTES], GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job;

  g_return_if_fail (meeting != NULL && title != NULL);

  job = g_new0 (Job, 1);
  job->meeting = g_strdup (meeting);
  job->title = g_strdup (title);
  memcpy (job->secret, secret, CV_RECORD_SECRET_BYTES);
  cv_store_run_async (store, open_on_worker, job, job_free, NULL, NULL, callback, user_data);
}

gboolean
cv_records_open_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_records_load_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (meeting != NULL);

  cv_store_run_async (store, load_on_worker, g_strdup (meeting), g_free, (GDestroyNotify) cv_record_row_free, NULL,
                      callback, user_data);
}

CvRecordRow *
cv_records_load_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_records_list_pending_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_pending_on_worker, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, callback,
                      user_data);
}

void
cv_records_list_expired_async (CvStore *store, gint64 now, GAsyncReadyCallback callback, gpointer user_data)
{
  cv_store_run_async (store, list_expired_on_worker, g_memdup2 (&now, sizeof now), g_free,
                      (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_records_list_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}

void
cv_records_delete_async (CvStore *store, const char *meeting, gboolean whole, const char *actor, gint64 now,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job;

  g_return_if_fail (meeting != NULL && actor != NULL);

  job = g_new0 (Job, 1);
  job->meeting = g_strdup (meeting);
  job->actor = g_strdup (actor);
  job->whole = whole;
  job->now = now;
  cv_store_run_async (store, delete_on_worker, job, job_free, NULL, NULL, callback, user_data);
}

gboolean
cv_records_delete_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
