/* What systemd is told, over a socket as it gives one: readiness, life while the database answers, and the end. */
#include "daemon/heartbeat.h"

#include "lib/folder.h"
#include "lib/wait.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <unistd.h>

#define EVERY_MS 10000 /* a third of what the watchdog waits */

typedef struct {
  char *folder;
  GSocket *socket;
  CvStore *store;
  CvClock *clock;
} Fixture;

static void
set_up (Fixture *f, gconstpointer watched)
{
  g_autoptr (GError) error = NULL;
  f->folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (f->folder, "notify", NULL);
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  f->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (f->socket, address, FALSE, &error));
  g_socket_set_blocking (f->socket, FALSE);
  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  if (watched != NULL) {
    g_setenv ("WATCHDOG_USEC", "30000000", TRUE);
    g_setenv ("WATCHDOG_PID", pid, TRUE);
  }
  f->store = cv_store_open (":memory:", &error);
  g_assert_no_error (error);
  f->clock = cv_clock_new_fake (0);
}

static void
tear_down (Fixture *f, gconstpointer watched)
{
  g_unsetenv ("NOTIFY_SOCKET");
  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
  cv_store_close (f->store);
  cv_test_settle ();
  g_assert_finalize_object (f->store);
  g_assert_finalize_object (f->clock);
  g_object_unref (f->socket);
  cv_test_folder_free (f->folder);
}

/* The next that it was told; "" where there is nothing. Returns: (transfer full). */
static char *
hear (Fixture *f)
{
  char text[512] = "";
  gssize n = g_socket_receive (f->socket, text, sizeof text - 1, NULL, NULL);
  return g_strndup (text, (gsize) MAX (n, 0));
}

static void
assert_heard (Fixture *f, const char *text)
{
  g_autofree char *heard = hear (f);
  g_assert_cmpstr (heard, ==, text);
}

static void
wait_for (Fixture *f, const char *text)
{
  cv_test_wait_until (g_socket_condition_check (f->socket, G_IO_IN) != 0);
  assert_heard (f, text);
}

static void
test_ready (Fixture *f, gconstpointer watched)
{
  CvHeartbeat *heartbeat = cv_heartbeat_new (f->store, f->clock, "https://meet.example.org");
  assert_heard (f, "READY=1\nSTATUS=listening on https://meet.example.org");
  cv_heartbeat_begin_reload (heartbeat);
  assert_heard (f, "RELOADING=1");
  cv_heartbeat_end_reload (heartbeat);
  assert_heard (f, "READY=1");
  cv_clock_advance (f->clock, 10 * EVERY_MS);
  cv_test_pause (20);
  assert_heard (f, ""); /* nobody watches */
  cv_heartbeat_free (heartbeat);
  assert_heard (f, "STOPPING=1\nSTATUS=stopping");
}

static gpointer
hang (sqlite3 *db, gpointer data, GError **error)
{
  g_mutex_lock (data);
  g_mutex_unlock (data);
  return NULL;
}

static void
test_watchdog (Fixture *f, gconstpointer watched)
{
  GMutex mutex;
  g_mutex_init (&mutex);
  CvHeartbeat *heartbeat = cv_heartbeat_new (f->store, f->clock, "unix:/run/a");
  g_autofree char *ready = hear (f);
  wait_for (f, "WATCHDOG=1");
  cv_clock_advance (f->clock, EVERY_MS);
  wait_for (f, "WATCHDOG=1");
  g_mutex_lock (&mutex); /* the database hangs */
  cv_store_run_async (f->store, hang, &mutex, NULL, NULL, NULL, NULL, NULL);
  cv_clock_advance (f->clock, 10 * EVERY_MS);
  cv_test_pause (50);
  assert_heard (f, "");
  g_mutex_unlock (&mutex);
  wait_for (f, "WATCHDOG=1");
  cv_clock_advance (f->clock, EVERY_MS); /* and one is under way at the end */
  cv_heartbeat_free (heartbeat);
  wait_for (f, "STOPPING=1\nSTATUS=stopping");
  cv_test_pause (20);
  assert_heard (f, "");
  g_mutex_clear (&mutex);
}

/* A database that fails is no life, however quickly it does. */
static void
test_broken (Fixture *f, gconstpointer watched)
{
  cv_store_close (f->store);
  CvHeartbeat *heartbeat = cv_heartbeat_new (f->store, f->clock, "unix:/run/a");
  g_autofree char *ready = hear (f);
  cv_test_pause (20);
  cv_clock_advance (f->clock, EVERY_MS);
  cv_test_pause (20);
  assert_heard (f, "");
  cv_heartbeat_free (heartbeat);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/heartbeat/ready", Fixture, NULL, set_up, test_ready, tear_down);
  g_test_add ("/heartbeat/watchdog", Fixture, "watched", set_up, test_watchdog, tear_down);
  g_test_add ("/heartbeat/broken", Fixture, "watched", set_up, test_broken, tear_down);
  return g_test_run ();
}
