/* A telephone gateway that misbehaves on command: the language that it is told to speak says how, and a call's reason to be hung up for what it
 * does then.
 *
 * "en": it is good, says hello and that it lives, opens, and has one call. It ends by _exit(), like fake-media.c.
 */
#include "ipc/hello.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CHANNEL_FD 3
#define CALL                                                                                                           \
  "{\"type\":\"call\",\"call\":\"caaaaaaaaaaaa\",\"from\":\"…123\",\"trunk\":\"trunk\",\"source\":"                  \
  "\"0123456789abcdef\"}\n"

static void
put (const char *text)
{
  if (write (CHANNEL_FD, text, strlen (text)) < 0)
    _exit (4);
}

static void
on_open (CvChannel *channel, CvParcel *parcel)
{
  const char *language = json_object_get_string_member (parcel->object, "language");
  g_autofree char *answer =
    g_strdup_printf ("{\"re\":%" G_GINT64_FORMAT ",\"listening\":[{\"transport\":\"udp\",\"address\":\"127.0.0.1\","
                     "\"port\":%d}]}\n",
                     parcel->id, 5060);
  if (parcel->n_fds != 1)
    _exit (5);
  if (g_str_equal (language, "de")) {
    cv_channel_send_error (channel, parcel->id, "not-bound", "As you wished.");
    return;
  }
  put (g_str_equal (language, "fr") ? "{\"type\":\"boo\"}\n" : answer);
  put (g_str_equal (language, "nl") ? CALL CALL : CALL);
  put ("{\"type\":\"pin\",\"call\":\"cbbbbbbbbbbbb\",\"digits\":\"1\"}\n");
}

/* What it is told comes back as a line of its log; what it hangs up for says what it does. */
static void
on_message (CvChannel *channel, CvParcel *parcel, gpointer user_data)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), parcel->object);
  g_autofree char *text = cv_json_to_text (node, NULL);
  const char *reason = json_object_get_string_member_with_default (parcel->object, "reason", "");
  g_printerr ("INFO fake: %s %s %u\n", parcel->type, text, parcel->n_fds);
  if (g_str_equal (parcel->type, "open"))
    on_open (channel, parcel);
  if (g_str_equal (parcel->type, "close"))
    _exit (0);
  if (g_str_equal (reason, "failed"))
    raise (SIGKILL);
  if (g_str_equal (reason, "operator"))
    put ("{\"type\":\"gone\",\"call\":\"caaaaaaaaaaaa\",\"reason\":\"operator\"}\n"
         "{\"type\":\"gone\",\"call\":\"caaaaaaaaaaaa\",\"reason\":\"operator\"}\n");
}

static void
on_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  _exit (0);
}

int
main (int argc, char **argv)
{
  CvChannel *channel = cv_channel_new (CHANNEL_FD, cv_clock_new ());
  signal (SIGPIPE, SIG_IGN);
  g_signal_connect (channel, "message", G_CALLBACK (on_message), NULL);
  g_signal_connect (channel, "closed", G_CALLBACK (on_closed), NULL);
  cv_hello_send (channel, "conclave-sip");
  cv_hello_keep_alive (channel);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
  return 0;
}
