/* Rooms in memory: a store, a clock that the test turns, and a registry over them. */
#pragma once

#include "room/registry.h"

G_BEGIN_DECLS

/* Its rooms' keys are 32 times 'j', and 32 times 'h' for hosts. */
#define CV_TEST_ROOM "abcdefghijkm"
#define CV_TEST_EMPTY_MS 60000
#define CV_TEST_NOW G_GINT64_CONSTANT (1700000000000)
extern const guint8 cv_test_join_key[CV_KEY_BYTES];
extern const guint8 cv_test_host_key[CV_KEY_BYTES];

typedef struct {
  CvClock *clock;
  CvStore *store;
  CvRegistry *registry;
} CvTestRooms;

/* `without_media`: as of cv_registry_new(). */
void cv_test_rooms_init (CvTestRooms *self, const char *const *without_media);
/* Waits for all that is under way; fails where anything is left. */
void cv_test_rooms_clear (CvTestRooms *self);

/* Returns: (transfer full). */
CvRoomRow *cv_test_room_row (const char *id, const char *kind);
gboolean cv_test_rooms_create (CvTestRooms *self, const char *id, const char *kind, GError **error);
gboolean cv_test_rooms_create_row (CvTestRooms *self, const CvRoomRow *row, GError **error);
/* Returns: (transfer full). */
CvRoom *cv_test_rooms_load (CvTestRooms *self, const char *id, GError **error);
gboolean cv_test_rooms_delete (CvTestRooms *self, const char *id, GError **error);
/* Borrowed; must work. */
CvParticipant *cv_test_rooms_enter (CvTestRooms *self, CvRoom *room, const char *name);

/* The table of meetings as "STARTED-ENDED REASON; …", in the order they started. Returns: (transfer full). */
char *cv_test_rooms_dump_meetings (CvTestRooms *self);

/* The first column of all rows, with a space after each. Returns: (transfer full). */
char *cv_test_store_ask (CvStore *store, const char *sql);

G_END_DECLS
