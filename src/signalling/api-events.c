/* See api-events.h.
 *
 * A change is made from what was loaded; where somebody else's came in between, it is made once more from theirs. Lists of days have
 * the next one of each event in hand and no more, whatever their rules.
 */
#include "signalling/api-events.h"

#include "base/ids.h"
#include "schedule/occurrences.h"
#include "schedule/zone.h"
#include "signalling/api-rooms.h"
#include "signalling/http.h"
#include "signalling/protocol.h"
#include "signalling/query.h"

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define DAY_MS G_GINT64_CONSTANT (86400000)
#define MAX_RANGE (400 * DAY_MS)
#define DEFAULT_RANGE (60 * DAY_MS)
/* 2200-01-01 */
#define MAX_TIME G_GINT64_CONSTANT (7258118400000)
#define MAX_DAYS 500
#define DEFAULT_DAYS 100
#define MAX_TRIES 5

/* ---- objects ---- */

/* JSON of ours, as it is kept; null where it is not there. */
static void
add_json (JsonBuilder *builder, const char *name, const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  json_builder_set_member_name (builder, name);
  if (node != NULL)
    json_builder_add_value (builder, g_steal_pointer (&node));
  else
    json_builder_add_null_value (builder);
}

static void
add_event (JsonBuilder *builder, const CvEventRow *row)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "room", row->room);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_text (builder, "start", row->start);
  cv_json_add_text (builder, "zone", row->zone);
  cv_json_add_int (builder, "minutes", row->minutes);
  add_json (builder, "repeat", row->repeat);
  add_json (builder, "cancelled", row->cancelled);
  cv_json_add_int (builder, "sequence", row->sequence);
  cv_json_add_text (builder, "owner", row->owner);
  json_builder_end_object (builder);
}

static void
respond_event (CvApiPending *pending, guint status, const CvEventRow *row)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_event (builder, row);
  cv_api_respond_builder (pending->message, status, builder);
}

/* What was read says nothing to people. */
static gboolean
check_title (const CvEventRow *row, GError **error)
{
  if (!cv_text_is_blank (row->title))
    return TRUE;
  g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "title is blank");
  return FALSE;
}

/* ---- of a room ---- */

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_events_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    add_event (builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static void
answer_room_for_list (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room == NULL)
    return;
  CvApiPending *next = cv_api_postpone (pending, answer_listed);
  cv_events_list_of_room_async (next->api->store, cv_room_get_row (room)->id, cv_api_answer, next);
}

void
cv_api_list_room_events (const CvApiRequest *request)
{
  cv_api_load_own_room (request, answer_room_for_list);
}

/* ---- a new one ---- */

static void
answer_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvEventRow *row = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_events_change_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  respond_event (pending, SOUP_STATUS_CREATED, row);
  cv_info (row->room, NULL, "event %s planned", row->id);
}

static void
answer_room_for_event (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvEventRow *row = pending->data;
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room == NULL)
    return;
  if (row->title == NULL)
    row->title = g_strdup (cv_room_get_row (room)->title);
  CvApiPending *next = cv_api_postpone (pending, answer_created);
  cv_events_insert_async (next->api->store, row, cv_api_answer, next);
}

void
cv_api_create_event (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) body = cv_api_read_body (request);
  if (body == NULL)
    return;
  g_autoptr (CvEventRow) row = g_new0 (CvEventRow, 1);
  row->id = cv_id_new ("e");
  row->room = g_strdup (request->id);
  row->owner = request->admin ? NULL : g_strdup (request->actor);
  row->created = row->changed = cv_clock_wall (request->api->clock);
  if (!cv_plan_read (row, body, &error) || (row->title != NULL && !check_title (row, &error))) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_load_own_room (request, answer_room_for_event);
  pending->data = g_steal_pointer (&row);
  pending->free_data = (GDestroyNotify) cv_event_row_free;
}

/* ---- changes ---- */

typedef struct {
  gboolean (*apply) (CvEventRow *row, gconstpointer change, GError **error);
  JsonObject *body;
  int day; /* of a cancellation */
  CvEventRow *row;
  guint tries;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;
  g_clear_pointer (&self->body, json_object_unref);
  g_clear_pointer (&self->row, cv_event_row_free);
  g_free (self);
}

/* NULL where it is not there for who asks, which is answered. */
static CvEventRow *
take_event (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row = cv_events_load_finish (source, result, &error);
  if (row == NULL) {
    cv_api_respond_error (pending->message, error);
    return NULL;
  }
  const CvRoomRow room = { .id = row->room, .owner = row->room_owner };
  if (cv_api_may_room (&pending->request, &room))
    return g_steal_pointer (&row);
  cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
  return NULL;
}

static void answer_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result);

static void
answer_changed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  Change *change = pending->data;
  g_autoptr (GError) error = NULL;
  if (cv_events_change_finish (source, result, &error)) {
    respond_event (pending, SOUP_STATUS_OK, change->row);
  } else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING) && ++change->tries < MAX_TRIES) {
    CvApiPending *next = cv_api_postpone (pending, answer_loaded);
    cv_events_load_async (next->api->store, next->request.id, cv_api_answer, next);
  } else {
    cv_api_respond_error (pending->message, error);
  }
}

static void
answer_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  Change *change = pending->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row = take_event (pending, source, result);
  if (row == NULL)
    return;
  if (!change->apply (row, change, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  row->sequence++;
  row->changed = cv_clock_wall (pending->api->clock);
  g_clear_pointer (&change->row, cv_event_row_free);
  change->row = g_steal_pointer (&row);
  CvApiPending *next = cv_api_postpone (pending, answer_changed);
  cv_events_update_async (next->api->store, change->row, cv_api_answer, next);
}

/* `change` (transfer full). */
static void
make_change (const CvApiRequest *request, Change *change)
{
  CvApiPending *pending = cv_api_pause (request, answer_loaded);
  pending->data = change;
  pending->free_data = change_free;
  cv_events_load_async (request->api->store, request->id, cv_api_answer, pending);
}

static gboolean
apply_body (CvEventRow *row, gconstpointer data, GError **error)
{
  const Change *change = data;
  return cv_plan_read (row, change->body, error) && check_title (row, error);
}

void
cv_api_change_event (const CvApiRequest *request)
{
  JsonObject *body = cv_api_read_body (request);
  if (body == NULL)
    return;
  Change *change = g_new0 (Change, 1);
  *change = (Change){ .apply = apply_body, .body = body };
  make_change (request, change);
}

static gboolean
apply_cancellation (CvEventRow *row, gconstpointer data, GError **error)
{
  const Change *change = data;
  return cv_plan_cancel (row, change->day, error);
}

static gboolean
read_date (JsonObject *body, int *day, GError **error)
{
  CvJsonReader reader;
  cv_json_reader_init (&reader, body);
  const char *text = cv_json_reader_ascii (&reader, "date", 32);
  if (text != NULL && !cv_wall_parse_day (text, day))
    g_set_error_literal (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "date is no day");
  return cv_json_reader_finish (&reader, error);
}

void
cv_api_cancel_event (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) body = cv_api_read_body (request);
  int day = 0;
  if (body == NULL)
    return;
  if (!read_date (body, &day, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  Change *change = g_new0 (Change, 1);
  *change = (Change){ .apply = apply_cancellation, .day = day };
  make_change (request, change);
}

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_events_change_finish (source, result, &error))
    cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_api_respond_error (pending->message, error);
}

static void
answer_event_to_delete (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvEventRow) row = take_event (pending, source, result);
  if (row == NULL)
    return;
  CvApiPending *next = cv_api_postpone (pending, answer_deleted);
  cv_events_delete_async (next->api->store, row->id, cv_api_answer, next);
}

void
cv_api_delete_event (const CvApiRequest *request)
{
  cv_events_load_async (request->api->store, request->id, cv_api_answer,
                        cv_api_pause (request, answer_event_to_delete));
}

/* ---- days of all ---- */

typedef struct {
  gint64 from, to; /* ms since 1970 */
  guint limit;
} Range;

/* The next day of an event. */
typedef struct {
  const CvEventRow *row;
  CvPlan *plan;
  CvOccurrences rest;
  CvOccurrence next;
} Head;

static void
head_free (gpointer data)
{
  Head *self = data;
  cv_plan_free (self->plan);
  g_free (self);
}

/* Those that have one that begins by then. Returns: (transfer full) of Head. */
static GPtrArray *
find_heads (GPtrArray *rows, const Range *range)
{
  GPtrArray *heads = g_ptr_array_new_with_free_func (head_free);
  for (guint i = 0; i < rows->len; i++) {
    const CvEventRow *row = g_ptr_array_index (rows, i);
    g_autoptr (GError) error = NULL;
    CvPlan *plan = cv_plan_new (row, &error);
    if (plan == NULL) {
      cv_warning (row->room, NULL, "event %s is passed over: %s", row->id, error->message);
      continue;
    }
    Head *head = g_new0 (Head, 1);
    *head = (Head){ .row = row, .plan = plan };
    cv_occurrences_init (&head->rest, plan, range->from);
    if (cv_occurrences_next (&head->rest, &head->next) && head->next.start < range->to)
      g_ptr_array_add (heads, head);
    else
      head_free (head);
  }
  return heads;
}

static guint
find_first (GPtrArray *heads)
{
  guint first = 0;
  for (guint i = 1; i < heads->len; i++)
    if (((Head *) heads->pdata[i])->next.start < ((Head *) heads->pdata[first])->next.start)
      first = i;
  return first;
}

static void
add_day (JsonBuilder *builder, const Head *head)
{
  g_autofree char *date = cv_wall_day_to_text (head->next.day);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "event", head->row->id);
  cv_json_add_text (builder, "room", head->row->room);
  cv_json_add_text (builder, "title", head->row->title);
  cv_json_add_text (builder, "date", date);
  cv_json_add_int (builder, "start", head->next.start);
  cv_json_add_int (builder, "end", head->next.end);
  cv_json_add_text (builder, "zone", head->row->zone);
  cv_json_add_int (builder, "minutes", head->row->minutes);
  add_json (builder, "repeat", head->row->repeat);
  json_builder_end_object (builder);
}

static void
answer_days (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Range *range = pending->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_events_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (GPtrArray) heads = find_heads (rows, range);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint n = 0; n < range->limit && heads->len > 0; n++) {
    guint first = find_first (heads);
    Head *head = g_ptr_array_index (heads, first);
    add_day (builder, head);
    if (!cv_occurrences_next (&head->rest, &head->next) || head->next.start >= range->to)
      g_ptr_array_remove_index_fast (heads, first);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

static gboolean
read_time (CvQuery *query, const char *name, gint64 otherwise, gint64 *out)
{
  const char *text = cv_query_text (query, name, 20);
  guint64 number = 0;
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, MAX_TIME, &number, NULL))
    return FALSE;
  *out = text != NULL ? (gint64) number : otherwise;
  return TRUE;
}

static gboolean
read_range (const CvApiRequest *request, Range *range)
{
  g_auto (CvQuery) query = { 0 };
  cv_query_init (&query, request->message);
  gboolean valid = read_time (&query, "from", cv_clock_wall (request->api->clock), &range->from) &&
                   read_time (&query, "to", range->from + DEFAULT_RANGE, &range->to);
  range->limit = cv_query_number (&query, "limit", MAX_DAYS, DEFAULT_DAYS);
  return cv_query_finish (&query) && valid && range->from <= range->to && range->to - range->from <= MAX_RANGE;
}

void
cv_api_list_events (const CvApiRequest *request)
{
  Range range = { 0 };
  if (!read_range (request, &range)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  g_autofree char *from = cv_wall_day_to_text ((int) (range.from / DAY_MS));
  g_autofree char *to = cv_wall_day_to_text ((int) (range.to / DAY_MS));
  CvApiPending *pending = cv_api_pause (request, answer_days);
  pending->data = g_memdup2 (&range, sizeof range);
  pending->free_data = g_free;
  cv_events_list_of_actor_async (request->api->store, request->admin ? NULL : request->actor, from, to, cv_api_answer,
                                 pending);
}
