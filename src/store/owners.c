/* Tables `room`, `recording` and what hangs on them.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/owners.h"

#define OF_RECORDING "SELECT 1 FROM recording JOIN room ON room.id = recording.room "

/* By the first letter of the id. */
static const struct {
  char letter;
  const char *sql;
} QUESTIONS[] = {
  { 'r', OF_RECORDING "WHERE recording.id = ? AND room.owner = ?" },
  { 'j', OF_RECORDING "JOIN render ON render.recording = recording.id WHERE render.id = ? AND room.owner = ?" },
  { 's', OF_RECORDING "JOIN share ON share.recording = recording.id WHERE share.id = ? AND room.owner = ?" },
  { 'm', "SELECT 1 FROM meeting JOIN room ON room.id = meeting.room WHERE meeting.id = ? AND room.owner = ?" },
  { 'f', "SELECT 1 FROM document JOIN meeting ON meeting.id = document.meeting JOIN room ON room.id = meeting.room "
         "WHERE document.id = ? AND room.owner = ?" },
  { 't', "SELECT 1 FROM token JOIN room ON room.id = token.room WHERE token.id = ? AND room.owner = ?" },
};

static const char *
find_question (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (QUESTIONS); i++)
    if (QUESTIONS[i].letter == id[0])
      return QUESTIONS[i].sql;
  return NULL;
}

static gpointer
read_nothing (sqlite3_stmt *statement)
{
  return NULL;
}

static gpointer
check_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  char **words = data;
  const char *sql = find_question (words[0]);

  if (sql == NULL) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "nothing that has an owner");
    return NULL;
  }
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, "ss", words[0], words[1]);
  return cv_store_read_one (statement, read_nothing, error);
}

void
cv_owners_check_async (CvStore *store, const char *id, const char *actor, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  const char *words[] = { id, actor, NULL };

  g_return_if_fail (id != NULL && actor != NULL);

  cv_store_run_async (store, check_on_worker, g_strdupv ((char **) words), (GDestroyNotify) g_strfreev, NULL, NULL,
                      callback, user_data);
}

gboolean
cv_owners_check_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
