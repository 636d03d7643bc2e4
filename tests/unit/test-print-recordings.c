/* What people read of recordings, also of answers that miss something. */
#include "ctl/print.h"

#include "base/json.h"

#include <string.h>

#define ROW                                                                                                            \
  "{\"id\":\"rabcdefghijkm\",\"room\":\"abcdefghijkm\",\"meeting\":\"mabcdefghijkm\",\"title\":\"Zoë's\","            \
  "\"started\":1790000000000,\"ended\":1790000060000,\"status\":\"processing\",\"error\":null,\"duration\":61000,"     \
  "\"bytes\":1500000000,\"expires\":null,\"people\":3,\"progress\":{\"stage\":\"compose\",\"done\":0.456},"            \
  "\"files\":[{\"name\":\"meeting.mp4\",\"kind\":\"video\",\"bytes\":999},7],"                                         \
  "\"renders\":[{\"id\":\"jabcdefghijkm\",\"status\":\"failed\",\"layout\":\"grid\",\"error\":\"lost\"}],"             \
  "\"shares\":[{\"id\":\"sabcdefghijkm\",\"expires\":0,\"password\":true,\"downloads\":false}]}"

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
test_size (void)
{
  static const struct {
    gint64 bytes;
    const char *text;
  } cases[] = { { 0, "0 B" },
                { 999, "999 B" },
                { 1000, "1.0 kB" },
                { 9949, "9.9 kB" },
                { 9950, "10 kB" },
                { 999499, "999 kB" },
                { 999500, "1.0 MB" },
                { 1500000000, "1.5 GB" },
                { 23456789012, "23 GB" },
                { 7000000000000, "7.0 TB" },
                { 7000000000000000, "7000 TB" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = cv_print_size (cases[i].bytes);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_one (void)
{
  assert_prints (cv_print_recording, ROW,
                 "Id:       rabcdefghijkm\nTitle:    Zoë's\nRoom:     abcdefghijkm\nMeeting:  mabcdefghijkm\n"
                 "Started:  2026-09-21 14:13\nEnded:    2026-09-21 14:14\nLength:   1 min 1 s\nPeople:   3\n"
                 "Size:     1.5 GB\nStatus:   processing, compose 45 %\nDeleted:  never\n"
                 "\nFiles:\n  video          999 B  meeting.mp4\n"
                 "\nRenderings:\n  jabcdefghijkm  grid          failed (lost)\n"
                 "\nLinks:\n  sabcdefghijkm  expires never, password\n");
  assert_prints (
    cv_print_recording, "{\"files\":7,\"shares\":null}",
    "Id:       \nTitle:    \nRoom:     \nMeeting:  \nStarted:  1970-01-01 00:00\nEnded:    \nLength:   0 s\n"
    "People:   0\nSize:     0 B\nStatus:   \nDeleted:  never\n");
}

static void
test_list (void)
{
  assert_prints (cv_print_recordings, "{\"recordings\":[" ROW "]}",
                 "ID             STARTED           LENGTH             SIZE  PEOPLE  STATUS      TITLE\n"
                 "rabcdefghijkm  2026-09-21 14:13  1 min 1 s        1.5 GB       3  processing  Zoë's\n");
  assert_prints (cv_print_recordings, "{\"recordings\":[]}", "There are no recordings.\n");
  assert_prints (cv_print_recordings, "{}", "There are no recordings.\n");
}

static void
test_others (void)
{
  assert_prints (cv_print_verified, "{\"files\":[{\"name\":\"a\",\"ok\":true},{\"name\":\"b\",\"ok\":false}]}",
                 "ok       a\nDAMAGED  b\n");
  assert_prints (cv_print_verified, "{}", "There are no files.\n");
  assert_prints (cv_print_share, "{\"id\":\"sa\",\"recording\":\"ra\",\"expires\":1790000000000,\"downloads\":true}",
                 "Id:         sa\nRecording:  ra\nExpires:    2026-09-21 14:13\nPassword:   no\nDownloads:  yes\n");
  assert_prints (cv_print_keys,
                 "{\"keys\":[{\"id\":\"kabcdefghijkm\",\"role\":\"producer\",\"name\":\"Zoë\","
                 "\"created\":1790000000000,\"expires\":0,\"revoked\":5}]}",
                 "ID             ROLE           CREATED           EXPIRES           NAME\n"
                 "kabcdefghijkm  producer       2026-09-21 14:13  revoked           Zoë\n");
  assert_prints (cv_print_keys, "{}", "There are no keys.\n");
  assert_prints (cv_print_users,
                 "{\"users\":[{\"id\":\"uabcdefghijkm\",\"role\":\"host\",\"name\":\"Zoë\",\"login\":\"zoe\","
                 "\"last_seen\":1790000000000,\"disabled\":false},{\"login\":\"ben\",\"disabled\":true}]}",
                 "ID             ROLE           SEEN              LOGIN                     NAME\n"
                 "uabcdefghijkm  host           2026-09-21 14:13  zoe                       Zoë\n"
                 "                              disabled          ben                       \n");
  assert_prints (cv_print_users, "{}", "There are no users.\n");
  assert_prints (cv_print_user, "{\"id\":\"ua\",\"login\":\"zoe\",\"created\":1790000000000,\"password\":true}",
                 "Id:        ua\nLogin:     zoe\nName:      \nRole:      \nCreated:   2026-09-21 14:13\n"
                 "Seen:      never\nPassword:  yes\n");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print-recordings/size", test_size);
  g_test_add_func ("/print-recordings/one", test_one);
  g_test_add_func ("/print-recordings/list", test_list);
  g_test_add_func ("/print-recordings/others", test_others);
  return g_test_run ();
}
