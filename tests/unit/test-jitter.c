/* Order, holes, what is late, and numbers that begin anew. */
#include "sip/jitter.h"

static void
put (CvJitter *jitter, guint64 index)
{
  guint8 payload = (guint8) index;
  cv_jitter_put (jitter, index, &payload, 1);
}

/* What comes out, as text: numbers, "-" what is missing. */
static char *
drain (CvJitter *jitter, gboolean urgent)
{
  const CvJitterPacket *packet = NULL;
  GString *text = g_string_new (NULL);
  CvJitterWhat what;
  while ((what = cv_jitter_take (jitter, urgent, &packet)) != CV_JITTER_NOTHING) {
    if (what == CV_JITTER_MISSING)
      g_string_append (text, "- ");
    else if (packet->n == 0)
      g_string_append (text, "0 ");
    else
      g_string_append_printf (text, "%u ", packet->payload[0]);
  }
  return g_string_free (text, FALSE);
}

static void
assert_drained (CvJitter *jitter, gboolean urgent, const char *expected)
{
  g_autofree char *text = drain (jitter, urgent);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_order (void)
{
  CvJitter jitter;
  cv_jitter_init (&jitter);
  assert_drained (&jitter, TRUE, "");
  put (&jitter, 10);
  assert_drained (&jitter, FALSE, "10 ");
  put (&jitter, 12);
  assert_drained (&jitter, FALSE, "");
  put (&jitter, 11);
  put (&jitter, 11);
  assert_drained (&jitter, FALSE, "11 12 ");
  put (&jitter, 12);
  g_assert_cmpuint (jitter.late, ==, 1);
  assert_drained (&jitter, TRUE, "");
}

static void
test_holes (void)
{
  CvJitter jitter;
  cv_jitter_init (&jitter);
  put (&jitter, 10);
  put (&jitter, 13);
  cv_jitter_put (&jitter, 14, NULL, 0);
  assert_drained (&jitter, FALSE, "10 ");
  assert_drained (&jitter, TRUE, "- - 13 0 ");
  put (&jitter, 11);
  assert_drained (&jitter, TRUE, "");
}

static void
test_leaps (void)
{
  CvJitter jitter;
  cv_jitter_init (&jitter);
  put (&jitter, 100);
  put (&jitter, 101 + CV_JITTER_PACKETS);
  assert_drained (&jitter, TRUE, "117 ");
  for (guint64 i = 20; i < 24; i++)
    put (&jitter, i);
  assert_drained (&jitter, TRUE, "");
  put (&jitter, 24); /* the fifth in a row: that is how it goes on */
  put (&jitter, 25);
  assert_drained (&jitter, FALSE, "24 25 ");
}

static void
test_long (void)
{
  CvJitter jitter;
  g_autofree guint8 *payload = g_malloc0 (CV_JITTER_PAYLOAD + 1);
  cv_jitter_init (&jitter);
  cv_jitter_put (&jitter, 1, payload, CV_JITTER_PAYLOAD + 1);
  assert_drained (&jitter, TRUE, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jitter/order", test_order);
  g_test_add_func ("/jitter/holes", test_holes);
  g_test_add_func ("/jitter/leaps", test_leaps);
  g_test_add_func ("/jitter/long", test_long);
  return g_test_run ();
}
