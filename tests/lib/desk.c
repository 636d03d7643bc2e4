/* See desk.h. */
#include "lib/desk.h"

#include "lib/folder.h"
#include "lib/footage.h"
#include "render/edit.h"
#include "render/repair.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <sys/socket.h>
#include <unistd.h>

static const char log_text[] =
  "{\"t\":0,\"type\":\"start\",\"title\":\"Weekly\"}\n"
  "{\"t\":0,\"type\":\"segment\",\"segment\":1}\n"
  "{\"t\":0,\"type\":\"person\",\"person\":\"" CV_TEST_ANNA "\",\"name\":\"Anna\",\"stage\":true}\n"
  "{\"t\":0,\"type\":\"track\",\"segment\":1,\"file\":\"001-" CV_TEST_ANNA "-camera-1.mkv\"}\n"
  "{\"t\":0,\"type\":\"track\",\"segment\":1,\"file\":\"001-" CV_TEST_ANNA "-microphone-1.mkv\"}\n"
  "{\"t\":500,\"type\":\"chapter\",\"title\":\"Budget\"}\n"
  "{\"t\":1000,\"type\":\"stop\",\"reason\":\"host\"}\n";

static gboolean
on_ordered (CvOrder *order, int folder, gpointer user_data)
{
  return FALSE;
}

static void
on_over (gboolean failed, gpointer user_data)
{
  ((CvTestDesk *) user_data)->over = TRUE;
}

static const CvReporterFuncs funcs = { on_ordered, on_over };

static void
on_channel_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  CvTestDesk *self = user_data;
  static const char *const members[] = { "name", "stage", "error" };
  const char *what = "";
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    what = json_object_get_string_member_with_default (message->object, members[i], what);
  g_ptr_array_add (self->told, g_strdup_printf ("%s%s%s", message->type, *what != '\0' ? " " : "", what));
}

static void
make_tracks (CvTestDesk *self)
{
  const CvTestPictures pictures = { .colour = 0xc83232, .seconds = 1, .width = 160, .height = 90, .fps = 10 };
  const CvTestSound sound = { .hertz = 440, .seconds = 1 };
  cv_test_footage_pictures ("tracks/001-" CV_TEST_ANNA "-camera-1.mkv", &pictures);
  cv_test_footage_sound ("tracks/001-" CV_TEST_ANNA "-microphone-1.mkv", &sound);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEventLog) log = cv_event_log_parse (log_text, sizeof log_text - 1);
  g_autoptr (GPtrArray) files = cv_repair_open (&self->desk, FALSE, &error);
  g_assert_no_error (error);
  self->desk.programme = cv_edit_make (log, files);
}

CvTestDesk *
cv_test_desk_new (gboolean tracks)
{
  g_autoptr (GError) error = NULL;
  CvTestDesk *self = g_new0 (CvTestDesk, 1);
  int sockets[2];
  self->folder = cv_test_folder_new ();
  self->before = g_get_current_dir ();
  cv_test_folder_write (self->folder, "events.jsonl", log_text);
  g_assert_cmpint (chdir (self->folder), ==, 0);
  g_assert_cmpint (g_mkdir ("tracks", 0700), ==, 0);
  g_assert_cmpint (g_mkdir ("files", 0700), ==, 0);
  self->kit = cv_kit_new (&error);
  g_assert_no_error (error);
  self->order = (CvOrder){ .job = "jaaaaaaaaaaaa",
                           .recording = "raaaaaaaaaaaa",
                           .width = 320,
                           .height = 180,
                           .fps = 10,
                           .to = -1,
                           .without = g_ptr_array_new (),
                           .products = G_MAXUINT };
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, sockets), ==, 0);
  self->clock = cv_clock_new ();
  self->told = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < 2; i++)
    self->ends[i] = cv_channel_new (sockets[i], self->clock);
  g_signal_connect (self->ends[1], "message", G_CALLBACK (on_channel_message), self);
  self->reporter = cv_reporter_new (self->ends[0], &funcs, self);
  cv_desk_init (&self->desk, &self->order, self->kit, self->reporter);
  if (tracks)
    make_tracks (self);
  return self;
}

void
cv_test_desk_free (CvTestDesk *self)
{
  cv_desk_clear (&self->desk);
  cv_reporter_free (self->reporter);
  for (guint i = 0; i < 2; i++)
    g_object_unref (self->ends[i]);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->told);
  g_ptr_array_unref (self->order.without);
  cv_kit_free (self->kit);
  g_assert_cmpint (chdir (self->before), ==, 0);
  cv_test_folder_free (self->folder);
  g_free (self->before);
  g_free (self);
}

gboolean
cv_test_desk_was_told (CvTestDesk *self, const char *what)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 5;
  while (g_get_monotonic_time () < end && !g_ptr_array_find_with_equal_func (self->told, what, g_str_equal, NULL)) {
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
  return g_ptr_array_find_with_equal_func (self->told, what, g_str_equal, NULL);
}
