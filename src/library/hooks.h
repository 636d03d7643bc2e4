/* Webhooks: the operator's own server is told what happens to rooms, meetings, people and recordings, at least once.
 *
 * Owns a queue in the database (store/deliveries.h), so that it survives us, and one HTTP client. One call at a time; each is
 * tried up to CV_HOOKS_MAX_ATTEMPTS times. Calls about one room keep their order: those behind one that failed wait for it, until
 * it was made or given up. Main thread.
 *
 *   POST URL, Content-Type: application/json
 *   Conclave-Delivery: d…                 the same in each attempt: who has seen it need not act again
 *   Conclave-Signature: t=SECONDS,v1=HEX  HMAC-SHA256 of "SECONDS.BODY" with the secret
 *   {"id":"d…","event":"recording.ready","at":MS,"recording":{…}}
 */
#pragma once

#include "base/clock.h"
#include "library/entry.h"

G_BEGIN_DECLS

#define CV_HOOKS_MAX_ATTEMPTS 8
/* ms for an answer */
#define CV_HOOKS_ANSWER_MS 10000
/* bytes; a recording with so many files goes without their list */
#define CV_HOOKS_MAX_BODY (64 * 1024)

#define CV_TYPE_HOOKS (cv_hooks_get_type ())
G_DECLARE_FINAL_TYPE (CvHooks, cv_hooks, CV, HOOKS, GObject)

/* `url`: http or https. Goes on with what is queued already. */
CvHooks *cv_hooks_new (CvStore *store, CvClock *clock, const char *url, const char *secret);
/* What is not on its way yet is signed with it. FALSE: it is for another `url`, and nothing has changed. */
gboolean cv_hooks_set_secret (CvHooks *self, const char *url, const char *secret);
/* Breaks off; what is queued stays so. */
void cv_hooks_stop (CvHooks *self);

/* Queues a call about `object` (an object), which gets the name of what stands before the dot of `event`: "room.created",
 * "meeting.ended", … `room`: whose order it is in. */
void cv_hooks_post (CvHooks *self, const char *event, const char *room, JsonNode *object);
/* The same about `entry` as it is now: "recording.ready", … */
void cv_hooks_post_entry (CvHooks *self, const char *event, const CvEntry *entry);

G_END_DECLS
