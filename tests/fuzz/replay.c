/* Stands in for libFuzzer where that is not there: gives each file of the folders named to the target, once. */
#include <gio/gio.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

int
main (int argc, char **argv)
{
  guint count = 0;
  for (int i = 1; i < argc; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GDir) folder = g_dir_open (argv[i], 0, &error);
    if (folder == NULL)
      g_error ("%s", error->message);
    for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder)) {
      g_autofree char *path = g_build_filename (argv[i], name, NULL);
      g_autofree char *text = NULL;
      gsize length = 0;
      if (!g_file_get_contents (path, &text, &length, &error))
        g_error ("%s", error->message);
      /* a copy of just that length, so that reading beyond it is seen */
      g_autofree guint8 *data = g_memdup2 (text, length);
      LLVMFuzzerTestOneInput (data, length);
      count++;
    }
  }
  g_print ("%u files\n", count);
  return count > 0 ? 0 : 1;
}
