/* The requests for files of recordings, one by one or as an archive (PROTOCOL.md §3.2).
 *
 * Owns nothing. Main thread. Names from requests are looked up in the database, never on the disk.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_send_file (const CvApiRequest *request);
void cv_api_send_archive (const CvApiRequest *request);

/* Leaves those of `files` (CvRecordingFileRow) that who asks may have. */
void cv_api_keep_visible (const CvApiRequest *request, GPtrArray *files);

G_END_DECLS
