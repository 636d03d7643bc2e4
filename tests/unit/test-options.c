/* Options of conclavectl: what each command takes, times, and what it says of them. */
#include "ctl/options.h"

#include <string.h>

#define RENDER (CV_OPTION_LAYOUT | CV_OPTION_FROM | CV_OPTION_UNTIL | CV_OPTION_WITHOUT)

/* What is wrong with `line` for a command, or NULL. */
static char *
check (const char *line, guint64 takes, guint64 needs)
{
  g_auto (CvOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) owned = g_strsplit (line, " ", -1);
  g_autofree char **words = g_memdup2 (owned, (g_strv_length (owned) + 1) * sizeof *owned);
  int n = (int) g_strv_length (owned);

  if (!cv_options_parse (&options, &n, &words, &error))
    return g_strdup (error->message);
  return cv_options_check (&options, "x", takes, needs);
}

static void
test_check (void)
{
  static const struct {
    const char *line;
    guint64 takes, needs;
    const char *wrong; /* NULL: nothing */
  } cases[] = {
    { "c room list", 0, 0, NULL },
    { "c --title Tea", CV_OPTION_TITLE, CV_OPTION_TITLE, NULL },
    { "c", CV_OPTION_TITLE, CV_OPTION_TITLE, "“x” needs --title TITLE" },
    { "c --json", CV_OPTION_TITLE, 0, "“x” does not take --json" },
    { "c --title=", CV_OPTION_TITLE, CV_OPTION_TITLE, "--title is empty" },
    { "c --recording perhaps", CV_OPTION_RECORDING, 0, "--recording takes one of: on, off" },
    { "c --hours 0", CV_OPTION_HOURS, 0, "--hours takes a number from 1 to 87840" },
    { "c --keep-days 0", CV_OPTION_KEEP_DAYS, 0, NULL },
    { "c --publish --watch", CV_OPTION_PUBLISH | CV_OPTION_WATCH, 0, "“x” needs either --publish or --watch" },
    { "c --to /tmp", CV_OPTION_PATH, CV_OPTION_PATH, NULL },
    { "c --layout grid --to 1:30 --from 5", RENDER, CV_OPTION_LAYOUT, NULL },
    { "c --layout grid --to 5 --from 5", RENDER, CV_OPTION_LAYOUT, "--to lies before --from" },
    { "c --layout grid --to /tmp", RENDER, CV_OPTION_LAYOUT, "“/tmp” is not a time: H:MM:SS, M:SS or seconds" },
    { "c --role cohost", CV_OPTION_SEAT, CV_OPTION_SEAT, NULL },
    { "c --role cohost", CV_OPTION_ROLE, 0, "--role takes one of: administrator, host, producer" },
    { "c --role producer", CV_OPTION_SEAT, 0, "--role takes one of: host, cohost, person, viewer" },
    { "c", CV_OPTION_SEAT, CV_OPTION_SEAT, "“x” needs --role ROLE" },
    { "c --config /etc/\xff", CV_OPTION_CONFIG, 0, NULL },
    { "c --config=", CV_OPTION_CONFIG, 0, "--config is empty" },
    { "c --config x", CV_OPTION_SUMMARY | CV_OPTION_STATE, 0, "“x” does not take --config" },
    { "c", CV_OPTION_HOST, CV_OPTION_HOST, "“x” needs --host NAME" },
    { "c --host a --address b --root /\xff --write",
      CV_OPTION_HOST | CV_OPTION_ADDRESS | CV_OPTION_ROOT | CV_OPTION_WRITE, CV_OPTION_HOST, NULL },
    { "c --share-443", CV_OPTION_SHARE_443, 0, NULL },
    { "c --write", CV_OPTION_HOST, 0, "“x” does not take --write" },
    { "c --to 5", CV_OPTION_JSON, 0, "“x” does not take --to" },
    { "c --layout grid --without pa --without pb", RENDER, 0, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *wrong = check (cases[i].line, cases[i].takes, cases[i].needs);

    g_assert_cmpstr (wrong, ==, cases[i].wrong);
  }
}

static void
test_times (void)
{
  static const struct {
    const char *text;
    gint64 ms;
  } good[] = { { "0", 0 },
               { "12", 12000 },
               { "12.5", 12500 },
               { "0:01", 1000 },
               { "2:03.25", 123250 },
               { "1:02:03", 3723000 },
               { "100:00:00", 360000000 },
               { "90", 90000 } };
  static const char *const bad[] = { "",      "x",         "-1",  "1:60",  "1:2:3:4", ":",      "1:",
                                     ":1",    "1:-2",      "1e3", "1.2.3", "inf",     "nan",    "0x1",
                                     "1:2.x", "999999999", " 1",  "1 ",    "+1",      "1:99:00" };
  gint64 ms = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    g_assert_true (cv_options_read_time (good[i].text, &ms));
    g_assert_cmpint (ms, ==, good[i].ms);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%s", bad[i]);
    g_assert_false (cv_options_read_time (bad[i], &ms));
  }
}

static void
test_texts (void)
{
  g_autofree char *usage = cv_options_to_usage (
    CV_OPTION_TITLE | CV_OPTION_KIND | CV_OPTION_PUBLISH | CV_OPTION_WATCH | CV_OPTION_JSON, CV_OPTION_TITLE);
  g_autofree char *help = cv_options_to_help ();

  g_assert_cmpstr (usage, ==, " --title TITLE [--kind KIND] --publish|--watch [--json]");
  g_assert_nonnull (strstr (help, "\n  --hours N       how long"));
  g_assert_nonnull (strstr (help, "\n  --password-stdin\n                  the link"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/check", test_check);
  g_test_add_func ("/options/times", test_times);
  g_test_add_func ("/options/texts", test_texts);
  return g_test_run ();
}
