/* The order of a tick, and that it ticks only while somebody is there, in time. */
#include "sip/exchange.h"

typedef struct {
  CvExchange *exchange;
  GString *done;
  gint64 last;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->exchange = cv_exchange_new (NULL);
  self->done = g_string_new (NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_exchange_free (self->exchange);
  g_string_free (self->done, TRUE);
}

static void
on_hear (gpointer member, gint64 now)
{
  Fixture *self = member;
  g_string_append_c (self->done, 'h');
  self->last = now;
}

static void
on_pass (gpointer member, gint64 now)
{
  g_string_append_c (((Fixture *) member)->done, 'p');
}

static void
on_speak (gpointer member, gint64 now)
{
  g_string_append_c (*(GString **) member, 's');
}

static void
test_order (Fixture *self, gconstpointer data)
{
  cv_exchange_stop (self->exchange);
  cv_exchange_join (self->exchange, CV_EXCHANGE_SPEAK, on_speak, &self->done);
  cv_exchange_join (self->exchange, CV_EXCHANGE_PASS, on_pass, self);
  cv_exchange_join (self->exchange, CV_EXCHANGE_HEAR, on_hear, self);
  cv_exchange_join (self->exchange, CV_EXCHANGE_HEAR, on_hear, self);
  cv_exchange_tick (self->exchange, 5);
  g_assert_cmpstr (self->done->str, ==, "hhps");
  cv_exchange_leave (self->exchange, self);
  cv_exchange_tick (self->exchange, 6);
  g_assert_cmpstr (self->done->str, ==, "hhpss");
  g_assert_cmpuint (cv_exchange_get_tick (self->exchange), ==, 2);
  cv_exchange_leave (self->exchange, &self->done);
}

/* 20 ms each, counted from the first: what was slept through counts, and not all of it is made up for. */
static void
test_time (Fixture *self, gconstpointer data)
{
  gint64 start = g_get_monotonic_time ();
  cv_exchange_join (self->exchange, CV_EXCHANGE_HEAR, on_hear, self);
  while (self->done->len < 5)
    g_main_context_iteration (NULL, TRUE);
  g_usleep (400000);
  while (self->last == 0 || cv_exchange_get_tick (self->exchange) < 25)
    g_main_context_iteration (NULL, TRUE);
  gint64 elapsed = g_get_monotonic_time () - start;
  g_assert_cmpuint (cv_exchange_get_tick (self->exchange), <=, elapsed / CV_EXCHANGE_TICK_US);
  g_assert_cmpuint (self->done->len, <, 22);
  cv_exchange_leave (self->exchange, self);
  gsize before = self->done->len;
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->done->len, ==, before);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/exchange/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/exchange/time", Fixture, NULL, set_up, test_time, tear_down);
  return g_test_run ();
}
