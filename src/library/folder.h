/* The folder of one recording: DIRECTORY/RECORDING with events.jsonl, tracks/ and files/. 0700, files 0600.
 *
 * Owns descriptors of the folder and of its event log. Any thread, one at a time. Everything is opened relative to the
 * folder, and no symbolic link below DIRECTORY is followed. Names are "events.jsonl", "tracks/NAME" and "files/NAME", where
 * NAME has letters, digits, `.`, `-` and `_` and does not begin with a dot.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* of a line of the event log, its end included; a NAME */
#define CV_FOLDER_MAX_EVENT 4096
#define CV_FOLDER_MAX_NAME 128
/* entries that a listing looks at */
#define CV_FOLDER_MAX_ENTRIES 100000

typedef struct _CvFolder CvFolder;

/* Errors are those of G_IO_ERROR by errno: NO_SPACE, EXISTS, NOT_FOUND … */

/* Makes `directory` and what is above it if missing, and in it a folder that must be new. Returns: (transfer full). */
CvFolder *cv_folder_create (const char *directory, const char *recording, GError **error);
/* Returns: (transfer full). */
CvFolder *cv_folder_open (const char *directory, const char *recording, GError **error);
void cv_folder_free (CvFolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvFolder, cv_folder_free)

/* The folder itself, to be handed on as a descriptor; borrowed. */
int cv_folder_get_fd (CvFolder *self);

/* A new file tracks/NAME, to be read and written; the caller closes it. -1 with an error. */
int cv_folder_create_track (CvFolder *self, const char *name, GError **error);
/* Any regular file by its name, to be read; -1 with an error. */
int cv_folder_open_file (CvFolder *self, const char *name, GError **error);
gboolean cv_folder_remove_file (CvFolder *self, const char *name, GError **error);

/* Appends one line, which has no line end yet, in one write. What could be written only in part is taken back. */
gboolean cv_folder_append_event (CvFolder *self, const char *line, gsize n, GError **error);
/* A descriptor of the event log of one's own, for a thread; -1 where there are no more. */
int cv_folder_dup_events (CvFolder *self);
/* Blocks until what is behind the descriptor is on the disk, and closes it. Any thread. */
gboolean cv_folder_sync_descriptor (int fd, GError **error);

typedef struct {
  char *name;
  gint64 bytes;
  gint64 modified; /* ms since 1970 */
} CvFolderEntry;

void cv_folder_entry_free (CvFolderEntry *self);
/* All regular files that have a name as above, sorted by it. Returns: (transfer full) of CvFolderEntry. */
GPtrArray *cv_folder_list (CvFolder *self, GError **error);
/* Of all these; what cannot be listed has none. */
gint64 cv_folder_count_bytes (CvFolder *self);

/* Deletes what stands in files/ with a dot in front: what renderings have not finished. Blocks. */
gboolean cv_folder_clean (CvFolder *self, GError **error);

/* Deletes the folder and everything in it, whatever that is. Blocks. TRUE also where there is none. */
gboolean cv_folder_delete (const char *directory, const char *recording, GError **error);

G_END_DECLS
