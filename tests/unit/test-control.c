/* What the daemon may say, each message good and bad, and what it is told. */
#include "media/control.h"

#include "lib/log.h"
#include "lib/mkv.h"
#include "lib/offers.h"
#include "lib/phone-tone.h"
#include "lib/rtc-room.h"
#include "lib/wait.h"
#include "rtp/bridge-frame.h"

#include <fcntl.h>
#include <opus/opus.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALICE "paaaaaaaaaaaa"
#define BOB "pbbbbbbbbbbbb"
#define OPEN                                                                                                           \
  "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\",\"loudest\":4,"       \
  "\"candidates\":[{\"address\":\"192.0.2.1\",\"port\":5000},{\"address\":\"2001:db8::1\",\"port\":5000}]}"
#define MAY "\"microphone\":true,\"camera\":true,\"screen\":true"

typedef struct {
  int fd;           /* the daemon's end */
  GString *text;    /* what came and was not looked at */
  GPtrArray *lines; /* what came */
  CvClock *clock;
  CvDtlsIdentity *identity;
  CvChannel *channel;
  CvControl *control;
  guint16 port;
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
set_up (Fixture *self, gconstpointer data)
{
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[0];
  self->text = g_string_new (NULL);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->clock = cv_clock_new ();
  self->identity = cv_dtls_identity_new (NULL);
  self->channel = cv_channel_new (fds[1], self->clock);
  self->control = cv_control_new (self->channel, self->identity, on_over, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_control_free (self->control);
  g_object_unref (self->channel);
  cv_dtls_identity_free (self->identity);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->lines);
  g_string_free (self->text, TRUE);
  if (self->fd >= 0)
    close (self->fd);
}

/* ---- the daemon's end ---- */

static void
say_with (Fixture *self, const char *line, int fd)
{
  union {
    char bytes[CMSG_SPACE (sizeof (int))];
    struct cmsghdr aligned;
  } control = { 0 };
  struct iovec parts[] = { { (gpointer) line, strlen (line) }, { (gpointer) "\n", 1 } };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
  if (fd >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *item = CMSG_FIRSTHDR (&message);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN (sizeof (int));
    memcpy (CMSG_DATA (item), &fd, sizeof fd);
  }
  g_assert_cmpint (sendmsg (self->fd, &message, 0), ==, (gssize) strlen (line) + 1);
}

static void
say (Fixture *self, const char *line)
{
  say_with (self, line, -1);
}

static void
listen_to (Fixture *self)
{
  char data[4096];
  ssize_t n;
  while ((n = recv (self->fd, data, sizeof data, MSG_DONTWAIT)) > 0)
    g_string_append_len (self->text, data, n);
  for (char *end; (end = strchr (self->text->str, '\n')) != NULL;) {
    g_ptr_array_add (self->lines, g_strndup (self->text->str, (gsize) (end - self->text->str)));
    g_string_erase (self->text, 0, end - self->text->str + 1);
  }
}

/* Whether a line came that fits (`*` and `?`). */
static const char *
find_line (Fixture *self, const char *pattern)
{
  listen_to (self);
  for (guint i = self->lines->len; i > 0; i--)
    if (g_pattern_match_simple (pattern, g_ptr_array_index (self->lines, i - 1)))
      return g_ptr_array_index (self->lines, i - 1);
  return NULL;
}

static int
make_socket (Fixture *self)
{
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t n = sizeof local;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &local, n), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &local, &n), ==, 0);
  self->port = ntohs (local.sin_port);
  return fd;
}

static void
open_meeting (Fixture *self)
{
  int fd = make_socket (self);
  say_with (self, OPEN, fd);
  close (fd);
  cv_test_wait_until (find_line (self, "{\"re\":1}") != NULL);
}

static char *
make_join (const char *person, guint id, const char *fingerprint)
{
  g_autofree char *offer = cv_offer_text (fingerprint, 2, 2);
  g_auto (GStrv) lines = g_strsplit (offer, "\r\n", -1);
  g_autofree char *escaped = g_strjoinv ("\\r\\n", lines);
  return g_strdup_printf ("{\"type\":\"join\",\"id\":%u,\"person\":\"%s\",\"may\":{" MAY "},\"offer\":\"%s\"}", id,
                          person, escaped);
}

static void
join (Fixture *self, const char *person, guint id, CvRtcClient *client)
{
  g_autofree char *line = make_join (person, id, client->fingerprint);
  g_autofree char *pattern = g_strdup_printf ("{\"re\":%u,\"answer\":*", id);
  say (self, line);
  cv_test_wait_until (find_line (self, pattern) != NULL);
  g_auto (GStrv) parts = g_strsplit (find_line (self, pattern), "\\r\\n", -1);
  g_autofree char *answer = g_strjoinv ("\r\n", parts);
  cv_rtc_client_take_answer (client, answer);
}

/* ---- what is asked ---- */

static void
test_meeting (Fixture *self, gconstpointer data)
{
  open_meeting (self);
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (self->port, FALSE);
  g_autoptr (CvRtcClient) bob = cv_rtc_client_new (self->port, FALSE);
  join (self, ALICE, 2, alice);
  g_assert_nonnull (find_line (self, "*192.0.2.1 5000 typ host*2001:db8::1 5000 typ host*"));
  cv_rtc_client_connect (alice);
  cv_test_wait_until (
    find_line (self, "{\"type\":\"state\",\"person\":\"" ALICE "\",\"state\":\"connected\",\"reason\":\"\"}") != NULL);
  join (self, BOB, 3, bob);
  cv_rtc_client_connect (bob);
  cv_test_wait_until (find_line (self, "{\"type\":\"slots\",\"person\":\"" BOB
                                       "\",\"slots\":[{\"mid\":\"4\",\"person\":\"" ALICE
                                       "\",\"source\":\"microphone\",\"paused\":false},*") != NULL);
  say (self, "{\"type\":\"may\",\"person\":\"" ALICE "\",\"microphone\":true,\"camera\":false,\"screen\":false}");
  cv_test_wait_until (find_line (self, "{\"type\":\"slots\",\"person\":\"" BOB
                                       "\",\"slots\":[{\"mid\":\"4\",\"person\":\"" ALICE
                                       "\",\"source\":\"microphone\",\"paused\":false}]}") != NULL);
  say (self, "{\"type\":\"may\",\"person\":\"" ALICE "\"," MAY "}");
  say (self, "{\"type\":\"view\",\"person\":\"" BOB "\",\"tiles\":[{\"person\":\"" ALICE
             "\",\"source\":\"screen\",\"width\":1280}]}");
  cv_test_wait_until (
    find_line (self, "*\"source\":\"microphone\",\"paused\":false},{*\"source\":\"screen\",\"paused\":false}]}") !=
    NULL);
  cv_test_wait_until (
    find_line (self, "{\"type\":\"layers\",\"person\":\"" ALICE "\",\"source\":\"camera\",\"rids\":[*") != NULL);
  say (self, "{\"type\":\"spotlight\",\"person\":\"" ALICE "\"}");
  say (self, "{\"type\":\"spotlight\",\"person\":null}");
  cv_test_wait_until (find_line (self, "{\"type\":\"alive\"}") != NULL);
  cv_test_wait_until (find_line (self, "{\"type\":\"stats\",\"cpu\":*,\"rss\":*,\"people\":[{\"person\":\"" ALICE
                                       "\",\"up\":*,\"down\":*,\"up_loss\":*,\"down_loss\":*,\"rtt\":*,\"estimate\":*,"
                                       "\"width\":0,\"slots\":0},{\"person\":\"" BOB "\"*}]}") != NULL);
  say (self, "{\"type\":\"leave\",\"person\":\"" ALICE "\"}");
  cv_test_wait_until (find_line (self, "{\"type\":\"slots\",\"person\":\"" BOB "\",\"slots\":[]}") != NULL);
  cv_test_wait_until (alice->closed);
  g_assert_cmpuint (self->over, ==, 0);
}

/* Errors that people bring about are answers, and the meeting goes on. */
static void
test_refusals (Fixture *self, gconstpointer data)
{
  open_meeting (self);
  say (self, "{\"type\":\"join\",\"id\":2,\"person\":\"" ALICE "\",\"may\":{" MAY "},\"offer\":\"v=1\"}");
  cv_test_wait_until (find_line (self, "{\"re\":2,\"error\":\"bad-sdp\",\"text\":*") != NULL);
  g_autofree char *fingerprint = g_strnfill (95, 'A');
  for (guint i = 2; i < 95; i += 3)
    fingerprint[i] = ':';
  g_autofree char *line = make_join (ALICE, 3, fingerprint);
  g_auto (GStrv) parts = g_strsplit (line, "opus", -1);
  g_autofree char *audio = g_strjoinv ("speex", parts);
  g_auto (GStrv) more = g_strsplit (audio, "VP8", -1);
  g_autofree char *foreign = g_strjoinv ("AV1", more);
  say (self, foreign);
  cv_test_wait_until (find_line (self, "{\"re\":3,\"error\":\"no-codec\",\"text\":*") != NULL);
  /* People that are not there. */
  say (self, "{\"type\":\"leave\",\"person\":\"" ALICE "\"}");
  say (self, "{\"type\":\"may\",\"person\":\"" ALICE "\"," MAY "}");
  say (self, "{\"type\":\"view\",\"person\":\"" ALICE "\",\"tiles\":[]}");
  say (self, "{\"type\":\"spotlight\",\"person\":\"" ALICE "\"}");
  g_autofree char *again = make_join (ALICE, 4, fingerprint);
  say (self, again);
  cv_test_wait_until (find_line (self, "{\"re\":4,\"answer\":*") != NULL);
  g_assert_cmpuint (self->over, ==, 0);
}

/* ---- what is recorded ---- */

#define RECORD(id, file, source)                                                                                       \
  "{\"type\":\"record\",\"id\":" #id ",\"fds\":1,\"file\":" #file ",\"person\":\"" ALICE "\",\"source\":\"" source "\"}"

static void
record (Fixture *self, const char *line, const char *path, const char *answer)
{
  int fd = open (path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  say_with (self, line, fd);
  close (fd);
  cv_test_wait_until (find_line (self, answer) != NULL);
}

static void
test_record (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  close (g_file_open_tmp ("cv-control-XXXXXX", &path, NULL));
  open_meeting (self);
  record (self, RECORD (2, 7, "camera"), path, "{\"re\":2,\"error\":\"not-found\",*");
  g_autoptr (CvRtcClient) alice = cv_rtc_client_new (self->port, FALSE);
  join (self, ALICE, 3, alice);
  cv_rtc_client_connect (alice);
  record (self, RECORD (4, 7, "camera"), path, "{\"re\":4}");
  record (self, RECORD (5, 8, "camera"), path, "{\"re\":5,\"error\":\"too-many\",*");
  CvRtcTrack camera;
  cv_rtc_track_init (&camera, alice, "1", "f", 1000);
  cv_rtc_track_frame (&camera, TRUE, 1, 0);
  cv_test_wait_until (find_line (self, "{\"type\":\"track\",\"file\":7,\"codec\":\"VP8\",\"at\":*,\"width\":640,"
                                       "\"height\":360}") != NULL);
  say (self, "{\"type\":\"unrecord\",\"id\":6,\"file\":7}");
  say (self, "{\"type\":\"unrecord\",\"id\":7,\"file\":7}");
  cv_test_wait_until (find_line (self, "{\"re\":6,\"bytes\":*}") != NULL);
  cv_test_wait_until (find_line (self, "{\"re\":7,\"error\":\"not-found\",*") != NULL);
  g_assert_null (find_line (self, "*\"recorded\"*"));
  /* A disk that is full is news. */
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*file 7 cannot be written*");
  record (self, RECORD (8, 7, "camera"), "/dev/full", "{\"re\":8}");
  cv_rtc_track_frame (&camera, TRUE, 1, 0);
  cv_test_wait_until (find_line (self, "{\"type\":\"recorded\",\"file\":7,\"reason\":\"full\",\"bytes\":0}") != NULL);
  cv_test_log_assert_all ();
  cv_rtc_track_clear (&camera);
  unlink (path);
  g_assert_cmpuint (self->over, ==, 0);
}

/* ---- callers ---- */

static void
say_tick (int bridge)
{
  CvBridgeWriter writer;
  gint16 frame[CV_MIX_PHONE_FRAME];
  cv_test_phone_tone (frame, CV_MIX_PHONE_FRAME, 400, 0.2, 0, 16000); /* 20 ms are whole waves */
  cv_bridge_writer_init (&writer);
  cv_bridge_writer_add (&writer, 7, 17, frame);
  cv_bridge_writer_set_last (&writer);
  g_assert_cmpint (send (bridge, writer.data, writer.n, 0), ==, writer.n);
}

static double
get_recorded_level (const char *path, double hertz)
{
  g_autofree char *text = NULL;
  gint16 sound[50 * CV_MIX_PHONE_FRAME];
  gsize n = 0, samples = 0;
  int error = 0;
  g_assert_true (g_file_get_contents (path, &text, &n, NULL));
  g_autoptr (CvTestMkv) mkv = cv_test_mkv_read ((const guint8 *) text, n);
  OpusDecoder *decoder = opus_decoder_create (16000, 1, &error);
  g_assert_cmpstr (mkv->codec, ==, "A_OPUS");
  g_assert_cmpuint (mkv->frames->len, >=, 40);
  for (guint i = 0; i < mkv->frames->len && samples + CV_MIX_PHONE_FRAME <= G_N_ELEMENTS (sound); i++) {
    const CvTestMkvFrame *frame = cv_test_mkv_get (mkv, i);
    g_assert_cmpint (
      opus_decode (decoder, mkv->data + frame->at, (opus_int32) frame->n, sound + samples, CV_MIX_PHONE_FRAME, 0), ==,
      CV_MIX_PHONE_FRAME);
    samples += CV_MIX_PHONE_FRAME;
  }
  opus_decoder_destroy (decoder);
  return cv_test_phone_level (sound + 20 * CV_MIX_PHONE_FRAME, 10 * CV_MIX_PHONE_FRAME, hertz, 16000);
}

/* Somebody calls, is recorded though nobody listens, and leaves. */
static void
test_phone (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  int fds[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  close (g_file_open_tmp ("cv-control-XXXXXX", &path, NULL));
  open_meeting (self);
  say_with (self, "{\"type\":\"phones\",\"fds\":1}", fds[1]);
  close (fds[1]);
  say (self, "{\"type\":\"phone\",\"person\":\"" ALICE "\",\"number\":7,\"may\":{" MAY "}}");
  record (self, RECORD (2, 7, "microphone"), path, "{\"re\":2}");
  for (guint i = 0; i < 50; i++) {
    say_tick (fds[0]);
    cv_test_settle ();
  }
  cv_test_wait_until (find_line (self, "{\"type\":\"track\",\"file\":7,\"codec\":\"opus\",*") != NULL);
  say (self, "{\"type\":\"unrecord\",\"id\":3,\"file\":7}");
  cv_test_wait_until (find_line (self, "{\"re\":3,\"bytes\":*}") != NULL);
  g_assert_cmpfloat_with_epsilon (get_recorded_level (path, 400), -13.98, 3);
  g_assert_cmpfloat (get_recorded_level (path, 1000), <, -45);
  say (self, "{\"type\":\"leave\",\"person\":\"" ALICE "\"}");
  record (self, RECORD (4, 8, "microphone"), path, "{\"re\":4,\"error\":\"not-found\",*");
  g_assert_cmpuint (self->over, ==, 0);
  close (fds[0]);
  unlink (path);
}

/* ---- what ends it ---- */

static void
test_close (Fixture *self, gconstpointer data)
{
  open_meeting (self);
  say (self, "{\"type\":\"close\"}");
  cv_test_wait_until (self->over == 1);
  g_assert_false (self->failed);
}

static void
test_eof (Fixture *self, gconstpointer data)
{
  open_meeting (self);
  close (self->fd);
  self->fd = -1;
  cv_test_wait_until (self->over == 1);
  g_assert_false (self->failed);
}

/* Each of them comes from a daemon of another version. `with`: after `open`. */
static const struct {
  const char *name, *line;
  gboolean with;
  guint fds;
} bad[] = {
  { "unknown", "{\"type\":\"dance\"}", TRUE, 0 },
  { "before-open", "{\"type\":\"leave\",\"person\":\"" ALICE "\"}", FALSE, 0 },
  { "open-twice", OPEN, TRUE, 1 },
  { "open-no-fds",
    "{\"type\":\"open\",\"id\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\",\"loudest\":4,"
    "\"candidates\":[]}",
    FALSE, 0 },
  { "open-no-id",
    "{\"type\":\"open\",\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\",\"loudest\":4,"
    "\"candidates\":[]}",
    FALSE, 1 },
  { "open-loudest",
    "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\","
    "\"loudest\":9,\"candidates\":[]}",
    FALSE, 1 },
  { "open-candidate",
    "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\","
    "\"loudest\":4,\"candidates\":[{\"address\":\"here\",\"port\":1}]}",
    FALSE, 1 },
  { "open-port",
    "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\","
    "\"loudest\":4,\"candidates\":[{\"address\":\"192.0.2.1\",\"port\":0}]}",
    FALSE, 1 },
  { "open-room",
    "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"A\",\"meeting\":\"maaaaaaaaaaaa\",\"loudest\":4,"
    "\"candidates\":[]}",
    FALSE, 1 },
  { "open-more",
    "{\"type\":\"open\",\"id\":1,\"fds\":1,\"room\":\"aaaaaaaaaaaa\",\"meeting\":\"maaaaaaaaaaaa\","
    "\"loudest\":4,\"candidates\":[],\"more\":1}",
    FALSE, 1 },
  { "join-no-id", "{\"type\":\"join\",\"person\":\"" ALICE "\",\"may\":{" MAY "},\"offer\":\"v=0\"}", TRUE, 0 },
  { "join-no-offer", "{\"type\":\"join\",\"id\":2,\"person\":\"" ALICE "\",\"may\":{" MAY "}}", TRUE, 0 },
  { "join-may", "{\"type\":\"join\",\"id\":2,\"person\":\"" ALICE "\",\"may\":{\"camera\":1},\"offer\":\"v=0\"}", TRUE,
    0 },
  { "join-person", "{\"type\":\"join\",\"id\":2,\"person\":\"alice\",\"may\":{" MAY "},\"offer\":\"v=0\"}", TRUE, 0 },
  { "join-fds", "{\"type\":\"join\",\"id\":2,\"fds\":1,\"person\":\"" ALICE "\",\"may\":{" MAY "},\"offer\":\"v=0\"}",
    TRUE, 1 },
  { "leave-id", "{\"type\":\"leave\",\"id\":2,\"person\":\"" ALICE "\"}", TRUE, 0 },
  { "leave-nobody", "{\"type\":\"leave\"}", TRUE, 0 },
  { "leave-more", "{\"type\":\"leave\",\"person\":\"" ALICE "\",\"more\":1}", TRUE, 0 },
  { "may-less", "{\"type\":\"may\",\"person\":\"" ALICE "\",\"microphone\":true,\"camera\":true}", TRUE, 0 },
  { "may-number", "{\"type\":\"may\",\"person\":\"" ALICE "\",\"microphone\":1,\"camera\":true,\"screen\":true}", TRUE,
    0 },
  { "view-source",
    "{\"type\":\"view\",\"person\":\"" ALICE "\",\"tiles\":[{\"person\":\"" BOB
    "\",\"source\":\"microphone\",\"width\":1}]}",
    TRUE, 0 },
  { "view-width",
    "{\"type\":\"view\",\"person\":\"" ALICE "\",\"tiles\":[{\"person\":\"" BOB
    "\",\"source\":\"camera\",\"width\":-1}]}",
    TRUE, 0 },
  { "view-text", "{\"type\":\"view\",\"person\":\"" ALICE "\",\"tiles\":\"all\"}", TRUE, 0 },
  { "view-no-tiles", "{\"type\":\"view\",\"person\":\"" ALICE "\"}", TRUE, 0 },
  { "record-file", "{\"type\":\"record\",\"id\":2,\"fds\":1,\"file\":0,\"person\":\"" ALICE "\",\"source\":\"camera\"}",
    TRUE, 1 },
  { "record-source",
    "{\"type\":\"record\",\"id\":2,\"fds\":1,\"file\":1,\"person\":\"" ALICE "\",\"source\":\"sound\"}", TRUE, 1 },
  { "record-fds", "{\"type\":\"record\",\"id\":2,\"file\":1,\"person\":\"" ALICE "\",\"source\":\"camera\"}", TRUE, 0 },
  { "record-id", "{\"type\":\"record\",\"fds\":1,\"file\":1,\"person\":\"" ALICE "\",\"source\":\"camera\"}", TRUE, 1 },
  { "unrecord-file", "{\"type\":\"unrecord\",\"id\":2}", TRUE, 0 },
  { "phones-fds", "{\"type\":\"phones\"}", TRUE, 0 },
  { "phones-more", "{\"type\":\"phones\",\"fds\":1,\"more\":1}", TRUE, 1 },
  { "phone-before-phones", "{\"type\":\"phone\",\"person\":\"" ALICE "\",\"number\":1,\"may\":{" MAY "}}", TRUE, 0 },
  { "spotlight-nobody", "{\"type\":\"spotlight\"}", TRUE, 0 },
  { "spotlight-number", "{\"type\":\"spotlight\",\"person\":7}", TRUE, 0 },
  { "close-more", "{\"type\":\"close\",\"now\":true}", TRUE, 0 },
  { "no-json", "close", TRUE, 0 },
};

static void
test_bad (Fixture *self, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  if (bad[i].with)
    open_meeting (self);
  if (*bad[i].line == '{') /* all else ends the channel itself */
    cv_test_log_expect (G_LOG_LEVEL_WARNING, "*not understood*");
  int fd = bad[i].fds > 0 ? make_socket (self) : -1;
  say_with (self, bad[i].line, fd);
  if (fd >= 0)
    close (fd);
  cv_test_wait_until (self->over > 0);
  g_assert_true (self->failed);
  cv_test_log_assert_all ();
}

static void
test_too_many_tiles (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) line = g_string_new ("{\"type\":\"view\",\"person\":\"" ALICE "\",\"tiles\":[");
  const char *comma = "";
  open_meeting (self);
  for (guint i = 0; i < 65; i++, comma = ",")
    g_string_append_printf (line, "%s{\"person\":\"" BOB "\",\"source\":\"camera\",\"width\":100}", comma);
  g_string_append (line, "]}");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*not understood*");
  say (self, line->str);
  cv_test_wait_until (self->over > 0);
  g_assert_true (self->failed);
  cv_test_log_assert_all ();
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
#define ADD(name, data, test) g_test_add ("/control/" name, Fixture, data, set_up, test, tear_down)
  ADD ("meeting", NULL, test_meeting);
  ADD ("refusals", NULL, test_refusals);
  ADD ("record", NULL, test_record);
  ADD ("phone", NULL, test_phone);
  ADD ("close", NULL, test_close);
  ADD ("eof", NULL, test_eof);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strconcat ("/control/bad/", bad[i].name, NULL);
    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_bad, tear_down);
  }
  ADD ("too-many-tiles", NULL, test_too_many_tiles);
  return g_test_run ();
}
