/* Who waits at which door, and for how long. */
#include "room/knocks.h"

#define ROOM "abcdefghijkm"
#define OTHER "mmmmmmmmmmmm"

typedef struct {
  CvClock *clock;
  CvKnocks *knocks;
  GString *news;
} Fixture;

static void
on_changed (CvKnocks *knocks, const char *room, Fixture *f)
{
  g_autoptr (GPtrArray) list = cv_knocks_list (knocks, room);
  const CvKnock *last = list->len > 0 ? g_ptr_array_index (list, list->len - 1) : NULL;
  g_string_append_printf (f->news, "%s:%u%s ", room, list->len, last != NULL && last->phone ? "+phone" : "");
}

static void
on_expired (CvKnocks *knocks, CvKnock *knock, Fixture *f)
{
  g_string_append_printf (f->news, "%s expired ", knock->name);
  cv_knocks_end (knocks, knock);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1700);
  f->knocks = cv_knocks_new (f->clock);
  f->news = g_string_new (NULL);
  g_signal_connect (f->knocks, "changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->knocks, "expired", G_CALLBACK (on_expired), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->knocks);
  g_assert_finalize_object (f->clock);
  g_string_free (f->news, TRUE);
}

static void
assert_news (Fixture *f, const char *expected)
{
  g_assert_cmpstr (f->news->str, ==, expected);
  g_string_truncate (f->news, 0);
}

static void
test_knock (Fixture *f, gconstpointer data)
{
  CvKnock *ann = cv_knocks_add (f->knocks, ROOM, "Ann", FALSE, FALSE, f);
  CvKnock *bob = cv_knocks_add (f->knocks, ROOM, "Bob", TRUE, TRUE, NULL);
  CvKnock *eve = cv_knocks_add (f->knocks, OTHER, "Eve", FALSE, FALSE, NULL);
  assert_news (f, ROOM ":1 " ROOM ":2+phone " OTHER ":1 ");
  g_assert_true (ann->id[0] == 'q' && ann->since == 1700 && !ann->marked && ann->guest == f);
  g_assert_true (bob->marked);
  g_assert_true (cv_knocks_find (f->knocks, ROOM, bob->id) == bob);
  g_assert_null (cv_knocks_find (f->knocks, OTHER, bob->id));
  g_assert_null (cv_knocks_find (f->knocks, "kkkkkkkkkkkk", bob->id));
  g_autoptr (GPtrArray) list = cv_knocks_list (f->knocks, ROOM);
  g_autoptr (GPtrArray) all = cv_knocks_list_all (f->knocks);
  g_autoptr (GPtrArray) none = cv_knocks_list (f->knocks, "kkkkkkkkkkkk");
  g_assert_true (list->len == 2 && list->pdata[0] == ann && list->pdata[1] == bob);
  g_assert_true (all->len == 3 && none->len == 0);
  cv_knocks_end (f->knocks, ann);
  cv_knocks_end (f->knocks, eve);
  assert_news (f, ROOM ":1+phone " OTHER ":0 ");
  cv_knocks_end (f->knocks, bob);
  g_assert_cmpuint (cv_knocks_count (f->knocks, ROOM), ==, 0);
}

/* Who they are is told once they have said it. */
static void
test_introduce (Fixture *f, gconstpointer data)
{
  CvKnock *ann = cv_knocks_add (f->knocks, ROOM, "", FALSE, FALSE, NULL);
  CvKnock *bob = cv_knocks_add (f->knocks, ROOM, "", FALSE, FALSE, NULL);
  assert_news (f, ROOM ":1 " ROOM ":2 ");
  cv_knocks_introduce (f->knocks, ann, "QW5u");
  assert_news (f, ROOM ":2 ");
  g_assert_cmpstr (ann->sealed, ==, "QW5u");
  g_assert_null (bob->sealed);
}

static void
test_too_many (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < CV_KNOCKS_MAX; i++)
    g_assert_nonnull (cv_knocks_add (f->knocks, ROOM, "Ann", FALSE, FALSE, NULL));
  g_assert_null (cv_knocks_add (f->knocks, ROOM, "Bob", FALSE, FALSE, NULL));
  g_assert_nonnull (cv_knocks_add (f->knocks, OTHER, "Bob", FALSE, FALSE, NULL));
  g_autoptr (GPtrArray) list = cv_knocks_list (f->knocks, ROOM);
  cv_knocks_end (f->knocks, list->pdata[0]);
  g_assert_nonnull (cv_knocks_add (f->knocks, ROOM, "Bob", FALSE, FALSE, NULL));
}

static void
test_too_long (Fixture *f, gconstpointer data)
{
  cv_knocks_add (f->knocks, ROOM, "Ann", FALSE, FALSE, NULL);
  CvKnock *bob = cv_knocks_add (f->knocks, ROOM, "Bob", FALSE, FALSE, NULL);
  cv_clock_advance (f->clock, CV_KNOCK_MAX_MS - 1);
  cv_knocks_add (f->knocks, ROOM, "Eve", FALSE, FALSE, NULL);
  cv_knocks_end (f->knocks, bob);
  g_string_truncate (f->news, 0);
  cv_clock_advance (f->clock, 1);
  assert_news (f, "Ann expired " ROOM ":1 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/knocks/knock", test_knock);
  ADD ("/knocks/introduce", test_introduce);
  ADD ("/knocks/too-many", test_too_many);
  ADD ("/knocks/too-long", test_too_long);
  return g_test_run ();
}
