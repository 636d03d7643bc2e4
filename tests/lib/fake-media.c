/* A media process that misbehaves on command: its argument says how it starts, each offer that it gets what it does then.
 *
 * Without either it is good: says hello and that it lives, opens, and answers an offer with "OFFER at PORT".
 * It ends by _exit(): the leak sanitizer traces a process that exits, and one that is killed meanwhile is not reaped by us.
 */
#include "ipc/hello.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define CHANNEL_FD 3

typedef struct {
  CvChannel *channel;
  guint16 port; /* of the first socket that it was given */
  gboolean lingers;
  char *person; /* who joined last */
  gpointer devoured[1024];
} Fake;

static void
put (const char *bytes, gsize n)
{
  while (n > 0) {
    gssize done = write (CHANNEL_FD, bytes, n);

    if (done < 0 && errno != EAGAIN)
      pause (); /* to be killed, which is what the test looks for */
    bytes += MAX (done, 0);
    n -= MAX (done, 0);
  }
}

static void
put_text (const char *text)
{
  put (text, strlen (text));
}

static void
crash (Fake *fake)
{
  raise (SIGKILL);
}

/* Asks for a GiB, and touches nothing of it. */
static void
devour (Fake *fake)
{
  for (guint i = 0; i < 1024; i++)
    fake->devoured[i] = g_malloc (1024 * 1024);
}

static void
leave (Fake *fake)
{
  _exit (3);
}

static void
hang (Fake *fake)
{
  for (;;)
    pause ();
}

static void
garbage (Fake *fake)
{
  put_text ("\xff\xfe garbage\n");
}

static void
huge (Fake *fake)
{
  g_autofree char *fill = g_strnfill (1024 * 1024, 'x');

  put_text ("{\"type\":\"state\",\"person\":\"");
  put (fill, 1024 * 1024);
}

static void
flood (Fake *fake)
{
  for (;;)
    put_text ("{\"type\":\"alive\"}\n");
}

static void
stranger (Fake *fake)
{
  put_text ("{\"type\":\"speakers\",\"people\":[\"p23456789abcd\"]}\n");
}

static void
unknown (Fake *fake)
{
  put_text ("{\"type\":\"boo\"}\n");
}

static void
alive_with_member (Fake *fake)
{
  put_text ("{\"type\":\"alive\",\"x\":1}\n");
}

static void
descriptors (Fake *fake)
{
  const int fds[] = { 2 };

  cv_channel_send (fake->channel, cv_parcel_build ("speakers"), fds, 1);
}

static void
answer_nothing (Fake *fake)
{
  put_text ("{\"re\":1000}\n");
}

static void
chatter (Fake *fake)
{
  fputs ("WARNING transport: no path (ROOM=x)\nplain\n", stderr);
  for (guint i = 0; i < 5000; i++)
    fputs ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", stderr);
  for (guint i = 0; i < 1000; i++)
    fputs ("many\n", stderr);
}

static void
linger (Fake *fake)
{
  fake->lingers = TRUE;
}

static void
events (Fake *fake)
{
  g_autofree char *text = g_strdup_printf (
    "{\"type\":\"state\",\"person\":\"%1$s\",\"state\":\"connected\",\"reason\":\"\"}\n"
    "{\"type\":\"slots\",\"person\":\"%1$s\",\"slots\":[{\"mid\":\"4\",\"person\":\"%1$s\",\"source\":\"camera\","
    "\"paused\":true,\"error\":\"no-codec\"}]}\n"
    "{\"type\":\"speakers\",\"people\":[\"%1$s\"]}\n"
    "{\"type\":\"layers\",\"person\":\"%1$s\",\"source\":\"camera\",\"rids\":[\"q\",\"h\"]}\n"
    "{\"type\":\"stats\",\"cpu\":0.5,\"rss\":10240,\"people\":[{\"person\":\"%1$s\",\"up\":1000,\"down\":2000,"
    "\"up_loss\":0.25,\"down_loss\":0,\"rtt\":-1,\"estimate\":300000,\"width\":640,\"slots\":3}]}\n",
    fake->person);

  put_text (text);
}

static const struct {
  const char *offer;
  void (*act) (Fake *);
} ACTS[] = {
  { "crash", crash },
  { "devour", devour },
  { "exit", leave },
  { "hang", hang },
  { "garbage", garbage },
  { "huge", huge },
  { "flood", flood },
  { "stranger", stranger },
  { "unknown", unknown },
  { "alive-with-member", alive_with_member },
  { "descriptors", descriptors },
  { "answer-nothing", answer_nothing },
  { "chatter", chatter },
  { "linger", linger },
  { "events", events },
};

/* What it was started with: "fds=…; core=…; nice=…; privileges=…; NAME …". Returns: (transfer full). */
static char *
describe (void)
{
  GString *text = g_string_new ("fds=");
  g_auto (GStrv) names = g_listenv ();
  struct rlimit limit;

  for (int fd = 0; fd < 1024; fd++) {
    g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
    g_autofree char *target = g_file_read_link (path, NULL);

    if (target != NULL && strstr (target, "anon_inode") == NULL) /* GLib's own */
      g_string_append_printf (text, "%d:%.6s,", fd, target);
  }
  getrlimit (RLIMIT_CORE, &limit);
  g_string_append_printf (text, "; core=%u", (guint) limit.rlim_max);
  g_string_append_printf (text, "; nice=%d; privileges=%d; ", getpriority (PRIO_PROCESS, 0),
                          !prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  for (char **name = names; *name != NULL; name++)
    g_string_append_printf (text, "%s ", *name);
  return g_string_free (text, FALSE);
}

static void
answer (Fake *fake, const CvParcel *parcel, const char *text)
{
  JsonBuilder *builder = cv_parcel_build_answer (parcel->id);

  cv_json_add_text (builder, "answer", text);
  cv_channel_send (fake->channel, builder, NULL, 0);
}

static void
on_join (Fake *fake, CvParcel *parcel)
{
  const char *offer = json_object_get_string_member (parcel->object, "offer");
  g_autofree char *text = g_strdup_printf ("%s at %u", offer, fake->port);
  g_autofree char *description = describe ();

  g_free (fake->person);
  fake->person = g_strdup (json_object_get_string_member_with_default (parcel->object, "person", ""));
  for (guint i = 0; i < G_N_ELEMENTS (ACTS); i++)
    if (g_str_equal (offer, ACTS[i].offer))
      ACTS[i].act (fake);
  if (g_str_has_prefix (offer, "error:"))
    cv_channel_send_error (fake->channel, parcel->id, offer + strlen ("error:"), "As you wished.");
  else if (g_str_equal (offer, "describe"))
    answer (fake, parcel, description);
  else if (!g_str_equal (offer, "no-answer"))
    answer (fake, parcel, text);
}

static void put_text_about (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
put_text_about (const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  put_text (text);
}

#define TRACK                                                                                                          \
  "{\"type\":\"track\",\"file\":%" G_GINT64_FORMAT ",\"codec\":\"VP8\",\"at\":7,\"width\":640,\"height\":360}\n"
#define CLOCK "{\"type\":\"clock\",\"file\":%" G_GINT64_FORMAT ",\"pts\":5,\"ntp\":6}\n"
#define RECORDED "{\"type\":\"recorded\",\"file\":%" G_GINT64_FORMAT ",\"reason\":\"full\",\"bytes\":9}\n"

/* What it does with a file is told by its number: below 100 all is well. */
static void
on_record (Fake *fake, CvParcel *parcel)
{
  gint64 file = json_object_get_int_member (parcel->object, "file");
  int fd = cv_parcel_take_fd (parcel, 0);

  if (fd < 0 || write (fd, "frame", 5) != 5)
    _exit (6);
  if (file == 404)
    cv_channel_send_error (fake->channel, parcel->id, "not-found", "Nobody of that name.");
  else if (file == 500)
    cv_channel_send_error (fake->channel, parcel->id, "boo", "As you wished.");
  else if (file == 501)
    answer (fake, parcel, "nonsense");
  else if (file != 408)
    cv_channel_send (fake->channel, cv_parcel_build_answer (parcel->id), NULL, 0);
  if (file < 100 || file == 502)
    put_text_about (TRACK, file);
  if (file < 100 || file == 503)
    put_text_about (CLOCK, file);
  if (file == 502)
    put_text_about (TRACK, file);
  if (file == 504)
    put_text_about (TRACK, file + 1);
  if (file == 507)
    put_text_about (RECORDED, file);
}

static void
on_unrecord (Fake *fake, CvParcel *parcel)
{
  gint64 file = json_object_get_int_member (parcel->object, "file");
  JsonBuilder *builder = cv_parcel_build_answer (parcel->id);

  cv_json_add_int (builder, "bytes", file == 505 ? -1 : 5);
  cv_channel_send (fake->channel, builder, NULL, 0);
  if (file == 506)
    put_text_about (CLOCK, file);
}

static void
on_open (Fake *fake, CvParcel *parcel)
{
  struct sockaddr_storage address = { 0 };
  socklen_t n = sizeof address;

  if (getsockname (parcel->fds[0], (struct sockaddr *) &address, &n) != 0)
    _exit (5);
  fake->port = ntohs (address.ss_family == AF_INET ? ((struct sockaddr_in *) &address)->sin_port
                                                   : ((struct sockaddr_in6 *) &address)->sin6_port);
  for (guint i = 0; i < parcel->n_fds; i++)
    cv_parcel_take_fd (parcel, i); /* held to the end */
  cv_channel_send (fake->channel, cv_parcel_build_answer (parcel->id), NULL, 0);
}

/* What is told and not asked comes back as a line of its log. */
static void
echo (CvParcel *parcel)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), parcel->object);
  g_autofree char *text = cv_json_to_text (node, NULL);

  g_printerr ("INFO fake: %s %s\n", parcel->type, text);
}

static void
on_message (CvChannel *channel, CvParcel *parcel, gpointer user_data)
{
  Fake *fake = user_data;

  if (g_str_equal (parcel->type, "open"))
    on_open (fake, parcel);
  else if (g_str_equal (parcel->type, "join"))
    on_join (fake, parcel);
  else if (g_str_equal (parcel->type, "record"))
    on_record (fake, parcel);
  else if (g_str_equal (parcel->type, "unrecord"))
    on_unrecord (fake, parcel);
  else if (g_str_equal (parcel->type, "close") && !fake->lingers)
    _exit (0);
  else
    echo (parcel);
}

static void
on_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  Fake *fake = user_data;

  if (!fake->lingers)
    _exit (0);
}

static gboolean
on_alive (gpointer user_data)
{
  cv_channel_send (user_data, cv_parcel_build ("alive"), NULL, 0);
  return G_SOURCE_CONTINUE;
}

static void
start (Fake *fake, const char *how)
{
  if (g_str_equal (how, "slow"))
    g_usleep (300 * 1000);
  if (g_str_equal (how, "exit"))
    _exit (3);
  if (g_str_equal (how, "hang"))
    hang (fake);
  if (g_str_equal (how, "garbage"))
    garbage (fake);
  if (g_str_equal (how, "early"))
    on_alive (fake->channel);
  if (g_str_equal (how, "version"))
    put_text ("{\"type\":\"hello\",\"version\":2,\"program\":\"conclave-media\"}\n");
  else
    cv_hello_send (fake->channel, "conclave-media");
  if (g_str_equal (how, "speak"))
    put_text ("{\"type\":\"speakers\",\"people\":[]}\n");
}

int
main (int argc, char **argv)
{
  CvClock *clock = cv_clock_new ();
  Fake fake = { .channel = cv_channel_new (CHANNEL_FD, clock) };

  signal (SIGPIPE, SIG_IGN);
  g_signal_connect (fake.channel, "message", G_CALLBACK (on_message), &fake);
  g_signal_connect (fake.channel, "closed", G_CALLBACK (on_closed), &fake);
  start (&fake, argc > 1 ? argv[1] : "");
  g_timeout_add (argc > 1 && g_str_equal (argv[1], "lively") ? 10 : CV_HELLO_ALIVE_MS, on_alive, fake.channel);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
  return 0;
}
