/* A ZIP archive of files of one recording, made while it is sent.
 *
 * Owns the recording's folder and the file that is being read. Whoever has it uses it in one thread at a time.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_ARCHIVE_MAX_FILES 10000

typedef struct _CvArchive CvArchive;

/* Of a recording below `directory`. Returns: (transfer full). */
CvArchive *cv_archive_new (const char *directory, const char *recording);
void cv_archive_free (CvArchive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvArchive, cv_archive_free)

/* One more file, by its name in the folder ("files/meeting.mp4"); `shown`: what it is called in the archive. */
void cv_archive_add (CvArchive *self, const char *name, const char *shown);

/* Looks at all files, in a thread. Until it is done, nobody else has the archive. Fails with G_IO_ERROR where one is not
 * there. */
void cv_archive_prepare_async (CvArchive *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_archive_prepare_finish (GAsyncResult *result, GError **error);

/* The rest is for those that are prepared. How many bytes it will be. */
guint64 cv_archive_get_size (CvArchive *self);
/* A CvBodyNext. Fails where a file is no longer as long as it was. */
GBytes *cv_archive_next (gpointer archive, GError **error);

G_END_DECLS
