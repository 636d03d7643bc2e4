/* What the daemon may say, each message good and bad; a call as it sees it; and the way to its phone. */
#include "sip/sip-control.h"

#include "lib/call-media.h"
#include "lib/log.h"
#include "lib/sip-phone.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTED "\"registrars\":[],\"addresses\":[\"127.0.0.1\"],"

typedef struct {
  int fd; /* the daemon's end */
  GString *text;
  GPtrArray *lines; /* what came, but for `alive` and `stats` */
  CvClock *clock;
  CvChannel *channel;
  CvSipControl *control;
  CvTestSipPhone *phone;
  char *call;
  guint over;
  gboolean failed;
} Fixture;

static void
on_over (gboolean failed, gpointer user_data)
{
  Fixture *self = user_data;
  self->over++;
  self->failed |= failed;
}

static void
take_lines (Fixture *self)
{
  char buffer[4096];
  struct pollfd one = { self->fd, POLLIN, 0 };
  while (poll (&one, 1, 0) == 1) {
    ssize_t n = read (self->fd, buffer, sizeof buffer);
    if (n <= 0)
      break;
    g_string_append_len (self->text, buffer, n);
  }
  for (char *end; (end = strchr (self->text->str, '\n')) != NULL;) {
    g_autofree char *line = g_strndup (self->text->str, (gsize) (end - self->text->str));
    g_string_erase (self->text, 0, end - self->text->str + 1);
    if (strstr (line, "\"alive\"") == NULL && strstr (line, "\"stats\"") == NULL)
      g_ptr_array_add (self->lines, g_steal_pointer (&line));
  }
}

static gboolean
has (Fixture *self, const char *part)
{
  take_lines (self);
  for (guint i = 0; i < self->lines->len; i++)
    if (strstr (self->lines->pdata[i], part) != NULL)
      return TRUE;
  return FALSE;
}

/* Waits for a line with that in it. */
#define expect(self, part) cv_test_wait_until (has (self, part))

/* Tells, or asks, with descriptors of a folder. */
static void
say_with (Fixture *self, const char *line, guint n_fds)
{
  char control[CMSG_SPACE (sizeof (int) * 2)] = { 0 };
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  struct iovec part = { whole, strlen (whole) };
  struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
  int fd = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (n_fds > 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE (sizeof (int) * n_fds);
    struct cmsghdr *header = CMSG_FIRSTHDR (&message);
    *header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
                                .cmsg_type = SCM_RIGHTS,
                                .cmsg_len = CMSG_LEN (sizeof (int) * n_fds) };
    for (guint i = 0; i < n_fds; i++)
      memcpy (CMSG_DATA (header) + i * sizeof fd, &fd, sizeof fd);
  }
  g_assert_cmpint (sendmsg (self->fd, &message, 0), ==, (gssize) part.iov_len);
  close (fd);
}

static void
say (Fixture *self, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  say_with (self, line, 0);
}

static void
open_it (Fixture *self)
{
  g_autofree char *text = cv_test_sip_open ("refuse", 2, 100, LISTED);
  g_autofree char *line = g_strdup_printf ("{\"type\":\"open\",\"id\":1,\"fds\":1,%s", text + 1);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompt*missing*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompts are missing*");
  say_with (self, line, 1);
  expect (self, "\"listening\"");
  expect (self, "\"listed\"");
  for (guint i = 0; i < self->lines->len; i++) {
    const char *port = strstr (self->lines->pdata[i], "\"port\":");
    if (port != NULL)
      self->phone = cv_test_sip_phone_new ((guint16) atoi (port + strlen ("\"port\":")));
  }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->text = g_string_new (NULL);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->clock = cv_clock_new_fake (0);
  self->channel = cv_channel_new (fds[1], self->clock);
  self->control = cv_sip_control_new (self->channel, self->clock, FALSE, on_over, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_sip_control_free (self->control);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_clear_pointer (&self->phone, cv_test_sip_phone_free);
  g_ptr_array_unref (self->lines);
  g_string_free (self->text, TRUE);
  g_free (self->call);
  close (self->fd);
  g_assert_cmpuint (cv_test_call_media_count (), ==, 0);
}

/* Opens, and a phone has called. */
static void
call (Fixture *self)
{
  open_it (self);
  cv_test_sip_phone_call (self->phone, "");
  expect (self, "\"ready\"");
  g_assert_true (has (self, "\"from\":\"…456\",\"trunk\":\"one\",\"source\":\""));
  g_assert_true (has (self, "\"codec\":\"PCMA\",\"security\":\"none\""));
  for (guint i = 0; i < self->lines->len; i++) {
    const char *id = strstr (self->lines->pdata[i], "\"call\":\"c");
    if (id != NULL && self->call == NULL)
      self->call = g_strndup (id + strlen ("\"call\":\""), 13);
  }
}

/* Types the PIN and is in. */
static void
enter (Fixture *self, gboolean host)
{
  call (self);
  cv_test_call_media_press (cv_test_call_media (), "123456789#");
  expect (self, "\"digits\":\"123456789\"");
  say_with (self, "{\"type\":\"bridge\",\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\"}", 1);
  say (
    self,
    "{\"type\":\"pin-result\",\"call\":\"%s\",\"verdict\":\"room\",\"room\":\"aaaaaaaaaaaa\",\"wait\":0,\"tries\":3}",
    self->call);
  say (self, "{\"type\":\"admit\",\"call\":\"%s\",\"number\":7,\"host\":%s,\"speaks\":true}", self->call,
       host ? "true" : "false");
  cv_test_wait_until (cv_test_call_media_number (cv_test_call_media ()) == 7);
}

static void
test_call (Fixture *self, gconstpointer data)
{
  enter (self, TRUE);
  CvCallMedia *media = cv_test_call_media ();
  g_assert_false (cv_test_call_media_is_muted (media));
  cv_test_call_media_press (media, "*6*5");
  expect (self, "\"what\":\"mute\"");
  expect (self, "\"what\":\"host-mute-all\"");
  cv_test_call_media_said (media);
  say (self, "{\"type\":\"mute\",\"call\":\"%s\",\"on\":true,\"by\":\"self\"}", self->call);
  cv_test_wait_until (cv_test_call_media_is_muted (media));
  g_assert_cmpuint (cv_test_call_media_said (media), ==, 1);
  say (self, "{\"type\":\"mute\",\"call\":\"%s\",\"on\":false,\"by\":\"host\"}", self->call);
  cv_test_wait_until (!cv_test_call_media_is_muted (media));
  say (self, "{\"type\":\"stage\",\"call\":\"%s\",\"speaks\":false}", self->call);
  cv_test_wait_until (cv_test_call_media_is_muted (media));
  cv_test_call_media_said (media);
  say (self, "{\"type\":\"say\",\"call\":\"%s\",\"prompt\":\"hand-up\"}", self->call);
  cv_test_wait_until (cv_test_call_media_said (media) == 1);
  say (self, "{\"type\":\"hang-up\",\"call\":\"%s\",\"reason\":\"removed\"}", self->call);
  cv_test_sip_phone_expect (self->phone, "BYE"); /* when it was said */
  expect (self, "\"gone\"");
  g_assert_true (has (self, "\"reason\":\"removed\""));
  cv_test_wait_until (cv_test_call_media_count () == 0);
}

static void
test_bridges (Fixture *self, gconstpointer data)
{
  enter (self, FALSE);
  CvCallMedia *media = cv_test_call_media ();
  say (self, "{\"type\":\"unbridge\",\"room\":\"aaaaaaaaaaaa\"}");
  cv_test_wait_until (cv_test_call_media_number (media) == 0);
  say_with (self, "{\"type\":\"bridge\",\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"mbbbbbbbbbbbb\"}", 1);
  cv_test_wait_until (cv_test_call_media_number (media) == 7);
  say (self, "{\"type\":\"unbridge\",\"room\":\"bbbbbbbbbbbb\"}"); /* another one */
  say (self, "{\"type\":\"hold-on\",\"call\":\"%s\",\"why\":\"lobby\"}", self->call);
  cv_test_wait_until (cv_test_call_media_number (media) == 0);
  g_assert_true (cv_test_call_media_loops (media));
}

static void
test_consent (Fixture *self, gconstpointer data)
{
  enter (self, FALSE);
  CvCallMedia *media = cv_test_call_media ();
  say (self, "{\"type\":\"hold-on\",\"call\":\"%s\",\"why\":\"consent\"}", self->call);
  cv_test_wait_until (cv_test_call_media_loops (media));
  g_assert_cmpuint (cv_test_call_media_number (media), ==, 7);
  cv_test_call_media_press (media, "1");
  expect (self, "\"consent-yes\"");
}

static void
test_phone_goes (Fixture *self, gconstpointer data)
{
  call (self);
  g_assert_cmpuint (cv_test_sip_phone_ask (self->phone, "INVITE", "", CV_TEST_SIP_SDP "a=sendonly\r\n"), ==, 200);
  cv_test_sip_phone_ack (self->phone, "");
  expect (self, "\"held\"");
  g_assert_cmpuint (cv_test_sip_phone_ask (self->phone, "BYE", "", ""), ==, 200);
  expect (self, "\"reason\":\"hung-up\"");
  say (self, "{\"type\":\"say\",\"call\":\"%s\",\"prompt\":\"muted\"}", self->call); /* gone already */
  cv_test_wait_until (cv_test_call_media_count () == 0);
  g_assert_cmpuint (self->over, ==, 0);
}

static void
test_media_goes (Fixture *self, gconstpointer data)
{
  call (self);
  cv_test_call_media_lose (cv_test_call_media (), "silent");
  cv_test_sip_phone_expect (self->phone, "BYE");
  expect (self, "\"media-timeout\"");
}

/* Two calls of one number are all that may be. */
static void
test_full (Fixture *self, gconstpointer data)
{
  call (self);
  g_autoptr (CvTestSipPhone) second = cv_test_sip_phone_new (self->phone->target);
  g_autoptr (CvTestSipPhone) third = cv_test_sip_phone_new (self->phone->target);
  cv_test_sip_phone_call (second, "");
  g_assert_cmpuint (cv_test_sip_phone_ask (third, "INVITE", "", CV_TEST_SIP_SDP), ==, 486);
  g_assert_cmpuint (cv_test_sip_phone_ask (third, "INVITE", "", "v=0\r\n"), ==, 486);
  g_assert_cmpuint (cv_test_sip_phone_ask (second, "BYE", "", ""), ==, 200);
  cv_test_wait_until (cv_test_call_media_count () == 1);
  g_assert_cmpuint (cv_test_sip_phone_ask (third, "INVITE", "", "v=0\r\n"), ==, 488);
}

static void
test_close (Fixture *self, gconstpointer data)
{
  call (self);
  say (self, "{\"type\":\"close\"}");
  cv_test_sip_phone_expect (self->phone, "BYE");
  cv_test_wait_until (self->over == 1);
  g_assert_false (self->failed);
}

static void
assert_refused (Fixture *self, const char *line)
{
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*not understood*");
  say (self, "%s", line);
  cv_test_wait_until (self->over == 1);
  g_assert_true (self->failed);
  cv_test_log_assert_all ();
  self->over = 0;
  self->failed = FALSE;
}

static void
test_before_open (Fixture *self, gconstpointer data)
{
  assert_refused (self, "{\"type\":\"unbridge\",\"room\":\"aaaaaaaaaaaa\"}");
  assert_refused (self, "{\"type\":\"open\",\"id\":1}");
  say (self, "{\"type\":\"close\"}");
  cv_test_wait_until (self->over == 1);
  g_assert_false (self->failed);
}

static void
test_malformed (Fixture *self, gconstpointer data)
{
  static const char *const wrong[] = {
    "{\"type\":\"nothing\"}",
    "{\"type\":\"open\",\"id\":2}",
    "{\"type\":\"say\",\"call\":\"caaaaaaaaaaaa\"}",
    "{\"type\":\"say\",\"call\":\"paaaaaaaaaaaa\",\"prompt\":\"muted\"}",
    "{\"type\":\"say\",\"id\":3,\"call\":\"caaaaaaaaaaaa\",\"prompt\":\"muted\"}",
    "{\"type\":\"say\",\"call\":\"caaaaaaaaaaaa\",\"prompt\":\"muted\",\"more\":1}",
    "{\"type\":\"mute\",\"call\":\"caaaaaaaaaaaa\",\"on\":true,\"by\":\"nobody\"}",
    "{\"type\":\"hang-up\",\"call\":\"caaaaaaaaaaaa\",\"reason\":\"whatever\"}",
    "{\"type\":\"hold-on\",\"call\":\"caaaaaaaaaaaa\",\"why\":\"\"}",
    "{\"type\":\"admit\",\"call\":\"caaaaaaaaaaaa\",\"number\":0,\"host\":true,\"speaks\":true}",
    "{\"type\":\"pin-result\",\"call\":\"caaaaaaaaaaaa\",\"verdict\":\"room\",\"room\":null,\"wait\":0,\"tries\":0}",
    "{\"type\":\"pin-result\",\"call\":\"caaaaaaaaaaaa\",\"verdict\":\"unknown\",\"room\":\"aaaaaaaaaaaa\",\"wait\":0,"
    "\"tries\":0}",
    "{\"type\":\"pin-result\",\"call\":\"caaaaaaaaaaaa\",\"verdict\":\"unknown\",\"room\":null,\"wait\":60001,"
    "\"tries\":0}",
    "{\"type\":\"bridge\",\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\"}",
    "{\"type\":\"unbridge\",\"room\":\"\"}",
    "{\"type\":\"stage\",\"call\":\"caaaaaaaaaaaa\",\"speaks\":1}",
    "{\"type\":\"password\",\"trunk\":\"nobody\",\"password\":\"x\"}",
    "{\"type\":\"password\",\"trunk\":\"trunk\"}",
    "{\"type\":\"password\",\"trunk\":\"\",\"password\":\"x\"}",
    "{\"type\":\"close\",\"id\":4}",
  };
  open_it (self);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (self, wrong[i]);
}

/* The daemon has gone. */
static void
test_eof (Fixture *self, gconstpointer data)
{
  shutdown (self->fd, SHUT_RDWR);
  cv_test_wait_until (self->over == 1);
  g_assert_false (self->failed);
}

#define ADD(name, test) g_test_add ("/sip-control/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("call", test_call);
  ADD ("bridges", test_bridges);
  ADD ("consent", test_consent);
  ADD ("phone-goes", test_phone_goes);
  ADD ("media-goes", test_media_goes);
  ADD ("full", test_full);
  ADD ("close", test_close);
  ADD ("before-open", test_before_open);
  ADD ("malformed", test_malformed);
  ADD ("eof", test_eof);
  return g_test_run ();
}
