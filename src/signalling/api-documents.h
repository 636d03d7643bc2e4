/* The REST interface to documents: files that people share in meetings (PROTOCOL.md §3.6).
 *
 * Main thread. Owns nothing. The bytes of uploads come in by intake.h.
 */
#pragma once

#include "signalling/api-request.h"

G_BEGIN_DECLS

#define CV_DOCUMENT_NAME_MAX_CHARACTERS 255

void cv_api_list_documents (const CvApiRequest *request);
void cv_api_begin_document (const CvApiRequest *request);
/* How far it has come. */
void cv_api_show_upload (const CvApiRequest *request);
/* An address to download from. */
void cv_api_link_document (const CvApiRequest *request);
void cv_api_delete_document (const CvApiRequest *request);
/* The file. */
void cv_api_send_document (const CvApiRequest *request);
/* Such an address. */
void cv_api_follow_voucher (const CvApiRequest *request);
/* Bytes that do not come from somebody in the meeting. */
void cv_api_refuse_upload (const CvApiRequest *request);

G_END_DECLS
