/* Who has left a meeting, by what they are known: who comes again is the same person, with the seats that they had before.
 *
 * Owned by the meeting, and gone with it. Main thread. What people are known by is never logged.
 */
#pragma once

#include "room/bans.h"

G_BEGIN_DECLS

/* The oldest makes room. */
#define CV_DEPARTURES_MAX 1000
/* Seats of one person that are remembered, the first one among them. */
#define CV_DEPARTURES_MAX_SEATS 32

typedef struct _CvDepartures CvDepartures;
CvDepartures *cv_departures_new (void);
void cv_departures_free (CvDepartures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDepartures, cv_departures_free)

/* Ids of seats (of char *, owned), the first one first, with one more. `formerly` may be NULL. Returns: (transfer full). */
GPtrArray *cv_departures_chain (const GPtrArray *formerly, const char *id);

/* Nothing happens for who is known by nothing. */
void cv_departures_add (CvDepartures *self, const CvIdentity *identity, const GPtrArray *formerly, const char *id);
/* The seats of who comes again, once: by their browser, account or ticket. Returns: (transfer full), NULL where nobody like that has left. */
GPtrArray *cv_departures_take (CvDepartures *self, const CvIdentity *identity);

G_END_DECLS
