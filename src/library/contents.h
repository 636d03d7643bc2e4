/* What is in recordings' folders, looked at away from the main loop: tracks are found, files hashed and compared, folders
 * deleted, each by a thread that knows only names. Answers come in the main context. */
#pragma once

#include "store/recording-files.h"

G_BEGIN_DECLS

/* A file of a recording, to be read from. */
typedef struct {
  int fd;
  gint64 bytes;
  char *sha256;     /* "": not known yet */
  const char *type; /* its media type; static */
  char *path;       /* below the directory of all recordings, for a proxy that sends it */
} CvOpenedFile;
void cv_opened_file_free (CvOpenedFile *self); /* closes it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvOpenedFile, cv_opened_file_free)

typedef struct {
  char *name;
  gboolean ok; /* it is there, as long as it was, and has the same hash, where that is known */
} CvFileCheck;
void cv_file_check_free (CvFileCheck *self);

/* Errors are those of G_IO_ERROR. `directory`: of all recordings. */

/* At once. `row` as the database has it. Returns: (transfer full). */
CvOpenedFile *cv_contents_open (const char *directory, const CvRecordingFileRow *row, GError **error);

/* Who and what a track is of, by its name ("tracks/SSS-PERSON-SOURCE-N.mkv"); each (transfer full). FALSE: it is none. */
gboolean cv_contents_parse_track (const char *name, char **person, char **source);

/* Tracks with something in them. `modified`: when a file of the recording was written to last, ms since 1970.
 * Returns: (transfer full) of CvRecordingFileRow, without hashes. */
void cv_contents_list_tracks_async (const char *directory, const char *recording, GAsyncReadyCallback callback,
                                    gpointer user_data);
GPtrArray *cv_contents_list_tracks_finish (GAsyncResult *result, gint64 *modified, GError **error);

/* Copies of `rows` (CvRecordingFileRow) with the length and hash that their files have; without those that cannot be read.
 * Returns: (transfer full) of CvRecordingFileRow. */
void cv_contents_hash_async (const char *directory, GPtrArray *rows, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_contents_hash_finish (GAsyncResult *result, GError **error);

/* Returns: (transfer full) of CvFileCheck, in the order of `rows`. */
void cv_contents_check_async (const char *directory, GPtrArray *rows, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_contents_check_finish (GAsyncResult *result, GError **error);

/* What renderings of it have not finished goes; none may be under way. */
void cv_contents_clean_async (const char *directory, const char *recording, GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean cv_contents_clean_finish (GAsyncResult *result, GError **error);

/* Also one that is not there. */
void cv_contents_delete_async (const char *directory, const char *recording, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cv_contents_delete_finish (GAsyncResult *result, GError **error);

/* At once: names of folders in it that could be recordings. Returns: (transfer full) of char *; empty where there is no
 * such directory. */
GPtrArray *cv_contents_list_folders (const char *directory);

G_END_DECLS
