/* See api-sip.h. */
#include "signalling/api-sip.h"

#include "base/json.h"
#include "signalling/http.h"
#include "signalling/query.h"
#include "store/cursor.h"

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define DEFAULT_PAGE 50
#define MAX_PAGE 200

/* FALSE where nobody can call, which is answered. */
static gboolean
has_callers (const CvApiRequest *request)
{
  if (request->api->callers != NULL)
    return TRUE;
  cv_http_respond_problem (request->message, CV_PROBLEM_NO_DIAL_IN);
  return FALSE;
}

static void
add_trunks (JsonBuilder *builder, CvCallers *callers)
{
  g_autoptr (GArray) trunks = cv_callers_list_trunks (callers);
  json_builder_set_member_name (builder, "trunks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < trunks->len; i++) {
    const CvTrunkView *trunk = &g_array_index (trunks, CvTrunkView, i);
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "name", trunk->name);
    cv_json_add_text (builder, "state", trunk->state);
    cv_json_add_text (builder, "text", trunk->text);
    cv_json_add_int (builder, "calls", trunk->calls);
    cv_json_add_int (builder, "answered", (gint64) trunk->answered);
    cv_json_add_int (builder, "refused_full", (gint64) trunk->refused_full);
    cv_json_add_int (builder, "refused_media", (gint64) trunk->refused_media);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

void
cv_api_show_sip (const CvApiRequest *request)
{
  CvCallers *callers = request->api->callers;
  if (!has_callers (request))
    return;
  const CvSipStats *stats = cv_callers_get_stats (callers);
  g_autoptr (GArray) calls = cv_callers_list (callers);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_bool (builder, "up", cv_callers_is_up (callers));
  cv_json_add_int (builder, "calls", calls->len);
  cv_json_add_double (builder, "cpu", stats->cpu);
  cv_json_add_int (builder, "rss", stats->rss);
  cv_json_add_int (builder, "answered", (gint64) stats->answered);
  cv_json_add_int (builder, "refused_unknown", (gint64) stats->refused_unknown);
  cv_json_add_int (builder, "refused_rate", (gint64) stats->refused_rate);
  cv_json_add_int (builder, "refused_full", (gint64) stats->refused_full);
  cv_json_add_int (builder, "refused_media", (gint64) stats->refused_media);
  cv_json_add_int (builder, "wrong_pins", cv_callers_count_wrong_pins (callers));
  add_trunks (builder, callers);
  json_builder_end_object (builder);
  cv_api_respond_builder (request->message, SOUP_STATUS_OK, builder);
}

/* ---- calls ---- */

static void
add_time (JsonBuilder *builder, const char *name, gint64 at)
{
  json_builder_set_member_name (builder, name);
  if (at != 0)
    json_builder_add_int_value (builder, at);
  else
    json_builder_add_null_value (builder);
}

/* Of a call that goes on; of others "ended". */
static const char *
find_state (GArray *running, const char *id)
{
  for (guint i = 0; i < running->len; i++) {
    const CvCallView *view = &g_array_index (running, CvCallView, i);
    if (g_str_equal (view->row->id, id))
      return view->state;
  }
  return "ended";
}

static void
add_call (JsonBuilder *builder, const CvCallRow *row, GArray *running)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "state", find_state (running, row->id));
  cv_json_add_text (builder, "room", row->room);
  cv_json_add_text (builder, "meeting", row->meeting);
  cv_json_add_text (builder, "person", row->person);
  cv_json_add_text (builder, "caller", row->caller);
  cv_json_add_text (builder, "trunk", row->trunk);
  cv_json_add_text (builder, "codec", row->codec);
  cv_json_add_text (builder, "security", row->security);
  cv_json_add_int (builder, "started", row->started);
  add_time (builder, "answered", row->answered);
  add_time (builder, "ended", row->ended);
  cv_json_add_text (builder, "reason", row->reason);
  json_builder_end_object (builder);
}

static void
answer_calls (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  guint limit = GPOINTER_TO_UINT (pending->data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_calls_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autofree char *next = rows->len > limit ? cv_call_row_to_cursor (g_ptr_array_index (rows, limit - 1)) : NULL;
  g_autoptr (GArray) running = cv_callers_list (pending->api->callers);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "calls");
  json_builder_begin_array (builder);
  for (guint i = 0; i < MIN (rows->len, limit); i++)
    add_call (builder, g_ptr_array_index (rows, i), running);
  json_builder_end_array (builder);
  cv_json_add_text (builder, "next", next);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_calls (const CvApiRequest *request)
{
  g_auto (CvQuery) reader = { 0 };
  if (!has_callers (request))
    return;
  cv_query_init (&reader, request->message);
  guint limit = cv_query_number (&reader, "limit", MAX_PAGE, DEFAULT_PAGE);
  const char *room = cv_query_text (&reader, "room", CV_CURSOR_MAX);
  const char *cursor = cv_query_text (&reader, "cursor", CV_CURSOR_MAX);
  if (!cv_query_finish (&reader)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_calls);
  pending->data = GUINT_TO_POINTER (limit);
  cv_calls_list_async (request->api->store, room, cursor, limit + 1, cv_api_answer, pending);
}

void
cv_api_hang_up (const CvApiRequest *request)
{
  if (!has_callers (request))
    return;
  if (cv_callers_hang_up (request->api->callers, request->id))
    cv_http_respond_nothing (request->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
}
