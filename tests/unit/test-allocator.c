/* What is sent to whom within a budget. */
#include "media/allocator.h"

#define AUDIO                                                                                                          \
  {                                                                                                                    \
    CV_WISH_AUDIO, { { 32000, 0, TRUE } }, 0, CV_ALLOCATOR_NEW                                                         \
  }
#define VIDEO(kind, wanted, previous)                                                                                  \
  {                                                                                                                    \
    kind, { { 120000, 320, TRUE }, { 400000, 640, TRUE }, { 1500000, 1280, TRUE } }, wanted, previous                  \
  }

static void
assert_choices (guint budget, const CvWish *wishes, guint n, const gint *expected)
{
  g_autofree gint *choices = g_new0 (gint, n);
  cv_allocator_decide (budget, wishes, n, choices);
  for (guint i = 0; i < n; i++) {
    g_test_message ("budget %u, wish %u", budget, i);
    g_assert_cmpint (choices[i], ==, expected[i]);
  }
}

/* 250 kbit/s: all the audio and one small video. */
static void
test_narrow (void)
{
  const CvWish wishes[] = {
    VIDEO (CV_WISH_SPEAKER, 1280, CV_ALLOCATOR_NEW), VIDEO (CV_WISH_TILE, 320, CV_ALLOCATOR_NEW), AUDIO, AUDIO, AUDIO,
  };
  assert_choices (250000, wishes, 5, (gint[]){ 0, -1, 0, 0, 0 });
  assert_choices (50000, wishes, 5, (gint[]){ -1, -1, 0, 0, 0 });
  assert_choices (0, wishes, 5, (gint[]){ -1, -1, 0, 0, 0 });
}

/* Each has its lowest layer before anybody has more; then the screen comes first, the speaker next. */
static void
test_order (void)
{
  const CvWish wishes[] = {
    VIDEO (CV_WISH_TILE, 640, CV_ALLOCATOR_NEW),
    VIDEO (CV_WISH_TILE, 640, CV_ALLOCATOR_NEW),
    VIDEO (CV_WISH_SPEAKER, 1280, CV_ALLOCATOR_NEW),
    VIDEO (CV_WISH_SCREEN, 1280, CV_ALLOCATOR_NEW),
    AUDIO,
  };
  assert_choices (200000, wishes, 5, (gint[]){ -1, -1, -1, 0, 0 });
  assert_choices (300000, wishes, 5, (gint[]){ -1, -1, 0, 0, 0 });
  assert_choices (400000, wishes, 5, (gint[]){ 0, -1, 0, 0, 0 });
  assert_choices (520000, wishes, 5, (gint[]){ 0, 0, 0, 0, 0 });
  assert_choices (800000, wishes, 5, (gint[]){ 0, 0, 0, 1, 0 });
  assert_choices (1100000, wishes, 5, (gint[]){ 0, 0, 1, 1, 0 });
  assert_choices (1900000, wishes, 5, (gint[]){ 0, 0, 0, 2, 0 });
  assert_choices (2800000, wishes, 5, (gint[]){ 1, 1, 1, 2, 0 });
  assert_choices (9000000, wishes, 5, (gint[]){ 1, 1, 2, 2, 0 });
}

/* No layer above the smallest that is wide enough; layers that are not there are passed over. */
static void
test_width (void)
{
  CvWish wish = VIDEO (CV_WISH_TILE, 426, CV_ALLOCATOR_NEW);
  assert_choices (9000000, &wish, 1, (gint[]){ 0 });
  wish.wanted_width = 427;
  assert_choices (9000000, &wish, 1, (gint[]){ 1 });
  wish.layers[1].available = FALSE;
  assert_choices (9000000, &wish, 1, (gint[]){ 2 });
  assert_choices (500000, &wish, 1, (gint[]){ 0 });
  wish.layers[0].available = FALSE;
  assert_choices (500000, &wish, 1, (gint[]){ -1 });
  wish.layers[2].available = FALSE;
  assert_choices (9000000, &wish, 1, (gint[]){ -1 });
  wish.layers[0].available = TRUE;
  wish.wanted_width = 4000;
  assert_choices (9000000, &wish, 1, (gint[]){ 0 });
}

static void
test_hysteresis (void)
{
  CvWish wish = VIDEO (CV_WISH_TILE, 640, 0);
  assert_choices (459999, &wish, 1, (gint[]){ 0 });
  assert_choices (460000, &wish, 1, (gint[]){ 1 });
  wish.previous = 1;
  assert_choices (400000, &wish, 1, (gint[]){ 1 });
  assert_choices (399999, &wish, 1, (gint[]){ 0 });
  wish.previous = CV_ALLOCATOR_PAUSED;
  assert_choices (137999, &wish, 1, (gint[]){ -1 });
  assert_choices (138000, &wish, 1, (gint[]){ 0 });
  wish.previous = CV_ALLOCATOR_NEW;
  assert_choices (120000, &wish, 1, (gint[]){ 0 });
}

/* A budget that swings by 10 % moves each layer once at most. */
static void
test_no_flapping (void)
{
  CvWish wishes[] = {
    VIDEO (CV_WISH_SPEAKER, 1280, CV_ALLOCATOR_NEW),
    VIDEO (CV_WISH_TILE, 640, CV_ALLOCATOR_NEW),
    VIDEO (CV_WISH_TILE, 640, CV_ALLOCATOR_NEW),
    AUDIO,
  };
  for (guint budget = 150000; budget < 3000000; budget += 10000) {
    gint choices[4];
    guint moves = 0;
    for (guint i = 0; i < 100; i++) {
      cv_allocator_decide (i % 2 == 0 ? budget : budget / 10 * 11, wishes, 4, choices);
      for (guint k = 0; k < 4; k++) {
        moves += i > 2 && choices[k] != wishes[k].previous;
        wishes[k].previous = choices[k];
      }
    }
    g_assert_cmpuint (moves, ==, 0);
  }
}

/* The result is within the budget, and what was wanted is enough for everything. */
static void
test_wanted (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  for (guint round = 0; round < 2000; round++) {
    CvWish wishes[20];
    gint choices[20], full[20];
    guint64 used = 0;
    guint budget = (guint) g_rand_int_range (rand, 0, 8000000);
    for (guint i = 0; i < 20; i++) {
      wishes[i] = (CvWish) VIDEO ((CvWishKind) g_rand_int_range (rand, 1, CV_N_WISH_KINDS),
                                  (guint) g_rand_int_range (rand, 0, 2000), g_rand_int_range (rand, -2, 3));
      for (guint k = 0; k < 3; k++)
        wishes[i].layers[k].available = g_rand_boolean (rand);
    }
    guint wanted = cv_allocator_decide (budget, wishes, 20, choices);
    for (guint i = 0; i < 20; i++) {
      used += choices[i] < 0 ? 0 : wishes[i].layers[choices[i]].bps;
      g_assert_true (choices[i] < 0 || wishes[i].layers[choices[i]].available);
    }
    g_assert_cmpuint (used, <=, budget);
    g_assert_cmpuint (cv_allocator_decide (wanted + 1, wishes, 20, choices), ==, wanted);
    g_assert_cmpuint (cv_allocator_decide (G_MAXUINT, wishes, 20, full), ==, wanted);
    g_assert_cmpmem (choices, sizeof choices, full, sizeof full);
  }
  g_assert_cmpuint (cv_allocator_decide (100000, NULL, 0, NULL), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocator/narrow", test_narrow);
  g_test_add_func ("/allocator/order", test_order);
  g_test_add_func ("/allocator/width", test_width);
  g_test_add_func ("/allocator/hysteresis", test_hysteresis);
  g_test_add_func ("/allocator/no-flapping", test_no_flapping);
  g_test_add_func ("/allocator/wanted", test_wanted);
  return g_test_run ();
}
