/* Every template parses; numbers are filled in and nothing else is; what is wrong is refused. */
#include "pipeline/template.h"

#include "media/mixer.h"

#include "cv-build.h"

#include <glib/gstdio.h>

#include <string.h>

static void
test_all (void)
{
  g_autoptr (GDir) folder = g_dir_open (CV_SOURCE_DIR "/pipelines", 0, NULL);
  guint n = 0;
  for (const char *file = g_dir_read_name (folder); file != NULL; file = g_dir_read_name (folder)) {
    g_autoptr (GError) error = NULL;
    if (!g_str_has_suffix (file, ".launch"))
      continue;
    g_autofree char *name = g_strndup (file, strlen (file) - strlen (".launch"));
    g_autoptr (CvTemplate) template = cv_template_load (name, &error);
    g_assert_no_error (error);
    g_assert_nonnull (template);
    n++;
  }
  g_assert_cmpuint (n, >=, 2);
}

static void
test_list (void)
{
  g_auto (GStrv) names = cv_template_list ();

  g_assert_cmpuint (g_strv_length (names), >=, 2);
  g_assert_true (g_strv_contains ((const char *const *) names, "mix-in"));
  g_assert_false (g_strv_contains ((const char *const *) names, "README.md"));
  for (char **name = names; name[1] != NULL; name++)
    g_assert_cmpstr (name[0], <, name[1]);
}

static void
test_numbers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTemplate) template = cv_template_load ("mix-in", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++) {
    guint latency = 0;
    const CvTemplateNumber numbers[] = { { "latency", 123 }, { "unknown", 1 } };
    GstElement *made = cv_template_make (template, i == 0 ? NULL : numbers, i == 0 ? 0 : 2, &error);
    g_assert_no_error (error);
    g_autoptr (GstElement) bin = gst_object_ref_sink (made);
    g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (bin), "in");
    g_autoptr (GstPad) sink = gst_element_get_static_pad (bin, "sink");
    g_autoptr (GstPad) src = gst_element_get_static_pad (bin, "src");
    g_assert_nonnull (sink);
    g_assert_nonnull (src);
    g_object_get (in, "latency", &latency, NULL);
    g_assert_cmpuint (latency, ==, i == 0 ? 60 : 123);
  }
}

typedef struct {
  char *own;
  char *shipped;
  const char *folders[3];
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folders[0] = self->own = g_dir_make_tmp ("conclave-test-XXXXXX", NULL);
  self->folders[1] = self->shipped = g_dir_make_tmp ("conclave-test-XXXXXX", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  for (guint i = 0; i < 2; i++) {
    g_autofree char *file = g_build_filename (self->folders[i], "x.launch", NULL);
    g_unlink (file);
    g_assert_cmpint (g_rmdir (self->folders[i]), ==, 0);
  }
  g_free (self->own);
  g_free (self->shipped);
}

static void
write_template (const char *folder, const char *text)
{
  g_autofree char *file = g_build_filename (folder, "x.launch", NULL);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

static void
test_override (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 2; i++) {
    write_template (self->folders[1 - i], i == 0 ? "identity name=in" : "# mine\n  # more\nqueue\nname=in");
    g_autoptr (CvTemplate) template = cv_template_load_from (self->folders, "x", &error);
    g_assert_no_error (error);
    g_autoptr (GstElement) bin = gst_object_ref_sink (cv_template_make (template, NULL, 0, &error));
    g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (bin), "in");
    g_assert_cmpstr (GST_OBJECT_NAME (gst_element_get_factory (in)), ==, i == 0 ? "identity" : "queue");
  }
}

static void
test_refused (Fixture *self, gconstpointer unused)
{
  static const struct {
    const char *text;
    CvTemplateError code;
  } cases[] = {
    { "", CV_TEMPLATE_ERROR_PARSE },
    { "# nothing\n", CV_TEMPLATE_ERROR_PARSE },
    { "nosuchelement name=in", CV_TEMPLATE_ERROR_PARSE },
    { "queue ! nosuchelement ! queue", CV_TEMPLATE_ERROR_PARSE },
    { "queue nosuchproperty=1", CV_TEMPLATE_ERROR_PARSE },
    { "queue ! audio/x-raw", CV_TEMPLATE_ERROR_PARSE },
    { "queue max-size-buffers=${n}", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue max-size-buffers=${n=}", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue max-size-buffers=${n=1", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue max-size-buffers=${n=x}", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue max-size-buffers=${=1}", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue max-size-buffers=$", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue max-size-buffers=$n", CV_TEMPLATE_ERROR_PLACEHOLDER },
    { "queue name=\xff", CV_TEMPLATE_ERROR_TOO_LONG },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *shown = g_strescape (cases[i].text, NULL);
    write_template (self->own, cases[i].text);
    g_test_message ("%s", shown);
    g_assert_null (cv_template_load_from (self->folders, "x", &error));
    g_assert_error (error, CV_TEMPLATE_ERROR, (gint) cases[i].code);
  }
  g_autoptr (GError) error = NULL;
  g_autofree char *endless = g_strnfill (16385, ' ');
  write_template (self->own, endless);
  g_assert_null (cv_template_load_from (self->folders, "x", &error));
  g_assert_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_TOO_LONG);
}

static void
test_names (Fixture *self, gconstpointer unused)
{
  static const char *const names[] = { "", "y", "../x", "x.launch", "X" };
  write_template (self->own, "queue");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (cv_template_load_from (self->folders, names[i], &error));
    g_assert_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_NOT_FOUND);
  }
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_build_filename (self->own, "x.launch", NULL);
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_mkdir (file, 0700), ==, 0);
  g_assert_null (cv_template_load_from (self->folders, "x", &error));
  g_assert_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_UNREADABLE);
  g_assert_cmpint (g_rmdir (file), ==, 0);
}

#define TEST(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  cv_mixer_register ();
  g_test_add_func ("/template/all", test_all);
  g_test_add_func ("/template/list", test_list);
  g_test_add_func ("/template/numbers", test_numbers);
  TEST ("/template/override", test_override);
  TEST ("/template/refused", test_refused);
  TEST ("/template/names", test_names);
  return g_test_run ();
}
