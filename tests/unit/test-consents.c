/* Table `consent`: rows are kept in order, all or none, and go with their recording. */
#include "store/consents.h"

#include "store/meetings.h"
#include "store/recordings.h"
#include "store/rooms.h"

#define ROOM "abcdefghijkm"

typedef struct {
  CvStore *store;
} Fixture;

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

/* Returns: (transfer full). */
static GAsyncResult *
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (slot);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  CvRoomRow room = { .id = (char *) ROOM, .kind = (char *) "boardroom", .title = (char *) "" };
  CvRecordingRow recording = {
    .id = (char *) "r1", .room = (char *) ROOM, .meeting = (char *) "m1", .title = (char *) ""
  };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  f->store = cv_store_open (":memory:", NULL);
  cv_rooms_insert_async (f->store, &room, NULL, NULL);
  cv_meetings_start_async (f->store, "m1", ROOM, 1, NULL, NULL);
  cv_recordings_insert_async (f->store, &recording, on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_recordings_insert_finish (f->store, result, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_store_close (f->store);
  g_assert_finalize_object (f->store);
}

/* The answers of some people to one recording, all at once. */
static gboolean
insert (Fixture *f, const char *recording, const char *const *people, CvAnswer answer, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_consent_row_free);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  for (; *people != NULL; people++)
    g_ptr_array_add (rows, cv_consent_row_new (recording, *people, "Name", answer, 1000));
  cv_consents_insert_async (f->store, rows, on_ready, &slot);
  result = wait_for (&slot);
  return cv_consents_insert_finish (f->store, result, error);
}

static void
assert_rows (Fixture *f, const char *expected)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  cv_consents_list_async (f->store, "r1", on_ready, &slot);
  result = wait_for (&slot);
  rows = cv_consents_list_finish (f->store, result, NULL);
  for (guint i = 0; i < rows->len; i++) {
    const CvConsentRow *row = rows->pdata[i];

    g_assert_cmpstr (row->recording, ==, "r1");
    g_assert_cmpstr (row->name, ==, "Name");
    g_assert_cmpint (row->at, ==, 1000);
    g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", row->person, cv_answers[row->answer]);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_order (Fixture *f, gconstpointer data)
{
  static const char *const both[] = { "p2", "p1", NULL };
  static const char *const second[] = { "p2", NULL };
  g_autoptr (GError) error = NULL;

  assert_rows (f, "");
  insert (f, "r1", both, CV_ANSWER_ANNOUNCED, &error);
  insert (f, "r1", second, CV_ANSWER_WITHDRAWN, &error);
  insert (f, "r1", second, CV_ANSWER_AGREED, &error);
  insert (f, "r1", second, CV_ANSWER_REFUSED, &error);
  g_assert_no_error (error);
  assert_rows (f, "p2:announced p1:announced p2:withdrawn p2:agreed p2:refused");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const char *const one[] = { "p1", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (insert (f, "r9", one, CV_ANSWER_AGREED, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  g_clear_error (&error);
  /* "none" is no answer */
  g_assert_false (insert (f, "r1", one, CV_ANSWER_NONE, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED);
  assert_rows (f, "");
}

static void
test_goes_with_the_recording (Fixture *f, gconstpointer data)
{
  static const char *const one[] = { "p1", NULL };
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_true (insert (f, "r1", one, CV_ANSWER_AGREED, NULL));
  cv_recordings_delete_async (f->store, "r1", on_ready, &slot);
  result = wait_for (&slot);
  g_assert_true (cv_recordings_change_finish (f->store, result, NULL));
  assert_rows (f, "");
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/consents/order", test_order);
  ADD ("/consents/refused", test_refused);
  ADD ("/consents/goes-with-the-recording", test_goes_with_the_recording);
  return g_test_run ();
}
