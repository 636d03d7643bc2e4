/* What the people of a meeting were told or said about one recording, and whether that is on the disk.
 *
 * Owns their answers, and writes each into the table `consent`. Main thread. A yes counts once it is on the disk, a no at
 * once. Knows no media.
 *
 * Signal: stored (char *person), when what may be recorded of this person is another than before.
 */
#pragma once

#include "base/clock.h"
#include "room/participant.h"
#include "store/consents.h"

G_BEGIN_DECLS

#define CV_TYPE_ROSTER (cv_roster_get_type ())
G_DECLARE_FINAL_TYPE (CvRoster, cv_roster, CV, ROSTER, GObject)

/* `recording` is in the database already; `room`: its id, for the log. */
CvRoster *cv_roster_new (CvStore *store, CvClock *clock, const char *room, const char *recording);

CvAnswer cv_roster_get_answer (CvRoster *self, const char *person);
/* Told, or agreed. */
gboolean cv_answer_is_yes (CvAnswer answer);
/* Did not want to be recorded. */
gboolean cv_answer_is_no (CvAnswer answer);
/* A yes that is on the disk. */
gboolean cv_roster_may_record (CvRoster *self, const char *person);

/* The same answer for all of them (of CvParticipant), all on the disk at once. */
void cv_roster_note_all (CvRoster *self, GPtrArray *participants, CvAnswer answer);
/* Counts for others from now on, a yes for cv_roster_may_record() when the call is answered. Fails with CV_STORE_ERROR; a yes is
 * none then. */
void cv_roster_answer_async (CvRoster *self, const CvParticipant *participant, CvAnswer answer,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_roster_answer_finish (CvRoster *self, GAsyncResult *result, GError **error);

G_END_DECLS
