/* A folder of a test's own, gone with all that is in it when the test is over. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full), for cv_test_folder_free(). */
char *cv_test_folder_new (void);
void cv_test_folder_free (char *folder);

/* Writes a file; `name` may have folders in front. */
void cv_test_folder_write (const char *folder, const char *name, const char *text);
/* Returns: (transfer full). */
char *cv_test_folder_read (const char *folder, const char *name);
/* The lowest twelve bits of its mode. */
guint cv_test_folder_mode (const char *folder, const char *name);

G_END_DECLS
