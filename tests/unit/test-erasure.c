/* Erasing from a database: what is theirs goes, of two who are called the same the other one stays, and so does everybody else;
 * and the list of who was erased, by which a backup is held. */
#define _GNU_SOURCE
#include "store/erasure.h"

#include "lib/folder.h"
#include "store/erasures.h"

#include <string.h>

#define USER "uabcdefghijkm"
#define ANN "pabcdefghijkm"
#define OTHER "pbbcdefghijkm"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* Ann and another Ann, who say the same; Ben answers. */
static const char STAGE[] =
  "INSERT INTO room (id, kind, title, created, join_verifier, host_verifier, owner) VALUES ('a', 'boardroom', 'T', 1, "
  "zeroblob (32), zeroblob (32), '" USER "');"
  "INSERT INTO user (id, login, name, role, created) VALUES ('" USER
  "', 'ann', 'Ann', 'host', 1), ('uzzzzzzzzzzzz', 'ben', 'Ben', 'host', 1);"
  "INSERT INTO meeting (id, room, started, ended, reason) VALUES ('m', 'a', 1, 2, 'host'), ('n', 'a', 1, 2, 'host');"
  "INSERT INTO attendance (meeting, person, name, role, device, account, joined) VALUES ('m', '" ANN
  "', 'Ann', 'host', 'browser', '" USER "', 10), "
  "('m', '" OTHER "', 'Ann', 'person', 'browser', '', 20), ('n', 'pcbcdefghijkm', 'Ann', 'person', 'browser', '', 30);"
  "INSERT INTO content (meeting, id, type, state) VALUES "
  "('m', '1', 'message', '{\"at\":[5,1,\"x\"],\"from\":[\"" ANN "\",1,\"" ANN
  "\"],\"name\":[\"Ann\",1,\"x\"],\"text\":[\"yes\",1,\"x\"]}'), "
  "('m', '2', 'message', '{\"at\":[6,1,\"x\"],\"from\":[\"" OTHER "\",1,\"" OTHER
  "\"],\"name\":[\"Ann\",1,\"x\"],\"text\":[\"yes\",1,\"x\"]}'), "
  "('m', '3', 'reaction', '{\"from\":[\"" ANN "\",1,\"" ANN "\"]}'), ('m', '4', 'block', '{\"by\":[\"" ANN "\",1,\"" ANN
  "\"],\"text\":[\"kept\",1,\"x\"]}'), "
  "('m', '5', 'message', 'broken'), ('n', '6', 'block', '{\"text\":[\"Ann\",1,\"x\"]}');"
  "INSERT INTO summary (meeting, issue, made, actor, body) VALUES ('m', 1, 1, '" USER
  "', '{\"attendance\":[{\"name\":\"Ann\",\"joined\":10},{\"name\":\"Ann\",\"joined\":20}],"
  "\"chat\":[{\"at\":5,\"name\":\"Ann\",\"text\":\"yes\"},{\"at\":6,\"name\":\"Ann\",\"text\":\"yes\"}],\"captions\":"
  "null,\"documents\":[{\"id\":\"f\"}]}'), ('m', 2, 1, 'server', 'broken');"
  "INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, status, created) VALUES ('f', 'm', "
  "'" ANN "', 'Ann', 'x', 'y', 1, 'ready', 1);"
  "INSERT INTO recording (id, room, meeting, title, started, status) VALUES ('r', 'a', 'm', 'T', 1, 'ready'), ('s', "
  "'a', 'm', 'T', 1, 'deleting'), ('t', 'a', 'n', 'T', 1, 'ready');"
  "INSERT INTO recording_file (recording, name, kind, bytes, sha256, person) VALUES ('r', 'tracks/1', 'track', 1, '', "
  "'" ANN "'), ('r', 'tracks/2', 'track', 1, '', '" OTHER "'), "
  "('r', 'meeting.mp4', 'video', 1, '', ''), ('t', 'meeting.mp4', 'video', 1, '', '');"
  "INSERT INTO pseudonym (id, name) VALUES ('" USER "', 'x1'), ('" ANN "', 'x2'), ('" OTHER "', 'x3');"
  "INSERT INTO summary (meeting, issue, made, actor, body) VALUES ('m', 3, 1, '" ANN "', '{}');"
  "INSERT INTO event (id, room, owner, title, start, zone, minutes, created, changed) VALUES ('e', 'a', '" USER
  "', 'T', '2026-01-01T09:00', 'UTC', 30, 1, 1);"
  "INSERT INTO sign_in (id, hash, user, created, seen, expires) VALUES ('n', zeroblob (32), '" USER "', 1, 1, 1);"
  "INSERT INTO consent (recording, person, name, answer, at) VALUES ('r', '" ANN "', 'Ann', 'agreed', 1);"
  "INSERT INTO call (id, meeting, person, caller, trunk, started) VALUES ('c', 'm', '" ANN "', '+49', 't', 1);"
  "INSERT INTO render (id, recording, created, parameters, status) VALUES ('j', 'r', 1, '" ANN
  "', 'done'), ('k', 't', 1, '', 'done');"
  "INSERT INTO delivery (id, created, event, body) VALUES ('d', 1, 'e', '" ANN "'), ('e', 1, 'e', '" USER
  "'), ('f', 1, 'e', '" OTHER "');"
  "INSERT INTO idempotency (actor, key, request, created, status, body) VALUES ('" USER
  "', 'k', zeroblob (32), 1, 200, '')";

typedef struct {
  char *folder, *path, *list;
  sqlite3 *db;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->folder = cv_test_folder_new ();
  f->path = g_build_filename (f->folder, "conclave.db", NULL);
  f->list = g_build_filename (f->folder, CV_ERASURES_FILE, NULL);
  f->db = cv_erasure_open (f->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_exec (f->db, STAGE, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  sqlite3_close (f->db);
  g_free (f->path);
  g_free (f->list);
  cv_test_folder_free (f->folder);
}

/* Values one behind the other, a space between. */
static void
assert_query (sqlite3 *db, const char *sql, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, &error, sql, "");
  g_assert_no_error (error);
  while (sqlite3_step (statement) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (statement); i++)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                              (const char *) sqlite3_column_text (statement, i));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
erase (sqlite3 *db, const char *id, guint seats, gboolean account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvErasure) erasure = cv_erasure_plan (db, id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (erasure->seats->len, ==, seats);
  g_assert_cmpint (erasure->account, ==, account);
  g_assert_cmpint (cv_erasure_is_empty (erasure), ==, seats == 0 && !account);
  cv_erasure_run (db, erasure, &error);
  g_assert_no_error (error);
}

static void
assert_erased (sqlite3 *db)
{
  assert_query (db, "SELECT login FROM user", "ben");
  assert_query (db, "SELECT ifnull (owner, '-') FROM room", "-");
  assert_query (db,
                "SELECT name, account, person GLOB 'p*' FROM attendance WHERE person != '" OTHER "' AND meeting = 'm'",
                "A participant  1");
  assert_query (db, "SELECT name FROM attendance WHERE person = '" OTHER "' OR meeting = 'n' ORDER BY meeting",
                "Ann Ann");
  assert_query (db, "SELECT id FROM content ORDER BY id", "2 4 6");
  assert_query (db,
                "SELECT state ->> '$.text[0]', state ->> '$.by[0]' = (SELECT person FROM attendance WHERE name = 'A "
                "participant') FROM content WHERE id = '4'",
                "kept 1");
  assert_query (db, "SELECT state ->> '$.text[0]' FROM content WHERE id = '6'", "Ann");
  assert_query (db,
                "SELECT issue, actor, body ->> '$.chat[#-1].at', json_array_length (body, '$.chat'), json_array_length "
                "(body, '$.documents') FROM summary WHERE issue = 1",
                "1 erased 6 1 0");
  assert_query (db,
                "SELECT body ->> '$.attendance[0].name', body ->> '$.attendance[1].name' FROM summary WHERE issue = 1",
                "A participant Ann");
  assert_query (db, "SELECT id, status FROM recording ORDER BY id", "r processing s deleting t ready");
  assert_query (db, "SELECT recording, name FROM recording_file ORDER BY recording, name", "r tracks/2 t meeting.mp4");
  assert_query (db, "SELECT ifnull (owner, '-') FROM event", "-");
  assert_query (db, "SELECT count (*) FROM sign_in", "0");
  assert_query (db, "SELECT actor FROM summary WHERE issue = 3", "erased");
  assert_query (db, "SELECT name, person != '" ANN "' FROM consent", "A participant 1");
  assert_query (db, "SELECT caller || 'none', ifnull (person, '-') FROM call", "none -");
  assert_query (db, "SELECT id FROM render", "k");
  assert_query (db, "SELECT id FROM delivery", "f");
  assert_query (db, "SELECT name FROM pseudonym", "x3");
  assert_query (db, "SELECT (SELECT count (*) FROM document) + (SELECT count (*) FROM idempotency)", "0");
}

static void
test_account (Fixture *f, gconstpointer data)
{
  g_autoptr (CvErasure) erasure = cv_erasure_plan (f->db, USER, NULL);
  g_assert_cmpuint (erasure->documents->len, ==, 1);
  g_assert_cmpstr (erasure->documents->pdata[0], ==, "m/f");
  g_assert_cmpuint (erasure->recordings->len, ==, 1);
  g_assert_cmpstr (erasure->recordings->pdata[0], ==, "r");
  erase (f->db, USER, 1, TRUE);
  assert_erased (f->db);
  erase (f->db, USER, 0, FALSE);
  erase (f->db, ANN, 0, FALSE);
  assert_erased (f->db);
}

/* Their account is another matter, and stays. */
static void
test_participant (Fixture *f, gconstpointer data)
{
  erase (f->db, ANN, 1, FALSE);
  assert_query (f->db, "SELECT count (*) FROM user", "2");
  assert_query (f->db, "SELECT id FROM content ORDER BY id", "2 4 6");
  /* now nobody else is called so */
  erase (f->db, OTHER, 1, FALSE);
  assert_query (f->db, "SELECT id FROM content ORDER BY id", "4 6");
  assert_query (f->db, "SELECT count (*) FROM summary WHERE instr (body, 'Ann')", "0");
}

static gboolean
has (Fixture *f, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize n = 0;
  g_assert_true (g_file_get_contents (f->path, &bytes, &n, NULL));
  return memmem (bytes, n, text, strlen (text)) != NULL;
}

/* Nothing is left in pages that are free, or beside it. */
static void
test_bytes (Fixture *f, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  g_assert_true (cv_erasure_close (g_steal_pointer (&f->db), FALSE, NULL));
  g_assert_true (has (f, USER) && has (f, ANN));
  f->db = cv_erasure_open (f->path, NULL);
  /* some builds of SQLite overwrite what is deleted by themselves */
  g_assert_cmpint (sqlite3_exec (f->db, "PRAGMA secure_delete = OFF", NULL, NULL, NULL), ==, SQLITE_OK);
  erase (f->db, USER, 1, TRUE);
  g_assert_true (cv_erasure_close (g_steal_pointer (&f->db), TRUE, NULL));
  g_assert_false (has (f, USER) || has (f, ANN) || g_file_test (wal, G_FILE_TEST_EXISTS));
  g_assert_true (has (f, OTHER));
  f->db = cv_erasure_open (f->path, NULL);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  const char *const nobody[] = { "uuuuuuuuuuuuu", NULL }, *const ids[] = { USER, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  sqlite3_close (g_steal_pointer (&f->db));
  g_assert_true (cv_erasures_replay (f->list, f->path, NULL)); /* there is none */
  g_assert_true (cv_erasures_add (f->list, nobody, NULL));
  g_assert_true (cv_erasures_replay (f->list, f->path, NULL));
  before = cv_test_folder_read (f->folder, CV_ERASURES_FILE);
  g_assert_cmpuint (strlen (before), ==, 65);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, CV_ERASURES_FILE), ==, 0600);
  /* a line that was torn spoils none */
  before[30] = '\0';
  cv_test_folder_write (f->folder, CV_ERASURES_FILE, before);
  g_assert_true (cv_erasures_add (f->list, ids, NULL));
  after = cv_test_folder_read (f->folder, CV_ERASURES_FILE);
  g_assert_null (strstr (after, "abcdefghijkm"));
  cv_erasures_replay (f->list, f->path, &error);
  g_assert_no_error (error);
  f->db = cv_erasure_open (f->path, NULL);
  assert_erased (f->db);
  g_assert_false (cv_erasures_add ("/nonexistent/erasures", ids, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/erasure/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("account", test_account);
  ADD ("participant", test_participant);
  ADD ("bytes", test_bytes);
  ADD ("list", test_list);
  return g_test_run ();
}
