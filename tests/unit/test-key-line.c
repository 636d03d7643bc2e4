/* Keys in a text that people wrote: replaced, added, and all else left alone. */
#include "setup/key-line.h"

static void
assert_set (const char *text, const char *expected)
{
  g_autofree char *set = cv_key_line_set (text, "b", "k", "new");

  g_assert_cmpstr (set, ==, expected);
}

static void
test_replaced (void)
{
  assert_set ("[a]\nk=1\n[b]\n# about k\nk = old\nkk = 2\n[c]\nk=3\n",
              "[a]\nk=1\n[b]\n# about k\nk = new\nkk = 2\n[c]\nk=3\n");
  assert_set ("[b]\nk=", "[b]\nk = new");
  /* what stands last counts */
  assert_set ("[b]\nk=1\nk=2\n", "[b]\nk=1\nk = new\n");
}

static void
test_same (void)
{
  assert_set ("[b]\nk=new\n", "[b]\nk=new\n");
  assert_set ("[b]\nk  = new \n", "[b]\nk  = new \n");
}

static void
test_added (void)
{
  assert_set ("[b]\nx = 1\n[c]\nk = 1\n", "[b]\nk = new\nx = 1\n[c]\nk = 1\n");
  assert_set ("[b]\n# k = 1\n", "[b]\nk = new\n# k = 1\n");
  assert_set ("[a]\nk = 1\n", "[a]\nk = 1\n\n[b]\nk = new\n");
  assert_set ("[a]\nk = 1", "[a]\nk = 1\n\n[b]\nk = new\n");
  assert_set ("", "[b]\nk = new\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-line/replaced", test_replaced);
  g_test_add_func ("/key-line/same", test_same);
  g_test_add_func ("/key-line/added", test_added);
  return g_test_run ();
}
