/* The requests about what is kept of meetings: the summary in its forms, new issues of it, e-mails, and the end (PROTOCOL.md §3.6).
 *
 * Owns nothing. Main thread. The summary's own code makes it; here is who may see and change what.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_show_summary (const CvApiRequest *request);
/* The head of a long one has come. */
void cv_api_expect_summary (const CvApiRequest *request);
void cv_api_reissue_summary (const CvApiRequest *request);
void cv_api_mail_summary (const CvApiRequest *request);
void cv_api_delete_meeting (const CvApiRequest *request);

/* Who asks by a secret: of the summary, for hosts or for all, or of the room's hosts. */
CvSummaryAccess cv_api_get_summary_access (const CvRecordRow *record, const guint8 key[CV_ACCESS_KEY_BYTES]);

G_END_DECLS
