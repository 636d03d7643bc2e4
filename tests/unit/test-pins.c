/* Table `pin`: found by who types it as long as callers may come in, and by nothing near it. */
#include "store/pins.h"

#include "lib/recordings.h"
#include "lib/wait.h"
#include "store/rooms.h"

#include <string.h>

#define ROOM "pppppppppppp"
#define PIN "1234567890"
#define HOST_PIN "9876543210"

static CvRoomRow *
make_room (const char *id, const char *pin, const char *host_pin)
{
  CvRoomRow *row = g_new0 (CvRoomRow, 1);
  row->id = g_strdup (id);
  row->kind = g_strdup ("boardroom");
  row->title = g_strdup ("Tea");
  row->dial_in = TRUE;
  row->pin = g_strdup (pin);
  row->host_pin = g_strdup (host_pin);
  return row;
}

static gboolean
insert (CvStore *store, const CvRoomRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_rooms_insert_async (store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_rooms_insert_finish (store, result, error);
}

static void
update (CvStore *store, const CvRoomRow *row)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_rooms_update_async (store, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  cv_rooms_update_finish (store, result, &error);
  g_assert_no_error (error);
}

static CvPinMatch *
find (CvStore *store, const char *pin)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;
  cv_pins_find_async (store, pin, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  CvPinMatch *match = cv_pins_find_finish (store, result, &error);
  g_assert_no_error (error);
  return match;
}

static void
assert_found (CvStore *store, const char *pin, const char *room, gboolean host, guint aimed)
{
  g_autoptr (CvPinMatch) match = find (store, pin);
  g_assert_cmpstr (match->room, ==, room);
  g_assert_cmpint (match->host, ==, host);
  g_assert_cmpuint (match->aimed->len, ==, aimed);
}

static void
test_draw (void)
{
  guint digits[10] = { 0 };
  for (guint i = 0; i < 1000; i++) {
    g_autofree char *pin = cv_pin_draw ();
    g_assert_cmpuint (strlen (pin), ==, CV_PIN_DIGITS);
    g_assert_true (cv_pin_is_valid (pin));
    for (const char *digit = pin; *digit != '\0'; digit++)
      digits[*digit - '0']++;
  }
  for (guint i = 0; i < 10; i++) /* 1000 of each, give or take ten times the deviation */
    g_assert_cmpuint (ABS ((int) digits[i] - 1000), <, 300);
  g_assert_true (cv_pin_is_valid ("123456789"));
  g_assert_true (cv_pin_is_valid ("123456789012"));
  g_assert_false (cv_pin_is_valid ("12345678"));
  g_assert_false (cv_pin_is_valid ("1234567890123"));
  g_assert_false (cv_pin_is_valid ("12345678x0"));
  g_assert_false (cv_pin_is_valid (""));
}

static void
test_find (CvStore *store)
{
  g_autoptr (CvRoomRow) row = make_room (ROOM, PIN, HOST_PIN);
  assert_found (store, PIN, NULL, FALSE, 0);
  g_assert_true (insert (store, row, NULL));
  assert_found (store, PIN, ROOM, FALSE, 1);
  assert_found (store, HOST_PIN, ROOM, TRUE, 1);
  /* aimed at it, and wide of it */
  assert_found (store, "1234599999", NULL, FALSE, 1);
  assert_found (store, "123450000", NULL, FALSE, 1);
  assert_found (store, "123456789", NULL, FALSE, 1);
  assert_found (store, "12345678901", NULL, FALSE, 1);
  assert_found (store, "1234667890", NULL, FALSE, 0);
  assert_found (store, "1234467890", NULL, FALSE, 0);
}

static void
test_switched_off (CvStore *store)
{
  g_autoptr (CvRoomRow) row = make_room (ROOM, PIN, HOST_PIN);
  g_assert_true (insert (store, row, NULL));
  row->dial_in = FALSE;
  update (store, row);
  assert_found (store, PIN, NULL, FALSE, 0);
  /* what was sent to people is good again */
  row->dial_in = TRUE;
  update (store, row);
  assert_found (store, PIN, ROOM, FALSE, 1);
  /* and a new one ends the old one */
  g_free (row->pin);
  row->pin = g_strdup ("5555555555");
  update (store, row);
  assert_found (store, PIN, NULL, FALSE, 0);
  assert_found (store, "5555555555", ROOM, FALSE, 1);
  cv_test_recordings_run (store, "DELETE FROM room WHERE id = '" ROOM "'");
  assert_found (store, "5555555555", NULL, FALSE, 0);
}

static void
test_taken (CvStore *store)
{
  g_autoptr (CvRoomRow) row = make_room (ROOM, PIN, HOST_PIN);
  g_autoptr (CvRoomRow) other = make_room ("qqqqqqqqqqqq", HOST_PIN, "1111111111");
  g_autoptr (GError) error = NULL;
  g_assert_true (insert (store, row, NULL));
  g_assert_false (insert (store, other, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS);
  assert_found (store, "1111111111", NULL, FALSE, 0);
  g_autofree char *rooms = cv_test_recordings_dump (store, "SELECT id FROM room WHERE id = 'qqqqqqqqqqqq'");
  g_assert_cmpstr (rooms, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pins/draw", test_draw);
  cv_test_recordings_add_func ("/pins/find", test_find);
  cv_test_recordings_add_func ("/pins/switched-off", test_switched_off);
  cv_test_recordings_add_func ("/pins/taken", test_taken);
  return g_test_run ();
}
