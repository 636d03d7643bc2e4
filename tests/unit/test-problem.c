/* Problems: the table of PROTOCOL.md §4.4 and the code say the same; errors become the right ones. */
#include "signalling/problem.h"

#include "base/json.h"
#include "room/room.h"

#include <gio/gio.h>
#include <string.h>

/* The rows of the table: { "`id`", "status", "text" }. Returns: (transfer full). */
static GPtrArray *
read_table (void)
{
  g_autofree char *page = NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_assert_true (g_file_get_contents (CV_TESTS_DIR "/../src/signalling/PROTOCOL.md", &page, NULL, NULL));
  const char *section = strstr (page, "### 4.4");
  g_assert_nonnull (section);
  g_auto (GStrv) lines = g_strsplit (section, "\n", -1);
  for (char **line = lines; *line != NULL && !g_str_has_prefix (*line, "## "); line++) {
    if (!g_str_has_prefix (*line, "| `"))
      continue;
    g_auto (GStrv) cells = g_strsplit (*line, "|", -1);
    g_assert_cmpuint (g_strv_length (cells), ==, 5);
    GStrv row = g_new0 (char *, 4);
    for (guint i = 0; i < 3; i++)
      row[i] = g_strdup (g_strstrip (cells[i + 1]));
    g_ptr_array_add (rows, row);
  }
  return rows;
}

static void
test_as_documented (void)
{
  g_autoptr (GPtrArray) rows = read_table ();
  g_assert_cmpuint (rows->len, ==, CV_N_PROBLEMS);
  for (guint i = 0; i < rows->len; i++) {
    char **row = g_ptr_array_index (rows, i);
    g_autofree char *id = g_strdup_printf ("`%s`", cv_problem_get_id (i));
    g_autofree char *status = g_strdup_printf ("%u", cv_problem_get_status (i));
    g_assert_cmpstr (id, ==, row[0]);
    g_assert_cmpstr (status, ==, row[1]);
    g_assert_cmpstr (cv_problem_get_text (i), ==, row[2]);
  }
}

static void
test_of_key (void)
{
  g_assert_cmpint (cv_problem_of_key (0), ==, CV_PROBLEM_WRONG_KEY);
  g_assert_cmpint (cv_problem_of_key (1), ==, CV_PROBLEM_OLD_LINK);
}

static void
test_from_error (void)
{
  static const struct {
    CvRoomError code;
    CvProblem problem;
  } of_room[] = {
    { CV_ROOM_ERROR_UNKNOWN, CV_PROBLEM_UNKNOWN_ROOM },
    { CV_ROOM_ERROR_KEY, CV_PROBLEM_WRONG_KEY },
    { CV_ROOM_ERROR_NOT_AVAILABLE, CV_PROBLEM_NOT_AVAILABLE },
    { CV_ROOM_ERROR_FULL, CV_PROBLEM_ROOM_FULL },
    { CV_ROOM_ERROR_TAKEN, CV_PROBLEM_ID_TAKEN },
    { CV_ROOM_ERROR_INVALID, CV_PROBLEM_BAD_MESSAGE },
    { CV_ROOM_ERROR_STORE, CV_PROBLEM_STORE_FAILED },
    { CV_ROOM_ERROR_OUTDATED, CV_PROBLEM_OUTDATED },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (of_room); i++) {
    g_autoptr (GError) error = g_error_new_literal (CV_ROOM_ERROR, of_room[i].code, "x");
    g_assert_cmpint (cv_problem_from_error (error), ==, of_room[i].problem);
  }
  for (int code = CV_JSON_ERROR_SYNTAX; code <= CV_JSON_ERROR_MEMBER; code++) {
    g_autoptr (GError) error = g_error_new_literal (CV_JSON_ERROR, code, "x");
    g_assert_cmpint (cv_problem_from_error (error), ==, CV_PROBLEM_BAD_MESSAGE);
  }
  static const CvProblem of_media[] = { [CV_MEDIA_ERROR_BAD_SDP] = CV_PROBLEM_BAD_SDP,
                                        [CV_MEDIA_ERROR_NO_CODEC] = CV_PROBLEM_NO_CODEC,
                                        [CV_MEDIA_ERROR_TOO_MANY] = CV_PROBLEM_TOO_MANY,
                                        [CV_MEDIA_ERROR_NOT_FOUND] = CV_PROBLEM_NOT_FOUND,
                                        [CV_MEDIA_ERROR_LOST] = CV_PROBLEM_MEDIA_LOST };
  for (gsize i = 0; i < G_N_ELEMENTS (of_media); i++) {
    g_autoptr (GError) error = g_error_new_literal (CV_MEDIA_ERROR, (int) i, "x");
    g_assert_cmpint (cv_problem_from_error (error), ==, of_media[i]);
  }
  static const CvProblem of_capture[] = { [CV_CAPTURE_ERROR_OFF] = CV_PROBLEM_RECORDING_OFF,
                                          [CV_CAPTURE_ERROR_STATE] = CV_PROBLEM_RECORDING_STATE,
                                          [CV_CAPTURE_ERROR_DISK] = CV_PROBLEM_DISK_FULL,
                                          [CV_CAPTURE_ERROR_STORE] = CV_PROBLEM_STORE_FAILED };
  for (gsize i = 0; i < G_N_ELEMENTS (of_capture); i++) {
    g_autoptr (GError) error = g_error_new_literal (CV_CAPTURE_ERROR, (int) i, "x");
    g_assert_cmpint (cv_problem_from_error (error), ==, of_capture[i]);
  }
  static const CvProblem of_store[] = {
    [CV_STORE_ERROR_FULL] = CV_PROBLEM_STORE_FAILED,   [CV_STORE_ERROR_EXISTS] = CV_PROBLEM_ID_TAKEN,
    [CV_STORE_ERROR_MISSING] = CV_PROBLEM_NOT_FOUND,   [CV_STORE_ERROR_LIMIT] = CV_PROBLEM_TOO_MANY,
    [CV_STORE_ERROR_INVALID] = CV_PROBLEM_BAD_MESSAGE, [CV_STORE_ERROR_FAILED] = CV_PROBLEM_STORE_FAILED
  };
  for (guint code = CV_STORE_ERROR_FULL; code < G_N_ELEMENTS (of_store); code++) {
    g_autoptr (GError) error = g_error_new_literal (CV_STORE_ERROR, (int) code, "x");
    g_assert_cmpint (cv_problem_from_error (error), ==, of_store[code]);
  }
  g_autoptr (GError) unknown = g_error_new_literal (CV_ROOM_ERROR, 99, "x");
  g_assert_cmpint (cv_problem_from_error (unknown), ==, CV_PROBLEM_INTERNAL);
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_assert_cmpint (cv_problem_from_error (foreign), ==, CV_PROBLEM_INTERNAL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problem/as-documented", test_as_documented);
  g_test_add_func ("/problem/of-key", test_of_key);
  g_test_add_func ("/problem/from-error", test_from_error);
  return g_test_run ();
}
