/* The first word on a socket: somebody asks for a seat, or for the one they had. Who asks for a new one may have to wait at the
 * door until a host lets them in (doorstep.h).
 *
 * A CvArrival owns itself until its seat is taken, it is refused, or its socket is gone. Main thread. Knows no meeting but by its room.
 */
#pragma once

#include "signalling/dispatch.h"

G_BEGIN_DECLS

typedef struct _CvArrival CvArrival;

/* A `join`; takes what is in `message`. */
void cv_arrival_join (CvDispatch *dispatch, CvConnection *connection, CvMessage *message);
void cv_arrival_resume (CvDispatch *dispatch, CvConnection *connection, const CvMessage *message);

/* ---- of those who wait ---- */

/* An `introduce`: who it is, for the hosts' browsers. FALSE: it is out of place. */
gboolean cv_arrival_introduce (CvArrival *self, const CvMessage *message);
/* Takes the seat, if there still is one. Ends the arrival. */
void cv_arrival_admit (CvArrival *self);
/* Says why not, and closes. Ends the arrival. */
void cv_arrival_refuse (CvArrival *self, CvProblem problem);
/* The socket is gone. Ends the arrival. */
void cv_arrival_forget (CvArrival *self);
/* Says that they wait, and whether there is somebody who may let them in; where that is new. */
void cv_arrival_tell (CvArrival *self, gboolean hosts);
/* What is to become of them, as things are now: CV_DISPATCH_FINE with `knocks` FALSE is a seat. */
CvProblem cv_arrival_judge (CvArrival *self, gboolean *knocks);

G_END_DECLS
