/* See collect.h. */
#include "summary/collect.h"

#include "summary/attendance.h"
#include "summary/shared-row.h"

#define MAX_NAME 60
#define MAX_TEXT 4000
#define MAX_REPLY 120

static void
row_free (gpointer data)
{
  if (data != NULL)
    cv_shared_row_free (data);
}

/* NULL for what is gone. */
static gpointer
read_shared (sqlite3_stmt *statement)
{
  g_autofree char *id = cv_store_read_text (statement, 0);
  g_autofree char *state = cv_store_read_text (statement, 1);

  return cv_shared_row_new (id, state);
}

/* Of one type, without those that are gone. Returns: (transfer full) of CvSharedRow, NULL with an error. */
static GPtrArray *
load (sqlite3 *db, const CvRecordRow *record, const char *type, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (
    db, error, "SELECT id, state FROM content WHERE meeting = ? AND type = ? ORDER BY id", "ss", record->meeting, type);
  GPtrArray *rows = cv_store_read_all (statement, read_shared, row_free, error);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    if (g_ptr_array_index (rows, i - 1) == NULL)
      g_ptr_array_remove_index (rows, i - 1);
  return rows;
}

/* ---- settings ---- */

gboolean
cv_summary_read_settings (sqlite3 *db, const CvRecordRow *record, CvSummarySettings *settings, GError **error)
{
  g_autoptr (GPtrArray) rows = load (db, record, "settings", error);

  if (rows == NULL)
    return FALSE;
  *settings = (CvSummarySettings){ .who = record->summary, .attendance = record->attendance, .chat = TRUE };
  for (guint i = 0; i < rows->len; i++) {
    const CvSharedRow *row = g_ptr_array_index (rows, i);
    g_autofree char *who = cv_shared_row_text (row, "summary", 10, FALSE);

    for (guint k = 0; cv_summary_fors[k] != NULL; k++)
      if (g_str_equal (who, cv_summary_fors[k]))
        settings->who = (CvSummaryFor) k;
    if (cv_shared_row_has (row, "attendance"))
      settings->attendance = cv_shared_row_flag (row, "attendance");
    if (cv_shared_row_has (row, "chat"))
      settings->chat = cv_shared_row_flag (row, "chat");
  }
  return TRUE;
}

/* ---- agenda and minutes ---- */

/* Whose clock ran when the meeting ended. Returns: (transfer full), "" for none. */
static char *
find_current (sqlite3 *db, const CvRecordRow *record, gint64 *since, GError **error)
{
  g_autoptr (GPtrArray) rows = load (db, record, "agenda", error);
  const CvSharedRow *row = rows != NULL && rows->len > 0 ? g_ptr_array_index (rows, 0) : NULL;

  *since = row != NULL ? cv_shared_row_number (row, "since") : 0;
  return row != NULL ? cv_shared_row_text (row, "current", 40, FALSE) : g_strdup ("");
}

static gboolean
collect_agenda (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  gint64 since = 0;
  g_autofree char *current = find_current (db, record, &since, error);
  g_autoptr (GPtrArray) rows = load (db, record, "item", error);

  if (rows == NULL)
    return FALSE;
  g_ptr_array_sort (rows, cv_shared_row_compare_order);
  for (guint i = 0; i < rows->len; i++) {
    const CvSharedRow *row = g_ptr_array_index (rows, i);
    CvSummaryItem *item = cv_summary_add_item (summary);

    item->title = cv_shared_row_text (row, "title", 200, FALSE);
    item->owner = cv_shared_row_text (row, "owner", MAX_NAME, FALSE);
    item->minutes = cv_shared_row_number (row, "minutes");
    item->started = cv_shared_row_number (row, "started");
    item->spent = cv_shared_row_number (row, "spent");
    item->done = cv_shared_row_flag (row, "done");
    if (since > 0 && g_str_equal (row->id, current))
      item->spent += MAX (0, record->ended - since);
  }
  return TRUE;
}

static gboolean
collect_minutes (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  static const char *const kinds[] = { "text", "heading", "decision", "action", NULL };
  g_autoptr (GPtrArray) rows = load (db, record, "block", error);

  if (rows == NULL)
    return FALSE;
  g_ptr_array_sort (rows, cv_shared_row_compare_order);
  for (guint i = 0; i < rows->len; i++) {
    const CvSharedRow *row = g_ptr_array_index (rows, i);
    g_autofree char *text = cv_shared_row_text (row, "text", MAX_TEXT, TRUE);
    g_autofree char *kind = cv_shared_row_text (row, "kind", 10, FALSE);
    CvSummaryBlock *block;

    /* paragraphs that somebody began and left */
    if (*g_strstrip (text) == '\0')
      continue;
    block = cv_summary_add_block (summary);
    block->kind = g_strdup (g_strv_contains (kinds, kind) ? kind : "text");
    block->text = g_steal_pointer (&text);
    block->owner = cv_shared_row_text (row, "owner", MAX_NAME, FALSE);
    block->due = cv_shared_row_text (row, "due", 10, FALSE);
  }
  return TRUE;
}

/* ---- polls ---- */

static void
fill_poll (CvSummaryPoll *poll, const CvSharedRow *row)
{
  JsonArray *choices = cv_shared_row_list (row, "choices");
  JsonArray *counts = cv_shared_row_list (row, "counts");
  JsonArray *voted = cv_shared_row_list (row, "voted");

  poll->question = cv_shared_row_text (row, "question", 300, FALSE);
  poll->multiple = cv_shared_row_flag (row, "multiple");
  poll->anonymous = cv_shared_row_flag (row, "anonymous");
  poll->voters = cv_shared_row_number (row, "voters");
  for (guint i = 0; choices != NULL && i < MIN (json_array_get_length (choices), 20); i++) {
    const char *text = json_array_get_string_element (choices, i);
    g_autofree char *clean = cv_shared_clean (text != NULL ? text : "", 300, FALSE);
    gint64 count = counts != NULL && i < json_array_get_length (counts) ? json_array_get_int_element (counts, i) : 0;

    cv_summary_add_count (poll->choices, *clean != '\0' ? clean : "–", CLAMP (count, 0, G_MAXINT32));
  }
  for (guint i = 0; !poll->anonymous && voted != NULL && i < MIN (json_array_get_length (voted), 2000); i++) {
    const char *text = json_array_get_string_element (voted, i);

    g_ptr_array_add (poll->voted, cv_shared_clean (text != NULL ? text : "", MAX_NAME, FALSE));
  }
}

static gboolean
collect_polls (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  g_autoptr (GPtrArray) rows = load (db, record, "poll", error);

  if (rows == NULL)
    return FALSE;
  g_ptr_array_sort (rows, cv_shared_row_compare_at);
  for (guint i = 0; i < rows->len; i++)
    fill_poll (cv_summary_add_poll (summary), g_ptr_array_index (rows, i));
  return TRUE;
}

/* ---- chat ---- */

static const struct {
  const char *name, *sign;
} SIGNS[] = {
  { "up", "👍" }, { "clap", "👏" }, { "heart", "❤️" }, { "laugh", "😂" }, { "surprise", "😮" }, { "party", "🎉" },
};

/* How many of each sign a message has: id of the message → counts in the order of SIGNS. */
static GHashTable *
count_reactions (GPtrArray *rows)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < rows->len; i++) {
    const CvSharedRow *row = g_ptr_array_index (rows, i);
    g_autofree char *message = cv_shared_row_text (row, "message", 40, FALSE);
    g_autofree char *sign = cv_shared_row_text (row, "sign", 10, FALSE);
    guint *of_message = g_hash_table_lookup (counts, message);

    if (cv_shared_row_has (row, "on") && !cv_shared_row_flag (row, "on"))
      continue;
    if (of_message == NULL)
      g_hash_table_insert (counts, g_strdup (message), of_message = g_new0 (guint, G_N_ELEMENTS (SIGNS)));
    for (guint k = 0; k < G_N_ELEMENTS (SIGNS); k++)
      of_message[k] += g_str_equal (sign, SIGNS[k].name);
  }
  return counts;
}

static void
fill_message (CvSummaryMessage *message, const CvSharedRow *row, const CvSharedRow *answered, const guint *reactions)
{
  message->at = cv_shared_row_number (row, "at");
  message->name = cv_shared_row_text (row, "name", MAX_NAME, FALSE);
  message->text = cv_shared_row_text (row, "text", MAX_TEXT, TRUE);
  message->edited = cv_shared_row_flag (row, "edited");
  message->reply_name = answered != NULL ? cv_shared_row_text (answered, "name", MAX_NAME, FALSE) : g_strdup ("");
  message->reply_text = answered != NULL ? cv_shared_row_text (answered, "text", MAX_REPLY, FALSE) : g_strdup ("");
  for (guint i = 0; reactions != NULL && i < G_N_ELEMENTS (SIGNS); i++)
    if (reactions[i] > 0)
      cv_summary_add_count (message->reactions, SIGNS[i].sign, reactions[i]);
}

static gboolean
collect_chat (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  g_autoptr (GPtrArray) rows = load (db, record, "message", error);
  g_autoptr (GPtrArray) reactions = rows != NULL ? load (db, record, "reaction", error) : NULL;
  g_autoptr (GHashTable) counts = NULL, by_id = NULL;

  if (rows == NULL || reactions == NULL)
    return FALSE;
  counts = count_reactions (reactions);
  by_id = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < rows->len; i++)
    g_hash_table_insert (by_id, ((CvSharedRow *) g_ptr_array_index (rows, i))->id, g_ptr_array_index (rows, i));
  g_ptr_array_sort (rows, cv_shared_row_compare_at);
  for (guint i = 0; i < rows->len; i++) {
    const CvSharedRow *row = g_ptr_array_index (rows, i);
    g_autofree char *reply = cv_shared_row_text (row, "reply", 40, FALSE);

    fill_message (cv_summary_add_message (summary), row, g_hash_table_lookup (by_id, reply),
                  g_hash_table_lookup (counts, row->id));
  }
  return TRUE;
}

static gboolean
collect_captions (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  g_autoptr (GPtrArray) rows = load (db, record, "caption", error);

  if (rows == NULL)
    return FALSE;
  g_ptr_array_sort (rows, cv_shared_row_compare_at);
  for (guint i = 0; i < rows->len; i++) {
    const CvSharedRow *row = g_ptr_array_index (rows, i);
    CvSummaryCaption *caption = cv_summary_add_caption (summary);

    caption->at = cv_shared_row_number (row, "at");
    caption->by = cv_shared_row_text (row, "name", MAX_NAME, FALSE);
    caption->text = cv_shared_row_text (row, "text", 500, FALSE);
    caption->lang = cv_shared_row_text (row, "lang", 35, FALSE);
  }
  return TRUE;
}

/* ---- files ---- */

static gboolean
collect_documents (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT id, name, media_type, sha256, by_name, bytes, created FROM document "
                      "WHERE meeting = ? AND status = 'ready' ORDER BY created, id",
                      "s", record->meeting);
  int state;

  if (statement == NULL)
    return FALSE;
  while ((state = sqlite3_step (statement)) == SQLITE_ROW) {
    CvSummaryDocument *document = cv_summary_add_document (summary);
    char **texts[] = { &document->id, &document->name, &document->media_type, &document->sha256, &document->by };
    static const glong limits[] = { 40, 255, 255, 64, MAX_NAME };

    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
      g_autofree char *text = cv_store_read_text (statement, (int) i);

      *texts[i] = cv_shared_clean (text, limits[i], FALSE);
    }
    document->bytes = sqlite3_column_int64 (statement, 5);
    document->at = sqlite3_column_int64 (statement, 6);
  }
  if (state != SQLITE_DONE)
    cv_store_set_error (error, db, "reading documents");
  return state == SQLITE_DONE;
}

static gboolean
collect_recordings (sqlite3 *db, const CvRecordRow *record, CvSummary *summary, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT id, started, ifnull (ended, 0) FROM recording WHERE meeting = ? "
                      "AND status NOT IN ('failed', 'deleting') ORDER BY started, id",
                      "s", record->meeting);
  int state;

  if (statement == NULL)
    return FALSE;
  while ((state = sqlite3_step (statement)) == SQLITE_ROW) {
    CvSummaryRecording *recording = cv_summary_add_recording (summary);

    recording->id = cv_store_read_text (statement, 0);
    recording->started = sqlite3_column_int64 (statement, 1);
    recording->ended = sqlite3_column_int64 (statement, 2);
  }
  if (state != SQLITE_DONE)
    cv_store_set_error (error, db, "reading recordings");
  return state == SQLITE_DONE;
}

CvSummary *
cv_summary_collect (sqlite3 *db, const CvRecordRow *record, const CvSummarySettings *settings, GError **error)
{
  g_autoptr (CvSummary) self = cv_summary_new ();

  self->meeting = g_strdup (record->meeting);
  self->room = g_strdup (record->room);
  self->kind = g_strdup (record->kind);
  self->title = cv_shared_clean (record->title, 120, FALSE);
  self->reason = g_strdup (record->reason != NULL ? record->reason : "");
  self->started = record->started;
  self->ended = record->ended;
  if (!settings->attendance)
    g_clear_pointer (&self->attendance, g_ptr_array_unref);
  if (!settings->chat)
    g_clear_pointer (&self->chat, g_ptr_array_unref);
  if ((settings->attendance && !cv_attendance_collect (db, record, self, error)) ||
      !collect_agenda (db, record, self, error) || !collect_minutes (db, record, self, error) ||
      !collect_polls (db, record, self, error) || (settings->chat && !collect_chat (db, record, self, error)) ||
      !collect_captions (db, record, self, error) || !collect_documents (db, record, self, error) ||
      !collect_recordings (db, record, self, error))
    return NULL;
  return g_steal_pointer (&self);
}
