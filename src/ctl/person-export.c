/* See person-export.h. One table says what is asked of the database. */
#include "ctl/person-export.h"

#include "base/file-error.h"
#include "base/json.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *sql;
} Query;

/* `?1` the id that was asked for */
static const Query OF_ACCOUNT[] = {
  { "accounts", "SELECT id, login, name, role, created, seen, disabled FROM user WHERE id = ?1" },
  { "sign_ins", "SELECT id, created, seen, expires, agent FROM sign_in WHERE user = ?1" },
  { "identities", "SELECT issuer, subject, created FROM identity WHERE user = ?1" },
  { "calendars", "SELECT created FROM feed WHERE user = ?1" },
  { "rooms", "SELECT id, kind, title, created FROM room WHERE owner = ?1" },
  { "events", "SELECT id, room, title, start, zone, minutes, repeat, created, changed FROM event WHERE owner = ?1" },
  { "summaries_changed", "SELECT meeting, issue, made FROM summary WHERE actor = ?1" },
  { "audit", "SELECT n, at, iif (actor = name, 'they', '') AS actor, action, detail FROM audit JOIN pseudonym ON name "
             "IN (actor, object) "
             "WHERE id = ?1 ORDER BY n" },
  { NULL },
};

#define NAME "(SELECT name FROM attendance WHERE meeting = ?1 AND person = ?2)"

/* `?1` a meeting, `?2` who they are there */
static const Query OF_SEAT[] = {
  { "attendance", "SELECT meeting, person, name, role, device, account, joined, \"left\" FROM attendance WHERE meeting "
                  "= ?1 AND person = ?2" },
  { "content", "SELECT meeting, id, type, state FROM content WHERE meeting = ?1 AND (instr (state, ?2) OR instr "
               "(state, json_quote (" NAME ")))" },
  { "documents",
    "SELECT id, meeting, name, media_type, bytes, sha256, created FROM document WHERE meeting = ?1 AND person = ?2" },
  { "summaries_with_them",
    "SELECT meeting, issue, made FROM summary WHERE meeting = ?1 AND instr (body, json_quote (" NAME "))" },
  { "calls", "SELECT id, meeting, caller, trunk, started, answered, ended, reason FROM call WHERE person = ?2" },
  { "consents", "SELECT recording, name, answer, at FROM consent WHERE person = ?2" },
  { "recordings",
    "SELECT DISTINCT recording.id, title, started, ended, status, expires FROM recording JOIN consent ON recording = "
    "recording.id WHERE person = ?2" },
  { "tracks", "SELECT recording, name, source, bytes, begins, duration FROM recording_file WHERE person = ?2" },
  { NULL },
};

/* ---- rows ---- */

static void
add_row (JsonBuilder *builder, sqlite3_stmt *row)
{
  json_builder_begin_object (builder);
  for (int i = 0; i < sqlite3_column_count (row); i++) {
    json_builder_set_member_name (builder, sqlite3_column_name (row, i));
    if (sqlite3_column_type (row, i) == SQLITE_INTEGER)
      json_builder_add_int_value (builder, sqlite3_column_int64 (row, i));
    else if (sqlite3_column_type (row, i) == SQLITE_TEXT)
      json_builder_add_string_value (builder, (const char *) sqlite3_column_text (row, i));
    else
      json_builder_add_null_value (builder);
  }
  json_builder_end_object (builder);
}

static gboolean
add_rows (JsonBuilder *builder, sqlite3 *db, const Query *query, const char *a, const char *b, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, query->sql, "");
  int code = SQLITE_ERROR;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, a, -1, SQLITE_STATIC);
  if (sqlite3_bind_parameter_count (statement) > 1)
    sqlite3_bind_text (statement, 2, b, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    add_row (builder, statement);
  if (code != SQLITE_DONE)
    cv_store_set_error (error, db, query->name);
  return code == SQLITE_DONE;
}

static gboolean
add_account (JsonBuilder *builder, sqlite3 *db, const CvErasure *erasure, GError **error)
{
  for (const Query *query = OF_ACCOUNT; query->name != NULL; query++) {
    json_builder_set_member_name (builder, query->name);
    json_builder_begin_array (builder);
    if (!add_rows (builder, db, query, erasure->id, NULL, error))
      return FALSE;
    json_builder_end_array (builder);
  }
  return TRUE;
}

static gboolean
add_seats (JsonBuilder *builder, sqlite3 *db, const CvErasure *erasure, GError **error)
{
  for (const Query *query = OF_SEAT; query->name != NULL; query++) {
    json_builder_set_member_name (builder, query->name);
    json_builder_begin_array (builder);
    for (guint i = 0; i < erasure->seats->len; i++) {
      const CvErasureSeat *seat = erasure->seats->pdata[i];

      if (!add_rows (builder, db, query, seat->meeting, cv_scrub_get_id (seat->scrub), error))
        return FALSE;
    }
    json_builder_end_array (builder);
  }
  return TRUE;
}

/* ---- files ---- */

static gboolean
copy (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (to);
  g_autofree char *folder = g_path_get_dirname (to);

  /* its time may have come meanwhile */
  if (!g_file_test (from, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return g_file_copy (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, error);
  return cv_set_file_error (error, folder);
}

/* All that `sql` names, as PLACE below `folder`, with `?1` who they are in the meeting. */
static gboolean
copy_all (sqlite3 *db, const char *sql, const char *person, const char *folder, const char *to, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, "s", person);
  int code = SQLITE_ERROR;

  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW) {
    const char *place = (const char *) sqlite3_column_text (statement, 0);
    g_autofree char *from = g_build_filename (folder, place, NULL);
    g_autofree char *target = g_build_filename (to, place, NULL);

    if (!copy (from, target, error))
      return FALSE;
  }
  if (statement != NULL && code != SQLITE_DONE)
    cv_store_set_error (error, db, "looking for files");
  return code == SQLITE_DONE;
}

static gboolean
copy_files (sqlite3 *db, const CvErasure *erasure, const CvPersonFolders *folders, const char *to, GError **error)
{
  g_autofree char *documents = g_build_filename (to, "documents", NULL);
  g_autofree char *recordings = g_build_filename (to, "recordings", NULL);

  for (guint i = 0; i < erasure->seats->len; i++) {
    const char *person = cv_scrub_get_id (((CvErasureSeat *) erasure->seats->pdata[i])->scrub);

    if (!copy_all (db, "SELECT meeting || '/' || id FROM document WHERE person = ?", person, folders->documents,
                   documents, error) ||
        !copy_all (db, "SELECT recording || '/' || name FROM recording_file WHERE person = ?", person,
                   folders->recordings, recordings, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
cv_person_export (sqlite3 *db, const CvErasure *erasure, const CvPersonFolders *folders, const char *to, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autofree char *path = g_build_filename (to, "person.json", NULL);
  g_autofree char *text = NULL;

  if (g_mkdir_with_parents (to, 0700) != 0)
    return cv_set_file_error (error, to);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", erasure->id);
  if (!add_account (builder, db, erasure, error) || !add_seats (builder, db, erasure, error))
    return FALSE;
  json_builder_end_object (builder);
  text = cv_json_builder_to_text (builder, NULL);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error) &&
         copy_files (db, erasure, folders, to, error);
}
