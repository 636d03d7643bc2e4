/* A file of a recording, or a document of a meeting, is copied out of a server: whole, or not there. Main thread, blocking. */
#pragma once

#include "ctl/client.h"

G_BEGIN_DECLS

typedef struct {
  const char *request; /* path of the request for it */
  const char *name;    /* of the file, as the server says it */
  gint64 bytes;        /* the same */
  const char *sha256;  /* hexadecimal; NULL: nobody knows it yet */
} CvExport;

/* Called now and then. */
typedef void (*CvExportProgress) (gint64 done, gint64 bytes, gpointer user_data);

/* Copies it to `path`, or into the directory that `path` is. What is there already of an earlier attempt (PATH.part) is not
 * fetched again. Only what has the right checksum gets its name, in place of what had it.
 * Returns: (transfer full), where it is; NULL with an error of the client, or of G_IO_ERROR. */
char *cv_export_run (const CvExport *self, CvClient *client, const char *path, CvExportProgress progress,
                     gpointer user_data, GError **error);

G_END_DECLS
