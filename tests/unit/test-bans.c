/* Who was removed, and is known again. */
#include "room/bans.h"

#define ID(...) (&(CvIdentity){ __VA_ARGS__ })
#define VISITOR(text) .visitor = (char *) (text)
#define ACCOUNT(text) .account = (char *) (text)
#define SUBJECT(text) .subject = (char *) (text)
#define ADDRESS(text) .address = (char *) (text)

static void
test_known (void)
{
  g_autoptr (CvBans) bans = cv_bans_new ();
  g_assert_false (cv_bans_has (bans, ID (VISITOR ("v"))));
  cv_bans_add (bans, ID (VISITOR ("v"), ACCOUNT ("a"), SUBJECT ("s"), ADDRESS ("x")));
  g_assert_true (cv_bans_has (bans, ID (VISITOR ("v"), ACCOUNT ("b"))));
  g_assert_true (cv_bans_has (bans, ID (VISITOR ("w"), ACCOUNT ("a"))));
  g_assert_true (cv_bans_has (bans, ID (SUBJECT ("s"))));
  g_assert_false (cv_bans_has (bans, ID (VISITOR ("a"), ACCOUNT ("s"), SUBJECT ("v"))));
  g_assert_false (cv_bans_has (bans, ID (ADDRESS ("x"))));
  g_assert_true (cv_bans_has_address (bans, ID (VISITOR ("w"), ADDRESS ("x"))));
  g_assert_false (cv_bans_has_address (bans, ID (VISITOR ("v"), ADDRESS ("y"))));
}

/* That nothing is known of two of them does not make them one. */
static void
test_unknown (void)
{
  g_autoptr (CvBans) bans = cv_bans_new ();
  cv_bans_add (bans, ID (VISITOR ("v")));
  g_assert_false (cv_bans_has (bans, ID (0)));
  g_assert_false (cv_bans_has_address (bans, ID (0)));
}

static void
test_many (void)
{
  g_autoptr (CvBans) bans = cv_bans_new ();
  for (guint i = 0; i <= CV_BANS_MAX; i++) {
    g_autofree char *visitor = g_strdup_printf ("%u", i);
    cv_bans_add (bans, ID (VISITOR (visitor)));
  }
  g_assert_false (cv_bans_has (bans, ID (VISITOR ("0"))));
  g_assert_true (cv_bans_has (bans, ID (VISITOR ("1"))));
}

static void
test_copy (void)
{
  g_auto (CvIdentity) copy = cv_identity_copy (ID (ACCOUNT ("a"), ADDRESS ("x")));
  g_assert_cmpstr (copy.account, ==, "a");
  g_assert_cmpstr (copy.address, ==, "x");
  g_assert_true (copy.visitor == NULL && copy.subject == NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bans/known", test_known);
  g_test_add_func ("/bans/unknown", test_unknown);
  g_test_add_func ("/bans/many", test_many);
  g_test_add_func ("/bans/copy", test_copy);
  return g_test_run ();
}
