/* Writes files, so that nobody who has something else to do waits for a disk.
 *
 * One thread writes all files of the process, in the order in which it was told, and brings what is new to the disk each
 * second. Owns the descriptors that it is given. What waits is bounded: who writes looks first whether there is room. All
 * functions are for the main thread; answers come from the main loop. Knows nothing of what it writes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* bytes that may wait: what a large meeting sends in a few seconds */
#define CV_WRITER_MAX_QUEUE (64 * 1024 * 1024)
/* of these, what only the important may use */
#define CV_WRITER_RESERVE (8 * 1024 * 1024)
#define CV_WRITER_SYNC_US G_USEC_PER_SEC

typedef struct _CvWriter CvWriter;
typedef struct _CvWriterFile CvWriterFile;

/* Once for each file: it was closed, whole where `error` is 0, else an errno; what was appended before that error is there, up
 * to the end of one append. `bytes`: how long it is. */
typedef void (*CvWriterFunc) (CvWriterFile *file, int error, guint64 bytes, gpointer user_data);

/* The thread begins with the first file. */
CvWriter *cv_writer_new (void);
/* Waits until all files are written that were closed, but at most so long. FALSE: it took longer, and the thread goes on. */
gboolean cv_writer_free (CvWriter *self, gint64 patience_us);

/* Takes the descriptor of an empty file over. */
CvWriterFile *cv_writer_open (CvWriter *self, int fd, CvWriterFunc ended, gpointer user_data);
/* Room for that much? `important`: what is lost is missed. */
gboolean cv_writer_has_room (const CvWriter *self, gsize n, gboolean important);
/* At the end of the file; takes `bytes` over. */
void cv_writer_append (CvWriterFile *file, GByteArray *bytes);
/* Over what is there. */
void cv_writer_patch (CvWriterFile *file, guint64 at, gconstpointer data, gsize n);
/* Nothing follows: it is brought to the disk and closed. */
void cv_writer_close (CvWriterFile *file);
/* Nobody listens any more. Closes it, should that not have been done. */
void cv_writer_file_release (CvWriterFile *file);

G_END_DECLS
