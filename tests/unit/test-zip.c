/* The frame of an archive: its arithmetic, names, and what another program reads of it. */
#include "signalling/zip.h"

#include "lib/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define GIB (G_GUINT64_CONSTANT (1) << 30)

/* Prints each file as another program finds it, and whether its head is where the directory says. */
static const char *const reader = "import sys, zipfile\n"
                                  "with zipfile.ZipFile(sys.argv[1]) as z:\n"
                                  "  for f in z.infolist():\n"
                                  "    print(f.filename, f.file_size, f.compress_size, f'{f.CRC:08x}', "
                                  "'-'.join(map(str, f.date_time)), f.external_attr >> 16 == 0o100644)\n"
                                  "    z.open(f).close()\n";

static void
put (int fd, GBytes *bytes)
{
  gsize n = 0;
  const void *data = g_bytes_get_data (bytes, &n);
  g_assert_cmpint (write (fd, data, n), ==, (gssize) n);
  g_bytes_unref (bytes);
}

/* The archive with holes in place of its files; python's words about it. Returns: (transfer full). */
static char *
read_by_python (CvZip *zip, const guint64 *sizes)
{
  char *folder = cv_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.zip", NULL);
  g_autofree char *out = NULL;
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  for (guint i = 0; i < cv_zip_get_n_files (zip); i++) {
    put (fd, cv_zip_get_head (zip, i));
    g_assert_cmpint (lseek (fd, (off_t) sizes[i], SEEK_CUR), >, 0);
    put (fd, cv_zip_get_tail (zip, i, 0xfedcba00 + i));
  }
  put (fd, cv_zip_get_end (zip));
  g_assert_cmpuint ((guint64) lseek (fd, 0, SEEK_CUR), ==, cv_zip_get_size (zip));
  close (fd);
  const char *argv[] = { "python3", "-c", reader, path, NULL };
  int status = 0;
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  cv_test_folder_free (folder);
  return g_steal_pointer (&out);
}

static void
test_small (void)
{
  g_autoptr (CvZip) zip = cv_zip_new ();
  static const guint64 sizes[] = { 0, 7, 100000 };
  cv_zip_add (zip, "a.mp4", 0, 1790000001);
  cv_zip_add (zip, "Zoë – Kamera 😀.mkv", 7, 0);
  cv_zip_add (zip, "c", 100000, G_MAXINT64);
  g_autofree char *text = read_by_python (zip, sizes);
  g_assert_cmpstr (text, ==,
                   "a.mp4 0 0 fedcba00 2026-9-21-14-13-20 True\n"
                   "Zoë – Kamera 😀.mkv 7 7 fedcba01 1980-1-1-0-0-0 True\n"
                   "c 100000 100000 fedcba02 1980-1-1-0-0-0 True\n");
}

/* Around the sizes and positions that 32 bits hold. */
static void
test_large (void)
{
  static const guint64 sizes[] = { 1, 4 * GIB - 2, 4 * GIB - 1, 3, 4 * GIB, 9 * GIB, 5 };
  g_autoptr (CvZip) zip = cv_zip_new ();
  g_autoptr (GString) expected = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *name = g_strdup_printf ("%u", i);
    cv_zip_add (zip, name, sizes[i], 0);
    g_string_append_printf (expected, "%u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " fedcba%02x 1980-1-1-0-0-0 True\n",
                            i, sizes[i], sizes[i], i);
  }
  g_autofree char *text = read_by_python (zip, sizes);
  g_assert_cmpstr (text, ==, expected->str);
}

/* As few bytes as the format needs, so that old programs can read what is small. */
static void
test_sizes (void)
{
  g_autoptr (CvZip) zip = cv_zip_new ();
  g_assert_cmpuint (cv_zip_get_size (zip), ==, 22);
  cv_zip_add (zip, "abc", 1000, 0);
  g_assert_cmpuint (cv_zip_get_size (zip), ==, 33 + 1000 + 16 + 49 + 22);
  g_autoptr (GBytes) head = cv_zip_get_head (zip, 0), tail = cv_zip_get_tail (zip, 0, 0x04030201),
                     end = cv_zip_get_end (zip);
  g_assert_cmpuint (g_bytes_get_size (head), ==, 33);
  g_assert_cmpmem (g_bytes_get_data (tail, NULL), g_bytes_get_size (tail), "PK\7\10\1\2\3\4\350\3\0\0\350\3\0\0", 16);
  g_assert_cmpuint (g_bytes_get_size (end), ==, 49 + 22);
  cv_zip_add (zip, "abcd", 4 * GIB - 1, 0);
  g_assert_cmpuint (cv_zip_get_size (zip), ==, 33 + 1000 + 16 + 34 + 20 + 4 * GIB - 1 + 24 + 49 + 50 + 20 + 22 + 76);
}

/* The count of the old end is full then, and the new one counts. */
static void
test_many (void)
{
  g_autoptr (CvZip) zip = cv_zip_new ();
  for (guint i = 0; i < 65535; i++) {
    g_autofree char *name = g_strdup_printf ("%u", 10000 + i);
    if (i == 65534)
      g_assert_cmpuint (cv_zip_get_size (zip), ==, 65534 * (30 + 5 + 16 + 46 + 5) + 22);
    cv_zip_add (zip, name, 0, 0);
  }
  g_autoptr (GBytes) end = cv_zip_get_end (zip);
  gsize n = 0;
  const guint8 *bytes = g_bytes_get_data (end, &n);
  g_assert_cmpuint (n, ==, 65535 * (46 + 5) + 76 + 22);
  g_assert_cmpuint (cv_zip_get_size (zip), ==, 65535 * (30 + 5 + 16 + 46 + 5) + 76 + 22);
  g_assert_cmpmem (bytes + n - 98, 4, "PK\6\6", 4);
  g_assert_cmpmem (bytes + n - 98 + 24, 8, "\377\377\0\0\0\0\0\0", 8);
  g_assert_cmpmem (bytes + n - 22, 12, "PK\5\6\0\0\0\0\377\377\377\377", 12);
}

static void
test_names (void)
{
  static const char *const names[][2] = {
    { "../../etc/passwd", "_.._.._etc_passwd" },
    { "tracks/a.mkv", "tracks_a.mkv" },
    { "a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i" },
    { "a\nb\tc\033[1m", "a_b_c_[1m" },
    { "a\u202egpj.exe", "a_gpj.exe" },
    { "\xff\xfe", "\ufffd\ufffd" },
    { "", "_" },
    { ".", "_-2" },
    { "...", "_-3" },
    { ".hidden", "_.hidden" },
    { "  a. . ", "a" },
    { "x.mp4", "x.mp4" },
    { "X.MP4", "X-2.MP4" },
    { "x-2.mp4", "x-2-2.mp4" },
    { "x.mp4", "x-3.mp4" },
  };
  g_autoptr (CvZip) zip = cv_zip_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    cv_zip_add (zip, names[i][0], 0, 0);
    g_assert_cmpstr (cv_zip_get_name (zip, i), ==, names[i][1]);
  }
  g_autofree char *endless = g_strnfill (100000, 'x');
  g_autofree char *wide = g_strdup ("");
  for (guint i = 0; i < 12; i++) {
    char *twice = g_strconcat (wide, wide, "😀", NULL);
    g_free (wide);
    wide = twice;
  }
  cv_zip_add (zip, endless, 0, 0);
  cv_zip_add (zip, wide, 0, 0);
  for (guint i = G_N_ELEMENTS (names); i < cv_zip_get_n_files (zip); i++) {
    g_assert_true (g_utf8_validate (cv_zip_get_name (zip, i), -1, NULL));
    g_assert_cmpuint (strlen (cv_zip_get_name (zip, i)), <=, 200);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip/small", test_small);
  g_test_add_func ("/zip/large", test_large);
  g_test_add_func ("/zip/sizes", test_sizes);
  g_test_add_func ("/zip/many", test_many);
  g_test_add_func ("/zip/names", test_names);
  return g_test_run ();
}
