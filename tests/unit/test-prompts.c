/* Files of prompts, good and bad, and what is there in any case. */
#include "sip/prompts.h"

#include "lib/log.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A WAV file of `n` samples. Returns: (transfer full). */
static GByteArray *
make_wav (guint channels, guint32 rate, guint bits, guint n)
{
  GByteArray *file = g_byte_array_new ();
  guint32 length = n * 2, total = 36 + length, size = 16, bytes = rate * 2;
  guint16 format[2] = { 1, (guint16) channels }, block[2] = { 2, (guint16) bits };
  g_byte_array_append (file, (const guint8 *) "RIFF", 4);
  g_byte_array_append (file, (const guint8 *) &total, 4);
  g_byte_array_append (file, (const guint8 *) "WAVEfmt ", 8);
  g_byte_array_append (file, (const guint8 *) &size, 4);
  g_byte_array_append (file, (const guint8 *) format, 4);
  g_byte_array_append (file, (const guint8 *) &rate, 4);
  g_byte_array_append (file, (const guint8 *) &bytes, 4);
  g_byte_array_append (file, (const guint8 *) block, 4);
  g_byte_array_append (file, (const guint8 *) "data", 4);
  g_byte_array_append (file, (const guint8 *) &length, 4);
  g_byte_array_set_size (file, file->len + length);
  memset (file->data + file->len - length, 0x11, length);
  return file;
}

static gsize
parse (guint channels, guint32 rate, guint bits, guint n)
{
  g_autoptr (GByteArray) file = make_wav (channels, rate, bits, n);
  g_autoptr (GBytes) samples = cv_prompts_parse (file->data, file->len);
  return samples != NULL ? g_bytes_get_size (samples) : 0;
}

static void
test_parse (void)
{
  g_assert_cmpuint (parse (1, 16000, 16, 100), ==, 200);
  g_assert_cmpuint (parse (2, 16000, 16, 100), ==, 0);
  g_assert_cmpuint (parse (1, 8000, 16, 100), ==, 0);
  g_assert_cmpuint (parse (1, 16000, 8, 100), ==, 0);
  g_assert_cmpuint (parse (1, 16000, 16, 0), ==, 0);
}

/* Whatever its end is cut off from: nothing, or fewer samples. */
static void
test_cut (void)
{
  g_autoptr (GByteArray) file = make_wav (1, 16000, 16, 10);
  for (guint n = 0; n < file->len; n++) {
    g_autofree guint8 *copy = g_memdup2 (file->data, n);
    g_autoptr (GBytes) samples = cv_prompts_parse (copy, n);
    g_assert_true (samples == NULL || g_bytes_get_size (samples) <= 20);
    g_assert_true (samples == NULL || n >= 46);
  }
  memset (file->data + 40, 0xff, 4); /* written to a pipe */
  g_autoptr (GBytes) samples = cv_prompts_parse (file->data, file->len);
  g_assert_cmpuint (g_bytes_get_size (samples), ==, 20);
}

static void
test_folder (void)
{
  g_autofree char *folder = g_dir_make_tmp ("conclave-prompts-XXXXXX", NULL);
  g_autofree char *own = g_build_filename (folder, "en", NULL), *good = g_build_filename (own, "welcome.wav", NULL),
                  *bad = g_build_filename (own, "joined.wav", NULL),
                  *linked = g_build_filename (own, "lobby.wav", NULL);
  g_autoptr (GByteArray) file = make_wav (1, 16000, 16, 10);
  g_assert_cmpint (g_mkdir (own, 0700), ==, 0);
  g_assert_true (g_file_set_contents (good, (const char *) file->data, file->len, NULL));
  g_assert_true (g_file_set_contents (bad, "no sound", -1, NULL));
  g_assert_cmpint (symlink ("welcome.wav", linked), ==, 0);
  int fd = open (folder, O_RDONLY | O_DIRECTORY);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*en/*.wav is missing*");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "*prompts are missing*");
  g_autoptr (CvPrompts) prompts = cv_prompts_new (fd, "en");
  cv_test_log_assert_all ();
  close (fd);
  g_assert_cmpuint (g_bytes_get_size (cv_prompts_get (prompts, "welcome")), ==, 20);
  GBytes *silence = cv_prompts_get (prompts, "nothing");
  g_assert_cmpuint (g_bytes_get_size (silence), ==, CV_PROMPTS_RATE * 2);
  g_assert_true (cv_prompts_get (prompts, "joined") == silence);
  g_assert_true (cv_prompts_get (prompts, "lobby") == silence);
  g_assert_true (cv_prompts_get (prompts, "tone-entry") != cv_prompts_get (prompts, "tone-exit"));
  g_unlink (good);
  g_unlink (bad);
  g_unlink (linked);
  g_rmdir (own);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  g_test_add_func ("/prompts/parse", test_parse);
  g_test_add_func ("/prompts/cut", test_cut);
  g_test_add_func ("/prompts/folder", test_folder);
  return g_test_run ();
}
