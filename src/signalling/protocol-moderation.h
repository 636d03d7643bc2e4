/* Messages to a client about the door, about roles, and about what hosts do with others. As those of protocol.h. Any thread. */
#pragma once

#include "room/knocks.h"
#include "signalling/protocol.h"

G_BEGIN_DECLS

/* The member `floor`. */
void cv_message_add_floor (JsonBuilder *builder, CvMeeting *meeting);

/* `hosts`: there is somebody who may let them in. */
GBytes *cv_message_waiting (const CvKnock *knock, CvRoom *room, gboolean hosts);
/* Of CvKnock. */
GBytes *cv_message_knocks (GPtrArray *knocks);
GBytes *cv_message_floor (CvMeeting *meeting);
/* `order`: what came with the act, or NULL. With the PINs that this role is told. */
GBytes *cv_message_role (CvRoom *room, CvRole role, const char *order);
GBytes *cv_message_removed (const char *by, const char *order);
GBytes *cv_message_requested (CvSendingPart part, const CvParticipant *by, const char *order);
/* To hosts: somebody tries PINs of the room by phone. */
GBytes *cv_message_alert (void);
/* What callers dial and type now; `role`: the receiver's. */
GBytes *cv_message_dial_in (CvRoom *room, CvRole role);
/* `viewers`: the receiver is told of those, too. */
GBytes *cv_message_reactions (const CvReactions *reactions, gboolean viewers);

G_END_DECLS
