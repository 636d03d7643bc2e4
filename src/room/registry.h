/* All rooms: loads them from the store, makes and deletes them, starts and ends their meetings.
 *
 * Owns the rooms that have a running meeting; others live as long as somebody holds them. Main thread. Keeps the table of meetings in
 * step; a meeting goes on where that fails (the disk may be full), which is logged.
 *
 * Signals:
 *   meeting-started (CvRoom *)     before the first participant is added
 *   meeting-over (char *id)        its end was handed to the store
 *   room-created (CvRoomRow *)     it is in the database, as after the next two
 *   room-changed (CvRoomRow *)
 *   room-deleted (char *id)
 *   dial-in (CvRoom *)             with a meeting: it is called by phone from now on, or no longer
 *   recording-started, recording-finished (char *id)   of any meeting, also one that is over: as of CvCapture
 */
#pragma once

#include "documents/cabinet.h"
#include "library/library.h"
#include "room/room.h"
#include "room/unwritten.h"

G_BEGIN_DECLS

#define CV_TYPE_REGISTRY (cv_registry_get_type ())
G_DECLARE_FINAL_TYPE (CvRegistry, cv_registry, CV, REGISTRY, GObject)

/* `empty_ms`: how long a meeting outlives its last person. `without_media`: kinds that are opened without their media plane, or NULL. */
CvRegistry *cv_registry_new (CvStore *store, CvClock *clock, guint empty_ms, const char *const *without_media);
/* Where meetings get their media from, for all that start from now on. NULL: nowhere, which rooms that need one say. */
void cv_registry_set_media_pool (CvRegistry *self, CvMediaPool *pool);
/* Where recordings of all meetings go that start from now on; outlives them. NULL: nothing is recorded. */
void cv_registry_set_shelf (CvRegistry *self, const CvShelf *shelf);
/* What is deleted before its room is: recordings, documents. NULL: there are none. */
void cv_registry_set_library (CvRegistry *self, CvLibrary *library);
void cv_registry_set_cabinet (CvRegistry *self, CvCabinet *cabinet);
/* What callers dial, ending in NULL; borrowed. NULL, as at first: nobody calls. */
void cv_registry_set_numbers (CvRegistry *self, const char *const *numbers);
const char *const *cv_registry_get_numbers (CvRegistry *self);
CvUnwritten *cv_registry_get_unwritten (CvRegistry *self); /* borrowed: see reopening.h */

/* Would a meeting that needs media of the server get them at once? */
gboolean cv_registry_has_media_reserve (CvRegistry *self);
/* TRUE if meetings of this kind can be held. */
gboolean cv_registry_is_available (CvRegistry *self, const CvPolicy *policy);

/* `row`'s kind must exist. `actor`: who makes it, as of store/audit.h. Fails with TAKEN, NOT_AVAILABLE or STORE. */
void cv_registry_create_async (CvRegistry *self, const CvRoomRow *row, const char *actor, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cv_registry_create_finish (CvRegistry *self, GAsyncResult *result, GError **error);

/* Fails with UNKNOWN or STORE. Returns: (transfer full). */
void cv_registry_load_async (CvRegistry *self, const char *id, GAsyncReadyCallback callback, gpointer user_data);
CvRoom *cv_registry_load_finish (CvRegistry *self, GAsyncResult *result, GError **error);

/* As cv_rooms_list_async(). Fails with INVALID or STORE. Returns: (transfer full) of CvRoomRow. */
void cv_registry_list_async (CvRegistry *self, const CvRoomsQuery *query, GAsyncReadyCallback callback,
                             gpointer user_data);
GPtrArray *cv_registry_list_finish (CvRegistry *self, GAsyncResult *result, GError **error);

/* As `row` says: title, lobby and dial-in at once, all else from the next meeting on. Fails with UNKNOWN or STORE. */
void cv_registry_change_async (CvRegistry *self, const CvRoomRow *row, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cv_registry_change_finish (CvRegistry *self, GAsyncResult *result, GError **error);

/* Another secret for the link of a room with a running meeting. Fails as cv_rotation_apply(), or with STORE. */
void cv_registry_rotate_async (CvRegistry *self, CvRoom *room, const CvRotation *rotation, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cv_registry_rotate_finish (CvRegistry *self, GAsyncResult *result, GError **error);

/* Ends a running meeting (as an administrator) and deletes its recordings first. `actor`: as of store/audit.h. UNKNOWN or STORE. */
void cv_registry_delete_async (CvRegistry *self, const char *id, const char *actor, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean cv_registry_delete_finish (CvRegistry *self, GAsyncResult *result, GError **error);

/* From here on no meeting begins, and nobody comes in but who was in one and comes back. */
void cv_registry_close (CvRegistry *self);
gboolean cv_registry_is_closed (CvRegistry *self);
/* A room with a running meeting, borrowed, or NULL. */
CvRoom *cv_registry_peek (CvRegistry *self, const char *id);

/* Puts a new participant into the room's meeting, which is started if none runs. Fails with NOT_AVAILABLE, FULL, or
 * UNKNOWN where the room was deleted meanwhile. Returns: (transfer none). */
CvParticipant *cv_registry_enter (CvRegistry *self, CvRoom *room, const char *name, CvRole role,
                                  const CvSending *sending, GError **error);
/* The same with a participant (transfer full) who is made already. */
CvParticipant *cv_registry_seat (CvRegistry *self, CvRoom *room, CvParticipant *participant, GError **error);
/* The same for who comes without a browser. */
CvParticipant *cv_registry_enter_stream (CvRegistry *self, CvRoom *room, const char *name, CvRole role,
                                         const CvSending *sending, GError **error);

/* Those with a running meeting. Returns: (transfer container), of CvRoom. */
GPtrArray *cv_registry_list_live (CvRegistry *self);
guint cv_registry_count_meetings (CvRegistry *self);
guint cv_registry_count_people (CvRegistry *self);

/* Stops what is being recorded, with the reason of a meeting that ended; how many recordings are not closed yet. To be called
 * until there are none. */
guint cv_registry_end_recordings (CvRegistry *self);

G_END_DECLS
