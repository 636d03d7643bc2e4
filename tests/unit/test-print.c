/* What people read: times, durations, tables; also of answers that miss something. */
#include "ctl/print.h"

#include "base/json.h"

#include <string.h>

#define ROOM                                                                                                           \
  "{\"id\":\"abcdefghijkm\",\"kind\":\"standard\",\"title\":\"Wöchentlich\",\"created\":1790000000000,"               \
  "\"available\":true,\"people\":3,\"meeting\":\"mabcdefghijkm\",\"recording\":true,\"consent\":\"require\"}"
#define IDLE                                                                                                           \
  "{\"id\":\"npqrstuvwxyz\",\"kind\":\"boardroom\",\"title\":\"B\",\"created\":0,\"available\":false,\"people\":0,"    \
  "\"meeting\":null}"

static void
assert_prints (char *(*print) (JsonObject *), const char *json, const char *expected)
{
  g_autoptr (JsonObject) object = cv_json_parse (json, strlen (json), NULL);
  g_autofree char *text = NULL;

  g_assert_nonnull (object);
  text = print (object);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_duration (gint64 seconds, const char *expected)
{
  g_autofree char *text = cv_print_duration (seconds * 1000);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_duration (void)
{
  assert_duration (0, "0 s");
  assert_duration (59, "59 s");
  assert_duration (60, "1 min 0 s");
  assert_duration (3599, "59 min 59 s");
  assert_duration (3600, "1 h 0 min");
  assert_duration (86399, "23 h 59 min");
  assert_duration (86400, "1 day 0 h");
  assert_duration (3 * 86400 + 4 * 3600 + 5, "3 days 4 h");
}

static void
test_time (void)
{
  g_autofree char *text = cv_print_time (1790000000000);
  g_autofree char *absurd = cv_print_time (G_MAXINT64);

  g_assert_cmpstr (text, ==, "2026-09-21 14:13");
  g_assert_cmpstr (absurd, ==, "");
}

static void
test_room (void)
{
  assert_prints (cv_print_room, ROOM,
                 "Id:       abcdefghijkm\n"
                 "Title:    Wöchentlich\n"
                 "Kind:     standard\n"
                 "Created:  2026-09-21 14:13\n"
                 "Meeting:  mabcdefghijkm\n"
                 "People:   3\n"
                 "Recorded: on, people have to agree\n");
  assert_prints (cv_print_dial_in,
                 "{\"dial_in\":{\"numbers\":[\"+49 30 1234\",\"+33 1 23\"],\"pin\":\"1234567890\",\"host_pin\":\"9\"}}",
                 "By phone:        +49 30 1234\n"
                 "                 +33 1 23\n"
                 "PIN:             1234567890#\n"
                 "PIN for hosts:   9#\n\n");
  assert_prints (cv_print_dial_in, "{\"dial_in\":null}", "");
  assert_prints (cv_print_room, "{\"recording\":true,\"consent\":\"announce\"}",
                 "Id:       \n"
                 "Title:    \n"
                 "Kind:     \n"
                 "Created:  1970-01-01 00:00\n"
                 "Meeting:  none is running\n"
                 "People:   0\n"
                 "Recorded: on, people are told\n");
  assert_prints (cv_print_room, IDLE,
                 "Id:       npqrstuvwxyz\n"
                 "Title:    B\n"
                 "Kind:     boardroom (not available in this build)\n"
                 "Created:  1970-01-01 00:00\n"
                 "Meeting:  none is running\n"
                 "People:   0\n"
                 "Recorded: off\n");
}

static void
test_rooms (void)
{
  assert_prints (cv_print_rooms, "{\"rooms\":[" ROOM ",17," IDLE "]}",
                 "ID            KIND       CREATED           PEOPLE  MEETING        TITLE\n"
                 "abcdefghijkm  standard   2026-09-21 14:13       3  mabcdefghijkm  Wöchentlich\n"
                 "npqrstuvwxyz  boardroom  1970-01-01 00:00       0  -              B\n");
  assert_prints (cv_print_rooms, "{\"rooms\":[]}", "There are no rooms.\n");
  assert_prints (cv_print_rooms, "{}", "There are no rooms.\n");
  assert_prints (cv_print_rooms, "{\"rooms\":7}", "There are no rooms.\n");
}

#define TOKEN                                                                                                          \
  "{\"id\":\"tabcdefghijkm\",\"room\":\"abcdefghijkm\",\"kind\":\"publish\",\"name\":\"Zoë's\",\"created\":0,"        \
  "\"expires\":60000"

static void
test_token (void)
{
  assert_prints (cv_print_token, TOKEN ",\"revoked\":0}",
                 "Id:       tabcdefghijkm\n"
                 "Room:     abcdefghijkm\n"
                 "Use:      publish\n"
                 "Name:     Zoë's\n"
                 "Created:  1970-01-01 00:00\n"
                 "Expires:  1970-01-01 00:01\n");
  assert_prints (cv_print_tokens,
                 "{\"tokens\":[" TOKEN ",\"revoked\":5},null,{\"id\":\"tnpqrstuvwxyz\",\"kind\":\"watch\"}]}",
                 "ID             USE      CREATED           EXPIRES           NAME\n"
                 "tabcdefghijkm  publish  1970-01-01 00:00  revoked           Zoë's\n"
                 "tnpqrstuvwxyz  watch    1970-01-01 00:00  never             \n");
  assert_prints (cv_print_tokens, "{\"tokens\":[]}", "This room has no tokens.\n");
}

static void
test_status (void)
{
  assert_prints (cv_print_status,
                 "{\"version\":\"0.1.0\",\"url\":\"https://localhost:8443\",\"uptime_ms\":61000,\"rooms\":4,"
                 "\"meetings\":1,\"people\":2,\"sockets\":3,\"backup\":1700000000000,\"more\":[]}",
                 "Version:     0.1.0\n"
                 "Address:     https://localhost:8443\n"
                 "Up for:      1 min 1 s\n"
                 "Rooms:       4\n"
                 "Meetings:    1\n"
                 "People:      2\n"
                 "WebSockets:  3\n"
                 "Backup:      2023-11-14 22:13\n");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print/duration", test_duration);
  g_test_add_func ("/print/time", test_time);
  g_test_add_func ("/print/room", test_room);
  g_test_add_func ("/print/rooms", test_rooms);
  g_test_add_func ("/print/token", test_token);
  g_test_add_func ("/print/status", test_status);
  return g_test_run ();
}
