/* The media of a meeting: joins its people to whatever passes on what they send.
 *
 * Owns the meeting's CvMedia, which it opens at once and again where it failed for good, and closes when the meeting ends.
 * Main thread. Knows neither SDP nor process; in a room without a media plane everybody's media are lost from the start.
 *
 * Signals; participants are in the meeting, what pointers point to lives for the call:
 *   media (gboolean ready)                 FALSE: every connection is gone; TRUE: offers are taken, from everybody anew
 *   joined (CvParticipant *)               what they send is there from now on
 *   state (CvParticipant *, CvMediaState, char *reason)
 *   slots (CvParticipant *, CvMediaSlot *, guint n)
 *   speakers (char **people)
 *   layers (CvParticipant *, CvMediaSource, char **rids)
 *   stats (CvMediaStats *)
 *   track, clock, recorded                 as of CvMedia, whoever it is about
 */
#pragma once

#include "process/media.h"
#include "room/meeting.h"

G_BEGIN_DECLS

/* What a client should offer to receive: one for each of the loudest, and for a page of tiles and a screen. */
#define CV_SWITCHBOARD_AUDIO_SLOTS 6
#define CV_SWITCHBOARD_VIDEO_SLOTS 17

#define CV_TYPE_SWITCHBOARD (cv_switchboard_get_type ())
G_DECLARE_FINAL_TYPE (CvSwitchboard, cv_switchboard, CV, SWITCHBOARD, GObject)

/* `room`: its id. `pool` NULL: there are no media. */
CvSwitchboard *cv_switchboard_new (const char *room, CvMeeting *meeting, CvMediaPool *pool, CvClock *clock);

gboolean cv_switchboard_is_ready (CvSwitchboard *self);
/* Who speaks now, loudest first; borrowed. */
const char *const *cv_switchboard_get_speakers (CvSwitchboard *self);

/* What this person's client offers; the answer is (transfer full). It waits a while for media that are not ready yet. Fails
 * with CV_MEDIA_ERROR. */
void cv_switchboard_offer_async (CvSwitchboard *self, CvParticipant *participant, const char *sdp,
                                 GAsyncReadyCallback callback, gpointer user_data);
char *cv_switchboard_offer_finish (CvSwitchboard *self, GAsyncResult *result, GError **error);
/* What this person looks at, the most important first. Strangers among the tiles are passed over. */
void cv_switchboard_set_view (CvSwitchboard *self, CvParticipant *participant, const CvMediaTile *tiles, guint n);

/* ---- for phones ---- */

/* The other end of the bridge to callers, of which a duplicate is taken; passed over where media are not ready. */
void cv_switchboard_set_phones (CvSwitchboard *self, int fd);
/* A caller of that bridge: joined from now on. */
void cv_switchboard_add_phone (CvSwitchboard *self, CvParticipant *participant, guint32 number);

/* ---- for what records ---- */

/* Borrowed; NULL where there are none now. */
CvMedia *cv_switchboard_get_media (CvSwitchboard *self);
/* Since the media are ready. */
gboolean cv_switchboard_has_joined (CvSwitchboard *self, const CvParticipant *participant);
/* A number that no file of this meeting had. */
guint cv_switchboard_draw_file (CvSwitchboard *self);
/* Until it is released as often, the media stay when the meeting ends: files are to be closed first. */
void cv_switchboard_hold (CvSwitchboard *self);
void cv_switchboard_release (CvSwitchboard *self);

G_END_DECLS
