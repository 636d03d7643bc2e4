/* Rooms that are in memory only: there, found, forgotten. */
#include "room/unwritten.h"

#define NOW G_GINT64_CONSTANT (1700000000000)

static CvRoomRow *
new_row (const char *id)
{
  CvRoomRow *row = g_new0 (CvRoomRow, 1);
  row->id = g_strdup (id);
  row->kind = g_strdup ("otr");
  row->title = g_strdup ("");
  row->join_verifier[0] = 7;
  return row;
}

static void
test_there (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock);
  g_autoptr (CvRoomRow) row = new_row ("bbbbbbbbbbbb");
  g_assert_null (cv_unwritten_find (rooms, "bbbbbbbbbbbb"));
  g_assert_true (cv_unwritten_put (rooms, row));
  g_assert_false (cv_unwritten_put (rooms, row));
  const CvRoomRow *found = cv_unwritten_find (rooms, "bbbbbbbbbbbb");
  g_assert_true (found != NULL && found != row && found->join_verifier[0] == 7);
  g_assert_cmpuint (cv_unwritten_count (rooms), ==, 1);
  g_assert_true (cv_unwritten_remove (rooms, "bbbbbbbbbbbb"));
  g_assert_false (cv_unwritten_remove (rooms, "bbbbbbbbbbbb"));
}

/* Whoever uses it keeps it. */
static void
test_forgotten (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock);
  g_autoptr (CvRoomRow) used = new_row ("bbbbbbbbbbbb");
  g_autoptr (CvRoomRow) left = new_row ("cccccccccccc");
  g_assert_true (cv_unwritten_put (rooms, used) && cv_unwritten_put (rooms, left));
  cv_clock_advance (clock, CV_UNWRITTEN_KEEP_MS - 1);
  g_assert_nonnull (cv_unwritten_find (rooms, "bbbbbbbbbbbb"));
  cv_clock_advance (clock, 1);
  g_assert_nonnull (cv_unwritten_find (rooms, "bbbbbbbbbbbb"));
  g_assert_null (cv_unwritten_find (rooms, "cccccccccccc"));
}

static void
test_full (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock);
  guint n = 0;
  for (gboolean fits = TRUE; fits; n += fits) {
    g_autofree char *id = g_strdup_printf ("room-%u", n);
    g_autoptr (CvRoomRow) row = new_row (id);
    fits = cv_unwritten_put (rooms, row);
  }
  g_assert_cmpuint (n, ==, 5000);
}

static void
test_rotated (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock);
  g_autoptr (CvRoomRow) row = new_row ("bbbbbbbbbbbb");
  g_assert_true (cv_unwritten_put (rooms, row));
  row->join_verifier[0] = 8;
  row->host_verifier[0] = 9;
  row->orders = g_strdup ("{}");
  row->generation = 1;
  cv_unwritten_rotate (rooms, row);
  const CvRoomRow *found = cv_unwritten_find (rooms, "bbbbbbbbbbbb");
  g_assert_cmpint (found->join_verifier[0], ==, 8);
  g_assert_cmpint (found->host_verifier[0], ==, 0);
  g_assert_cmpstr (found->orders, ==, "{}");
  g_assert_cmpint (found->generation, ==, 1);
  g_autoptr (CvReceipt) described = cv_unwritten_describe (rooms, "bbbbbbbbbbbb");
  g_assert_cmpint (described->began[0], ==, NOW);
  g_assert_cmpint (described->row->join_verifier[0], ==, 8);
  row->generation = CV_RECEIPT_MAX_GENERATIONS + 1;
  cv_unwritten_rotate (rooms, row); /* without a place for it */
}

/* What was restored goes on with the meeting that was, once; what was removed is not restored. */
static void
test_restored (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock);
  g_autoptr (CvReceipt) receipt = g_new0 (CvReceipt, 1);
  receipt->row = new_row ("bbbbbbbbbbbb");
  receipt->row->generation = 1;
  receipt->began[0] = 5;
  g_assert_false (cv_unwritten_has (rooms, "bbbbbbbbbbbb") || cv_unwritten_goes_on (rooms, "bbbbbbbbbbbb"));
  g_assert_null (cv_unwritten_describe (rooms, "bbbbbbbbbbbb"));
  g_assert_true (cv_unwritten_put (rooms, receipt->row));
  g_assert_false (cv_unwritten_goes_on (rooms, "bbbbbbbbbbbb"));
  g_assert_true (cv_unwritten_restore (rooms, receipt));
  g_assert_cmpuint (cv_unwritten_count (rooms), ==, 1);
  g_assert_true (cv_unwritten_has (rooms, "bbbbbbbbbbbb") && cv_unwritten_goes_on (rooms, "bbbbbbbbbbbb"));
  cv_unwritten_meet (rooms, "bbbbbbbbbbbb");
  g_assert_false (cv_unwritten_goes_on (rooms, "bbbbbbbbbbbb"));
  g_autoptr (CvReceipt) described = cv_unwritten_describe (rooms, "bbbbbbbbbbbb");
  g_assert_cmpint (described->began[0], ==, 5);
  g_assert_true (cv_unwritten_remove (rooms, "bbbbbbbbbbbb"));
  g_assert_false (cv_unwritten_restore (rooms, receipt) || cv_unwritten_put (rooms, receipt->row));
  cv_clock_advance (clock, CV_RECEIPT_KEEP_MS);
  g_assert_true (cv_unwritten_restore (rooms, receipt));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unwritten/there", test_there);
  g_test_add_func ("/unwritten/forgotten", test_forgotten);
  g_test_add_func ("/unwritten/full", test_full);
  g_test_add_func ("/unwritten/rotated", test_rotated);
  g_test_add_func ("/unwritten/restored", test_restored);
  return g_test_run ();
}
