/* Rooms that are in memory only: there, found, forgotten; and those that are planned for, on the disk as well. */
#include "room/unwritten.h"

#include "lib/rooms.h"
#include "lib/wait.h"

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
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock, NULL);
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
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock, NULL);
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
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock, NULL);
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
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock, NULL);
  g_autoptr (CvRoomRow) row = new_row ("bbbbbbbbbbbb");
  g_assert_true (cv_unwritten_put (rooms, row));
  row->join_verifier[0] = 8;
  row->host_verifier[0] = 9;
  row->orders = g_strdup ("{}");
  row->generation = 1;
  cv_unwritten_rotate (rooms, row, g_task_new (NULL, NULL, NULL, NULL));
  const CvRoomRow *found = cv_unwritten_find (rooms, "bbbbbbbbbbbb");
  g_assert_cmpint (found->join_verifier[0], ==, 8);
  g_assert_cmpint (found->host_verifier[0], ==, 0);
  g_assert_cmpstr (found->orders, ==, "{}");
  g_assert_cmpint (found->generation, ==, 1);
  g_autoptr (CvReceipt) described = cv_unwritten_describe (rooms, "bbbbbbbbbbbb");
  g_assert_cmpint (described->began[0], ==, NOW);
  g_assert_cmpint (described->row->join_verifier[0], ==, 8);
  row->generation = CV_RECEIPT_MAX_GENERATIONS + 1;
  cv_unwritten_rotate (rooms, row, g_task_new (NULL, NULL, NULL, NULL)); /* without a place for it */
}

/* What was restored goes on with the meeting that was, once; what was removed is not restored. */
static void
test_restored (void)
{
  g_autoptr (CvClock) clock = cv_clock_new_fake (NOW);
  g_autoptr (CvUnwritten) rooms = cv_unwritten_new (clock, NULL);
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

/* ---- what is planned for ---- */

#define DAY (G_GINT64_CONSTANT (24) * 3600 * 1000)

typedef struct {
  CvClock *clock;
  CvStore *store;
  GObject *owner;
  CvUnwritten *rooms;
} Fixture;

static void
start (Fixture *f)
{
  GAsyncResult *slot = NULL;
  f->rooms = cv_unwritten_new (f->clock, f->store);
  cv_unwritten_start (f->rooms, f->owner);
  cv_rooms_count_async (f->store, cv_test_on_ready, &slot); /* which is answered later */
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
}

/* As after the server was started anew: nothing is left but the disk. */
static void
start_anew (Fixture *f)
{
  cv_unwritten_free (f->rooms);
  start (f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (NOW);
  f->store = cv_store_open (":memory:", NULL);
  f->owner = g_object_new (G_TYPE_OBJECT, NULL);
  start (f);
  g_autoptr (CvRoomRow) row = new_row ("bbbbbbbbbbbb");
  g_assert_true (cv_unwritten_put (f->rooms, row));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  g_assert_cmpuint (G_OBJECT (f->owner)->ref_count, ==, 1);
  cv_unwritten_free (f->rooms);
  g_object_unref (f->owner);
  g_object_unref (f->store);
  g_object_unref (f->clock);
}

static void
keep (Fixture *f, const char *id, gint64 until, CvRoomError code)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_unwritten_keep (f->rooms, id, until, g_task_new (f->owner, NULL, cv_test_on_ready, &slot));
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_assert_cmpint (code, ==, 0);
  else
    g_assert_error (error, CV_ROOM_ERROR, (int) code);
}

static guint
count_rows (Fixture *f)
{
  g_autofree char *n = cv_test_store_ask (f->store, "SELECT count (*) FROM kept_room");
  return (guint) g_ascii_strtoull (n, NULL, 10);
}

/* Also when nobody was in for longer than others are kept. */
static void
test_planned (Fixture *f, gconstpointer data)
{
  start_anew (f);
  g_assert_false (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb")); /* nobody has planned for it */
  g_autoptr (CvRoomRow) row = new_row ("bbbbbbbbbbbb");
  g_assert_true (cv_unwritten_put (f->rooms, row));
  keep (f, "bbbbbbbbbbbb", NOW + 60 * DAY, 0);
  start_anew (f);
  g_assert_true (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb") && cv_unwritten_goes_on (f->rooms, "bbbbbbbbbbbb"));
  g_assert_cmpint (cv_unwritten_find (f->rooms, "bbbbbbbbbbbb")->join_verifier[0], ==, 7);
  cv_clock_advance (f->clock, 30 * DAY);
  cv_clock_advance (f->clock, 30 * DAY - 1);
  g_assert_true (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb"));
  start_anew (f);
  g_assert_true (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb"));
  keep (f, "bbbbbbbbbbbb", NOW + DAY, 0); /* nobody makes it shorter */
  g_autoptr (CvReceipt) described = cv_unwritten_describe (f->rooms, "bbbbbbbbbbbb");
  g_assert_cmpint (described->until, ==, NOW + 60 * DAY);
  start_anew (f);
  g_assert_true (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb"));
}

static void
test_over (Fixture *f, gconstpointer data)
{
  keep (f, "bbbbbbbbbbbb", NOW + 60 * DAY, 0);
  cv_clock_advance (f->clock, 30 * DAY);
  cv_clock_advance (f->clock, 30 * DAY);
  g_assert_false (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb"));
  g_assert_cmpuint (count_rows (f), ==, 0);
  /* the same while the server is not there */
  g_autoptr (CvRoomRow) row = new_row ("cccccccccccc");
  g_assert_true (cv_unwritten_put (f->rooms, row));
  keep (f, "cccccccccccc", NOW + 100 * DAY, 0);
  cv_unwritten_free (f->rooms);
  cv_clock_advance (f->clock, 40 * DAY);
  start (f);
  g_assert_false (cv_unwritten_has (f->rooms, "cccccccccccc"));
  g_assert_cmpuint (count_rows (f), ==, 0);
}

static void
test_removed (Fixture *f, gconstpointer data)
{
  keep (f, "bbbbbbbbbbbb", NOW + 60 * DAY, 0);
  g_assert_cmpuint (count_rows (f), ==, 1);
  g_autoptr (CvReceipt) receipt = cv_unwritten_describe (f->rooms, "bbbbbbbbbbbb");
  g_assert_true (cv_unwritten_remove (f->rooms, "bbbbbbbbbbbb"));
  g_assert_cmpuint (count_rows (f), ==, 0);
  for (guint days = 0; days < 60; days += 30) { /* so long its receipts are good */
    g_assert_false (cv_unwritten_restore (f->rooms, receipt));
    cv_clock_advance (f->clock, 30 * DAY - (days == 30));
  }
  g_assert_false (cv_unwritten_restore (f->rooms, receipt));
  cv_clock_advance (f->clock, 1);
  g_assert_true (cv_unwritten_restore (f->rooms, receipt));
}

/* The disk has the link of now; once no receipt can say it any more, none. */
static void
test_rotated_on_disk (Fixture *f, gconstpointer data)
{
  keep (f, "bbbbbbbbbbbb", NOW + 60 * DAY, 0);
  g_autoptr (CvRoomRow) row = new_row ("bbbbbbbbbbbb");
  for (gint64 generation = 1; generation <= CV_RECEIPT_MAX_GENERATIONS + 1; generation++) {
    GAsyncResult *slot = NULL;
    row->generation = generation;
    row->join_verifier[0] = (guint8) (100 + generation);
    cv_unwritten_rotate (f->rooms, row, g_task_new (f->owner, NULL, cv_test_on_ready, &slot));
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
    g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
    start_anew (f);
    if (generation <= CV_RECEIPT_MAX_GENERATIONS)
      g_assert_cmpint (cv_unwritten_find (f->rooms, "bbbbbbbbbbbb")->join_verifier[0], ==, 100 + generation);
  }
  g_assert_false (cv_unwritten_has (f->rooms, "bbbbbbbbbbbb"));
}

/* What its people know better the disk knows as well from then on, and for how long it is planned for is not lost by it. */
static void
test_restored_on_disk (Fixture *f, gconstpointer data)
{
  keep (f, "bbbbbbbbbbbb", NOW + 60 * DAY, 0);
  g_autoptr (CvReceipt) newer = cv_unwritten_describe (f->rooms, "bbbbbbbbbbbb");
  newer->row->join_verifier[0] = 9;
  newer->until = 0;
  g_assert_true (cv_unwritten_restore (f->rooms, newer));
  start_anew (f);
  g_assert_cmpint (cv_unwritten_find (f->rooms, "bbbbbbbbbbbb")->join_verifier[0], ==, 9);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  keep (f, "cccccccccccc", NOW + DAY, CV_ROOM_ERROR_UNKNOWN);
  for (guint i = 0; i < CV_UNWRITTEN_MAX_PLANNED; i++) {
    g_autofree char *id = g_strdup_printf ("room-%07u", i);
    g_autoptr (CvReceipt) receipt = g_new0 (CvReceipt, 1);
    receipt->row = new_row (id);
    receipt->until = NOW + DAY;
    g_assert_true (cv_unwritten_restore (f->rooms, receipt));
  }
  keep (f, "bbbbbbbbbbbb", NOW + DAY, CV_ROOM_ERROR_FULL);
  keep (f, "room-0000007", NOW + 2 * DAY, 0); /* which is one of them already */
  cv_store_close (f->store);
  keep (f, "room-0000007", NOW + 3 * DAY, CV_ROOM_ERROR_STORE);
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
#define ADD(name, func) g_test_add ("/unwritten/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("planned", test_planned);
  ADD ("over", test_over);
  ADD ("removed", test_removed);
  ADD ("rotated-on-disk", test_rotated_on_disk);
  ADD ("restored-on-disk", test_restored_on_disk);
  ADD ("refused", test_refused);
  return g_test_run ();
}
