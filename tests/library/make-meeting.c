/* make-meeting SECONDS: writes a recording's folder as the daemon leaves it, of two people, and prints its path. */
#include "render/meeting.h"

#include <gst/gst.h>
#include <stdlib.h>

static void
add_person (Meeting *meeting, const char *person, guint32 colour, double hertz, double seconds)
{
  g_autofree char *camera = g_strdup_printf ("001-%s-camera-1.mkv", person);
  g_autofree char *microphone = g_strdup_printf ("001-%s-microphone-1.mkv", person);
  const CvTestPictures pictures = { .colour = colour, .seconds = seconds };
  const CvTestSound sound = { .hertz = hertz, .seconds = seconds };
  meeting_person (meeting, 0, person, person);
  meeting_sending (meeting, 0, person, TRUE, TRUE, FALSE);
  meeting_pictures (meeting, 0, camera, &pictures);
  meeting_sound (meeting, 0, microphone, &sound);
}

int
main (int argc, char **argv)
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 4;
  gst_init (NULL, NULL);
  Meeting *meeting = meeting_new ();
  meeting_say (meeting, 0, "segment", ",\"segment\":1");
  add_person (meeting, ANNA, 0xc83232, 440, seconds);
  add_person (meeting, BEN, 0x289650, 700, seconds);
  meeting_say (meeting, seconds * 1000, "segment-end", ",\"segment\":1,\"reason\":\"stop\"");
  meeting_say (meeting, seconds * 1000, "stop", ",\"reason\":\"host\"");
  meeting_write (meeting);
  g_print ("%s\n", meeting->folder); /* whoever asked for it removes it */
  return 0;
}
