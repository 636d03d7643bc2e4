/* See programme.h. */
#include "lib/programme.h"

#include "lib/film-words.h"
#include "lib/folder.h"
#include "lib/footage.h"

#include <string.h>

CvProgramme *
cv_test_programme (const char *text, const char *const *names)
{
  const CvTestPictures pictures = { .colour = 0xc83232, .seconds = 2, .width = 160, .height = 90, .fps = 10 };
  const CvTestSound sound = { .hertz = 440, .seconds = 2 };
  char *folder = cv_test_folder_new ();
  g_autofree char *red = g_build_filename (folder, "red.mkv", NULL),
                  *tone = g_build_filename (folder, "tone.mkv", NULL);
  g_autoptr (CvEventLog) log = cv_event_log_parse (text, strlen (text));
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_edit_file_free);
  cv_test_footage_pictures (red, &pictures);
  cv_test_footage_sound (tone, &sound);
  for (; *names != NULL; names++) {
    g_autoptr (GError) error = NULL;
    gboolean heard = strstr (*names, "microphone") != NULL || strstr (*names, "audio") != NULL;
    CvEditFile *file = g_new0 (CvEditFile, 1);
    file->name = g_strdup (*names);
    file->footage = cv_footage_open (heard ? tone : red, &error);
    g_assert_no_error (error);
    g_ptr_array_add (files, file);
  }
  CvProgramme *programme = cv_edit_make (log, files);
  programme->words = cv_test_film_words;
  cv_test_folder_free (folder);
  return programme;
}
