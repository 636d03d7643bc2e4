/* The last hour in figures: a row each five seconds, an hour of them and no more, and rooms as far as anybody may know of them. */
#include "daemon/overview.h"

#include "lib/api.h"
#include "lib/log.h"
#include "lib/wait.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
  CvTestApi api;
  CvDisk *disk;
  CvOverview *overview;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  static const CvDiskLimits limits = { 0 };
  cv_test_api_set_up (&f->api, NULL);
  f->disk = cv_disk_new (f->api.directory, &limits);
  const CvGaugesParts parts = { .store = f->api.rooms.store,
                                .clock = f->api.rooms.clock,
                                .registry = f->api.rooms.registry,
                                .library = f->api.api.library,
                                .backups = f->api.api.backups,
                                .disk = f->disk };
  f->overview = cv_overview_new (&parts);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_overview_free (f->overview);
  cv_test_settle ();
  cv_disk_free (f->disk);
  cv_test_api_tear_down (&f->api, NULL);
}

/* Returns: (transfer full). */
static JsonObject *
show (Fixture *f, guint after)
{
  const CvOverviewSource *source = cv_overview_get_source (f->overview);
  g_autofree char *text = source->show (source->user_data, after);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_dup_object (node);
}

static guint
get_last (Fixture *f)
{
  g_autoptr (JsonObject) answer = show (f, G_MAXUINT);
  return (guint) json_object_get_int_member (answer, "last");
}

static void
wait_for_row (Fixture *f, guint number)
{
  cv_test_wait_until (get_last (f) == number);
}

/* What the newest row says. */
static double
get_value (Fixture *f, const char *column)
{
  g_autoptr (JsonObject) answer = show (f, 0);
  JsonArray *columns = json_object_get_array_member (answer, "columns");
  JsonArray *rows = json_object_get_array_member (answer, "rows");
  JsonArray *row = json_array_get_array_element (rows, json_array_get_length (rows) - 1);
  g_assert_cmpuint (json_array_get_length (row), ==, json_array_get_length (columns));
  for (guint i = 0; i < json_array_get_length (columns); i++)
    if (g_str_equal (json_array_get_string_element (columns, i), column))
      return json_array_get_null_element (row, i) ? -1 : json_array_get_double_element (row, i);
  g_error ("no column %s", column);
}

static void
test_rows (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (get_last (f), ==, 0);
  cv_overview_start (f->overview, NULL);
  wait_for_row (f, 1);
  g_assert_cmpint ((gint64) get_value (f, "at"), ==, CV_TEST_NOW);
  cv_clock_advance (f->api.rooms.clock, CV_OVERVIEW_EVERY_MS - 1);
  cv_test_pause (20);
  g_assert_cmpuint (get_last (f), ==, 1);
  cv_clock_advance (f->api.rooms.clock, 1);
  wait_for_row (f, 2);
  g_assert_cmpint ((gint64) get_value (f, "at"), ==, CV_TEST_NOW + CV_OVERVIEW_EVERY_MS);
  g_assert_cmpfloat (get_value (f, "disk_size"), >, 0);
  g_assert_cmpfloat (get_value (f, "database"), ==, 1);
  g_assert_cmpfloat (get_value (f, "open"), ==, 1);
  g_assert_cmpfloat (get_value (f, "loss_in"), ==, -1); /* nobody knows a share of nothing */
  g_assert_cmpfloat (get_value (f, "calls"), ==, -1);   /* nobody can call */
  g_autoptr (JsonObject) newer = show (f, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (newer, "rows")), ==, 1);
}

static void
test_an_hour (Fixture *f, gconstpointer data)
{
  cv_overview_start (f->overview, NULL);
  for (guint i = 1; i <= CV_OVERVIEW_ROWS + 5; i++) {
    wait_for_row (f, i);
    cv_clock_advance (f->api.rooms.clock, CV_OVERVIEW_EVERY_MS);
  }
  g_autoptr (JsonObject) answer = show (f, 0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (answer, "rows")), ==, 720);
}

static void
test_trouble (Fixture *f, gconstpointer data)
{
  cv_registry_close (f->api.rooms.registry);
  cv_store_close (f->api.rooms.store);
  cv_overview_start (f->overview, NULL);
  wait_for_row (f, 1);
  g_assert_cmpfloat (get_value (f, "database"), ==, 0);
  g_assert_cmpfloat (get_value (f, "open"), ==, 0);
}

/* Rooms off the record are only counted. */
static void
test_rooms (Fixture *f, gconstpointer data)
{
  CvTestRooms *rooms = &f->api.rooms;
  g_autoptr (CvRoomRow) secret = cv_test_room_row ("rsecretsecre2", "otr");
  cv_test_rooms_create_row (rooms, secret, NULL);
  g_autoptr (CvRoom) room = cv_test_rooms_load (rooms, CV_TEST_ROOM, NULL);
  g_autoptr (CvRoom) hidden = cv_test_rooms_load (rooms, secret->id, NULL);
  cv_test_rooms_enter (rooms, room, "Ann");
  cv_test_rooms_enter (rooms, room, "Ben");
  cv_test_rooms_enter (rooms, hidden, "");
  cv_overview_start (f->overview, NULL);
  wait_for_row (f, 1);
  g_assert_cmpfloat (get_value (f, "meetings.standard"), ==, 1);
  g_assert_cmpfloat (get_value (f, "people.standard"), ==, 2);
  g_assert_cmpfloat (get_value (f, "meetings.otr"), ==, 1);
  g_assert_cmpfloat (get_value (f, "people.otr"), ==, 1);
  const CvOverviewSource *source = cv_overview_get_source (f->overview);
  g_autofree char *text = source->show (source->user_data, 0);
  g_assert_null (strstr (text, secret->id));
  g_assert_null (strstr (text, "Ann"));
  g_autofree char *wanted =
    g_strdup_printf ("\"rooms\":[{\"id\":\"" CV_TEST_ROOM "\",\"kind\":\"standard\",\"people\":2,"
                     "\"since\":%" G_GINT64_FORMAT "}],\"unlisted\":1}",
                     CV_TEST_NOW);
  g_assert_nonnull (strstr (text, wanted));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/overview/rows", test_rows);
  ADD ("/overview/an-hour", test_an_hour);
  ADD ("/overview/trouble", test_trouble);
  ADD ("/overview/rooms", test_rooms);
  return g_test_run ();
}
