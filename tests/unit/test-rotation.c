/* What another secret of a link changes about a room, and what it does not. */
#include "room/rotation.h"

#include "lib/rooms.h"

#include <string.h>

#define ORDERS "{\"key\":\"S0VZ\",\"mac\":\"TUFD\",\"sealed\":\"U0VBTA\"}"

static CvRoomRow *
new_row (const char *orders, gint64 generation)
{
  CvRoomRow *row = cv_test_room_row (CV_TEST_ROOM, "standard");
  row->orders = g_strdup (orders);
  row->generation = generation;
  return row;
}

static CvRotation
new_rotation (gint64 generation)
{
  CvRotation rotation = { .generation = generation };
  memset (rotation.join_verifier, 0x33, sizeof rotation.join_verifier);
  return rotation;
}

static void
test_apply (void)
{
  g_autoptr (CvRoomRow) row = new_row (ORDERS, 4);
  CvRotation rotation = new_rotation (5);
  g_autoptr (CvRoomRow) after = cv_rotation_apply (&rotation, row, NULL);
  g_assert_nonnull (after);
  g_assert_cmpint (after->generation, ==, 5);
  g_assert_cmpmem (after->join_verifier, sizeof after->join_verifier, rotation.join_verifier,
                   sizeof rotation.join_verifier);
  g_assert_cmpmem (after->host_verifier, sizeof after->host_verifier, row->host_verifier, sizeof row->host_verifier);
  g_assert_cmpstr (after->orders, ==,
                   "{\"key\":\"S0VZ\",\"mac\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"sealed\":\"U0VBTA\"}");
  g_assert_cmpstr (after->title, ==, row->title);
  g_assert_cmpstr (row->orders, ==, ORDERS);
}

/* The same once more, one of before, one left out. */
static void
test_outdated (void)
{
  static const gint64 others[] = { 4, 3, 1, 6, G_MAXINT64 };
  g_autoptr (CvRoomRow) row = new_row (ORDERS, 4);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GError) error = NULL;
    CvRotation rotation = new_rotation (others[i]);
    g_assert_null (cv_rotation_apply (&rotation, row, &error));
    g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_OUTDATED);
  }
}

/* Nobody could have ordered it. */
static void
test_without_orders (void)
{
  static const char *const others[] = { NULL, "", "MAC", "[]", "{}", "{\"key\":\"S0VZ\"}" };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvRoomRow) row = new_row (others[i], 0);
    CvRotation rotation = new_rotation (1);
    g_assert_null (cv_rotation_apply (&rotation, row, &error));
    g_assert_error (error, CV_ROOM_ERROR, CV_ROOM_ERROR_INVALID);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rotation/apply", test_apply);
  g_test_add_func ("/rotation/outdated", test_outdated);
  g_test_add_func ("/rotation/without-orders", test_without_orders);
  return g_test_run ();
}
