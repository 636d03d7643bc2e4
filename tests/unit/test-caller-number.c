/* People see three digits, limits see the same number as the same, and nobody sees more. */
#include "sip/caller-number.h"

#include <string.h>

static const guint8 salt[CV_CALLER_NUMBER_SALT] = "0123456789abcde";

static CvCallerNumber
read_number (const char *number, gboolean hidden)
{
  CvCallerNumber self;
  cv_caller_number_init (&self, number, hidden, "192.0.2.1", salt);
  g_assert_cmpuint (strlen (self.source), ==, 16);
  return self;
}

static void
test_shown (void)
{
  static const struct {
    const char *number, *shown;
  } cases[] = {
    { "+4930123456", "…456" },
    { "0049 (30) 12-34.56", "…456" },
    { "4930123456", "…456" },
    { "12345", "…345" },
    { "1234", "" },
    { "alice", "" },
    { "+49x30123456", "" },
    { "", "" },
    { "<script>123456</script>", "" },
    { NULL, "" },
    { "anonymous", "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (read_number (cases[i].number, FALSE).shown, ==, cases[i].shown);
  g_assert_cmpstr (read_number ("+4930123456", TRUE).shown, ==, "");
  g_autofree char *longest = g_strnfill (1000, '7');
  g_assert_cmpstr (read_number (longest, FALSE).shown, ==, "");
}

static void
test_source (void)
{
  CvCallerNumber one = read_number ("+4930123456", FALSE), same = read_number ("+49 30 123456", TRUE),
                 other = read_number ("+4930123457", FALSE), none = read_number (NULL, FALSE),
                 name = read_number ("alice", FALSE);
  g_assert_cmpstr (one.source, ==, same.source);
  g_assert_cmpstr (one.source, !=, other.source);
  g_assert_cmpstr (none.source, ==, name.source); /* of one address */
  CvCallerNumber salted;
  cv_caller_number_init (&salted, "+4930123456", FALSE, "192.0.2.1", (const guint8 *) "another salt....");
  g_assert_cmpstr (salted.source, !=, one.source);
  CvCallerNumber elsewhere;
  cv_caller_number_init (&elsewhere, NULL, FALSE, "192.0.2.2", salt);
  g_assert_cmpstr (elsewhere.source, !=, none.source);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/caller-number/shown", test_shown);
  g_test_add_func ("/caller-number/source", test_source);
  return g_test_run ();
}
