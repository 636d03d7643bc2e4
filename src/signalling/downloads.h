/* Files over HTTP: whole or in parts, only where the client does not have them already, sent by us or by the proxy in front.
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "library/contents.h"
#include "signalling/bodies.h"

G_BEGIN_DECLS

typedef struct {
  CvOpenedFile *file;       /* (transfer full) */
  const char *filename;     /* to save it as */
  gboolean attachment;      /* it is to be saved, not shown */
  const char *accel_prefix; /* a proxy finds the files there and sends them itself; "": none does */
} CvDownload;

/* Answers a GET or HEAD. */
void cv_download_answer (const CvDownload *self, CvBodies *bodies, SoupServerMessage *message);

/* Headers for what a producer's own files are made of, or a stranger sent: it is shown as what it is, on its own, or not. */
void cv_download_set_headers (SoupServerMessage *message, const char *type, const char *filename, gboolean attachment);

G_END_DECLS
