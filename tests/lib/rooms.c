/* See rooms.h. */
#include "lib/rooms.h"

#include "base/ids.h"
#include "lib/wait.h"

const guint8 cv_test_join_key[CV_KEY_BYTES] = "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj";
const guint8 cv_test_host_key[CV_KEY_BYTES] = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";

void
cv_test_rooms_init (CvTestRooms *self, const char *const *without_media)
{
  self->clock = cv_clock_new_fake (CV_TEST_NOW);
  self->store = cv_store_open (":memory:", NULL);
  g_assert_nonnull (self->store);
  self->registry = cv_registry_new (self->store, self->clock, CV_TEST_EMPTY_MS, without_media);
}

void
cv_test_rooms_clear (CvTestRooms *self)
{
  cv_test_wait_gone (g_steal_pointer (&self->registry));
  cv_store_close (self->store);
  cv_test_wait_gone (g_steal_pointer (&self->store));
  g_assert_finalize_object (g_steal_pointer (&self->clock));
}

CvRoomRow *
cv_test_room_row (const char *id, const char *kind)
{
  CvRoomRow *row = g_new0 (CvRoomRow, 1);
  row->summary = CV_SUMMARY_PEOPLE;
  row->attendance = TRUE;
  row->keep_content_days = CV_ROOM_KEEP_DEFAULT;
  row->id = g_strdup (id);
  row->kind = g_strdup (kind);
  row->title = g_strdup ("Tea");
  row->created = CV_TEST_NOW;
  cv_hash (cv_test_join_key, CV_KEY_BYTES, row->join_verifier);
  cv_hash (cv_test_host_key, CV_KEY_BYTES, row->host_verifier);
  return row;
}

gboolean
cv_test_rooms_create (CvTestRooms *self, const char *id, const char *kind, GError **error)
{
  g_autoptr (CvRoomRow) row = cv_test_room_row (id, kind);
  return cv_test_rooms_create_row (self, row, error);
}

gboolean
cv_test_rooms_create_row (CvTestRooms *self, const CvRoomRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_registry_create_async (self->registry, row, "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_registry_create_finish (self->registry, result, error);
}

CvRoom *
cv_test_rooms_load (CvTestRooms *self, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_registry_load_async (self->registry, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_registry_load_finish (self->registry, result, error);
}

gboolean
cv_test_rooms_delete (CvTestRooms *self, const char *id, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_registry_delete_async (self->registry, id, "admin", cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_registry_delete_finish (self->registry, result, error);
}

CvParticipant *
cv_test_rooms_enter (CvTestRooms *self, CvRoom *room, const char *name)
{
  g_autoptr (GError) error = NULL;
  CvSending sending = { .microphone = TRUE };
  CvParticipant *participant = cv_registry_enter (self->registry, room, name, CV_ROLE_PERSON, &sending, &error);
  g_assert_no_error (error);
  return participant;
}

static gpointer
dump_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT ifnull (group_concat (started || '-' || ifnull (ended, '') || ' ' || ifnull (reason, '')"
                      ", '; '), '') FROM (SELECT * FROM meeting ORDER BY started)",
                      "");
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  return g_strdup ((const char *) sqlite3_column_text (statement, 0));
}

char *
cv_test_rooms_dump_meetings (CvTestRooms *self)
{
  GAsyncResult *slot = NULL;
  cv_store_run_async (self->store, dump_on_worker, NULL, NULL, g_free, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_store_run_finish (self->store, result, NULL);
}

static gpointer
ask_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, data, "");
  GString *answer = g_string_new (NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (answer, "%s ", (const char *) sqlite3_column_text (statement, 0));
  return g_string_free (answer, FALSE);
}

char *
cv_test_store_ask (CvStore *store, const char *sql)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_store_run_async (store, ask_on_worker, g_strdup (sql), g_free, g_free, NULL, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  char *answer = cv_store_run_finish (store, result, &error);
  g_assert_no_error (error);
  return answer;
}
