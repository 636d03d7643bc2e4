/* WebVTT. */
#include "summary/captions.h"

#include "lib/staged.h"

#include <string.h>

static void
add (CvSummary *summary, gint64 at, const char *by, const char *text)
{
  CvSummaryCaption *caption = cv_summary_add_caption (summary);
  caption->at = at;
  caption->by = g_strdup (by);
  caption->text = g_strdup (text);
}

static void
test_written (void)
{
  g_autoptr (CvSummary) summary = cv_summary_new ();
  summary->started = 1000000;
  add (summary, 999000, "Ann", "before it began");
  add (summary, 1001500, "Ann", "soon");
  add (summary, 1001600, "", "a --> b <i>&amp;");
  add (summary, 1001600 + 3723004, "A>B", "late");
  g_autofree char *text = cv_captions_write (summary);
  g_assert_cmpstr (text, ==,
                   "WEBVTT\n"
                   "\n00:00:00.000 --> 00:00:02.500\n<v Ann>before it began\n"
                   "\n00:00:01.500 --> 00:00:02.500\n<v Ann>soon\n"
                   "\n00:00:01.600 --> 00:00:08.600\n<v –>a --&gt; b &lt;i&gt;&amp;amp;\n"
                   "\n01:02:04.604 --> 01:02:11.604\n<v A&gt;B>late\n");
}

static void
test_none (void)
{
  g_autoptr (CvSummary) summary = cv_summary_new ();
  g_clear_pointer (&summary->captions, g_ptr_array_unref);
  g_autofree char *text = cv_captions_write (summary);
  g_assert_cmpstr (text, ==, "WEBVTT\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/captions/written", test_written);
  g_test_add_func ("/captions/none", test_none);
  return g_test_run ();
}
