/* Files that are shown, written once, and never lost. */
#include "setup/changes.h"

#include "lib/folder.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *root;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = cv_test_folder_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_folder_free (f->root);
}

static CvChanges *
make (Fixture *f, const char *content)
{
  CvChanges *changes = cv_changes_new (f->root);

  cv_changes_add (changes, "/etc/a/secret", "s3cret", 0600, NULL, "s3cret");
  cv_changes_add (changes, "/etc/b.conf", content, 0640, "no-such-group", "s3cret");
  cv_changes_add_link (changes, "/etc/c/link", "../b.conf");
  return changes;
}

static void
apply (Fixture *f, const char *content)
{
  g_autoptr (CvChanges) changes = make (f, content);
  g_autoptr (GError) error = NULL;

  g_assert_true (cv_changes_apply (changes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (cv_changes_count (changes), ==, 0);
}

static void
assert_has (Fixture *f, const char *name, const char *expected)
{
  g_autofree char *text = cv_test_folder_read (f->root, name);

  g_assert_cmpstr (text, ==, expected);
}

static gboolean
is_there (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->root, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_new (Fixture *f, gconstpointer data)
{
  g_autofree char *link = g_build_filename (f->root, "etc/c/link", NULL);
  g_autofree char *target = NULL;

  apply (f, "one\n");
  assert_has (f, "etc/a/secret", "s3cret");
  assert_has (f, "etc/b.conf", "one\n");
  target = g_file_read_link (link, NULL);
  g_assert_cmpstr (target, ==, "../b.conf");
  g_assert_cmpuint (cv_test_folder_mode (f->root, "etc/a/secret"), ==, 0600);
  g_assert_cmpuint (cv_test_folder_mode (f->root, "etc/a"), ==, 0700);
  g_assert_cmpuint (cv_test_folder_mode (f->root, "etc/b.conf"), ==, 0640);
  /* once more: nothing to do, nothing kept */
  apply (f, "one\n");
  g_assert_false (is_there (f, "etc/b.conf" CV_CHANGES_KEPT));
  g_assert_false (is_there (f, "etc/b.conf.part"));
}

static void
test_replaced (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->root, "etc/b.conf", NULL);

  cv_test_folder_write (f->root, "etc/b.conf", "mine\n");
  g_assert_cmpint (g_chmod (path, 0604), ==, 0);
  apply (f, "one\n");
  assert_has (f, "etc/b.conf", "one\n");
  assert_has (f, "etc/b.conf" CV_CHANGES_KEPT, "mine\n");
  g_assert_cmpuint (cv_test_folder_mode (f->root, "etc/b.conf"), ==, 0604);
}

/* Nothing at all is written where something would be lost. */
static void
assert_refused (Fixture *f, const char *words)
{
  g_autoptr (CvChanges) changes = make (f, "three\n");
  g_autoptr (GError) error = NULL;

  g_assert_false (cv_changes_apply (changes, &error));
  g_assert_error (error, CV_CHANGES_ERROR, CV_CHANGES_ERROR_IN_THE_WAY);
  if (strstr (error->message, words) == NULL)
    g_assert_cmpstr (error->message, ==, words);
  g_assert_false (is_there (f, "etc/a/secret"));
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->root, "etc/b.conf", NULL);
  g_autofree char *link = g_build_filename (f->root, "etc/c/link", NULL);

  cv_test_folder_write (f->root, "etc/b.conf", "mine\n");
  cv_test_folder_write (f->root, "etc/b.conf" CV_CHANGES_KEPT, "mine before\n");
  assert_refused (f, "/etc/b.conf was changed since");
  assert_has (f, "etc/b.conf", "mine\n");
  assert_has (f, "etc/b.conf" CV_CHANGES_KEPT, "mine before\n");
  g_unlink (path);
  cv_test_folder_write (f->root, "etc/b.conf/x", "a folder");
  assert_refused (f, "is no plain file");
  cv_test_folder_write (f->root, "etc/c/link", "a file");
  assert_refused (f, "is");
  assert_has (f, "etc/c/link", "a file");
  g_unlink (link);
}

static void
test_leads_elsewhere (Fixture *f, gconstpointer data)
{
  cv_test_folder_write (f->root, "etc/c/link", "a file");
  assert_refused (f, "/etc/c/link is there and leads elsewhere");
}

static void
test_shown (Fixture *f, gconstpointer data)
{
  g_autoptr (CvChanges) changes = make (f, "one\nkey=s3cret\n");
  g_autofree char *fresh = NULL, *changed = NULL, *same = NULL;

  fresh = cv_changes_show (changes);
  g_assert_cmpstr (
    fresh, ==,
    "new     /etc/a/secret\nnew     /etc/b.conf\n--- /etc/b.conf\n+++ /etc/b.conf\n@@ -0,0 +1,2 @@\n+one\n"
    "+key=(not shown)\nnew     /etc/c/link → ../b.conf\n");
  cv_test_folder_write (f->root, "etc/b.conf", "one\nkey=mine\n");
  changed = cv_changes_show (changes);
  g_assert_nonnull (strstr (changed, "change  /etc/b.conf\n--- /etc/b.conf\n+++ /etc/b.conf\n@@ -1,2 +1,2 @@\n one\n"
                                     "-key=mine\n+key=(not shown)\n"));
  g_assert_null (strstr (changed, "s3cret"));
  cv_test_folder_write (f->root, "etc/b.conf", "one\nkey=s3cret\n");
  same = cv_changes_show (changes);
  g_assert_nonnull (strstr (same, "same    /etc/b.conf\nnew     /etc/c/link"));
  g_assert_cmpuint (cv_changes_count (changes), ==, 2);
}

static void
test_read (Fixture *f, gconstpointer data)
{
  g_autoptr (CvChanges) changes = cv_changes_new (f->root);
  g_autofree char *none = cv_changes_read (changes, "/etc/x");
  g_autofree char *text = NULL;

  cv_test_folder_write (f->root, "etc/x", "there");
  text = cv_changes_read (changes, "/etc/x");
  g_assert_null (none);
  g_assert_cmpstr (text, ==, "there");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/changes/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("new", test_new);
  ADD ("replaced", test_replaced);
  ADD ("refused", test_refused);
  ADD ("leads-elsewhere", test_leads_elsewhere);
  ADD ("shown", test_shown);
  ADD ("read", test_read);
  return g_test_run ();
}
