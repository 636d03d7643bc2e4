/* Journeys to another server: bound to a browser, good once, for minutes, and not too many. */
#include "signalling/elsewhere.h"

#include <string.h>

static const char *const nobody[] = { NULL };
static const CvElsewhereOptions options = {
  .provider = { "https://sso.example", "c", "s", "openid", { "email", "groups", nobody, nobody } },
  .label = "Example",
  .makes_accounts = TRUE
};

typedef struct {
  CvClock *clock;
  CvElsewhere *elsewhere;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = cv_clock_new_fake (1700000000000);
  f->elsewhere = cv_elsewhere_new (&options, f->clock);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_elsewhere_free (f->elsewhere);
  g_object_unref (f->clock);
}

/* Returns: (transfer full): the state. */
static char *
leave (Fixture *f, guint8 cookie[CV_SECRET_BYTES])
{
  const CvJourney *journey = NULL;
  g_autofree char *text = cv_elsewhere_leave (f->elsewhere, &journey);
  g_assert_true (cv_base64url_decode (text, cookie, CV_SECRET_BYTES));
  for (const char *const *one = (const char *const[]){ journey->state, journey->nonce, journey->verifier, NULL };
       *one != NULL; one++)
    g_assert_true (strlen (*one) == 43 && !g_str_equal (*one, text));
  g_assert_true (!g_str_equal (journey->state, journey->nonce) && !g_str_equal (journey->nonce, journey->verifier));
  return g_strdup (journey->state);
}

static gboolean
comes_back (Fixture *f, const guint8 cookie[CV_SECRET_BYTES], const char *state)
{
  g_autoptr (CvJourney) journey = cv_elsewhere_return (f->elsewhere, cookie, state);
  return journey != NULL;
}

static void
test_once (Fixture *f, gconstpointer data)
{
  guint8 one[CV_SECRET_BYTES], other[CV_SECRET_BYTES];
  g_autofree char *first = leave (f, one), *second = leave (f, other);
  g_assert_false (comes_back (f, one, second));
  g_assert_false (comes_back (f, other, first));
  g_assert_false (comes_back (f, one, ""));
  g_assert_true (comes_back (f, one, first));
  g_assert_false (comes_back (f, one, first));
  g_assert_true (comes_back (f, other, second));
  g_assert_cmpstr (cv_elsewhere_get_label (f->elsewhere), ==, "Example");
  g_assert_true (cv_elsewhere_makes_accounts (f->elsewhere));
}

static void
test_late (Fixture *f, gconstpointer data)
{
  guint8 one[CV_SECRET_BYTES], other[CV_SECRET_BYTES];
  g_autofree char *first = leave (f, one);
  cv_clock_advance (f->clock, 1);
  g_autofree char *second = leave (f, other);
  cv_clock_advance (f->clock, CV_ELSEWHERE_SECONDS * 1000 - 1);
  g_assert_false (comes_back (f, one, first));
  g_assert_true (comes_back (f, other, second));
}

static void
test_many (Fixture *f, gconstpointer data)
{
  guint8 one[CV_SECRET_BYTES], second[CV_SECRET_BYTES], other[CV_SECRET_BYTES];
  g_autofree char *oldest = leave (f, one), *next = leave (f, second);
  for (guint i = 2; i < CV_ELSEWHERE_MAX; i++)
    g_free (leave (f, other));
  g_free (leave (f, other));
  g_assert_false (comes_back (f, one, oldest));
  g_assert_true (comes_back (f, second, next));
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/elsewhere/once", test_once);
  ADD ("/elsewhere/late", test_late);
  ADD ("/elsewhere/many", test_many);
  return g_test_run ();
}
