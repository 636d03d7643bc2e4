/* See template.h. */
#include "pipeline/template.h"

#include "cv-build.h"

#include <gio/gio.h>

#include <string.h>

/* of a file */
#define MAX_BYTES 16384
#define ENDING ".launch"
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

struct _CvTemplate {
  char *path;
  char *text; /* without comments */
};

G_DEFINE_QUARK (cv_template_error, cv_template_error)

static gboolean
runs_from_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  return program != NULL && g_str_has_prefix (program, CV_BUILD_DIR "/");
}

static char *
find (const char *const *folders, const char *name, GError **error)
{
  if (*name != '\0' && strspn (name, NAME_LETTERS) == strlen (name))
    for (; *folders != NULL; folders++) {
      g_autofree char *path = g_strdup_printf ("%s/%s" ENDING, *folders, name);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  g_set_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_NOT_FOUND, "there is no pipeline named “%s”", name);
  return NULL;
}

/* Bounded, whatever it is that stands at the path. Returns: (transfer full). */
static char *
read_file (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &reason);
  g_autofree char *text = g_malloc0 (MAX_BYTES + 2);
  gsize n = 0;
  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_BYTES + 1, &n, NULL, &reason)) {
    g_set_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_UNREADABLE, "%s: %s", path, reason->message);
    return NULL;
  }
  if (n > MAX_BYTES || strlen (text) != n || !g_utf8_validate (text, (gssize) n, NULL)) {
    g_set_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_TOO_LONG, "%s: not a text of at most %d bytes", path,
                 MAX_BYTES);
    return NULL;
  }
  return g_steal_pointer (&text);
}

/* GStreamer's parser knows no comments. */
static char *
strip_comments (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *stripped = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '#')
      g_string_append_printf (stripped, "%s ", lines[i]);
  return g_string_free (stripped, FALSE);
}

/* Reads "name=number}" at *at and goes behind it. */
static gboolean
substitute (const char **at, const CvTemplateNumber *numbers, guint n, GString *out)
{
  const char *name = *at;
  gsize length = strspn (name, NAME_LETTERS);
  char *end = NULL;
  if (length == 0 || name[length] != '=')
    return FALSE;
  const char *digits = name + length + 1;
  if (!g_ascii_isdigit (*digits) && *digits != '-')
    return FALSE;
  gint64 value = g_ascii_strtoll (digits, &end, 10);
  if (end == digits || *end != '}')
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (strlen (numbers[i].name) == length && strncmp (numbers[i].name, name, length) == 0)
      value = numbers[i].value;
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
  *at = end + 1;
  return TRUE;
}

static char *
fill_in (CvTemplate *self, const CvTemplateNumber *numbers, guint n, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *at = self->text; *at != '\0';) {
    if (*at != '$') {
      g_string_append_c (out, *at++);
      continue;
    }
    const char *place = at;
    at += 2;
    if (place[1] != '{' || !substitute (&at, numbers, n, out)) {
      g_set_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_PLACEHOLDER, "%s: not a “${name=number}”: %.20s",
                   self->path, place);
      return NULL;
    }
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* Makes that pad of the element of that name the bin's own. */
static void
open_end (GstBin *bin, const char *element, const char *pad)
{
  g_autoptr (GstElement) end = gst_bin_get_by_name (bin, element);
  g_autoptr (GstPad) target = end != NULL ? gst_element_get_static_pad (end, pad) : NULL;
  if (target != NULL)
    gst_element_add_pad (GST_ELEMENT (bin), gst_ghost_pad_new (pad, target));
}

GstElement *
cv_template_make (CvTemplate *self, const CvTemplateNumber *numbers, guint n, GError **error)
{
  g_autofree char *text = fill_in (self, numbers, n, error);
  g_autoptr (GError) reason = NULL;
  if (text == NULL)
    return NULL;
  GstElement *bin = gst_parse_bin_from_description_full (text, FALSE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &reason);
  if (bin == NULL || reason != NULL) {
    if (bin != NULL)
      gst_object_unref (gst_object_ref_sink (bin));
    g_set_error (error, CV_TEMPLATE_ERROR, CV_TEMPLATE_ERROR_PARSE, "%s: %s", self->path,
                 reason != NULL ? reason->message : "no pipeline");
    return NULL;
  }
  open_end (GST_BIN (bin), "in", "sink");
  open_end (GST_BIN (bin), "out", "src");
  return bin;
}

CvTemplate *
cv_template_load_from (const char *const *folders, const char *name, GError **error)
{
  g_autofree char *path = find (folders, name, error);
  g_autofree char *text = path != NULL ? read_file (path, error) : NULL;
  if (text == NULL)
    return NULL;
  g_autoptr (CvTemplate) self = g_new0 (CvTemplate, 1);
  self->path = g_steal_pointer (&path);
  self->text = strip_comments (text);
  GstElement *trial = cv_template_make (self, NULL, 0, error);
  if (trial == NULL)
    return NULL;
  gst_object_unref (gst_object_ref_sink (trial));
  return g_steal_pointer (&self);
}

/* The last one has all that there are. */
static const char *const *
find_folders (void)
{
  static const char *const installed[] = { CV_SYSCONF_DIR "/pipelines", CV_DATA_DIR "/pipelines", NULL };
  static const char *const source[] = { CV_SOURCE_DIR "/pipelines", NULL };
  return runs_from_build_tree () ? source : installed;
}

CvTemplate *
cv_template_load (const char *name, GError **error)
{
  return cv_template_load_from (find_folders (), name, error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
cv_template_list (void)
{
  const char *const *folders = find_folders ();
  g_autoptr (GDir) folder = g_dir_open (folders[g_strv_length ((char **) folders) - 1], 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *file;

  while (folder != NULL && (file = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (file, ENDING))
      g_ptr_array_add (names, g_strndup (file, strlen (file) - strlen (ENDING)));
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

void
cv_template_free (CvTemplate *self)
{
  g_free (self->path);
  g_free (self->text);
  g_free (self);
}
