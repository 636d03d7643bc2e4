/* How a room is called: nothing where it is not, the host's PIN for hosts only, PINs drawn once. */
#include "signalling/dial-in.h"

#include "base/json.h"
#include "store/pins.h"

static const char *const numbers[] = { "+49 30 1234", "+33 1 23", NULL };

static void
assert_member (const CvRoomRow *row, const char *const *called, gboolean host, const char *expected)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_dial_in_add (builder, row, called, host);
  json_builder_end_object (builder);
  g_autofree char *text = cv_json_builder_to_text (builder, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_member (void)
{
  CvRoomRow row = { .dial_in = TRUE, .pin = (char *) "1234567890", .host_pin = (char *) "9876543210" };
  assert_member (&row, numbers, TRUE,
                 "{\"dial_in\":{\"numbers\":[\"+49 30 1234\",\"+33 1 23\"],\"pin\":\"1234567890\","
                 "\"host_pin\":\"9876543210\"}}");
  assert_member (&row, numbers, FALSE,
                 "{\"dial_in\":{\"numbers\":[\"+49 30 1234\",\"+33 1 23\"],\"pin\":\"1234567890\"}}");
  assert_member (&row, NULL, TRUE, "{\"dial_in\":null}");
  row.dial_in = FALSE;
  assert_member (&row, numbers, TRUE, "{\"dial_in\":null}");
  row.dial_in = TRUE;
  row.pin = NULL;
  assert_member (&row, numbers, TRUE, "{\"dial_in\":null}");
}

static void
test_draw (void)
{
  g_autoptr (CvRoomRow) row = g_new0 (CvRoomRow, 1);
  cv_dial_in_draw (row);
  g_assert_true (cv_pin_is_valid (row->pin) && cv_pin_is_valid (row->host_pin));
  g_assert_cmpstr (row->pin, !=, row->host_pin);
  g_autofree char *pin = g_strdup (row->pin);
  cv_dial_in_draw (row);
  g_assert_cmpstr (row->pin, ==, pin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dial-in/member", test_member);
  g_test_add_func ("/dial-in/draw", test_draw);
  return g_test_run ();
}
