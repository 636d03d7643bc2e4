/* What people share in a meeting: who may do what to it, who made it and when, and what they chose in polls.
 *
 * Owned by the meeting. Main thread. Knows no socket and no database.
 *
 * Signal:
 *   shared (GPtrArray *ops, GPtrArray *stamps, CvParticipant *by)   after the change: operations (of CvOperation), and what the server says
 *                                                                   besides; `by` NULL: all of it is the server's
 */
#pragma once

#include "base/clock.h"
#include "model/model.h"
#include "room/participant.h"

G_BEGIN_DECLS

#define CV_SHARING_ERROR (cv_sharing_error_quark ())
GQuark cv_sharing_error_quark (void);

typedef enum {
  CV_SHARING_ERROR_NOT_ALLOWED,
  CV_SHARING_ERROR_BAD,   /* makes no sense here */
  CV_SHARING_ERROR_LIMIT, /* there is too much already */
  CV_SHARING_ERROR_MISSING,
} CvSharingError;

/* Of what a meeting can hold (model/schema.h) so much is for those who lead, and so much is one other person's at most: things
 * that they made, and their bytes. */
#define CV_SHARING_RESERVED_OBJECTS 1000
#define CV_SHARING_RESERVED_BYTES (512 * 1024)
#define CV_SHARING_MAX_OBJECTS_OF_ONE 2000
#define CV_SHARING_MAX_BYTES_OF_ONE (768 * 1024)

/* Who the server is in operations of its own. */
#define CV_SHARING_SERVER "server"

#define CV_TYPE_SHARING (cv_sharing_get_type ())
G_DECLARE_FINAL_TYPE (CvSharing, cv_sharing, CV, SHARING, GObject)

CvSharing *cv_sharing_new (const CvPolicy *policy, CvClock *clock);

const CvModel *cv_sharing_get_model (CvSharing *self);

/* All of `ops` (of CvOperation) or, with a CV_SHARING_ERROR, none. */
gboolean cv_sharing_change (CvSharing *self, CvParticipant *author, GPtrArray *ops, GError **error);
/* An operation (transfer full) of the server, whose clock this sets. Fails with LIMIT or BAD. */
gboolean cv_sharing_put (CvSharing *self, CvOperation *operation, GError **error);

/* `choices`: a bit for each; none: no vote. Results are told within a moment. Fails with MISSING, NOT_ALLOWED (it is closed), BAD or LIMIT. */
gboolean cv_sharing_vote (CvSharing *self, const CvParticipant *voter, const char *poll, guint choices, GError **error);
/* What this person chose. */
guint cv_sharing_get_vote (CvSharing *self, const CvParticipant *voter, const char *poll);
/* Ids of polls that somebody voted in; borrowed elements. Returns: (transfer full). */
GPtrArray *cv_sharing_list_polls (CvSharing *self);

G_END_DECLS
