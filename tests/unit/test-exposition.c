/* What Prometheus reads: heads, escapes, numbers. */
#include "base/exposition.h"

#include <locale.h>
#include <math.h>

static void
assert_text (CvExposition *self, const char *expected)
{
  g_autofree char *text = cv_exposition_steal (self);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_families (void)
{
  g_autoptr (CvExposition) text = cv_exposition_new ();
  cv_exposition_gauge (text, "a_b", "How many.");
  cv_exposition_add (text, 3);
  cv_exposition_gauge (text, "a_none", "Of which there is nothing.");
  cv_exposition_counter (text, "a_c_total", "So far.");
  cv_exposition_add_labelled (text, 1, "kind", "x", NULL);
  cv_exposition_add_labelled (text, 2, "kind", "y", "way", "in", NULL);
  assert_text (text, "# HELP a_b How many.\n"
                     "# TYPE a_b gauge\n"
                     "a_b 3\n"
                     "# HELP a_c_total So far.\n"
                     "# TYPE a_c_total counter\n"
                     "a_c_total{kind=\"x\"} 1\n"
                     "a_c_total{kind=\"y\",way=\"in\"} 2\n");
}

/* Nothing that a label has ends it, or its line. */
static void
test_escapes (void)
{
  g_autoptr (CvExposition) text = cv_exposition_new ();
  cv_exposition_gauge (text, "a", "One \"two\" \\ three\nfour");
  cv_exposition_add_labelled (text, 1, "b", "\"} 5\n\\é", NULL);
  cv_exposition_add_labelled (text, 1, "b", "\xff", NULL);
  assert_text (text, "# HELP a One \"two\" \\\\ three\\nfour\n"
                     "# TYPE a gauge\n"
                     "a{b=\"\\\"} 5\\n\\\\é\"} 1\n"
                     "a{b=\"\xef\xbf\xbd\"} 1\n");
}

static void
test_numbers (void)
{
  static const struct {
    double value;
    const char *text;
  } numbers[] = {
    { 0, "0" },
    { -0.0, "0" },
    { -7, "-7" },
    { 0.25, "0.25" },
    { 0.1, "0.1" },
    { -1.5, "-1.5" },
    { 9007199254740991.0, "9007199254740991" },
    { 1e300, "1e+300" },
    { 1e-9, "1e-09" },
    { NAN, "NaN" },
    { INFINITY, "+Inf" },
    { -INFINITY, "-Inf" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autoptr (CvExposition) text = cv_exposition_new ();
    g_autofree char *expected = g_strdup_printf ("# HELP a B.\n# TYPE a gauge\na %s\n", numbers[i].text);
    cv_exposition_gauge (text, "a", "B.");
    cv_exposition_add (text, numbers[i].value);
    assert_text (text, expected);
  }
}

/* Half a number with a comma would be two. */
static void
test_locale (void)
{
  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL) {
    g_test_skip ("this machine has no locale with a comma");
    return;
  }
  test_numbers ();
  setlocale (LC_NUMERIC, "C");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exposition/families", test_families);
  g_test_add_func ("/exposition/escapes", test_escapes);
  g_test_add_func ("/exposition/numbers", test_numbers);
  g_test_add_func ("/exposition/locale", test_locale);
  return g_test_run ();
}
