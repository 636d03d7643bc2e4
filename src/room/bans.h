/* Who was removed from a meeting and does not come in again, and by what they are known.
 *
 * Owned by the meeting, and gone with it. Main thread. What people are known by is never logged.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The oldest makes room. */
#define CV_BANS_MAX 500

/* Each NULL where it is not known. */
typedef struct {
  char *visitor; /* of the browser: random, hexadecimal */
  char *account; /* id of a user */
  char *subject; /* whoever a ticket or a token was made for */
  char *address; /* as of cv_bucket_key() */
} CvIdentity;

/* Returns: (transfer full) members. */
CvIdentity cv_identity_copy (const CvIdentity *self);
void cv_identity_clear (CvIdentity *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvIdentity, cv_identity_clear)

typedef struct _CvBans CvBans;
CvBans *cv_bans_new (void);
void cv_bans_free (CvBans *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvBans, cv_bans_free)

void cv_bans_add (CvBans *self, const CvIdentity *identity);
/* Somebody who was removed, by their browser, account or ticket. */
gboolean cv_bans_has (CvBans *self, const CvIdentity *identity);
/* Somebody from where one was removed; others may well be there too. */
gboolean cv_bans_has_address (CvBans *self, const CvIdentity *identity);

G_END_DECLS
