/* One call: who it is, where it stands, and how it gets from a right PIN over the wait for a host and the door into a meeting.
 *
 * Owned by CvCallers, which checks PINs and tells it what happens. Main thread.
 */
#pragma once

#include "room/knocks.h"
#include "room/line.h"
#include "room/registry.h"
#include "store/calls.h"

G_BEGIN_DECLS

/* until a host is there; ms */
#define CV_CALLER_WAIT_MS (30 * 60 * 1000)

/* What all of them work with; borrowed but for the last two. */
typedef struct {
  CvRegistry *registry;
  CvStore *store;
  CvKnocks *knocks;
  CvTelephony *telephony;
  CvClock *clock;
  CvBridges *bridges;
  guint32 last_number; /* on a bridge */
} CvSwitchroom;

typedef enum {
  CV_CALLER_MENU,     /* types, or is about to */
  CV_CALLER_CHECKING, /* typed; the answer is awaited, or its time */
  CV_CALLER_WAITING,  /* for a host */
  CV_CALLER_LOBBY,
  CV_CALLER_IN,
  CV_CALLER_ENDING, /* hangs up; there is no way back */
} CvCallerState;

typedef struct {
  CvSwitchroom *switchroom; /* borrowed */
  CvCallRow *row;
  char *source; /* who it is, for limits */
  CvCallerState state;
  guint timer;  /* of an answer, or of the wait */
  guint tries;  /* wrong PINs */
  gint64 asked; /* the last one, µs */
  guint delay;  /* of the answer to it, ms */
  CvSipVerdict verdict;
  gboolean host; /* by the PIN */
  CvRoom *room;  /* NULL: there was no right PIN */
  CvKnock *knock;
  CvLine *line; /* NULL: is in no meeting */
} CvCaller;

/* Of a `call`. */
CvCaller *cv_caller_new (CvSwitchroom *switchroom, const CvSipNews *news);
/* Without a word; the seat was given up. */
void cv_caller_free (CvCaller *self);
/* What is known of it now. */
void cv_caller_store (CvCaller *self);
/* Who has none cannot be told from others without one. */
gboolean cv_caller_has_number (const CvCaller *self);
/* Was removed from this meeting; `marked`: comes from where somebody was. */
gboolean cv_caller_is_removed (const CvCaller *self, CvMeeting *meeting, gboolean *marked);

/* `row->room` and `room` are set: waits, knocks or comes in. */
void cv_caller_proceed (CvCaller *self);
/* They hear why, and then it ends; `gone` is to come. */
void cv_caller_hang_up (CvCaller *self, const char *reason);
void cv_caller_give_seat_up (CvCaller *self, CvLeaving leaving);

/* ---- of those who knock ---- */

typedef enum { CV_CALLER_COMES_IN, CV_CALLER_KNOCKS, CV_CALLER_REMOVED, CV_CALLER_LOCKED } CvCallerVerdict;
/* What is to become of them, as things are now. */
CvCallerVerdict cv_caller_judge (CvCaller *self);
void cv_caller_admit (CvCaller *self);
/* `reason`: as of `hang-up` in sip/CONTROL.md. NULL: nobody decides any more. */
void cv_caller_refuse (CvCaller *self, const char *reason);

G_END_DECLS
