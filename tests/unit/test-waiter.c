/* Sources of a waiter over socket pairs: when they fire, how often, and what remains of them. */
#include "signalling/waiter.h"

#include "lib/peer.h"

#include <string.h>

typedef struct {
  GSocketConnection *ours;
  GSocketConnection *theirs;
  CvWaiter *waiter;
  CvWatch *watch;
  GSource *source;
  guint fired;
  gsize take; /* bytes that the callback reads */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  cv_test_socket_pair (&f->ours, &f->theirs);
  if (f->waiter == NULL)
    f->waiter = cv_waiter_new ();
  f->watch = cv_waiter_add (f->waiter, g_socket_connection_get_socket (f->ours));
  f->take = 64;
  g_assert_nonnull (f->watch);
}

static void
stop_waiting (Fixture *f)
{
  if (f->source != NULL)
    g_source_destroy (f->source);
  g_clear_pointer (&f->source, g_source_unref);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  stop_waiting (f);
  g_clear_pointer (&f->watch, cv_watch_free);
  cv_waiter_unref (f->waiter);
  g_assert_finalize_object (f->ours);
  g_assert_finalize_object (f->theirs);
}

static GPollableInputStream *
input (Fixture *f)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (f->ours)));
}

static gboolean
on_readable (GObject *stream, gpointer user_data)
{
  Fixture *f = user_data;
  char buffer[64];
  g_assert_true (stream == G_OBJECT (input (f)));
  f->fired++;
  if (f->take > 0)
    g_pollable_input_stream_read_nonblocking (input (f), buffer, f->take, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static void
wait_for (Fixture *f)
{
  stop_waiting (f);
  f->source = cv_watch_create_source (f->watch, input (f));
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable), f, NULL);
  g_source_attach (f->source, g_main_context_get_thread_default ());
}

static void
write_theirs (Fixture *f, const char *text)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (f->theirs));
  g_assert_true (g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL));
}

static void
turn (void)
{
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
}

static void
test_fires_when_something_comes (Fixture *f, gconstpointer data)
{
  wait_for (f);
  turn ();
  g_assert_cmpuint (f->fired, ==, 0);
  write_theirs (f, "one");
  turn ();
  g_assert_cmpuint (f->fired, ==, 1);
  write_theirs (f, "two");
  turn ();
  g_assert_cmpuint (f->fired, ==, 2);
}

static void
test_fires_for_what_is_there (Fixture *f, gconstpointer data)
{
  write_theirs (f, "early");
  turn ();
  wait_for (f);
  turn ();
  g_assert_cmpuint (f->fired, ==, 1);
}

static void
test_fires_for_what_was_left (Fixture *f, gconstpointer data)
{
  f->take = 1;
  wait_for (f);
  write_theirs (f, "four");
  turn ();
  g_assert_cmpuint (f->fired, ==, 4);
}

static void
test_fires_at_the_end (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_io_stream_close (G_IO_STREAM (f->theirs), NULL, NULL);
  turn ();
  g_assert_cmpuint (f->fired, >, 0);
}

static void
test_what_nobody_waits_for_does_not_spin (Fixture *f, gconstpointer data)
{
  write_theirs (f, "unread");
  wait_for (f);
  stop_waiting (f);
  turn ();
  g_assert_cmpuint (f->fired, ==, 0);
  g_assert_false (g_main_context_pending (NULL));
}

/* As libsoup does: from within the callback, while GLib still holds the old source. */
static gboolean
on_readable_again (GObject *stream, gpointer user_data)
{
  Fixture *f = user_data;
  on_readable (stream, f);
  wait_for (f);
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable_again), f, NULL);
  return G_SOURCE_CONTINUE;
}

static void
test_renewed_in_its_callback (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable_again), f, NULL);
  for (guint i = 1; i <= 3; i++) {
    write_theirs (f, "more");
    turn ();
    g_assert_cmpuint (f->fired, ==, i);
  }
}

static void
test_leaves_the_loop (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable_again), f, NULL);
  g_assert_true (g_source_get_context (f->source) == g_main_context_default ());
  write_theirs (f, "one");
  turn ();
  g_assert_true (g_source_get_context (f->source) != g_main_context_default ());
  g_assert_null (g_main_context_get_thread_default ());
  f->take = 1;
  write_theirs (f, "four");
  turn ();
  g_assert_cmpuint (f->fired, ==, 5);
  stop_waiting (f);
  write_theirs (f, "nobody");
  turn ();
  g_assert_cmpuint (f->fired, ==, 5);
}

/* What the callback does is done in the loop's context. */
static gboolean
on_readable_asks_context (GObject *stream, gpointer user_data)
{
  g_assert_null (g_main_context_get_thread_default ());
  on_readable_again (stream, user_data);
  g_source_set_callback (((Fixture *) user_data)->source, G_SOURCE_FUNC (on_readable_asks_context), user_data, NULL);
  return G_SOURCE_REMOVE;
}

static void
test_called_in_the_loops_context (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable_asks_context), f, NULL);
  for (guint i = 1; i <= 3; i++) {
    write_theirs (f, "more");
    turn ();
    g_assert_cmpuint (f->fired, ==, i);
  }
}

/* The first that is called frees all others, which are ready as well. */
typedef struct {
  Fixture *all;
  guint n;
  guint fired;
} Crowd;

static gboolean
on_readable_frees_others (GObject *stream, gpointer user_data)
{
  Crowd *crowd = user_data;
  crowd->fired++;
  for (guint i = 0; i < crowd->n; i++)
    if (G_OBJECT (input (&crowd->all[i])) != stream) {
      stop_waiting (&crowd->all[i]);
      g_clear_pointer (&crowd->all[i].watch, cv_watch_free);
    }
  return G_SOURCE_REMOVE;
}

static void
test_freed_by_another (void)
{
  enum { MANY = 5 };
  Fixture all[MANY] = { 0 };
  Crowd crowd = { .all = all, .n = MANY };
  g_autoptr (CvWaiter) waiter = cv_waiter_new ();
  for (guint i = 0; i < MANY; i++) {
    all[i].waiter = cv_waiter_ref (waiter);
    set_up (&all[i], NULL);
    wait_for (&all[i]);
    g_source_set_callback (all[i].source, G_SOURCE_FUNC (on_readable_frees_others), &crowd, NULL);
  }
  turn ();
  for (guint i = 0; i < MANY; i++)
    write_theirs (&all[i], "all");
  turn ();
  g_assert_cmpuint (crowd.fired, ==, 1);
  for (guint i = 0; i < MANY; i++)
    tear_down (&all[i], NULL);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;
  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
test_leaves_no_descriptor (void)
{
  g_autoptr (CvWaiter) waiter = cv_waiter_new ();
  Fixture f = { .waiter = cv_waiter_ref (waiter) };
  guint before = count_descriptors ();
  set_up (&f, NULL);
  wait_for (&f);
  g_source_set_callback (f.source, G_SOURCE_FUNC (on_readable_again), &f, NULL);
  write_theirs (&f, "in a crowd");
  turn ();
  tear_down (&f, NULL);
  turn ();
  g_assert_cmpuint (count_descriptors (), ==, before);
}

/* The watch is freed while its crowd goes round. */
static gboolean
on_readable_frees_itself (GObject *stream, gpointer user_data)
{
  Fixture *f = user_data;
  f->fired++;
  stop_waiting (f);
  g_clear_pointer (&f->watch, cv_watch_free);
  return G_SOURCE_REMOVE;
}

static void
test_freed_in_its_crowd (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable_again), f, NULL);
  write_theirs (f, "to the crowd");
  turn ();
  g_source_set_callback (f->source, G_SOURCE_FUNC (on_readable_frees_itself), f, NULL);
  write_theirs (f, "the last");
  turn ();
  g_assert_cmpuint (f->fired, ==, 2);
  g_assert_null (f->watch);
}

static void
test_watch_gone_first (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_clear_pointer (&f->watch, cv_watch_free);
  write_theirs (f, "late");
  turn ();
  g_assert_cmpuint (f->fired, ==, 0);
}

static void
test_closed_socket (Fixture *f, gconstpointer data)
{
  wait_for (f);
  g_io_stream_close (G_IO_STREAM (f->ours), NULL, NULL);
  g_clear_pointer (&f->watch, cv_watch_free);
  turn ();
  g_assert_cmpuint (f->fired, ==, 0);
}

static void
test_many_at_once (void)
{
  enum { MANY = 150 };
  Fixture all[MANY] = { 0 };
  g_autoptr (CvWaiter) waiter = cv_waiter_new ();
  for (guint i = 0; i < MANY; i++) {
    all[i].waiter = cv_waiter_ref (waiter);
    set_up (&all[i], NULL);
    wait_for (&all[i]);
  }
  for (guint i = 0; i < MANY; i++)
    write_theirs (&all[i], "all");
  turn ();
  for (guint i = 0; i < MANY; i++) {
    g_assert_cmpuint (all[i].fired, ==, 1);
    tear_down (&all[i], NULL);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/waiter/fires-when-something-comes", test_fires_when_something_comes },
    { "/waiter/fires-for-what-is-there", test_fires_for_what_is_there },
    { "/waiter/fires-for-what-was-left", test_fires_for_what_was_left },
    { "/waiter/fires-at-the-end", test_fires_at_the_end },
    { "/waiter/what-nobody-waits-for-does-not-spin", test_what_nobody_waits_for_does_not_spin },
    { "/waiter/renewed-in-its-callback", test_renewed_in_its_callback },
    { "/waiter/leaves-the-loop", test_leaves_the_loop },
    { "/waiter/called-in-the-loops-context", test_called_in_the_loops_context },
    { "/waiter/freed-in-its-crowd", test_freed_in_its_crowd },
    { "/waiter/watch-gone-first", test_watch_gone_first },
    { "/waiter/closed-socket", test_closed_socket },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/waiter/leaves-no-descriptor", test_leaves_no_descriptor);
  g_test_add_func ("/waiter/freed-by-another", test_freed_by_another);
  g_test_add_func ("/waiter/many-at-once", test_many_at_once);
  return g_test_run ();
}
