/* Documents from begin to end, and what a crash left of them. */
#include "documents/cabinet.h"

#include "documents/vault.h"
#include "lib/folder.h"
#include "lib/log.h"
#include "lib/recordings.h"
#include "lib/wait.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define MEETING "mabcdefghijkm"
#define NOW G_GINT64_CONSTANT (1700000000000)

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvCabinet *cabinet;
  char *folder;
  GString *news;
} Fixture;

static void
on_ready (CvCabinet *cabinet, const CvDocumentRow *row, GString *news)
{
  g_string_append_printf (news, "ready %s;", row->name);
}

static void
on_gone (CvCabinet *cabinet, const CvDocumentRow *row, GString *news)
{
  g_string_append_printf (news, "gone %s;", row->name);
}

static void
open_cabinet (Fixture *f, const char *scan)
{
  static const char *const refused[] = { ".exe", NULL };
  const CvCabinetOptions options = { .store = f->store,
                                     .clock = f->clock,
                                     .directory = f->folder,
                                     .max_bytes = 100,
                                     .quota = 150,
                                     .refused = refused,
                                     .scan = scan,
                                     .scan_ms = 5000,
                                     .key = "k" };
  f->cabinet = cv_cabinet_new (&options);
  g_signal_connect (f->cabinet, "ready", G_CALLBACK (on_ready), f->news);
  g_signal_connect (f->cabinet, "gone", G_CALLBACK (on_gone), f->news);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->store = cv_test_recordings_open ();
  f->clock = cv_clock_new_fake (NOW);
  f->folder = cv_test_folder_new ();
  f->news = g_string_new (NULL);
  open_cabinet (f, "");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_cabinet_stop (f->cabinet);
  cv_test_wait_gone (f->cabinet);
  g_object_unref (f->clock);
  cv_test_recordings_close (f->store);
  cv_test_folder_free (f->folder);
  g_string_free (f->news, TRUE);
}

static const CvDocumentRow wanted = { .meeting = (char *) MEETING,
                                      .room = (char *) "abcdefghijkm",
                                      .person = (char *) "pann",
                                      .by_name = (char *) "Ann",
                                      .name = (char *) "a.txt",
                                      .media_type = (char *) "",
                                      .sha256 = (char *) "",
                                      .bytes = 5 };

static CvDocumentRow *
begin (Fixture *f, const char *name, gint64 bytes, GError **error)
{
  GAsyncResult *slot = NULL;
  CvDocumentRow row = wanted;
  row.name = (char *) name;
  row.bytes = bytes;
  cv_cabinet_begin_async (f->cabinet, &row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_cabinet_begin_finish (f->cabinet, result, error);
}

static void
put (Fixture *f, const CvDocumentRow *row, const char *text)
{
  gint64 offset = 0;
  int fd = cv_vault_open_part (f->folder, row->meeting, row->id, &offset, NULL);
  g_assert_true (cv_vault_append (fd, (const guint8 *) text, strlen (text), NULL));
  close (fd);
}

static CvDocumentRow *
complete (Fixture *f, const CvDocumentRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_cabinet_complete_async (f->cabinet, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_cabinet_complete_finish (f->cabinet, result, error);
}

static void delete (Fixture *f, CvDocumentsOf of, const char *id)
{
  GAsyncResult *slot = NULL;
  cv_cabinet_delete_async (f->cabinet, of, id, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  g_assert_true (cv_cabinet_delete_finish (f->cabinet, result, NULL));
}

static char *
dump (Fixture *f)
{
  return cv_test_recordings_dump (f->store, "SELECT name, status FROM document ORDER BY name");
}

static void
wait_for (Fixture *f, const char *rows)
{
  g_autofree char *now = dump (f);
  while (!g_str_equal (now, rows)) {
    cv_test_pause (5);
    g_free (now);
    now = dump (f);
  }
}

static void
test_life (Fixture *f, gconstpointer data)
{
  g_autoptr (CvDocumentRow) row = begin (f, "a.txt", 5, NULL);
  put (f, row, "hello");
  g_autoptr (CvDocumentRow) done = complete (f, row, NULL);
  g_assert_cmpint (done->status, ==, CV_DOCUMENT_READY);
  g_assert_true (g_str_has_prefix (done->sha256, "2cf24dba"));
  delete (f, CV_DOCUMENTS_UNFINISHED, MEETING);
  g_assert_cmpstr (f->news->str, ==, "ready a.txt;");
  delete (f, CV_DOCUMENTS_OF_MEETING, MEETING);
  g_assert_cmpstr (f->news->str, ==, "ready a.txt;gone a.txt;");
  wait_for (f, "");
}

static void
assert_refused (Fixture *f, const char *name, gint64 bytes, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (begin (f, name, bytes, &error));
  g_assert_error (error, CV_CABINET_ERROR, code);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  assert_refused (f, "a", 101, CV_CABINET_ERROR_LARGE);
  assert_refused (f, "a.ExE", 1, CV_CABINET_ERROR_REFUSED);
  g_autoptr (CvDocumentRow) row = begin (f, "a", 100, NULL);
  assert_refused (f, "b", 51, CV_CABINET_ERROR_QUOTA);
  /* what is said to be whole and is not */
  put (f, row, "hello");
  g_assert_null (complete (f, row, &error));
  wait_for (f, "");
  g_assert_cmpstr (f->news->str, ==, "");
}

/* A program looks at it, says no, or cannot be run: nobody gets it, and nothing of it is left. */
static void
test_scanned (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *script;
    mode_t mode;
    const char *warning; /* NULL: none */
    gboolean fine;
  } cases[] = {
    { "#!/bin/sh\nread text; [ \"$text\" = hello ]\n", 0700, NULL, TRUE },
    { "#!/bin/sh\nexit 1\n", 0700, NULL, FALSE },
    { "#!/bin/sh\nexit 3\n", 0700, "*has no answer", FALSE },
    { "#!/bin/sh\nexit 0\n", 0600, "*does not start*", FALSE },
    { NULL, 0, "*does not start*", FALSE },
  };
  g_autofree char *place = cv_test_folder_new ();
  g_autofree char *scan = g_build_filename (place, "scan", NULL);
  cv_cabinet_stop (f->cabinet);
  cv_test_wait_gone (f->cabinet);
  open_cabinet (f, scan);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvDocumentRow) row = begin (f, "a.txt", 6, NULL);
    g_autofree char *folder = g_build_filename (f->folder, MEETING, NULL);
    put (f, row, "hello\n");
    g_remove (scan);
    if (cases[i].script != NULL) {
      cv_test_folder_write (place, "scan", cases[i].script);
      g_chmod (scan, cases[i].mode);
    }
    if (cases[i].warning != NULL)
      cv_test_log_expect (G_LOG_LEVEL_WARNING, cases[i].warning);
    if (!cases[i].fine)
      cv_test_log_expect (G_LOG_LEVEL_MESSAGE,
                          cases[i].warning != NULL ? "*was refused: nobody could look at it" : "*was refused");
    g_autoptr (CvDocumentRow) done = complete (f, row, &error);
    cv_test_log_assert_all ();
    if (cases[i].fine) {
      g_assert_cmpint (done->status, ==, CV_DOCUMENT_READY);
      delete (f, CV_DOCUMENTS_ONE, row->id);
      continue;
    }
    g_assert_error (error, CV_CABINET_ERROR, CV_CABINET_ERROR_REFUSED);
    wait_for (f, "");
    g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  }
  g_assert_cmpstr (f->news->str, ==, "ready a.txt;gone a.txt;");
  cv_test_folder_free (g_steal_pointer (&place));
}

static CvDocumentRow *
resume (Fixture *f, const char *id, const char *secret, const CvDocumentRow *row, GError **error)
{
  GAsyncResult *slot = NULL;
  cv_cabinet_resume_async (f->cabinet, id, secret, row, cv_test_on_ready, &slot);
  g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
  return cv_cabinet_begin_finish (f->cabinet, result, error);
}

static void
test_resume (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDocumentRow) row = begin (f, "a.txt", 5, NULL);
  g_autofree char *secret = cv_cabinet_make_secret (f->cabinet, row->id);
  CvDocumentRow later = wanted;
  later.meeting = (char *) "mbbbbbbbbbbbb";
  put (f, row, "hel");
  cv_test_recordings_run (f->store,
                          "INSERT INTO meeting (id, room, started) VALUES ('mbbbbbbbbbbbb', 'abcdefghijkm', 2)");
  g_assert_null (resume (f, "fbbbbbbbbbbbb", secret, &later, &error));
  g_assert_error (error, CV_CABINET_ERROR, CV_CABINET_ERROR_SECRET);
  g_clear_error (&error);
  later.bytes = 6;
  g_assert_null (resume (f, row->id, secret, &later, &error));
  g_assert_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING);
  later.bytes = 5;
  /* also after a new start */
  cv_cabinet_stop (f->cabinet);
  cv_test_wait_gone (f->cabinet);
  open_cabinet (f, "");
  g_autoptr (CvDocumentRow) again = resume (f, row->id, secret, &later, NULL);
  g_assert_cmpstr (again->id, ==, row->id);
  g_assert_cmpint (cv_vault_get_offset (f->folder, "mbbbbbbbbbbbb", row->id), ==, 3);
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  g_autoptr (CvDocumentRow) old = begin (f, "old", 1, NULL);
  cv_test_recordings_run (f->store, "UPDATE document SET created = 1");
  g_autoptr (CvDocumentRow) new = begin (f, "new", 1, NULL);
  g_autoptr (CvDocumentRow) whole = begin (f, "whole", 5, NULL);
  g_autoptr (CvDocumentRow) renamed = begin (f, "renamed", 5, NULL);
  g_autoptr (CvDocumentRow) going = begin (f, "going", 1, NULL);
  put (f, whole, "hello");
  put (f, renamed, "hello");
  g_assert_true (cv_vault_keep (f->folder, MEETING, renamed->id, NULL));
  cv_test_recordings_run (f->store, "UPDATE document SET status = 'scanning' WHERE name IN ('whole', 'renamed')");
  cv_test_recordings_run (f->store, "UPDATE document SET status = 'deleting' WHERE name = 'going'");
  cv_cabinet_start (f->cabinet);
  wait_for (f, "new uploading;renamed ready;whole ready;");
  cv_test_wait_until (strlen (f->news->str) == strlen ("ready renamed;ready whole;"));
  cv_clock_advance (f->clock, CV_CABINET_KEEP_PARTS_MS + 1);
  wait_for (f, "renamed ready;whole ready;");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add ("/cabinet/life", Fixture, NULL, set_up, test_life, tear_down);
  g_test_add ("/cabinet/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/cabinet/scanned", Fixture, NULL, set_up, test_scanned, tear_down);
  g_test_add ("/cabinet/resume", Fixture, NULL, set_up, test_resume, tear_down);
  g_test_add ("/cabinet/crash", Fixture, NULL, set_up, test_crash, tear_down);
  return g_test_run ();
}
