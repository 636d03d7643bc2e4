/* The index goes to the front, offsets follow it, chapters are inside; what is broken is refused. */
#define _GNU_SOURCE
#include "render/mp4.h"

#include "lib/folder.h"
#include "render/programme.h"

#include <string.h>

/* ftyp, mdat with "data", moov with a trak whose stco points to it. */
static const guint8 file[] = {
  0,   0,   0,   12,  'f', 't', 'y', 'p', 'i', 's', 'o', 'm', 0,   0,   0,  12,  'm', 'd', 'a', 't', 'd',
  'a', 't', 'a', 0,   0,   0,   60,  'm', 'o', 'o', 'v', 0,   0,   0,   52, 't', 'r', 'a', 'k', 0,   0,
  0,   44,  'm', 'd', 'i', 'a', 0,   0,   0,   36,  'm', 'i', 'n', 'f', 0,  0,   0,   28,  's', 't', 'b',
  'l', 0,   0,   0,   20,  's', 't', 'c', 'o', 0,   0,   0,   0,   0,   0,  0,   1,   0,   0,   0,   20,
};

static GArray *
make_chapters (guint n)
{
  GArray *chapters = g_array_new (FALSE, FALSE, sizeof (CvChapter));
  for (guint i = 0; i < n; i++) {
    CvChapter chapter = { i * G_USEC_PER_SEC, g_strnfill (300, 'x') };
    memcpy (chapter.title, "Ünter", strlen ("Ünter"));
    g_array_append_val (chapters, chapter);
  }
  return chapters;
}

static void
clear (GArray *chapters)
{
  for (guint i = 0; i < chapters->len; i++)
    g_free (g_array_index (chapters, CvChapter, i).title);
  g_array_unref (chapters);
}

/* Returns: (transfer full), NULL where it was refused. */
static guint8 *
finish (const guint8 *bytes, gsize n, guint n_chapters, gsize *n_out)
{
  char *folder = cv_test_folder_new (), *out = NULL;
  g_autofree char *from = g_build_filename (folder, "a.mp4", NULL), *to = g_build_filename (folder, "b.mp4", NULL);
  GArray *chapters = make_chapters (n_chapters);
  g_assert_true (g_file_set_contents (from, (const char *) bytes, (gssize) n, NULL));
  if (cv_mp4_finish (from, to, chapters, NULL))
    g_assert_true (g_file_get_contents (to, &out, n_out, NULL));
  clear (chapters);
  cv_test_folder_free (folder);
  return (guint8 *) out;
}

static void
test_front (void)
{
  gsize n = 0;
  g_autofree guint8 *out = finish (file, sizeof file, 0, &n);
  g_assert_cmpuint (n, ==, sizeof file);
  g_assert_cmpmem (out + 12 + 4, 4, "moov", 4);
  guint offset = out[12 + 59] | (guint) out[12 + 58] << 8;
  g_assert_cmpuint (offset, ==, 20 + 60);
  g_assert_cmpmem (out + offset, 4, "data", 4);
}

static void
test_chapters (void)
{
  gsize n = 0;
  g_autofree guint8 *out = finish (file, sizeof file, 2, &n);
  const guint8 *list = memmem (out, n, "chpl", 4);
  g_assert_nonnull (list);
  g_assert_cmpuint (list[4], ==, 1);
  g_assert_cmpuint (list[12], ==, 2);
  g_assert_cmpuint (list[21], ==, 255); /* the title's length, cut between characters */
  guint offset = out[12 + 59] | (guint) out[12 + 58] << 8;
  g_assert_cmpmem (out + offset, 4, "data", 4);
  guint size = (guint) out[14] << 8 | out[15];
  g_assert_cmpmem (out + 12 + size + 4, 4, "mdat", 4);
}

static void
test_broken (void)
{
  gsize n = 0;
  for (gsize cut = 0; cut < sizeof file - 20; cut++) {
    g_autofree guint8 *out = finish (file, cut, 1, &n);
    g_assert_null (out);
  }
  g_autofree guint8 *bytes = g_memdup2 (file, sizeof file);
  bytes[sizeof file - 5] = 200; /* more offsets than there are: nothing is moved */
  g_autofree guint8 *out = finish (bytes, sizeof file, 0, &n);
  g_assert_cmpmem (out, n, bytes, sizeof file);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mp4/front", test_front);
  g_test_add_func ("/mp4/chapters", test_chapters);
  g_test_add_func ("/mp4/broken", test_broken);
  return g_test_run ();
}
