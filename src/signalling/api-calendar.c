/* See api-calendar.h. */
#include "signalling/api-calendar.h"

#include "base/ids.h"
#include "base/json.h"
#include "base/link.h"
#include "room/policy.h"
#include "schedule/calendar.h"
#include "schedule/zone.h"
#include "signalling/api-rooms.h"
#include "signalling/http.h"
#include "store/feeds.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define SECRET_BYTES 32
#define SUFFIX ".ics"
#define TYPE "text/calendar; charset=utf-8"
#define DAY_MS G_GINT64_CONSTANT (86400000)
/* what is over by then is in no feed */
#define KEPT_DAYS 60

/* ---- one event ---- */

/* Of this server. Returns: (transfer full). */
static char *
get_host (CvApi *api)
{
  g_autoptr (GUri) uri = api->url != NULL ? g_uri_parse (api->url, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  return g_strdup (host != NULL && *host != '\0' ? host : "conclave");
}

/* FALSE where it makes no sense any more, which is logged. */
static gboolean
add_event (CvApi *api, CvCalendar *calendar, const CvEventRow *row, gboolean with_link)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvPlan) plan = cv_plan_new (row, &error);
  gboolean known = with_link && row->has_secret && api->url != NULL && g_str_has_prefix (api->url, "http");
  if (plan == NULL) {
    cv_warning (row->room, NULL, "event %s is passed over: %s", row->id, error->message);
    return FALSE;
  }
  char *url = known ? cv_api_make_link (api, row->room, row->secret) : NULL;
  cv_calendar_add (calendar, row, plan, url, with_link ? cv_registry_get_numbers (api->registry) : NULL);
  if (url != NULL)
    cv_link_free_url (url);
  return TRUE;
}

/* `name`: of the file. */
static void
respond_calendar (SoupServerMessage *message, CvCalendar *calendar, const char *name)
{
  g_autofree char *disposition = g_strdup_printf ("attachment; filename=\"%s" SUFFIX "\"", name);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  char *text = cv_calendar_to_text (calendar);
  soup_message_headers_replace (headers, "Content-Disposition", disposition);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, TYPE, SOUP_MEMORY_TAKE, text, strlen (text));
}

static void
answer_event (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventRow) row = cv_events_load_finish (source, result, &error);
  if (row == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  const CvRoomRow room = { .id = row->room, .owner = row->room_owner };
  g_autofree char *host = get_host (pending->api);
  g_autoptr (CvCalendar) calendar = cv_calendar_new (NULL, host);
  if (!cv_api_may_room (&pending->request, &room))
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
  else if (!add_event (pending->api, calendar, row, TRUE))
    cv_http_respond_problem (pending->message, CV_PROBLEM_INTERNAL);
  else
    respond_calendar (pending->message, calendar, row->id);
}

void
cv_api_send_event (const CvApiRequest *request)
{
  cv_events_load_async (request->api->store, request->id, cv_api_answer, cv_api_pause (request, answer_event));
}

/* ---- the feed ---- */

/* Keys have none: a feed goes with whom it belongs to. */
static gboolean
check_user (const CvApiRequest *request)
{
  if (cv_id_is_valid (request->actor, "u"))
    return TRUE;
  cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
  return FALSE;
}

static void
answer_feed_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_feeds_change_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  const char *url = pending->api->url;
  gboolean known = url != NULL && g_str_has_prefix (url, "http");
  char *address = g_strconcat (known ? url : "", "/calendar/", pending->data, SUFFIX, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "url", address);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_link_free_url (address);
}

void
cv_api_create_feed (const CvApiRequest *request)
{
  guint8 secret[SECRET_BYTES], hash[CV_FEED_HASH_BYTES];
  if (!check_user (request))
    return;
  CvApiPending *pending = cv_api_pause (request, answer_feed_created);
  cv_random_bytes (secret, sizeof secret);
  cv_hash (secret, sizeof secret, hash);
  pending->data = cv_base64url_encode (secret, sizeof secret);
  pending->free_data = (GDestroyNotify) cv_link_free_url;
  cv_wipe (secret, sizeof secret);
  cv_feeds_set_async (request->api->store, request->actor, hash, cv_clock_wall (request->api->clock), cv_api_answer,
                      pending);
}

static void
answer_feed_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_feeds_change_finish (source, result, &error))
    cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_api_respond_error (pending->message, error);
}

void
cv_api_delete_feed (const CvApiRequest *request)
{
  if (check_user (request))
    cv_feeds_delete_async (request->api->store, request->actor, cv_api_answer,
                           cv_api_pause (request, answer_feed_deleted));
}

static gboolean
is_told (const CvEventRow *row)
{
  const CvPolicy *policy = cv_policy_find (row->room_kind);
  return policy != NULL && policy->topology == CV_TOPOLOGY_SFU;
}

static void
answer_feed_events (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_events_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autofree char *host = get_host (pending->api);
  g_autoptr (CvCalendar) calendar = cv_calendar_new (cv_branding_get_name (pending->api->branding), host);
  for (guint i = 0; i < rows->len; i++) {
    const CvEventRow *row = g_ptr_array_index (rows, i);
    /* who was an administrator may have planned something in rooms of others */
    if (is_told (row))
      add_event (pending->api, calendar, row, g_strcmp0 (row->room_owner, pending->data) == 0);
  }
  respond_calendar (pending->message, calendar, "conclave");
}

static void
answer_feed_found (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *api = pending->api;
  g_autoptr (GError) error = NULL;
  g_autofree char *user = cv_feeds_find_finish (source, result, &error);
  if (user == NULL) {
    if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
      cv_access_count_wrong (api->access, pending->request.address);
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autofree char *from = cv_wall_day_to_text ((int) (cv_clock_wall (api->clock) / DAY_MS) - KEPT_DAYS);
  CvApiPending *next = cv_api_postpone (pending, answer_feed_events);
  next->data = g_strdup (user);
  next->free_data = g_free;
  cv_events_list_of_actor_async (api->store, user, from, NULL, cv_api_answer, next);
}

void
cv_api_send_feed (const CvApiRequest *request)
{
  CvApi *api = request->api;
  guint8 secret[SECRET_BYTES], hash[CV_FEED_HASH_BYTES];
  g_autofree char *text = g_str_has_suffix (request->rest, SUFFIX)
                            ? g_strndup (request->rest, strlen (request->rest) - strlen (SUFFIX))
                            : NULL;
  if (!cv_access_may_try (api->access, request->address) ||
      !cv_buckets_take (api->checks, request->address, cv_clock_now (api->clock))) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  if (text == NULL || !cv_base64url_decode (text, secret, sizeof secret)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  cv_hash (secret, sizeof secret, hash);
  cv_wipe (secret, sizeof secret);
  cv_feeds_find_async (api->store, hash, cv_api_answer, cv_api_pause (request, answer_feed_found));
}
