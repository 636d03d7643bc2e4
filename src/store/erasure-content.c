/* See erasure-content.h. */
#include "store/erasure-content.h"

#include "base/json.h"

#include <string.h>

/* a summary; an object of the model is far less */
#define MAX_BYTES (8 * 1024 * 1024)

/* What goes with who made it. Polls, agenda and minutes are everybody's: they stay, and do not say whose they were. */
static const char *const THEIRS[] = { "message", "reaction", "caption", "document", "vote", NULL };

typedef struct {
  char *key; /* of the row: an object's id, or an issue */
  char *type;
  JsonObject *value;
} Row;

static void
row_free (gpointer data)
{
  Row *self = data;

  g_free (self->key);
  g_free (self->type);
  g_clear_pointer (&self->value, json_object_unref);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  Row *row = g_new0 (Row, 1);
  const char *text = (const char *) sqlite3_column_text (statement, 2);

  row->key = cv_store_read_text (statement, 0);
  row->type = cv_store_read_text (statement, 1);
  row->value = text != NULL ? cv_json_parse_long (text, strlen (text), MAX_BYTES, NULL) : NULL;
  return row;
}

static GPtrArray *
load (sqlite3 *db, const char *sql, const CvErasureSeat *seat, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, "s", seat->meeting);

  return cv_store_read_all (statement, read_row, row_free, error);
}

static GPtrArray *
load_content (sqlite3 *db, const CvErasureSeat *seat, GError **error)
{
  return load (db, "SELECT id, type, state FROM content WHERE meeting = ?", seat, error);
}

/* The value of a register: [value, clock, actor]. Borrowed; NULL where it is none. */
static JsonNode *
get_register (const Row *row, const char *name)
{
  JsonNode *node = row->value != NULL ? json_object_get_member (row->value, name) : NULL;
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  return array != NULL && json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;
}

static const char *
get_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static gboolean
is_theirs (const Row *row, const CvErasureSeat *seat)
{
  const char *id = cv_scrub_get_id (seat->scrub);

  return g_strcmp0 (get_text (get_register (row, "from")), id) == 0 ||
         g_strcmp0 (get_text (get_register (row, "by")), id) == 0;
}

/* ---- looking ---- */

static gboolean
is_shared (sqlite3 *db, const CvErasureSeat *seat, const char *name)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, NULL, "SELECT 1 FROM attendance WHERE meeting = ? AND person != ? AND name = ?", "sss",
                      seat->meeting, cv_scrub_get_id (seat->scrub), name);

  return statement != NULL && sqlite3_step (statement) == SQLITE_ROW;
}

static void
learn (sqlite3 *db, const CvErasureSeat *seat, const Row *row)
{
  static const char *const names[] = { "name", "sender" };
  JsonNode *at = get_register (row, "at");

  /* a document's is the file's */
  for (guint i = g_str_equal (row->type, "document") ? 1 : 0; i < G_N_ELEMENTS (names); i++) {
    const char *name = get_text (get_register (row, names[i]));

    if (name != NULL)
      cv_scrub_add_name (seat->scrub, name, !is_shared (db, seat, name));
  }
  if (at != NULL && JSON_NODE_HOLDS_VALUE (at)) {
    gint64 time = json_node_get_int (at);

    g_hash_table_add (seat->said, g_memdup2 (&time, sizeof time));
  }
}

gboolean
cv_erasure_content_look (sqlite3 *db, const CvErasureSeat *seat, GError **error)
{
  g_autoptr (GPtrArray) rows = load_content (db, seat, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (is_theirs (rows->pdata[i], seat))
      learn (db, seat, rows->pdata[i]);
  return rows != NULL;
}

/* ---- content ---- */

static char *
to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return cv_json_to_text (node, NULL);
}

static void
scrub (const CvErasureSeat *seat, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  cv_scrub_json (seat->scrub, node);
}

static gboolean
run_content_row (sqlite3 *db, const CvErasureSeat *seat, const Row *row, GError **error)
{
  g_autofree char *key = NULL, *state = NULL;

  /* what cannot be read cannot be searched */
  if (row->value == NULL || (is_theirs (row, seat) && g_strv_contains (THEIRS, row->type)))
    return cv_store_exec (db, error, "DELETE FROM content WHERE meeting = ? AND id = ?", "ss", seat->meeting, row->key);
  scrub (seat, row->value);
  state = to_text (row->value);
  key = cv_scrub_text (seat->scrub, row->key);
  return cv_store_exec (db, error, "UPDATE content SET id = ?, state = ? WHERE meeting = ? AND id = ?", "ssss", key,
                        state, seat->meeting, row->key);
}

/* ---- summaries, which have names and no ids ---- */

static JsonArray *
get_list (const Row *row, const char *name)
{
  JsonNode *node = json_object_get_member (row->value, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
is_named (const CvErasureSeat *seat, JsonObject *entry, const char *member)
{
  return cv_scrub_has_name (seat->scrub, json_object_get_string_member_with_default (entry, member, NULL));
}

/* Of two who are called the same, times tell which one it was. */
static gboolean
was_said_by (const CvErasureSeat *seat, JsonObject *entry)
{
  gint64 at = json_object_get_int_member_with_default (entry, "at", -1);

  return g_hash_table_contains (seat->said, &at);
}

/* Takes out what they said; of answers to it, what it was. */
static void
run_said (const CvErasureSeat *seat, JsonArray *list, const char *who)
{
  for (guint i = list != NULL ? json_array_get_length (list) : 0; i > 0; i--) {
    JsonObject *entry = json_array_get_object_element (list, i - 1);
    const char *text = json_object_get_string_member_with_default (entry, who, "");
    g_autofree char *same = cv_scrub_text (seat->scrub, text);

    if (is_named (seat, entry, who) && (was_said_by (seat, entry) || !g_str_equal (same, text))) {
      json_array_remove_element (list, i - 1);
    } else if (is_named (seat, entry, "reply_name")) {
      json_object_set_string_member (entry, "reply_name", CV_SCRUB_NAME);
      json_object_set_string_member (entry, "reply_text", "");
    }
  }
}

static void
run_attendance (const CvErasureSeat *seat, JsonArray *list)
{
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++) {
    JsonObject *entry = json_array_get_object_element (list, i);

    if (is_named (seat, entry, "name") && json_object_get_int_member_with_default (entry, "joined", -1) == seat->joined)
      json_object_set_string_member (entry, "name", CV_SCRUB_NAME);
  }
}

static void
run_documents (sqlite3 *db, const CvErasureSeat *seat, JsonArray *list)
{
  for (guint i = list != NULL ? json_array_get_length (list) : 0; i > 0; i--) {
    const char *id = json_object_get_string_member_with_default (json_array_get_object_element (list, i - 1), "id", "");
    g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
      db, NULL, "SELECT 1 FROM document WHERE id = ? AND person = ?", "ss", id, cv_scrub_get_id (seat->scrub));

    if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
      json_array_remove_element (list, i - 1);
  }
}

static gboolean
run_summary (sqlite3 *db, const CvErasureSeat *seat, const Row *row, GError **error)
{
  g_autofree char *body = NULL;

  if (row->value == NULL)
    return cv_store_exec (db, error, "DELETE FROM summary WHERE meeting = ? AND issue = ?", "ss", seat->meeting,
                          row->key);
  run_said (seat, get_list (row, "chat"), "name");
  run_said (seat, get_list (row, "captions"), "by");
  run_attendance (seat, get_list (row, "attendance"));
  run_documents (db, seat, get_list (row, "documents"));
  scrub (seat, row->value);
  body = to_text (row->value);
  return cv_store_exec (db, error, "UPDATE summary SET body = ? WHERE meeting = ? AND issue = ?", "sss", body,
                        seat->meeting, row->key);
}

gboolean
cv_erasure_content_run (sqlite3 *db, const CvErasureSeat *seat, GError **error)
{
  g_autoptr (GPtrArray) content = load_content (db, seat, error);
  g_autoptr (GPtrArray) summaries =
    content != NULL ? load (db, "SELECT issue, '', body FROM summary WHERE meeting = ?", seat, error) : NULL;

  if (summaries == NULL)
    return FALSE;
  for (guint i = 0; i < content->len; i++)
    if (!run_content_row (db, seat, content->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < summaries->len; i++)
    if (!run_summary (db, seat, summaries->pdata[i], error))
      return FALSE;
  return TRUE;
}
