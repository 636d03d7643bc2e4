/* The requests of a user about their own account: its name, its password, where it is signed in (PROTOCOL.md §3.3).
 *
 * Owns nothing. Main thread. Keys and the admin socket have no account.
 */
#pragma once

#include "signalling/api.h"

G_BEGIN_DECLS

/* Of a password that is set. Counted as people see it, before it is normalised. */
#define CV_ACCOUNT_PASSWORD_MIN_CHARACTERS 10

void cv_api_change_account (const CvApiRequest *request);
void cv_api_set_password (const CvApiRequest *request);
void cv_api_list_sign_ins (const CvApiRequest *request);
void cv_api_end_sign_in (const CvApiRequest *request);
void cv_api_end_other_sign_ins (const CvApiRequest *request);

G_END_DECLS
