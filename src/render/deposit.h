/* Puts files into the recording's folder so that what has its name is whole: written as `.NAME.part`, synced, renamed, and
 * the folder synced. Works in the current folder. Owns nothing.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_DEPOSIT_HEX 65

typedef struct {
  guint64 bytes;
  char sha256[CV_DEPOSIT_HEX];
} CvDeposit;

/* Where `path` (folder/NAME) is written until it is whole: folder/.NAME.part. Returns: (transfer full). */
char *cv_deposit_part (const char *path);
/* Syncs the part and gives it its name. */
gboolean cv_deposit_commit (const char *path, GError **error);
/* All of it; FALSE with errno. */
gboolean cv_deposit_write_all (int fd, const guint8 *bytes, gsize n);
/* A whole file from memory. */
gboolean cv_deposit_write (const char *path, const void *bytes, gsize n, GError **error);
/* How long a file is and its hash, read from the disk. */
gboolean cv_deposit_measure (const char *path, CvDeposit *deposit, GError **error);
/* A folder, if it is not there. */
gboolean cv_deposit_make_folder (const char *path, GError **error);
/* A folder with the files in it; never what is not a folder. */
void cv_deposit_remove_folder (const char *path);

G_END_DECLS
