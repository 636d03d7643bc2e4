/* The requests about users: what there are, a new one, changes, links that sign in once (PROTOCOL.md §3.3).
 *
 * Owns nothing. Main thread.
 */
#pragma once

#include "base/json.h"
#include "signalling/api.h"
#include "store/users.h"

G_BEGIN_DECLS

#define CV_LOGIN_MAX_CHARACTERS 120
#define CV_CODE_MAX_HOURS 24

void cv_api_list_users (const CvApiRequest *request);
void cv_api_create_user (const CvApiRequest *request);
void cv_api_change_user (const CvApiRequest *request);
void cv_api_delete_user (const CvApiRequest *request);
void cv_api_create_code (const CvApiRequest *request);

/* Answers with one. */
void cv_api_respond_user (SoupServerMessage *message, guint status, const CvUserRow *user);
/* The member `password` of one that is set; borrowed. */
const char *cv_api_read_new_password (CvJsonReader *reader);

G_END_DECLS
