/* What is asked about meetings, in which order, and what is printed and written, of a server that answers as told. */
#include "ctl/meeting-commands.h"

#include "lib/socket-server.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID "mabcdefghijkm"
#define PENDING                                                                                                        \
  {                                                                                                                    \
    202, "{\"status\":\"pending\",\"waits_for\":\"making\"}"                                                           \
  }
#define READY                                                                                                          \
  {                                                                                                                    \
    200, "{\"status\":\"ready\",\"issue\":1}"                                                                          \
  }

typedef struct {
  guint status;
  const char *body;
} Answer;

typedef struct {
  CvTestSocketServer *server;
  CvClient *client;
  CvOptions options;
  CvCommandArguments arguments;
  const Answer *answers; /* one after the other; the server's thread's, like the next two */
  guint next;
  GString *asked; /* "METHOD TARGET BODY;" of each */
  char *folder;
  char *to;
} Fixture;

/* On the server's thread. */
static void
on_request (SoupServerMessage *message, const char *path, gpointer user_data)
{
  Fixture *f = user_data;
  const Answer *answer = &f->answers[f->next++];
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);

  g_string_append_printf (f->asked, "%s %s%s%s", soup_server_message_get_method (message), path,
                          query != NULL ? "?" : "", query != NULL ? query : "");
  g_string_append_printf (f->asked, "%s%.*s;", body->length > 0 ? " " : "", (int) body->length, body->data);
  soup_server_message_set_status (message, answer->status, NULL);
  if (answer->body != NULL)
    soup_server_message_set_response (message, *answer->body == '{' ? "application/json" : "text/markdown",
                                      SOUP_MEMORY_STATIC, answer->body, strlen (answer->body));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->asked = g_string_new (NULL);
  f->server = cv_test_socket_server_new (on_request, f);
  f->client = cv_client_new (cv_test_socket_server_get_path (f->server));
  f->folder = g_dir_make_tmp ("conclave-meetings-XXXXXX", NULL);
  f->to = g_build_filename (f->folder, "summary.md", NULL);
  f->options.format = (char *) "md";
  f->options.to = f->to;
  f->arguments = (CvCommandArguments){ f->client, ID, NULL, &f->options };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_client_free (f->client);
  if (f->server != NULL)
    cv_test_socket_server_free (f->server);
  g_unlink (f->to);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_string_free (f->asked, TRUE);
  g_free (f->folder);
  g_free (f->to);
}

/* Runs one, once in a test. `printed` (out, may be NULL): what it printed. */
static gboolean
run (Fixture *f, gboolean (*command) (const CvCommandArguments *, GError **), const Answer *answers, char **printed,
     GError **error)
{
  g_autofree char *file = g_build_filename (f->folder, "printed", NULL);
  int kept = dup (STDOUT_FILENO), fd = g_open (file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gboolean done;

  f->answers = answers;
  fflush (stdout);
  g_assert_true (kept >= 0 && fd >= 0 && dup2 (fd, STDOUT_FILENO) >= 0);
  done = command (&f->arguments, error);
  fflush (stdout);
  g_assert_true (dup2 (kept, STDOUT_FILENO) >= 0);
  close (kept);
  close (fd);
  if (printed != NULL)
    g_assert_true (g_file_get_contents (file, printed, NULL, NULL));
  g_unlink (file);
  cv_test_socket_server_free (g_steal_pointer (&f->server));
  return done;
}

static void
test_list (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = {
    { 200, "{\"meetings\":[{\"id\":\"mabcdefghijkm\",\"started\":1,\"ended\":0}],\"next\":\"c\"}" },
    { 200, "{\"meetings\":[{\"id\":\"mbbbbbbbbbbbb\",\"started\":1,\"ended\":2,\"reason\":\"host\"}],\"next\":null}" },
  };
  g_autofree char *printed = NULL;

  f->arguments.id = "abcdefghijkm";
  g_assert_true (run (f, cv_meeting_command_list, answers, &printed, NULL));
  g_assert_cmpstr (f->asked->str, ==,
                   "GET /api/v1/rooms/abcdefghijkm/meetings?limit=200;"
                   "GET /api/v1/rooms/abcdefghijkm/meetings?limit=200&cursor=c;");
  g_assert_true (g_pattern_match_simple ("ID *\nmabcdefghijkm * it runs\nmbbbbbbbbbbbb * host\n", printed));
}

static void
test_summary (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { PENDING, PENDING, READY, { 200, "# Meeting\n" } };
  g_autofree char *printed = NULL, *written = NULL;
  struct stat status;

  g_assert_true (run (f, cv_meeting_command_summary, answers, &printed, NULL));
  g_assert_cmpstr (f->asked->str, ==,
                   "GET /api/v1/meetings/" ID "/summary;GET /api/v1/meetings/" ID "/summary;"
                   "GET /api/v1/meetings/" ID "/summary;GET /api/v1/meetings/" ID "/summary?format=md;");
  g_assert_true (g_file_get_contents (f->to, &written, NULL, NULL));
  g_assert_cmpstr (written, ==, "# Meeting\n");
  g_assert_true (stat (f->to, &status) == 0 && (status.st_mode & 0777) == 0600);
  g_assert_cmpstr (printed, ==, "");
}

static void
test_to_stdout (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { READY, { 200, "# Meeting\n" } };
  g_autofree char *printed = NULL;

  f->options.to = (char *) "-";
  g_assert_true (run (f, cv_meeting_command_summary, answers, &printed, NULL));
  g_assert_cmpstr (printed, ==, "# Meeting\n");
}

/* `command` does not get beyond the first answer, and nothing is written. */
static void
assert_fails (Fixture *f, gboolean (*command) (const CvCommandArguments *, GError **), const Answer *answers,
              const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *printed = NULL;

  g_assert_false (run (f, command, answers, &printed, &error));
  g_assert_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (f->next, ==, 1);
  g_assert_cmpstr (printed, ==, "");
  g_assert_false (g_file_test (f->to, G_FILE_TEST_EXISTS));
}

static void
test_it_runs (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { { 202, "{\"status\":\"pending\",\"waits_for\":\"end\"}" } };

  assert_fails (f, cv_meeting_command_summary, answers,
                "The meeting is not over yet; its summary is made when it ends.");
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { { 404, "{\"error\":\"not-found\",\"text\":\"There is nothing here.\"}" } };
  static char *addresses[] = { (char *) "ann@example.org", NULL };

  f->arguments.more = addresses;
  assert_fails (f, cv_meeting_command_mail, answers, "There is nothing here. (not-found)");
}

static void
test_mail (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { READY, { 202, "{\"queued\":2}" } };
  static char *addresses[] = { (char *) "ann@example.org", (char *) "\"b\"@example.org", NULL };
  g_autofree char *printed = NULL;

  f->arguments.more = addresses;
  g_assert_true (run (f, cv_meeting_command_mail, answers, &printed, NULL));
  g_assert_cmpstr (f->asked->str, ==,
                   "GET /api/v1/meetings/" ID "/summary;POST /api/v1/meetings/" ID
                   "/summary/mail {\"to\":[\"ann@example.org\",\"\\\"b\\\"@example.org\"]};");
  g_assert_cmpstr (printed, ==, "2 e-mails are on their way.\n");
}

static void
test_delete (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { { 204, NULL } };
  g_autofree char *printed = NULL;

  g_assert_true (run (f, cv_meeting_command_delete, answers, &printed, NULL));
  g_assert_cmpstr (f->asked->str, ==, "DELETE /api/v1/meetings/" ID ";");
  g_assert_cmpstr (printed, ==, "What was kept of the meeting is deleted.\n");
}

static void
test_not_deleted (Fixture *f, gconstpointer data)
{
  static const Answer answers[] = { { 409, "{\"error\":\"meeting-runs\",\"text\":\"The meeting is not over yet.\"}" } };

  assert_fails (f, cv_meeting_command_delete, answers, "The meeting is not over yet. (meeting-runs)");
}

#define ADD(name, func) g_test_add ("/meeting-commands/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_vfs_get_default (); /* says on stdout, in tests, that it was found */
  ADD ("list", test_list);
  ADD ("summary", test_summary);
  ADD ("to-stdout", test_to_stdout);
  ADD ("it-runs", test_it_runs);
  ADD ("refused", test_refused);
  ADD ("mail", test_mail);
  ADD ("delete", test_delete);
  ADD ("not-deleted", test_not_deleted);
  return g_test_run ();
}
