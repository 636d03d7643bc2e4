/* Connections and the word for them: each threshold from both sides. */
#include "room/quality.h"

static const struct {
  double up_loss, down_loss;
  int rtt;
  guint estimate;
  const char *expected;
} connections[] = {
  { 0, 0, 20, 5000000, "good" },         { 0, 0, -1, 0, "good" }, /* nothing is known yet */
  { 0.019, 0.019, 199, 300000, "good" }, { 0.02, 0, 20, 5000000, "fair" }, { 0, 0.02, 20, 5000000, "fair" },
  { 0, 0, 200, 5000000, "fair" },        { 0, 0, 20, 299999, "fair" },     { 0.099, 0.099, 399, 80000, "fair" },
  { 0.1, 0, 20, 5000000, "poor" },       { 0, 0.5, 20, 5000000, "poor" },  { 0, 0, 400, 5000000, "poor" },
  { 0, 0, 20, 79999, "poor" },           { 1, 1, 60000, 1, "poor" },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (connections); i++) {
    CvMediaPersonStats stats = { .up_loss = connections[i].up_loss,
                                 .down_loss = connections[i].down_loss,
                                 .rtt = connections[i].rtt,
                                 .estimate = connections[i].estimate };
    const char *word = cv_quality_to_text (cv_quality_of (&stats));
    if (!g_str_equal (word, connections[i].expected))
      g_error ("connection %u is %s, not %s", (guint) i, word, connections[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quality/words", test_words);
  return g_test_run ();
}
