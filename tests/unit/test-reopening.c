/* Rooms that are on no disk come back with their people, and nobody else's in their place. */
#include "room/reopening.h"

#include "lib/rooms.h"
#include "lib/wait.h"

#include <string.h>

#define ADDRESS "192.0.2.1"
#define MEETING "maaaaaaaaaaaa"
#define PERSON "pbbbbbbbbbbbb"
#define CREATIONS 4

/* A server before it was started anew, and the one afterwards. */
typedef struct {
  CvTestRooms before, after;
  CvBuckets *creations;
  CvReopening *old, *new;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "otr", "standard", "boardroom", NULL };
  cv_test_rooms_init (&f->before, kinds);
  cv_test_rooms_init (&f->after, kinds);
  f->creations = cv_buckets_new (0.001, CREATIONS, 10);
  cv_clock_advance (f->after.clock, 1);
  f->old = cv_reopening_new (f->before.registry, f->before.clock, "secret", f->creations);
  f->new = cv_reopening_new (f->after.registry, f->after.clock, "secret", f->creations);
  g_assert_true (cv_test_rooms_create (&f->before, CV_TEST_ROOM, "otr", NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_reopening_free (f->old);
  cv_reopening_free (f->new);
  cv_buckets_free (f->creations);
  cv_test_rooms_clear (&f->before);
  cv_test_rooms_clear (&f->after);
}

static CvReceipt *
bring (Fixture *f, CvReopening *from)
{
  g_autofree char *text = cv_reopening_issue (from, CV_TEST_ROOM, MEETING, PERSON);
  return cv_reopening_read (f->new, text, CV_TEST_ROOM, cv_test_join_key);
}

/* As of what is there now. */
static CvReopeningResult
take (Fixture *f, const CvReceipt *receipt)
{
  g_autoptr (CvRoom) there = cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL);
  return cv_reopening_take (f->new, receipt, there != NULL ? cv_room_get_row (there) : NULL, ADDRESS);
}

/* The link is exchanged; the key that fits it stays the same here. */
static void
rotate (CvTestRooms *rooms, gint64 generation)
{
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, "otr");
  row->generation = generation;
  cv_unwritten_rotate (cv_registry_get_unwritten (rooms->registry), row, g_task_new (NULL, NULL, NULL, NULL));
}

static void
test_back (Fixture *f, gconstpointer data)
{
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  g_assert_nonnull (receipt);
  g_assert_null (cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL));
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_DONE);
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_NOTHING);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL);
  g_assert_true (cv_room_fits_join_key (room, cv_test_join_key));
  g_assert_true (cv_room_fits_host_key (room, cv_test_host_key));
  g_autofree char *again = cv_reopening_issue (f->new, CV_TEST_ROOM, NULL, NULL);
  g_assert_nonnull (again);
}

static void
test_nobody_elses (Fixture *f, gconstpointer data)
{
  g_autofree char *text = cv_reopening_issue (f->old, CV_TEST_ROOM, NULL, NULL);
  g_autoptr (CvReopening) other = cv_reopening_new (f->after.registry, f->after.clock, "another", f->creations);
  g_assert_null (cv_reopening_read (f->new, text, "bbbbbbbbbbbb", cv_test_join_key));
  g_assert_null (cv_reopening_read (f->new, text, CV_TEST_ROOM, cv_test_host_key));
  g_assert_null (cv_reopening_read (other, text, CV_TEST_ROOM, cv_test_join_key));
  g_assert_null (cv_reopening_issue (f->old, "bbbbbbbbbbbb", NULL, NULL));
}

static void
test_fresh (Fixture *f, gconstpointer data)
{
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  cv_clock_advance (f->after.clock, CV_RECEIPT_SEAT_MS - 2);
  g_assert_true (cv_reopening_is_fresh (f->new, receipt));
  cv_clock_advance (f->after.clock, 1);
  g_assert_false (cv_reopening_is_fresh (f->new, receipt));
  g_assert_false (cv_reopening_is_fresh (f->old, receipt));
}

/* The receipt of somebody who was in a room that is on the disk, which is as `row` says. */
static CvReceipt *
sit_and_restart (Fixture *f, const char *id, const char *kind, CvRoomRow **row)
{
  g_assert_true (cv_test_rooms_create (&f->before, id, kind, NULL));
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->before, id, NULL);
  g_autofree char *early = cv_reopening_issue (f->old, id, MEETING, PERSON);
  g_assert_null (early); /* nobody is in it */
  cv_test_rooms_enter (&f->before, room, "Ann");
  g_autofree char *makers = cv_reopening_issue (f->old, id, NULL, NULL);
  g_assert_null (makers);
  g_autofree char *text = cv_reopening_issue (f->old, id, MEETING, PERSON);
  *row = cv_room_row_copy (cv_room_get_row (room));
  return text != NULL ? cv_reopening_read (f->new, text, id, cv_test_join_key) : NULL;
}

static void
test_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoomRow) row = NULL;
  g_autoptr (CvReceipt) receipt = sit_and_restart (f, "bbbbbbbbbbbb", "standard", &row);
  g_assert_nonnull (receipt);
  g_assert_true (cv_reopening_is_awaited (f->new, receipt, row));
  g_assert_false (cv_reopening_is_awaited (f->old, receipt, row));
  g_assert_cmpint (cv_reopening_take (f->new, receipt, NULL, ADDRESS), ==, CV_REOPENING_NOTHING);
  row->created++; /* another room under its id */
  g_assert_false (cv_reopening_is_awaited (f->new, receipt, row));
  row->created--;
  cv_clock_advance (f->after.clock, CV_REOPENING_WAIT_MS - 1);
  g_assert_true (cv_reopening_is_awaited (f->new, receipt, row));
  cv_reopening_arrived (f->new, receipt);
  g_assert_false (cv_reopening_is_awaited (f->new, receipt, row));
}

static void
test_kept_too_late (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoomRow) row = NULL;
  g_autoptr (CvReceipt) receipt = sit_and_restart (f, "bbbbbbbbbbbb", "standard", &row);
  cv_clock_advance (f->after.clock, CV_REOPENING_WAIT_MS);
  g_assert_true (cv_reopening_is_fresh (f->new, receipt));
  g_assert_false (cv_reopening_is_awaited (f->new, receipt, row));
}

/* Their media end with the server's, or the meeting goes on without being awaited. */
static void
test_not_awaited (Fixture *f, gconstpointer data)
{
  g_autoptr (CvRoomRow) row = NULL;
  g_assert_null (sit_and_restart (f, "bbbbbbbbbbbb", "boardroom", &row));
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->before, CV_TEST_ROOM, NULL);
  g_assert_false (cv_reopening_is_awaited (f->new, receipt, cv_room_get_row (room)));
}

static void
test_limited (Fixture *f, gconstpointer data)
{
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  for (guint i = 0; i < CREATIONS; i++)
    g_assert_true (cv_buckets_take (f->creations, ADDRESS, cv_clock_now (f->after.clock)));
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_LIMITED);
  g_assert_null (cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL));
}

static void
test_deleted (Fixture *f, gconstpointer data)
{
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_DONE);
  g_assert_true (cv_test_rooms_delete (&f->after, CV_TEST_ROOM, NULL));
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_NOTHING);
  g_assert_false (cv_test_rooms_create (&f->after, CV_TEST_ROOM, "otr", NULL));
}

/* Somebody has made another room with the id of one that the server does not know of any more. */
static void
test_in_its_place (Fixture *f, gconstpointer data)
{
  static const char *const kinds[] = { "otr", "standard" };
  const char *kind = kinds[GPOINTER_TO_INT (data)];
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, kind);
  row->created = receipt->row->created + 1;
  memset (row->host_verifier, 'x', sizeof row->host_verifier);
  memset (row->join_verifier, 'x', sizeof row->join_verifier);
  g_assert_true (cv_test_rooms_create_row (&f->after, row, NULL));
  g_autoptr (CvRoom) false_one = cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->after, false_one, "Mallory");
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_DONE);
  g_assert_cmpuint (cv_registry_count_meetings (f->after.registry), ==, 0);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL);
  g_assert_true (cv_room_fits_join_key (room, cv_test_join_key));
}

/* Nor does a receipt hide a room that was there before. */
static void
test_older (Fixture *f, gconstpointer data)
{
  g_autoptr (CvReceipt) receipt = bring (f, f->old);
  g_autoptr (CvRoomRow) row = cv_test_room_row (CV_TEST_ROOM, "standard");
  row->created = receipt->row->created - 1;
  memset (row->join_verifier, 'x', sizeof row->join_verifier);
  g_assert_true (cv_test_rooms_create_row (&f->after, row, NULL));
  g_assert_cmpint (take (f, receipt), ==, CV_REOPENING_NOTHING);
}

/* Who was removed brings the room of before back, and even removes people in it; then those come who were there. */
static void
test_removed (Fixture *f, gconstpointer data)
{
  g_autoptr (CvReceipt) stale = bring (f, f->old);
  cv_clock_advance (f->before.clock, 1000);
  rotate (&f->before, 1);
  g_autoptr (CvReceipt) good = bring (f, f->old);
  cv_clock_advance (f->after.clock, 5000);
  g_assert_cmpint (take (f, stale), ==, CV_REOPENING_DONE);
  g_autoptr (CvRoom) room = cv_test_rooms_load (&f->after, CV_TEST_ROOM, NULL);
  cv_test_rooms_enter (&f->after, room, "Removed");
  rotate (&f->after, 1);
  rotate (&f->after, 2);
  g_autoptr (CvReceipt) fork = bring (f, f->new);
  g_assert_cmpint (take (f, good), ==, CV_REOPENING_DONE);
  g_assert_cmpuint (cv_registry_count_meetings (f->after.registry), ==, 0);
  g_autoptr (CvReceipt) now = cv_unwritten_describe (cv_registry_get_unwritten (f->after.registry), CV_TEST_ROOM);
  g_assert_cmpint (now->row->generation, ==, 1);
  g_assert_cmpint (now->began[0], ==, good->began[0]);
  g_assert_cmpint (take (f, stale), ==, CV_REOPENING_NOTHING);
  g_assert_cmpint (take (f, fork), ==, CV_REOPENING_NOTHING);
}

/* Somebody comes before the disk was asked what is planned for. */
static void
test_planned (Fixture *f, gconstpointer data)
{
  GAsyncResult *kept = NULL, *loaded = NULL;
  CvTestRooms *rooms = &f->before;
  cv_unwritten_keep (cv_registry_get_unwritten (rooms->registry), CV_TEST_ROOM, CV_TEST_NOW + 1,
                     g_task_new (rooms->registry, NULL, cv_test_on_ready, &kept));
  g_autoptr (GAsyncResult) first = cv_test_wait_for (&kept);
  g_assert_true (g_task_propagate_boolean (G_TASK (first), NULL));
  g_autoptr (CvRegistry) anew = cv_registry_new (rooms->store, rooms->clock, 0, NULL);
  cv_registry_load_async (anew, CV_TEST_ROOM, cv_test_on_ready, &loaded);
  g_autoptr (GAsyncResult) second = cv_test_wait_for (&loaded);
  g_autoptr (CvRoom) room = cv_registry_load_finish (anew, second, NULL);
  g_assert_true (room != NULL && cv_room_fits_join_key (room, cv_test_join_key));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, test) g_test_add ("/reopening/" name, Fixture, GINT_TO_POINTER (data), set_up, test, tear_down)
  ADD ("back", 0, test_back);
  ADD ("nobody-elses", 0, test_nobody_elses);
  ADD ("fresh", 0, test_fresh);
  ADD ("kept", 0, test_kept);
  ADD ("kept-too-late", 0, test_kept_too_late);
  ADD ("not-awaited", 0, test_not_awaited);
  ADD ("limited", 0, test_limited);
  ADD ("deleted", 0, test_deleted);
  ADD ("in-its-place/unwritten", 0, test_in_its_place);
  ADD ("in-its-place/written", 1, test_in_its_place);
  ADD ("older", 0, test_older);
  ADD ("removed", 0, test_removed);
  ADD ("planned", 0, test_planned);
  return g_test_run ();
}
