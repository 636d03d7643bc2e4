/* A renderer that does what the file `fake` in the recording's folder says, one word; see ACTS. Without one it is good: tells
 * of all tracks, and makes meeting.mp4, whose content is its order, and poster.jpg. It ends by _exit(), as fake-media does.
 */
#define _GNU_SOURCE
#include "base/ids.h"
#include "ipc/hello.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANNEL_FD 3

typedef struct {
  CvChannel *channel;
  int folder;
  char *order; /* JSON */
  char *suffix;
} Fake;

static void
progress (Fake *fake, const char *stage, double done)
{
  JsonBuilder *message = cv_parcel_build ("progress");

  cv_json_add_text (message, "stage", stage);
  cv_json_add_double (message, "done", done);
  cv_channel_send (fake->channel, message, NULL, 0);
}

static void
done (Fake *fake)
{
  JsonBuilder *message = cv_parcel_build ("done");

  cv_json_add_int (message, "duration", 61500);
  cv_channel_send (fake->channel, message, NULL, 0);
}

static void
fail (Fake *fake)
{
  JsonBuilder *message = cv_parcel_build ("failed");

  cv_json_add_text (message, "error", "no-log");
  cv_json_add_text (message, "text", "There is no event log.");
  cv_channel_send (fake->channel, message, NULL, 0);
}

static void
tell_file (Fake *fake, const char *name, const char *kind, const char *content, gsize n)
{
  JsonBuilder *message = cv_parcel_build ("file");
  guint8 digest[CV_HASH_BYTES];
  g_autofree char *hex = NULL;

  cv_hash ((const guint8 *) content, n, digest);
  hex = cv_hex_encode (digest, sizeof digest);
  cv_json_add_text (message, "name", name);
  cv_json_add_text (message, "kind", kind);
  cv_json_add_int (message, "bytes", (gint64) n);
  cv_json_add_text (message, "sha256", hex);
  cv_json_add_double (message, "t", 250.5);
  cv_json_add_int (message, "duration", 60000);
  cv_channel_send (fake->channel, message, NULL, 0);
}

/* files/STEM<suffix>ENDING */
static void
make_file (Fake *fake, const char *stem, const char *ending, const char *kind, const char *content)
{
  g_autofree char *name = g_strconcat (stem, fake->suffix, ending, NULL);
  g_autofree char *path = g_strconcat ("files/", name, NULL);
  int fd = openat (fake->folder, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  if (fd < 0 || write (fd, content, strlen (content)) < 0)
    _exit (4);
  close (fd);
  tell_file (fake, name, kind, content, strlen (content));
}

static void
tell_track (Fake *fake, int tracks, const char *name)
{
  char content[4096];
  int fd = openat (tracks, name, O_RDONLY);
  gssize n = read (fd, content, sizeof content);

  if (n > 0)
    tell_file (fake, name, "track", content, (gsize) n);
  close (fd);
}

static void
tell_tracks (Fake *fake)
{
  int tracks = openat (fake->folder, "tracks", O_RDONLY | O_DIRECTORY);
  struct dirent **items;
  int n = scandirat (tracks, ".", &items, NULL, alphasort);

  for (int i = 0; i < n; i++)
    if (g_str_has_suffix (items[i]->d_name, ".mkv"))
      tell_track (fake, tracks, items[i]->d_name);
  close (tracks);
}

static void
work (Fake *fake)
{
  progress (fake, "reading", 0);
  tell_tracks (fake);
  progress (fake, "composing", 0.5);
  make_file (fake, "meeting", ".mp4", "video", fake->order);
  make_file (fake, "poster", ".jpg", "poster", "a picture");
}

static void
be_good (Fake *fake)
{
  work (fake);
  done (fake);
}

static void
crash (Fake *fake)
{
  raise (SIGKILL);
}

/* It goes well the second time. */
static void
crash_once (Fake *fake)
{
  if (faccessat (fake->folder, "files/.crashed", F_OK, 0) != 0) {
    close (openat (fake->folder, "files/.crashed", O_WRONLY | O_CREAT, 0600));
    raise (SIGKILL);
  }
  be_good (fake);
}

/* Works until somebody ends it. */
static void
go_on (Fake *fake)
{
  progress (fake, "composing", 0.25);
}

/* The same, until the file `go` is there. */
static gboolean
look (gpointer user_data)
{
  Fake *fake = user_data;

  if (faccessat (fake->folder, "go", F_OK, 0) != 0)
    return G_SOURCE_CONTINUE;
  be_good (fake);
  return G_SOURCE_REMOVE;
}

static void
wait_for_go (Fake *fake)
{
  go_on (fake);
  g_timeout_add (20, look, fake);
}

static void
leave_early (Fake *fake)
{
  _exit (0);
}

static void
tell_path (Fake *fake)
{
  tell_file (fake, "../../conclave.db", "video", "x", 1);
}

static void
tell_ghost (Fake *fake)
{
  tell_file (fake, "ghost.mp4", "video", "x", 1);
  done (fake);
}

static void
tell_link (Fake *fake)
{
  if (symlinkat ("/etc/passwd", fake->folder, "files/link.mp4") != 0 && errno != EEXIST)
    _exit (4);
  tell_file (fake, "link.mp4", "video", "x", 1);
  done (fake);
}

static void
go_on_after_the_end (Fake *fake)
{
  done (fake);
  progress (fake, "composing", 1);
}

static void
describe (Fake *fake)
{
  g_autofree char *text = g_strdup_printf ("nice=%d", getpriority (PRIO_PROCESS, 0));

  make_file (fake, "meeting", ".mp4", "video", text);
  done (fake);
}

static const struct {
  const char *word;
  void (*act) (Fake *);
} ACTS[] = {
  { "", be_good },         { "crash", crash },      { "crash-once", crash_once },  { "fail", fail },
  { "go-on", go_on },      { "wait", wait_for_go }, { "leave", leave_early },      { "path", tell_path },
  { "ghost", tell_ghost }, { "link", tell_link },   { "on", go_on_after_the_end }, { "describe", describe },
};

static void
act (Fake *fake)
{
  char word[32] = "";
  int fd = openat (fake->folder, "fake", O_RDONLY);
  gssize n = fd >= 0 ? read (fd, word, sizeof word - 1) : 0;

  if (n > 0)
    g_strchomp (word);
  for (guint i = 0; i < G_N_ELEMENTS (ACTS); i++)
    if (g_str_equal (word, ACTS[i].word))
      ACTS[i].act (fake);
}

static void
on_message (CvChannel *channel, CvParcel *parcel, gpointer user_data)
{
  Fake *fake = user_data;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), parcel->object);

  if (g_strcmp0 (parcel->type, "render") != 0)
    _exit (5);
  fake->folder = cv_parcel_take_fd (parcel, 0);
  fake->order = cv_json_to_text (node, NULL);
  fake->suffix = g_strdup (json_object_get_string_member (parcel->object, "suffix"));
  cv_channel_send (channel, cv_parcel_build_answer (parcel->id), NULL, 0);
  act (fake);
}

static void
on_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  _exit (0);
}

int
main (int argc, char **argv)
{
  CvClock *clock = cv_clock_new ();
  Fake fake = { .channel = cv_channel_new (CHANNEL_FD, clock) };

  signal (SIGPIPE, SIG_IGN);
  g_signal_connect (fake.channel, "message", G_CALLBACK (on_message), &fake);
  g_signal_connect (fake.channel, "closed", G_CALLBACK (on_closed), &fake);
  cv_hello_send (fake.channel, "conclave-render");
  cv_hello_keep_alive (fake.channel);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
  return 0;
}
