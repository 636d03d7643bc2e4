/* Table `event`: what is planned in rooms. Knows no more of times than how they sort: src/schedule reads them. All calls are
 * answered in the main context. */
#pragma once

#include "store/rooms.h"

G_BEGIN_DECLS

/* of one room, and in all rooms of one owner */
#define CV_EVENTS_MAX_ROOM 100
#define CV_EVENTS_MAX_OWNER 1000

typedef struct {
  char *id; /* "e" + 12 */
  char *room;
  char *owner; /* who planned it, as of rooms; NULL: nobody */
  char *title;
  char *start; /* "YYYY-MM-DDTHH:MM", wall time of the first one */
  char *zone;
  int minutes;
  char *repeat;    /* JSON; NULL: once */
  char *cancelled; /* JSON: days on which it is not */
  int sequence;    /* counts changes */
  gint64 created;  /* ms since 1970 */
  gint64 changed;  /* the same */
  /* of its room: only read */
  char *room_kind;
  char *room_owner; /* NULL: nobody's */
  gboolean has_secret;
  guint8 secret[CV_ROOM_SECRET_BYTES];
  char *pin; /* what callers type who are no hosts; NULL: it cannot be called */
} CvEventRow;

CvEventRow *cv_event_row_copy (const CvEventRow *self);
void cv_event_row_free (CvEventRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvEventRow, cv_event_row_free)

/* Fails with CV_STORE_ERROR_EXISTS, MISSING where there is no such room, or LIMIT. */
void cv_events_insert_async (CvStore *store, const CvEventRow *row, GAsyncReadyCallback callback, gpointer user_data);
/* Writes what may change: title, start, zone, minutes, repeat, cancelled, and when. `row->sequence` is one more than what it was:
 * fails with MISSING where the event is not there, or has been changed by somebody else since it was loaded. */
void cv_events_update_async (CvStore *store, const CvEventRow *row, GAsyncReadyCallback callback, gpointer user_data);
/* Fails with MISSING. */
void cv_events_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_events_change_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with MISSING. Returns: (transfer full). */
void cv_events_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
CvEventRow *cv_events_load_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Those of a room, the first to begin first. Returns: (transfer full) of CvEventRow, like the next one. */
void cv_events_list_of_room_async (CvStore *store, const char *room, GAsyncReadyCallback callback, gpointer user_data);
/* Those in rooms of `actor`, or that they planned; NULL: all. But such as were over on the day `from` and such as begin after the day
 * `to` ("YYYY-MM-DD", as their own zones have it; the second one may be NULL). At most CV_EVENTS_MAX_OWNER, the newest. */
void cv_events_list_of_actor_async (CvStore *store, const char *actor, const char *from, const char *to,
                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_events_list_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
