/* Taking somebody out of JSON: ids, names as whole words, never words of the format, and nobody else who is called so. */
#include "store/scrub.h"

#define ID "pabcdefghijkm"

/* `#` in `expected` stands for the new id. */
static void
assert_object (CvScrub *scrub, const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = cv_scrub_object (scrub, text, &error);
  g_autoptr (GString) wanted = g_string_new (expected);
  g_string_replace (wanted, "#", cv_scrub_get_new_id (scrub), 0);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, wanted->str);
}

static void
test_ids (void)
{
  g_autoptr (CvScrub) scrub = cv_scrub_new (ID);
  g_assert_cmpstr (cv_scrub_get_id (scrub), ==, ID);
  g_assert_true (g_str_has_prefix (cv_scrub_get_new_id (scrub), "p"));
  g_assert_cmpstr (cv_scrub_get_new_id (scrub), !=, ID);
  assert_object (
    scrub,
    "{\"by\":[\"" ID "\",7,\"" ID "\"],\"kind\":[\"text\",7,\"" ID "\"],\"n\":7,\"no\":null,\"deep\":[[{\"a\":\"x" ID
    ".3\"}]]}",
    "{\"by\":[\"#\",7,\"#\"],\"kind\":[\"text\",7,\"#\"],\"n\":7,\"no\":null,\"deep\":[[{\"a\":\"x#.3\"}]]}");
}

static void
test_names (void)
{
  g_autoptr (CvScrub) scrub = cv_scrub_new (ID);
  cv_scrub_add_name (scrub, "Ann", TRUE);
  cv_scrub_add_name (scrub, "Zoë (guest) \"Z\" \\1", TRUE);
  cv_scrub_add_name (scrub, "I", TRUE);
  cv_scrub_add_name (scrub, "Ben", FALSE);
  cv_scrub_add_name (scrub, "", TRUE);
  cv_scrub_add_name (scrub, NULL, TRUE);
  g_assert_true (cv_scrub_has_name (scrub, "Ann") && cv_scrub_has_name (scrub, "Ben"));
  g_assert_false (cv_scrub_has_name (scrub, "ann") || cv_scrub_has_name (scrub, NULL) || cv_scrub_has_name (scrub, ""));
  assert_object (scrub, "{\"name\":\"Ann\",\"text\":\"Ann, Annual, JoAnn, Änn, Ann's; ann (Ann)\"}",
                 "{\"name\":\"A participant\",\"text\":\"A participant, Annual, JoAnn, Änn, A participant's; ann (A "
                 "participant)\"}");
  assert_object (scrub, "{\"text\":\"so: Zoë (guest) \\\"Z\\\" \\\\1!\"}", "{\"text\":\"so: A participant!\"}");
  assert_object (scrub, "{\"name\":\"I\",\"text\":\"I think that I am\"}",
                 "{\"name\":\"A participant\",\"text\":\"I think that I am\"}");
  assert_object (scrub, "{\"name\":\"Ben\"}", "{\"name\":\"Ben\"}");
}

/* Somebody called "host", and members of that name. */
static void
test_format (void)
{
  g_autoptr (CvScrub) scrub = cv_scrub_new (ID);
  cv_scrub_add_name (scrub, "host", TRUE);
  cv_scrub_add_name (scrub, "text", TRUE);
  assert_object (
    scrub, "{\"role\":\"host\",\"kind\":[\"text\",1,\"a\"],\"text\":\"the host\",\"owner\":\"host\"}",
    "{\"role\":\"host\",\"kind\":[\"text\",1,\"a\"],\"text\":\"the A participant\",\"owner\":\"A participant\"}");
}

static void
test_broken (void)
{
  g_autoptr (CvScrub) scrub = cv_scrub_new (ID);
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_scrub_object (scrub, "{\"by\":\"" ID, &error));
  g_assert_nonnull (error);
  g_autofree char *text = cv_scrub_text (scrub, "{\"by\":\"" ID);
  g_assert_null (g_strrstr (text, ID));
  cv_scrub_add_name (scrub, "Ann", TRUE);
  g_autofree char *bytes = cv_scrub_text (scrub, "Ann \xff");
  g_assert_cmpstr (bytes, ==, "Ann \xff");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scrub/ids", test_ids);
  g_test_add_func ("/scrub/names", test_names);
  g_test_add_func ("/scrub/format", test_format);
  g_test_add_func ("/scrub/broken", test_broken);
  return g_test_run ();
}
