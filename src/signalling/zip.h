/* The frame of a ZIP archive whose files are stored as they are and whose checksums are known only once they have gone by:
 * what stands before, behind and after them, and how long it all is.
 *
 * A value that owns its names. One thread at a time. Reads no file.
 *
 * With data descriptors (APPNOTE 4.3.9), and ZIP64 where a size, a position or the number of files needs it and nowhere else:
 * older programs know it not.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CvZip CvZip;

CvZip *cv_zip_new (void);
void cv_zip_free (CvZip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvZip, cv_zip_free)

/* One more file, of exactly `size` bytes; `mtime`: seconds since 1970. Its name there is `name` without what a path, a
 * terminal or a file system could stumble over, and is unique. */
void cv_zip_add (CvZip *self, const char *name, guint64 size, gint64 mtime);
guint cv_zip_get_n_files (CvZip *self);
/* Its name in the archive; borrowed. */
const char *cv_zip_get_name (CvZip *self, guint i);
/* Of the whole archive. */
guint64 cv_zip_get_size (CvZip *self);

/* What stands before the bytes of file `i`. Returns: (transfer full), like those below. */
GBytes *cv_zip_get_head (CvZip *self, guint i);
/* What stands behind them; `crc`: CRC-32 of what went by. */
GBytes *cv_zip_get_tail (CvZip *self, guint i, guint32 crc);
/* The end of the archive, after the tail of each file. */
GBytes *cv_zip_get_end (CvZip *self);

G_END_DECLS
