/* Everybody who calls by phone: from the first ring over the PIN, the wait for a host and the door into a meeting, and out again.
 *
 * Owns each call, its row in the table, the bridges to meetings and the guard of PINs. Main thread. Full numbers never come here.
 *
 * Signals:
 *   alert (CvRoom *)   somebody tries PINs of this room, whose meeting runs: its hosts are to be told
 */
#pragma once

#include "room/caller.h"
#include "room/pin-guard.h"

G_BEGIN_DECLS

typedef struct {
  CvRegistry *registry;
  CvStore *store;
  CvKnocks *knocks;
  CvTelephony *telephony;
  CvClock *clock;
  guint max_per_room;
  guint keep_days; /* records of calls; 0: for ever */
} CvCallersOptions;

#define CV_TYPE_CALLERS (cv_callers_get_type ())
G_DECLARE_FINAL_TYPE (CvCallers, cv_callers, CV, CALLERS, GObject)

/* Holds what it is given. */
CvCallers *cv_callers_new (const CvCallersOptions *options);

/* As in the options, from the next look at what is kept. */
void cv_callers_set_keep_days (CvCallers *self, guint days);

/* Removes the one who is this participant. */
void cv_callers_remove (CvCallers *self, const CvParticipant *participant);
/* FALSE where there is no such call. */
gboolean cv_callers_hang_up (CvCallers *self, const char *call);

/* ---- for those who watch over it ---- */

/* What is known of a call, borrowed. */
typedef struct {
  const CvCallRow *row;
  const char *state; /* "menu", "waiting", "lobby", "in", "ending" */
} CvCallView;
/* The oldest first. Returns: (transfer full) of CvCallView. */
GArray *cv_callers_list (CvCallers *self);
gboolean cv_callers_is_up (CvCallers *self);
/* The last that was said; borrowed. */
const CvSipStats *cv_callers_get_stats (CvCallers *self);
/* What a trunk said last, and what came over it; borrowed. */
typedef struct {
  const char *name, *state, *text; /* `text`: for operators */
  guint calls;                     /* now */
  guint64 answered;                /* since the gateway started, as what follows */
  guint64 refused_full, refused_media;
} CvTrunkView;
/* By name. Returns: (transfer full) of CvTrunkView. */
GArray *cv_callers_list_trunks (CvCallers *self);
/* Wrong PINs of the last CV_PIN_GUARD_MEMORY_MS. */
guint cv_callers_count_wrong_pins (CvCallers *self);

G_END_DECLS
