/* See rendering.h. */
#include "rendering.h"

#include "ipc/hello.h"
#include "lib/film-words.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 120000

typedef struct {
  Rendering *rendering;
  const Wish *wish;
  GMainLoop *loop;
  CvChannel *channel;
  pid_t pid;
  int folder;
} Run;

static JsonBuilder *
build_order (const Wish *wish)
{
  JsonBuilder *order = cv_parcel_build ("render");
  g_autofree char *text =
    g_strdup_printf ("{\"without\":[%s],\"products\":[%s]}", wish->without != NULL ? wish->without : "",
                     wish->products != NULL ? wish->products : "\"repair\",\"video\"");
  g_autoptr (JsonObject) lists = cv_json_parse (text, strlen (text), NULL);
  gboolean all = wish->from == 0 && wish->to == 0;
  cv_json_add_text (order, "job", "jaaaaaaaaaaaa");
  cv_json_add_text (order, "recording", "raaaaaaaaaaaa");
  cv_json_add_text (order, "layout", wish->layout != NULL ? wish->layout : "grid");
  cv_json_add_int (order, "width", wish->width > 0 ? wish->width : 640);
  cv_json_add_int (order, "height", wish->height > 0 ? wish->height : 360);
  cv_json_add_int (order, "fps", wish->fps > 0 ? wish->fps : 30);
  cv_json_add_int (order, "from", all ? -1 : wish->from);
  cv_json_add_int (order, "to", all ? -1 : wish->to);
  json_builder_set_member_name (order, "without");
  json_builder_add_value (order, json_node_copy (json_object_get_member (lists, "without")));
  json_builder_set_member_name (order, "products");
  json_builder_add_value (order, json_node_copy (json_object_get_member (lists, "products")));
  cv_json_add_text (order, "suffix", wish->suffix != NULL ? wish->suffix : "");
  json_builder_set_member_name (order, "words");
  json_builder_begin_array (order);
  for (guint i = 0; i < CV_FILM_N_WORDS; i++)
    json_builder_add_string_value (order, cv_test_film_words[i]);
  json_builder_end_array (order);
  return order;
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = cv_channel_request_finish (CV_CHANNEL (source), result, &error);
  if (error != NULL)
    g_test_message ("the order was not accepted: %s", error->message);
}

static void
on_channel_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  Run *run = user_data;
  Rendering *self = run->rendering;
  if (strcmp (message->type, "hello") == 0) {
    g_assert_true (cv_hello_check (message, "conclave-render", NULL));
    cv_channel_request_async (channel, build_order (run->wish), &run->folder, 1, PATIENCE_MS, on_accepted, NULL);
  } else if (strcmp (message->type, "alive") == 0)
    self->alive++;
  else if (strcmp (message->type, "file") == 0)
    g_ptr_array_add (self->files, json_object_ref (message->object));
  else if (strcmp (message->type, "progress") == 0) {
    g_ptr_array_add (self->stages, json_object_ref (message->object));
    if (g_strcmp0 (json_object_get_string_member (message->object, "stage"), run->wish->kill) == 0 &&
        json_object_get_double_member (message->object, "done") >= run->wish->kill_at)
      kill (run->pid, SIGKILL);
  } else {
    self->succeeded = strcmp (message->type, "done") == 0;
    self->end = json_object_ref (message->object);
  }
}

static void
on_channel_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  g_main_loop_quit (((Run *) user_data)->loop);
}

static gboolean
on_timeout (gpointer user_data)
{
  Run *run = user_data;
  kill (run->pid, SIGKILL);
  g_error ("conclave-render does not come to its end");
  return G_SOURCE_REMOVE;
}

static pid_t
start (int fd)
{
  const char *program = g_getenv ("CONCLAVE_RENDER");
  g_assert_nonnull (program);
  pid_t pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    if (fd == 3)
      fcntl (fd, F_SETFD, 0);
    else
      dup2 (fd, 3);
    execl (program, program, NULL);
    _exit (127);
  }
  return pid;
}

Rendering *
rendering_run (const Meeting *meeting, const Wish *wish)
{
  g_autoptr (CvClock) clock = cv_clock_new ();
  Run run = { .rendering = g_new0 (Rendering, 1), .wish = wish, .loop = g_main_loop_new (NULL, FALSE) };
  int sockets[2], status = 0;
  run.rendering->files = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  run.rendering->stages = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  meeting_write (meeting);
  run.folder = open (meeting->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), ==, 0);
  run.pid = start (sockets[1]);
  close (sockets[1]);
  run.channel = cv_channel_new (sockets[0], clock);
  g_signal_connect (run.channel, "message", G_CALLBACK (on_channel_message), &run);
  g_signal_connect (run.channel, "closed", G_CALLBACK (on_channel_closed), &run);
  guint timeout = g_timeout_add (PATIENCE_MS, on_timeout, &run);
  g_main_loop_run (run.loop);
  g_source_remove (timeout);
  g_assert_cmpint (waitpid (run.pid, &status, 0), ==, run.pid);
  run.rendering->crashed = WIFSIGNALED (status) && WTERMSIG (status) != SIGKILL;
  run.rendering->succeeded &= WIFEXITED (status) && WEXITSTATUS (status) == 0;
  close (run.folder);
  g_object_unref (run.channel);
  g_main_loop_unref (run.loop);
  return run.rendering;
}

void
rendering_free (Rendering *self)
{
  g_clear_pointer (&self->end, json_object_unref);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->stages);
  g_free (self);
}

JsonObject *
rendering_find (const Rendering *self, const char *name)
{
  for (guint i = 0; i < self->files->len; i++)
    if (g_str_equal (json_object_get_string_member (g_ptr_array_index (self->files, i), "name"), name))
      return g_ptr_array_index (self->files, i);
  return NULL;
}
