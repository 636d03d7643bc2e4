/* See socket-server.h. */
#include "lib/socket-server.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

struct _CvTestSocketServer {
  char *directory;
  char *path;
  CvTestSocketFunc func;
  gpointer user_data;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
};

/* ---- server thread ---- */

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  CvTestSocketServer *self = user_data;

  self->func (message, path, self->user_data);
}

static gpointer
serve (gpointer data)
{
  CvTestSocketServer *self = data;

  g_main_context_push_thread_default (self->context);
  {
    g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);

    soup_server_add_handler (server, NULL, on_request, self, NULL);
    g_assert_true (soup_server_listen (server, address, 0, NULL));
    g_main_loop_run (self->loop);
    soup_server_disconnect (server);
  }
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* ---- main thread ---- */

CvTestSocketServer *
cv_test_socket_server_new (CvTestSocketFunc func, gpointer user_data)
{
  CvTestSocketServer *self = g_new0 (CvTestSocketServer, 1);

  self->directory = g_dir_make_tmp ("conclave-socket-XXXXXX", NULL);
  self->path = g_build_filename (self->directory, "admin.sock", NULL);
  self->func = func;
  self->user_data = user_data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("server", serve, self);
  while (!g_main_loop_is_running (self->loop))
    g_usleep (1000);
  return self;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
cv_test_socket_server_free (CvTestSocketServer *self)
{
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_free (self->path);
  g_free (self->directory);
  g_free (self);
}

const char *
cv_test_socket_server_get_path (CvTestSocketServer *self)
{
  return self->path;
}
