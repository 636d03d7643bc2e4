/* What was put in comes out for half a second at least, and memory stays within its bound. */
#include "media/history.h"

#include <string.h>

#define MS 1000

static void
put (CvHistory *history, guint64 index, gsize n, gint64 now)
{
  guint8 packet[1500];
  memset (packet, (int) (index & 0xff), n);
  cv_history_put (history, index, packet, n, 12, now);
}

static void
assert_there (CvHistory *history, guint64 index, gsize n)
{
  CvHistoryPacket packet;
  g_assert_true (cv_history_get (history, index, &packet));
  g_assert_cmpuint (packet.n, ==, n);
  g_assert_cmpuint (packet.header_n, ==, 12);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (packet.packet[i], ==, index & 0xff);
}

static void
test_empty (void)
{
  g_autoptr (CvHistory) history = cv_history_new ();
  CvHistoryPacket packet;
  g_assert_false (cv_history_get (history, 0, &packet));
  g_assert_false (cv_history_get (history, 77, &packet));
}

static void
test_order (void)
{
  g_autoptr (CvHistory) history = cv_history_new ();
  put (history, 65536, 100, 1);
  put (history, 65535, 200, 2);
  put (history, 65538, 1500, 3);
  assert_there (history, 65535, 200);
  assert_there (history, 65536, 100);
  assert_there (history, 65538, 1500);
  CvHistoryPacket packet;
  g_assert_false (cv_history_get (history, 65537, &packet));
  g_assert_false (cv_history_get (history, 65536 + 1024, &packet));
}

/* 8 Mbit/s in packets of odd sizes: the last 500 ms are always there, through every growth. */
static void
test_half_a_second (void)
{
  g_autoptr (CvHistory) history = cv_history_new ();
  gsize sizes[5000];
  for (guint64 i = 0; i < G_N_ELEMENTS (sizes); i++) {
    sizes[i] = 700 + (i * 37) % 800;
    put (history, 1000 + i, sizes[i], (gint64) i * MS);
    for (guint64 back = 0; back < 500 && back <= i && i % 50 == 0; back++)
      assert_there (history, 1000 + i - back, sizes[i - back]);
  }
  g_assert_cmpuint (cv_history_get_size (history), <=, 1024 * 1024);
}

static void
test_bounded (void)
{
  g_autoptr (CvHistory) history = cv_history_new ();
  for (guint64 i = 0; i < 100000; i++)
    put (history, i, 1400, (gint64) i);
  g_assert_cmpuint (cv_history_get_size (history), ==, 1024 * 1024);
  assert_there (history, 99999, 1400);
  CvHistoryPacket packet;
  g_assert_false (cv_history_get (history, 99999 - 800, &packet));
}

static void
test_slow_stays_small (void)
{
  g_autoptr (CvHistory) history = cv_history_new ();
  for (guint64 i = 0; i < 1000; i++)
    put (history, i, 1000, (gint64) i * 33 * MS);
  g_assert_cmpuint (cv_history_get_size (history), ==, 32 * 1024);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/empty", test_empty);
  g_test_add_func ("/history/order", test_order);
  g_test_add_func ("/history/half-a-second", test_half_a_second);
  g_test_add_func ("/history/bounded", test_bounded);
  g_test_add_func ("/history/slow-stays-small", test_slow_stays_small);
  return g_test_run ();
}
