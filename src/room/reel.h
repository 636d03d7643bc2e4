/* The files of a recording that is under way: which are being written, in which segment, and what becomes of each.
 *
 * Owns the record of them; borrows the recording's folder and journal, holds the switchboard. Main thread. Knows no consent:
 * whoever asks for a file to be recorded has seen to that.
 *
 * Signals:
 *   full ()   the disk took no more: one file, or more, came to its end
 *   idle ()   nothing is written any more, and everything that was is on the disk
 */
#pragma once

#include "library/journal.h"
#include "room/switchboard.h"

G_BEGIN_DECLS

#define CV_TYPE_REEL (cv_reel_get_type ())
G_DECLARE_FINAL_TYPE (CvReel, cv_reel, CV, REEL, GObject)

/* `room`: its id, for the log. Folder and journal must live until cv_reel_close(). */
CvReel *cv_reel_new (const char *room, CvFolder *folder, CvJournal *journal, CvSwitchboard *switchboard);

/* The next segment; the one before has ended. Returns its number. */
guint cv_reel_begin (CvReel *self);
/* Ends it: everything that is written is closed. */
void cv_reel_end (CvReel *self);
/* The same where the media process is gone. */
void cv_reel_lose (CvReel *self);
gboolean cv_reel_is_idle (CvReel *self);

/* Sees to it that this source of somebody who has joined is being written, in a segment. */
void cv_reel_want (CvReel *self, const char *person, CvMediaSource source);
/* Nothing more of this person. */
void cv_reel_drop (CvReel *self, const char *person);
/* The same; answered once all of it is on the disk, and nothing more comes. Cannot fail. */
void cv_reel_drop_async (CvReel *self, const char *person, GAsyncReadyCallback callback, gpointer user_data);
void cv_reel_drop_finish (CvReel *self, GAsyncResult *result);

/* Of whom there is something. */
guint cv_reel_count_people (CvReel *self);
/* Lets go of folder and journal. What is still being written is nobody's any more. */
void cv_reel_close (CvReel *self);

G_END_DECLS
