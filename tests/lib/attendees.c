/* See attendees.h. */
#include "lib/attendees.h"

#include "base/ids.h"
#include "lib/wait.h"
#include "signalling/audience.h"
#include "signalling/doorstep.h"

#include <string.h>

static void
on_message (CvConnection *connection, const char *text, gsize length, gpointer user_data)
{
  cv_dispatch_message (&((CvTestAttendees *) user_data)->dispatch, connection, text, length);
}

static void
on_closed (CvConnection *connection, gpointer user_data)
{
  cv_dispatch_closed (&((CvTestAttendees *) user_data)->dispatch, connection);
}

static const CvConnectionFuncs funcs = { on_message, on_closed };

void
cv_test_attendees_arrive (CvTestAttendees *self, guint i)
{
  CvTestAttendee *person = &self->people[i];
  cv_test_attendees_go (self, i);
  cv_test_peer_init (&person->peer);
  CvConnectionOptions options = {
    .websocket = person->peer.server,
    .guard = person->peer.guard,
    .address = self->addresses[i] != NULL ? self->addresses[i] : "192.0.2.1",
    .host = "meet.example",
    .account = self->accounts[i],
    .clock = self->rooms.clock,
    .messages_per_second = 50,
  };
  person->connection = cv_connection_new (&options, &funcs, self);
}

void
cv_test_attendees_go (CvTestAttendees *self, guint i)
{
  CvTestAttendee *person = &self->people[i];
  if (person->connection == NULL)
    return;
  cv_test_settle ();
  cv_dispatch_closed (&self->dispatch, person->connection);
  cv_test_wait_gone (g_steal_pointer (&person->connection));
  cv_test_peer_clear (&person->peer);
}

static char *servers[] = { (char *) "turn:%h:3478", NULL };

void
cv_test_attendees_init (CvTestAttendees *self, const char *const *without_media)
{
  cv_test_rooms_init (&self->rooms, without_media);
  cv_audience_listen (self->rooms.registry);
  cv_test_rooms_create (&self->rooms, CV_TEST_ROOM, "standard", NULL);
  self->sessions = cv_sessions_new (self->rooms.clock, CV_TEST_SEAT_MS);
  self->joins = cv_buckets_new (0.1, CV_TEST_JOINS, 100);
  self->knocks = cv_knocks_new (self->rooms.clock);
  self->turn = (CvTurn){ .servers = servers, .secret = "north", .lifetime = 3600 };
  self->tickets = cv_tickets_new (CV_TEST_TICKET_KEY);
  cv_tickets_set_url (self->tickets, "https://meet.example");
  self->creations = cv_buckets_new (0.001, CV_TEST_REOPENINGS, 100);
  self->reopening = cv_reopening_new (self->rooms.registry, self->rooms.clock, CV_TEST_TICKET_KEY, self->creations);
  self->dispatch = (CvDispatch){ .registry = self->rooms.registry,
                                 .sessions = self->sessions,
                                 .clock = self->rooms.clock,
                                 .turn = &self->turn,
                                 .joins = self->joins,
                                 .knocks = self->knocks,
                                 .store = self->rooms.store,
                                 .tickets = self->tickets,
                                 .reopening = self->reopening };
  cv_doorstep_listen (&self->dispatch);
  self->join_key = cv_base64url_encode (cv_test_join_key, CV_KEY_BYTES);
  self->host_key = cv_base64url_encode (cv_test_host_key, CV_KEY_BYTES);
  for (guint i = 0; i < CV_TEST_ATTENDEES; i++)
    cv_test_attendees_arrive (self, i);
}

void
cv_test_attendees_clear (CvTestAttendees *self)
{
  for (guint i = 0; i < CV_TEST_ATTENDEES; i++) {
    cv_test_attendees_go (self, i);
    g_free (self->people[i].id);
    g_free (self->people[i].token);
  }
  g_autoptr (GPtrArray) knocks = cv_knocks_list_all (self->knocks);
  g_assert_cmpuint (knocks->len, ==, 0);
  cv_clock_advance (self->rooms.clock, CV_TEST_SEAT_MS);
  g_assert_cmpuint (cv_sessions_count (self->sessions), ==, 0);
  cv_clock_advance (self->rooms.clock, CV_TEST_EMPTY_MS);
  g_assert_cmpuint (cv_registry_count_meetings (self->rooms.registry), ==, 0);
  g_assert_finalize_object (self->knocks);
  cv_sessions_free (self->sessions);
  cv_buckets_free (self->joins);
  cv_tickets_free (self->tickets);
  cv_reopening_free (self->reopening);
  cv_buckets_free (self->creations);
  cv_test_rooms_clear (&self->rooms);
  g_free (self->join_key);
  g_free (self->host_key);
}

void
cv_test_attendees_say (CvTestAttendees *self, guint i, const char *text)
{
  cv_test_peer_send (&self->people[i].peer, text);
}

void
cv_test_attendees_expect (CvTestAttendees *self, guint i, const char *pattern)
{
  cv_test_peer_expect (&self->people[i].peer, pattern);
}

void
cv_test_attendees_expect_refused (CvTestAttendees *self, guint i, const char *problem)
{
  g_autofree char *pattern = g_strdup_printf ("{\"type\":\"error\",\"error\":\"%s\",\"text\":\"*\"}", problem);
  cv_test_attendees_expect (self, i, pattern);
  cv_test_peer_expect_close (&self->people[i].peer, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
}

void
cv_test_attendees_expect_nothing (CvTestAttendees *self, guint i)
{
  const GPtrArray *texts = self->people[i].peer.texts;
  cv_test_settle ();
  if (texts->len > 0)
    g_error ("person %u got %s", i, (const char *) texts->pdata[0]);
}

char *
cv_test_attendees_member (const char *text, const char *name)
{
  g_autofree char *before = g_strdup_printf ("\"%s\":\"", name);
  const char *start = strstr (text, before);
  g_assert_nonnull (start);
  start += strlen (before);
  return g_strndup (start, strcspn (start, "\""));
}

void
cv_test_attendees_ask_to_join (CvTestAttendees *self, guint i, const char *room, const char *key, const char *more)
{
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"join\",\"room\":\"%s\",\"key\":\"%s\",\"name\":\"Person %u\",\"mic\":true,\"camera\":false%s}", room,
    key, i, more);
  cv_test_attendees_say (self, i, text);
}

void
cv_test_attendees_expect_joined (CvTestAttendees *self, guint i)
{
  CvTestAttendee *person = &self->people[i];
  g_autofree char *answer = cv_test_peer_take (&person->peer);
  if (!g_str_has_prefix (answer, "{\"type\":\"joined\","))
    g_error ("person %u got %s", i, answer);
  g_free (person->id);
  g_free (person->token);
  person->id = cv_test_attendees_member (answer, "self");
  person->token = cv_test_attendees_member (answer, "token");
}

void
cv_test_attendees_join (CvTestAttendees *self, guint i, const char *more)
{
  cv_test_attendees_ask_to_join (self, i, CV_TEST_ROOM, self->join_key, more);
  cv_test_attendees_expect_joined (self, i);
}

void
cv_test_attendees_join_as_host (CvTestAttendees *self, guint i)
{
  g_autofree char *more = g_strdup_printf (",\"host_key\":\"%s\"", self->host_key);
  cv_test_attendees_join (self, i, more);
}

void
cv_test_attendees_resume (CvTestAttendees *self, guint i, const char *token, guint seq, const char *pattern)
{
  cv_test_attendees_arrive (self, i);
  g_autofree char *text = g_strdup_printf ("{\"type\":\"resume\",\"token\":\"%s\",\"seq\":%u}", token, seq);
  cv_test_attendees_say (self, i, text);
  cv_test_attendees_expect (self, i, pattern);
}

/* ---- four in a meeting ---- */

CvMeeting *
cv_test_attendees_get_meeting (CvTestAttendees *self)
{
  return cv_room_get_meeting (cv_registry_peek (self->rooms.registry, CV_TEST_ROOM));
}

CvParticipant *
cv_test_attendees_get_person (CvTestAttendees *self, guint i)
{
  return cv_meeting_find (cv_test_attendees_get_meeting (self), self->people[i].id);
}

void
cv_test_attendees_forget (CvTestAttendees *self)
{
  cv_test_settle ();
  for (guint i = 0; i < CV_TEST_ATTENDEES; i++)
    if (self->people[i].connection != NULL)
      g_ptr_array_set_size (self->people[i].peer.texts, 0);
}

void
cv_test_attendees_gather (CvTestAttendees *self)
{
  cv_test_attendees_join_as_host (self, CV_TEST_HOST);
  cv_test_attendees_join (self, CV_TEST_COHOST, "");
  cv_test_attendees_join (self, CV_TEST_PERSON, ",\"visitor\":\"AAECAwQFBgcICQoLDA0ODw\"");
  cv_test_attendees_join (self, CV_TEST_OTHER, "");
  cv_meeting_set_role (cv_test_attendees_get_meeting (self), cv_test_attendees_get_person (self, CV_TEST_COHOST),
                       CV_ROLE_COHOST);
  cv_test_attendees_forget (self);
}

void
cv_test_attendees_act (CvTestAttendees *self, guint i, guint id, const char *type, guint whom, const char *rest)
{
  g_autofree char *text =
    g_strdup_printf ("{\"type\":\"%s\",\"id\":%u,\"person\":\"%s\"%s}", type, id, self->people[whom].id, rest);
  cv_test_attendees_say (self, i, text);
}

void
cv_test_attendees_expect_ok (CvTestAttendees *self, guint i, guint re)
{
  g_autofree char *pattern = g_strdup_printf ("{\"type\":\"ok\",\"re\":%u,*", re);
  cv_test_attendees_expect (self, i, pattern);
}

void
cv_test_attendees_expect_error (CvTestAttendees *self, guint i, guint re, const char *problem)
{
  g_autofree char *pattern = g_strdup_printf ("{\"type\":\"error\",\"error\":\"%s\",*\"re\":%u,*", problem, re);
  cv_test_attendees_expect (self, i, pattern);
}
