/* See api-recordings.h. */
#include "signalling/api-recordings.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/api-files.h"
#include "signalling/api-shares.h"
#include "signalling/http.h"
#include "signalling/protocol.h"
#include "signalling/query.h"

#include <string.h>

#define DEFAULT_PAGE 50
#define MAX_SEARCH_BYTES 400
#define MAX_CURSOR_BYTES 4096

/* ---- a list ---- */

/* FALSE where it does not fit. `query` borrows from `reader`. */
static gboolean
read_query (CvQuery *reader, CvRecordingsQuery *query)
{
  static const char *const orders[] = { "started", "title", "bytes", "duration", NULL };
  static const char *const directions[] = { "asc", "desc", NULL };
  *query = (CvRecordingsQuery){ .text = cv_query_text (reader, "q", MAX_SEARCH_BYTES),
                                .room = cv_query_room (reader, "room"),
                                .cursor = cv_query_text (reader, "cursor", MAX_CURSOR_BYTES),
                                .limit = cv_query_number (reader, "limit", CV_RECORDINGS_MAX_PAGE, DEFAULT_PAGE) };
  int status = cv_query_choice (reader, "status", cv_recording_statuses);
  int order = cv_query_choice (reader, "sort", orders);
  query->status = status >= 0 ? cv_recording_statuses[status] : NULL;
  query->order = (CvRecordingsOrder) MAX (order, 0);
  query->ascending = cv_query_choice (reader, "order", directions) == 0;
  return cv_query_finish (reader);
}

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvLibraryPage) page = cv_library_list_finish (source, result, &error);
  if (page == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "recordings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < page->entries->len; i++) {
    json_builder_begin_object (builder);
    cv_entry_add (g_ptr_array_index (page->entries, i), builder, CV_ENTRY_FILES);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  cv_json_add_text (builder, "next", page->next);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_recordings (const CvApiRequest *request)
{
  g_auto (CvQuery) reader = { 0 };
  CvRecordingsQuery query;
  cv_query_init (&reader, request->message);
  gboolean valid = read_query (&reader, &query);
  if (request->role == CV_ACCOUNT_HOST)
    query.owner = request->actor;
  if (valid)
    cv_library_list_async (request->api->library, &query, cv_api_answer, cv_api_pause (request, answer_listed));
  else
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
}

/* ---- one ---- */

/* All of it; for who came by a link what they may see, and no other links. `shares` may be NULL. */
static void
respond_entry (CvApiPending *pending, const CvEntry *entry, GPtrArray *shares)
{
  gboolean all = !pending->request.guest;
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_entry_add (entry, builder, all ? CV_ENTRY_FILES | CV_ENTRY_RENDERS : CV_ENTRY_FILES);
  cv_json_add_bool (builder, "downloads", pending->request.downloads);
  if (all)
    cv_api_add_shares (builder, shares);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
answer_shares (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) shares = cv_shares_list_finish (source, result, &error);
  if (shares != NULL)
    respond_entry (pending, pending->data, shares);
  else
    cv_api_respond_error (pending->message, error);
}

static void
answer_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = cv_library_load_finish (source, result, &error);
  if (entry == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  if (pending->request.guest) {
    cv_api_keep_visible (&pending->request, entry->files);
    respond_entry (pending, entry, NULL);
    return;
  }
  pending->data = g_steal_pointer (&entry);
  pending->free_data = (GDestroyNotify) cv_entry_free;
  CvApiPending *next = cv_api_postpone (pending, answer_shares);
  cv_shares_list_async (next->api->store, next->request.id, cv_api_answer, next);
}

void
cv_api_show_recording (const CvApiRequest *request)
{
  cv_library_load_async (request->api->library, request->id, cv_api_answer, cv_api_pause (request, answer_loaded));
}

static void
answer_renamed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_library_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  CvApiPending *next = cv_api_postpone (pending, answer_loaded);
  cv_library_load_async (next->api->library, next->request.id, cv_api_answer, next);
}

void
cv_api_rename_recording (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *title = cv_text_read_name (&reader, "title", CV_TITLE_MAX_CHARACTERS);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  cv_library_rename_async (request->api->library, request->id, title, cv_api_answer,
                           cv_api_pause (request, answer_renamed));
}

/* For what has no more to say than that it is done. */
static void
answer_done (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_library_finish (source, result, &error))
    cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_api_respond_error (pending->message, error);
}

void
cv_api_delete_recording (const CvApiRequest *request)
{
  CvApiPending *pending = cv_api_pause (request, answer_done);
  cv_api_take_time (pending);
  cv_library_delete_async (request->api->library, request->id, request->actor, cv_api_answer, pending);
}

static void
answer_verified (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) checks = cv_library_verify_finish (source, result, &error);
  gboolean all = TRUE;
  if (checks == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (guint i = 0; i < checks->len; i++) {
    const CvFileCheck *check = g_ptr_array_index (checks, i);
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "name", check->name);
    cv_json_add_bool (builder, "ok", check->ok);
    json_builder_end_object (builder);
    all &= check->ok;
  }
  json_builder_end_array (builder);
  cv_json_add_bool (builder, "ok", all);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_verify_recording (const CvApiRequest *request)
{
  CvApiPending *pending = cv_api_pause (request, answer_verified);
  cv_api_take_time (pending);
  cv_library_verify_async (request->api->library, request->id, cv_api_answer, pending);
}

/* ---- renderings ---- */

static void
answer_queued (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRenderRow) render = cv_library_render_finish (source, result, &error);
  if (render == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  cv_entry_add_render (render, builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_ACCEPTED, builder);
}

void
cv_api_render_recording (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  g_autoptr (CvRenderOrder) order = cv_render_order_read (&reader);
  if (cv_json_reader_finish (&reader, &error))
    cv_library_render_async (request->api->library, request->id, order, cv_api_answer,
                             cv_api_pause (request, answer_queued));
  else
    cv_api_respond_error (request->message, error);
}

void
cv_api_cancel_render (const CvApiRequest *request)
{
  cv_library_cancel_render_async (request->api->library, request->id, cv_api_answer,
                                  cv_api_pause (request, answer_done));
}
