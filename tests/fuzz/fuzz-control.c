/* Fuzz target of what the daemon says to a media process (libFuzzer): lines → messages → the handler, without a network.
 *
 * A meeting is open, then each line is a message. Whatever comes, it is answered or refused, and nothing is left behind.
 */
#include "media/control.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OPEN                                                                                                           \
  "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\",\"loudest\":4,"       \
  "\"candidates\":[{\"address\":\"192.0.2.1\",\"port\":5000}]}"
#define MAX_LINES 20

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static void
on_over (gboolean failed, gpointer user_data)
{
}

static gboolean
say (CvControl *control, const char *line, gsize n)
{
  g_autoptr (CvParcel) message = cv_parcel_parse (line, n, NULL);
  if (message == NULL)
    return FALSE;
  for (guint i = 0; i < message->n_fds; i++)
    message->fds[i] = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  return message->type != NULL && cv_control_handle (control, message);
}

static void
drain (int fd)
{
  char bytes[65536];
  while (recv (fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
    ;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  static CvDtlsIdentity *identity;
  static CvClock *clock;
  int fds[2];
  if (identity == NULL) {
    identity = cv_dtls_identity_new (NULL);
    clock = cv_clock_new ();
  }
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    return 0;
  CvChannel *channel = cv_channel_new (fds[1], clock);
  CvControl *control = cv_control_new (channel, identity, on_over, NULL);
  g_assert_true (say (control, OPEN, strlen (OPEN)));
  const char *at = (const char *) data, *end = at + n;
  for (guint i = 0; i < MAX_LINES && at < end; i++) {
    const char *stop = memchr (at, '\n', (gsize) (end - at));
    stop = stop != NULL ? stop : end;
    say (control, at, (gsize) (stop - at));
    g_main_context_iteration (NULL, FALSE);
    drain (fds[0]);
    at = MIN (stop + 1, end);
  }
  cv_control_free (control);
  g_object_unref (channel);
  close (fds[0]);
  return 0;
}
