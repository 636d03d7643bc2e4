/* Everything is in it, once. */
#include "render/manifest.h"

#include "lib/desk.h"
#include "lib/folder.h"
#include "render/repair.h"

#include <gst/gst.h>
#include <string.h>

static guint
count (const char *text, const char *part)
{
  guint n = 0;
  while ((text = strstr (text, part)) != NULL) {
    text += strlen (part);
    n++;
  }
  return n;
}

static void
make (gboolean repaired)
{
  g_autoptr (CvTestDesk) test = cv_test_desk_new (TRUE);
  g_autoptr (GError) error = NULL;
  if (repaired)
    g_assert_true (cv_repair_deliver (&test->desk, &error));
  g_assert_true (cv_desk_put (&test->desk, "chapters.vtt", "chapters", "abc", 3, &error));
  g_assert_true (cv_manifest_make (&test->desk, &error));
  g_autofree char *text = cv_test_folder_read (test->folder, "files/manifest.json");
  g_assert_cmpuint (count (text, "\"sha256\":"), ==, 4);
  g_assert_cmpuint (count (text, "\"name\":\"events.jsonl\""), ==, 1);
  g_assert_cmpuint (count (text, "\"name\":\"tracks/001-" CV_TEST_ANNA "-camera-1.mkv\""), ==, 1);
  g_assert_cmpuint (count (text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), ==, 1);
}

static void
test_manifest (void)
{
  make (FALSE);
  make (TRUE);
}

int
main (int argc, char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/manifest/manifest", test_manifest);
  return g_test_run ();
}
