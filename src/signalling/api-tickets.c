/* See api-tickets.h. */
#include "signalling/api-tickets.h"

#include "base/json.h"
#include "signalling/api-rooms.h"
#include "signalling/http.h"
#include "signalling/protocol.h"

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define MAX_MINUTES (CV_TICKET_MAX_SECONDS / 60)

typedef struct {
  guint role; /* a choice of cv_ticket_roles */
  char *name;
  char *sub;
  gint64 minutes;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;
  g_free (self->name);
  g_free (self->sub);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static Wish *
read_wish (JsonObject *object, GError **error)
{
  g_autoptr (Wish) wish = g_new0 (Wish, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  wish->role = (guint) MAX (cv_json_reader_choice (&reader, "role", cv_ticket_roles), 0);
  wish->name = g_strdup (cv_text_read_optional (&reader, "name", CV_NAME_MAX_CHARACTERS));
  wish->sub = g_strdup (cv_text_read_optional (&reader, "sub", CV_TICKET_MAX_SUB));
  wish->minutes =
    cv_json_reader_has (&reader, "minutes") ? cv_json_reader_int (&reader, "minutes", 1, MAX_MINUTES) : MAX_MINUTES;
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&wish) : NULL;
}

static void
answer_room (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *self = pending->api;
  const Wish *wish = pending->data;
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  if (room == NULL)
    return;
  if (!cv_policy_has (cv_room_get_policy (room), cv_ticket_get_role (wish->role))) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_ALLOWED);
    return;
  }
  gint64 now = cv_clock_wall (self->clock) / 1000;
  gint64 expires = now + wish->minutes * 60;
  g_autofree char *ticket =
    cv_tickets_issue (self->tickets, cv_room_get_row (room)->id, wish->role, wish->name, wish->sub, now, expires);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "ticket", ticket);
  cv_json_add_int (builder, "expires", expires * 1000);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_info (cv_room_get_row (room)->id, NULL, "a ticket was made: %s", cv_ticket_roles[wish->role]);
}

void
cv_api_create_ticket (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  Wish *wish = read_wish (object, &error);
  if (wish == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_load_own_room (request, answer_room);
  pending->data = wish;
  pending->free_data = wish_free;
}
