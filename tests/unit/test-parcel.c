/* The envelope of messages between the daemon and its children: what is read, what is refused, what is written. */
#include "ipc/parcel.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static CvParcel *
parse (const char *line)
{
  g_autoptr (GError) error = NULL;
  CvParcel *message = cv_parcel_parse (line, strlen (line), &error);

  g_assert_no_error (error);
  return message;
}

static void
assert_members (const CvParcel *message, const char *expected)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), message->object);
  g_autofree char *text = cv_json_to_text (node, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_kinds (void)
{
  g_autoptr (CvParcel) told = parse ("{\"type\":\"leave\",\"person\":\"p1\"}");
  g_autoptr (CvParcel) asked = parse ("{\"error\":1,\"id\":7,\"type\":\"join\",\"fds\":2,\"text\":\"x\"}");
  g_autoptr (CvParcel) answer = parse ("{\"re\":7,\"text\":\"sdp\"}");
  g_autoptr (CvParcel) failure = parse ("{\"re\":7,\"error\":\"no-codec\",\"text\":\"None.\",\"x\":1}");

  g_assert_cmpstr (told->type, ==, "leave");
  g_assert_true (told->id == 0 && told->re == 0 && told->n_fds == 0 && told->error == NULL);
  assert_members (told, "{\"person\":\"p1\"}");
  g_assert_cmpstr (asked->type, ==, "join");
  g_assert_true (asked->id == 7 && asked->n_fds == 2 && asked->fds[0] == -1);
  assert_members (asked, "{\"error\":1,\"text\":\"x\"}");
  g_assert_true (answer->type == NULL && answer->re == 7 && answer->error == NULL);
  assert_members (answer, "{\"text\":\"sdp\"}");
  g_assert_cmpstr (failure->error, ==, "no-codec");
  g_assert_cmpstr (failure->text, ==, "None.");
  assert_members (failure, "{\"x\":1}");
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "",
    "[]",
    "{}",
    "{\"type\":7}",
    "{\"type\":\"\"}",
    "{\"type\":\"Join\"}",
    "{\"type\":\"a b\"}",
    "{\"type\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
    "{\"type\":\"join\",\"id\":0}",
    "{\"type\":\"join\",\"id\":1.5}",
    "{\"type\":\"join\",\"id\":\"1\"}",
    "{\"type\":\"join\",\"fds\":0}",
    "{\"type\":\"join\",\"fds\":9}",
    "{\"re\":0}",
    "{\"re\":-1}",
    "{\"re\":1,\"error\":null}",
    "{\"re\":1,\"error\":\"bad-sdp\"}",
    "{\"re\":1,\"error\":\"Bad\",\"text\":\"\"}",
    "{\"re\":1,\"error\":\"bad-sdp\",\"text\":\"two\\nlines\"}",
    "{\"type\":\"join\"} {}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;

    if (cv_parcel_parse (lines[i], strlen (lines[i]), &error) != NULL)
      g_error ("taken: %s", lines[i]);
    g_assert_true (error->domain == CV_JSON_ERROR);
  }
}

static void
test_fds (void)
{
  CvParcel *message = parse ("{\"type\":\"open\",\"fds\":2}");
  int taken;

  message->fds[0] = open ("/dev/null", O_RDONLY);
  message->fds[1] = open ("/dev/null", O_RDONLY);
  taken = cv_parcel_take_fd (message, 1);
  g_assert_cmpint (taken, >=, 0);
  g_assert_cmpint (cv_parcel_take_fd (message, 1), ==, -1);
  g_assert_cmpint (cv_parcel_take_fd (message, 2), ==, -1);
  g_assert_cmpint (cv_parcel_take_fd (message, CV_PARCEL_MAX_FDS), ==, -1);
  int left = message->fds[0];
  cv_parcel_free (message);
  g_assert_cmpint (fcntl (left, F_GETFD), ==, -1);
  g_assert_cmpint (close (taken), ==, 0);
}

static void
assert_written (JsonBuilder *builder, gint64 id, guint n_fds, const char *expected)
{
  gsize n = 0;
  g_autofree char *line = cv_parcel_finish (builder, id, n_fds, &n);

  g_assert_cmpstr (line, ==, expected);
  g_assert_cmpuint (n, ==, strlen (expected));
  g_object_unref (builder);
}

static void
test_written (void)
{
  assert_written (cv_parcel_build ("close"), 0, 0, "{\"type\":\"close\"}\n");
  assert_written (cv_parcel_build ("open"), 3, 2, "{\"type\":\"open\",\"id\":3,\"fds\":2}\n");
  assert_written (cv_parcel_build_answer (3), 0, 0, "{\"re\":3}\n");
  assert_written (cv_parcel_build_error (3, "bad-sdp", "a\nb"), 0, 0,
                  "{\"re\":3,\"error\":\"bad-sdp\",\"text\":\"a b\"}\n");
}

/* Whatever an error quotes, the other end takes it. */
static void
test_sentence (void)
{
  g_autofree char *fill = g_strnfill (2000, '\xe2');
  g_autofree char *text = g_strconcat ("\xe2\x80\xae\n", fill, NULL);
  g_autoptr (JsonBuilder) builder = cv_parcel_build_error (3, "bad-sdp", text);
  g_autoptr (GError) error = NULL;
  g_autoptr (CvParcel) parcel = NULL;
  gsize n = 0;
  g_autofree char *line = cv_parcel_finish (builder, 0, 0, &n);

  parcel = cv_parcel_parse (line, n - 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_utf8_strlen (parcel->text, -1), ==, CV_PARCEL_MAX_TEXT);
}

/* The longest line that is written is read; one more character is neither. */
static void
test_longest (void)
{
  gsize frame = strlen ("{\"type\":\"x\",\"a\":\"\"}"), n = 0;
  g_autofree char *fill = g_strnfill (CV_PARCEL_MAX_BYTES - frame + 1, 'a');
  g_autoptr (JsonBuilder) longer = cv_parcel_build ("x");
  g_autoptr (JsonBuilder) longest = cv_parcel_build ("x");
  g_autoptr (CvParcel) message = NULL;
  g_autofree char *line = NULL;

  cv_json_add_text (longer, "a", fill);
  g_assert_null (cv_parcel_finish (longer, 0, 0, &n));
  cv_json_add_text (longest, "a", fill + 1);
  line = cv_parcel_finish (longest, 0, 0, &n);
  g_assert_cmpuint (n, ==, CV_PARCEL_MAX_BYTES + 1);
  message = cv_parcel_parse (line, n - 1, NULL);
  g_assert_nonnull (message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parcel/kinds", test_kinds);
  g_test_add_func ("/parcel/refused", test_refused);
  g_test_add_func ("/parcel/fds", test_fds);
  g_test_add_func ("/parcel/written", test_written);
  g_test_add_func ("/parcel/sentence", test_sentence);
  g_test_add_func ("/parcel/longest", test_longest);
  return g_test_run ();
}
