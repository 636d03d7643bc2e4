/* The value: what is written is read again, and nothing else is. */
#include "summary/summary.h"

#include "base/json.h"
#include "lib/staged.h"

#include <string.h>

static char *
to_text (const CvSummary *summary)
{
  g_autoptr (JsonNode) node = cv_summary_to_json (summary);
  return cv_json_to_text (node, NULL);
}

static void
test_again (void)
{
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autofree char *text = to_text (summary);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSummary) again = cv_summary_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_autofree char *second = to_text (again);
  g_assert_cmpstr (second, ==, text);
}

/* What is not told is null, and stays it. */
static void
test_untold (void)
{
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autofree char *full = to_text (summary);
  g_autoptr (JsonObject) object = cv_json_parse (full, strlen (full), NULL);
  json_object_set_null_member (object, "attendance");
  json_object_set_null_member (object, "chat");
  g_autoptr (CvSummary) less = cv_summary_read (object, NULL);
  g_assert_null (less->attendance);
  g_assert_null (less->chat);
  g_assert_cmpuint (less->minutes->len, ==, summary->minutes->len);
  g_autofree char *text = to_text (less);
  g_assert_nonnull (strstr (text, "\"attendance\":null"));
  /* but not what cannot be left out */
  json_object_set_null_member (object, "agenda");
  g_autoptr (GError) error = NULL;
  g_assert_null (cv_summary_read (object, &error));
  g_assert_error (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER);
}

/* One change each to a body that is good. */
static void
test_refused (void)
{
  static const struct {
    const char *from, *to;
  } changes[] = {
    { "\"issue\"", "\"x\"" }, /* nothing of it: is still read */
    { "\"kind\":\"decision\"", "\"kind\":\"order\"" },
    { "\"minutes\":10,", "\"minutes\":-1," },
    { "\"done\":true", "\"done\":1" },
    { "\"owner\":\"Ada Okafor\"", "\"owner\":\"Ada\\u202eOkafor\"" },
    { "\"due\":\"2026-12-04\"", "\"due\":\"2026-12-04 or so\"" },
    { "\"role\":\"host\"", "\"role\":\"king\"" },
    { "\"reactions\":[", "\"reactions\":[{\"text\":\"\",\"count\":1}," },
    { "\"agenda\":[", "\"agenda\":[1," },
    { "\"recordings\":[", "\"more\":[],\"recordings\":[" },
  };
  g_autoptr (CvSummary) summary = cv_test_staged_summary ();
  g_autofree char *text = to_text (summary);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GString) changed = g_string_new (text);
    g_autoptr (GError) error = NULL;
    gboolean there = g_string_replace (changed, changes[i].from, changes[i].to, 1) == 1;
    g_autoptr (CvSummary) read = cv_summary_parse (changed->str, changed->len, &error);
    if (!there != (read != NULL))
      g_error ("%s", changes[i].to);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/summary/again", test_again);
  g_test_add_func ("/summary/untold", test_untold);
  g_test_add_func ("/summary/refused", test_refused);
  return g_test_run ();
}
