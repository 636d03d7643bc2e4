/* Who comes again is known by their browser, account or ticket, once. */
#include "room/departures.h"

static const CvIdentity ann = { .visitor = (char *) "00", .account = (char *) "u1", .address = (char *) "192.0.2.1" };

static void
test_take (void)
{
  g_autoptr (CvDepartures) departures = cv_departures_new ();
  cv_departures_add (departures, &ann, NULL, "p1");
  g_assert_null (cv_departures_take (departures, &(CvIdentity){ .visitor = (char *) "01" }));
  g_assert_null (cv_departures_take (departures, &(CvIdentity){ .address = (char *) "192.0.2.1" }));
  g_autoptr (GPtrArray) seats = cv_departures_take (departures, &(CvIdentity){ .account = (char *) "u1" });
  g_assert_cmpuint (seats->len, ==, 1);
  g_assert_cmpstr (seats->pdata[0], ==, "p1");
  g_assert_null (cv_departures_take (departures, &ann));
}

static void
test_nameless (void)
{
  g_autoptr (CvDepartures) departures = cv_departures_new ();
  const CvIdentity nobody = { .address = (char *) "192.0.2.1" };
  cv_departures_add (departures, &nobody, NULL, "p1");
  g_assert_null (cv_departures_take (departures, &nobody));
}

/* The first seat stays, whatever comes later. */
static void
test_chain (void)
{
  GPtrArray *seats = cv_departures_chain (NULL, "p0");
  for (guint i = 1; i < 2 * CV_DEPARTURES_MAX_SEATS; i++) {
    g_autoptr (GPtrArray) before = seats;
    g_autofree char *id = g_strdup_printf ("p%u", i);
    seats = cv_departures_chain (before, id);
  }
  g_assert_cmpuint (seats->len, ==, CV_DEPARTURES_MAX_SEATS);
  g_assert_cmpstr (seats->pdata[0], ==, "p0");
  g_assert_cmpstr (seats->pdata[CV_DEPARTURES_MAX_SEATS - 1], ==, "p63");
  g_ptr_array_unref (seats);
}

static void
test_limit (void)
{
  g_autoptr (CvDepartures) departures = cv_departures_new ();
  cv_departures_add (departures, &ann, NULL, "p1");
  for (guint i = 0; i < CV_DEPARTURES_MAX; i++) {
    g_autofree char *visitor = g_strdup_printf ("v%u", i);
    cv_departures_add (departures, &(CvIdentity){ .visitor = visitor }, NULL, "p2");
  }
  g_assert_null (cv_departures_take (departures, &ann));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/departures/take", test_take);
  g_test_add_func ("/departures/nameless", test_nameless);
  g_test_add_func ("/departures/chain", test_chain);
  g_test_add_func ("/departures/limit", test_limit);
  return g_test_run ();
}
