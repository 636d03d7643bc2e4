/* The requests about recordings: which there are, one, its title, its end, whether its files are whole, and what is to be made
 * of it (PROTOCOL.md §3.2).
 *
 * Owns nothing. Main thread. The library does it; here is who may see what of it.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

void cv_api_list_recordings (const CvApiRequest *request);
void cv_api_show_recording (const CvApiRequest *request);
void cv_api_rename_recording (const CvApiRequest *request);
void cv_api_delete_recording (const CvApiRequest *request);
void cv_api_verify_recording (const CvApiRequest *request);
void cv_api_render_recording (const CvApiRequest *request);
void cv_api_cancel_render (const CvApiRequest *request);

G_END_DECLS
