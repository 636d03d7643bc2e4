/* See meeting.h. */
#include "meeting.h"

#include "lib/folder.h"

#include <glib/gstdio.h>
#include <string.h>

Meeting *
meeting_new (void)
{
  Meeting *self = g_new0 (Meeting, 1);
  self->folder = cv_test_folder_new ();
  self->log = g_string_new (NULL);
  g_autofree char *tracks = meeting_path (self, "tracks");
  g_assert_cmpint (g_mkdir (tracks, 0700), ==, 0);
  meeting_say (self, 0, "start",
               ",\"version\":1,\"recording\":\"raaaaaaaaaaaa\",\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\","
               "\"title\":\"Weekly\",\"kind\":\"boardroom\",\"at\":1700000000000");
  return self;
}

void
meeting_free (Meeting *self)
{
  cv_test_folder_free (self->folder);
  g_string_free (self->log, TRUE);
  g_free (self);
}

void
meeting_say (Meeting *self, double t, const char *type, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_string_append_printf (self->log, "{\"t\":%g,\"type\":\"%s\"", t, type);
  g_string_append_vprintf (self->log, format, arguments);
  g_string_append (self->log, "}\n");
  va_end (arguments);
}

void
meeting_person (Meeting *self, double t, const char *person, const char *name)
{
  meeting_say (self, t, "person", ",\"person\":\"%s\",\"name\":\"%s\",\"stage\":true", person, name);
}

void
meeting_sending (Meeting *self, double t, const char *person, gboolean microphone, gboolean camera, gboolean screen)
{
  static const char *const texts[] = { "false", "true" };
  meeting_say (self, t, "sending", ",\"person\":\"%s\",\"microphone\":%s,\"camera\":%s,\"screen\":%s", person,
               texts[microphone], texts[camera], texts[screen]);
}

static char *
begin_track (Meeting *self, double t, const char *file)
{
  g_auto (GStrv) parts = g_strsplit (file, "-", 3);
  g_autofree char *name = g_build_filename ("tracks", file, NULL);
  if (t >= 0)
    meeting_say (self, t, "track", ",\"segment\":%d,\"file\":\"%s\",\"person\":\"%s\"", atoi (parts[0]), file,
                 parts[1]);
  return meeting_path (self, name);
}

void
meeting_pictures (Meeting *self, double t, const char *file, const CvTestPictures *pictures)
{
  g_autofree char *path = begin_track (self, t, file);
  cv_test_footage_pictures (path, pictures);
}

void
meeting_sound (Meeting *self, double t, const char *file, const CvTestSound *sound)
{
  g_autofree char *path = begin_track (self, t, file);
  cv_test_footage_sound (path, sound);
}

char *
meeting_path (const Meeting *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

void
meeting_write (const Meeting *self)
{
  cv_test_folder_write (self->folder, "events.jsonl", self->log->str);
}
