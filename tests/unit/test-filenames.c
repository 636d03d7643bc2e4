/* What files are called where people save them. */
#include "signalling/filenames.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define PERSON "pabcdefghijkm"

/* The web client is held against the same. */
static void
test_clean (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  json_parser_load_from_file (parser, CV_TESTS_DIR "/vectors/filenames.json", &error);
  g_assert_no_error (error);
  JsonArray *names = json_node_get_array (json_parser_get_root (parser));
  g_assert_cmpuint (json_array_get_length (names), >, 10);
  for (guint i = 0; i < json_array_get_length (names); i++) {
    JsonArray *pair = json_array_get_array_element (names, i);
    g_autofree char *clean = cv_filename_clean (json_array_get_string_element (pair, 0));
    g_assert_cmpstr (clean, ==, json_array_get_string_element (pair, 1));
  }
  g_autofree char *mended = cv_filename_clean ("\xff");
  g_assert_cmpstr (mended, ==, "\ufffd");
}

static void
test_for (void)
{
  static const struct {
    const char *title, *name, *person, *person_name, *expected;
  } cases[] = {
    { "Weekly", "meeting.mp4", "", NULL, "Weekly.mp4" },
    { "Weekly", "meeting-2.mp4", "", NULL, "Weekly-2.mp4" },
    { "Weekly", "audio.m4a", "", NULL, "Weekly - audio.m4a" },
    { "Q1/Q2: \"plan\"", "chapters-3.vtt", "", NULL, "Q1_Q2_ _plan_ - chapters-3.vtt" },
    { "Weekly", "tracks/001-" PERSON "-camera-1.mkv", PERSON, "Zoë", "Weekly - Zoë - 001-camera-1.mkv" },
    { "Weekly", "tracks/001-" PERSON "-camera-1.mkv", PERSON, NULL, "Weekly - 001-camera-1.mkv" },
    { "Weekly", "001-" PERSON "-microphone-1.wav", PERSON, "../x", "Weekly - .._x - 001-microphone-1.wav" },
    { "", "meeting", "", NULL, "_" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = cv_filename_for (cases[i].title, cases[i].name, cases[i].person, cases[i].person_name);
    g_assert_cmpstr (name, ==, cases[i].expected);
  }
}

/* The suffix says what it is, however long the rest. */
static void
test_long (void)
{
  g_autofree char *title = g_strnfill (1000, 'x');
  g_autofree char *person_name = g_strnfill (1000, 'y');
  g_autofree char *name = cv_filename_for (title, "tracks/001-" PERSON "-camera-1.mkv", PERSON, person_name);
  g_assert_true (g_str_has_suffix (name, " - 001-camera-1.mkv"));
  g_assert_cmpuint (strlen (name), <=, 200);
  g_autoptr (GString) wide = g_string_new (NULL);
  for (guint i = 0; i < 120; i++) {
    g_string_append (wide, "€");
    g_autofree char *cut = cv_filename_for (wide->str, "meeting.mp4", "", NULL);
    g_assert_true (g_utf8_validate (cut, -1, NULL) && strstr (cut, "\ufffd") == NULL);
    g_assert_true (g_str_has_suffix (cut, ".mp4"));
  }
}

static void
test_disposition (void)
{
  static const char *const cases[][2] = {
    { "Weekly.mp4", "attachment; filename=\"Weekly.mp4\"; filename*=UTF-8''Weekly.mp4" },
    { "Zoë & 50%.mp4", "attachment; filename=\"Zoe & 50_.mp4\"; filename*=UTF-8''Zo%C3%AB%20&%2050%25.mp4" },
    { "a\"; x=\"\r\nb", "attachment; filename=\"a_; x=___b\"; filename*=UTF-8''a_%3B%20x%3D___b" },
    { "会議'", "attachment; filename=\"__'\"; filename*=UTF-8''%E4%BC%9A%E8%AD%B0%27" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = cv_filename_to_disposition (cases[i][0], TRUE);
    g_assert_cmpstr (text, ==, cases[i][1]);
  }
  g_autofree char *shown = cv_filename_to_disposition ("a.mp4", FALSE);
  g_assert_cmpstr (shown, ==, "inline; filename=\"a.mp4\"; filename*=UTF-8''a.mp4");
}

static void
test_valid (void)
{
  static const char *const good[] = { "meeting.mp4", "tracks/001-" PERSON "-screen-audio-1.mkv", "A_b-2.JPG" };
  static const char *const bad[] = {
    "",        "tracks/",   "/etc/passwd", "../a", "tracks/../a", "a/b",  "tracks/a/b",
    ".a.part", "tracks/.a", "a b",         "a\n",  "zoë",         "a%00", "tracks//a"
  };
  g_autofree char *endless = g_strnfill (129, 'x');
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (cv_filename_is_valid (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%s", bad[i]);
    g_assert_false (cv_filename_is_valid (bad[i]));
  }
  g_assert_false (cv_filename_is_valid (endless));
  g_assert_true (cv_filename_is_valid (endless + 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filenames/clean", test_clean);
  g_test_add_func ("/filenames/for", test_for);
  g_test_add_func ("/filenames/long", test_long);
  g_test_add_func ("/filenames/disposition", test_disposition);
  g_test_add_func ("/filenames/valid", test_valid);
  return g_test_run ();
}
