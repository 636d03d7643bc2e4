/* The web client as files: what counts, what it hashes to, and what is made of it. */
#include "base/web-client.h"

#include "lib/folder.h"

#include <string.h>

typedef struct {
  char *folder;
  char *web;
  char *po;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->web = g_build_filename (f->folder, "web", NULL);
  f->po = g_build_filename (f->folder, "po", NULL);
  cv_test_folder_write (f->folder, "web/index.html",
                        "{{importmap}}{{preloads}}<meta content=\"{{embedders}}\"><script src=\"{{base}}/main.js\">");
  cv_test_folder_write (f->folder, "web/main.js", "1");
  cv_test_folder_write (f->folder, "web/embed/e.js", "2");
  cv_test_folder_write (f->folder, "web/README.md", "not served");
  cv_test_folder_write (f->folder, "web/.git/x.js", "not served");
  cv_test_folder_write (f->folder, "po/de.json", "{}");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_folder_free (f->folder);
  g_free (f->web);
  g_free (f->po);
}

static GHashTable *
read_all (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  GHashTable *files = cv_web_client_read (f->web, f->po, &error);
  g_assert_no_error (error);
  return files;
}

static void
test_list (Fixture *f, gconstpointer data)
{
  g_autoptr (GHashTable) files = read_all (f);
  g_autofree char *list = cv_web_client_list (files);
  g_auto (GStrv) lines = g_strsplit (list, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  /* what sha256sum says of "2", "1" and "{}" */
  g_assert_cmpstr (lines[0], ==, "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35  embed/e.js");
  g_assert_true (g_str_has_suffix (lines[1], "  index.html"));
  g_assert_cmpstr (lines[2], ==, "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  main.js");
  g_assert_cmpstr (lines[3], ==, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  po/de.json");
  g_assert_cmpstr (lines[4], ==, "");
}

static void
test_hash (Fixture *f, gconstpointer data)
{
  g_autoptr (GHashTable) files = read_all (f);
  g_autofree char *first = cv_web_client_hash (files);
  g_autofree char *base = cv_web_client_base (first);
  g_assert_cmpuint (strlen (first), ==, 64);
  g_assert_cmpuint (strlen (base), ==, 23);
  g_assert_true (g_str_has_prefix (first, base + 3));
  cv_test_folder_write (f->folder, "web/README.md", "still not served");
  g_autoptr (GHashTable) same = read_all (f);
  g_autofree char *second = cv_web_client_hash (same);
  g_assert_cmpstr (first, ==, second);
  cv_test_folder_write (f->folder, "web/main.js", "3");
  g_autoptr (GHashTable) other = read_all (f);
  g_autofree char *third = cv_web_client_hash (other);
  g_assert_cmpstr (first, !=, third);
}

static void
test_page (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) files = read_all (f);
  g_autofree char *page = cv_web_client_make_page (files, "/w/h", "https://a", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (
    page, ==,
    "<script type=\"importmap\">{\"imports\":{\"lit-html\":\"/w/h/vendor/lit-html/lit-html.js\",\"lit-html/\":"
    "\"/w/h/vendor/lit-html/\"}}</script><link rel=\"modulepreload\" href=\"/w/h/main.js\">\n"
    "<meta content=\"https://a\"><script src=\"/w/h/main.js\">");
  g_hash_table_remove (files, "index.html");
  g_assert_null (cv_web_client_make_page (files, "/w/h", "", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_limits (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *large = g_strnfill (4 * 1024 * 1024 + 1, 'x');
  cv_test_folder_write (f->folder, "web/large.js", large);
  g_assert_null (cv_web_client_read (f->web, f->po, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_null (cv_web_client_read ("/nowhere", f->po, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/web-client/list", test_list);
  ADD ("/web-client/hash", test_hash);
  ADD ("/web-client/page", test_page);
  ADD ("/web-client/limits", test_limits);
  return g_test_run ();
}
