/* People on WebSockets over socket pairs who say what clients say, and a dispatch that answers them: a standard room in memory, but no
 * server.
 */
#pragma once

#include "lib/peer.h"
#include "lib/rooms.h"
#include "signalling/dispatch.h"

G_BEGIN_DECLS

#define CV_TEST_ATTENDEES 4
#define CV_TEST_SEAT_MS 60000
/* so many joins of one address at once */
#define CV_TEST_JOINS 12
/* so many rooms that it brings back */
#define CV_TEST_REOPENINGS 3
#define CV_TEST_TICKET_KEY "an old pond, a frog jumps in, plop"

typedef struct {
  CvTestPeer peer;
  CvConnection *connection; /* NULL: gone */
  char *id;
  char *token;
} CvTestAttendee;

typedef struct {
  CvTestRooms rooms;
  CvSessions *sessions;
  CvTurn turn;
  CvBuckets *joins;
  CvKnocks *knocks;
  CvTickets *tickets; /* for meet.example */
  CvBuckets *creations;
  CvReopening *reopening;
  CvDispatch dispatch;
  CvTestAttendee people[CV_TEST_ATTENDEES];
  const char *addresses[CV_TEST_ATTENDEES]; /* of the next socket; NULL: 192.0.2.1 */
  const char *accounts[CV_TEST_ATTENDEES];  /* the same; NULL: none */
  char *join_key;
  char *host_key;
} CvTestAttendees;

/* All have sockets, nobody has a seat. `without_media`: as of cv_test_rooms_init(). */
void cv_test_attendees_init (CvTestAttendees *self, const char *const *without_media);
/* All go; fails where a seat, a meeting or a knock is left. */
void cv_test_attendees_clear (CvTestAttendees *self);

/* A new socket; the one before is gone. */
void cv_test_attendees_arrive (CvTestAttendees *self, guint i);
void cv_test_attendees_go (CvTestAttendees *self, guint i);

void cv_test_attendees_say (CvTestAttendees *self, guint i, const char *text);
void cv_test_attendees_expect (CvTestAttendees *self, guint i, const char *pattern);
/* The error without a number, and the end. */
void cv_test_attendees_expect_refused (CvTestAttendees *self, guint i, const char *problem);
/* Has got nothing that was not taken, once all that was under way is there. */
void cv_test_attendees_expect_nothing (CvTestAttendees *self, guint i);

/* `more`: members that `join` has besides. */
void cv_test_attendees_ask_to_join (CvTestAttendees *self, guint i, const char *room, const char *key,
                                    const char *more);
/* Takes a seat, and notes id and token. */
void cv_test_attendees_join (CvTestAttendees *self, guint i, const char *more);
void cv_test_attendees_join_as_host (CvTestAttendees *self, guint i);
/* The same, of the answer that comes later to who waited. */
void cv_test_attendees_expect_joined (CvTestAttendees *self, guint i);
/* Takes up person i's seat on a new socket. `pattern`: what comes. */
void cv_test_attendees_resume (CvTestAttendees *self, guint i, const char *token, guint seq, const char *pattern);

/* Host, co-host and two more, with nothing left to read: four seats in a meeting. The last but one comes with a visitor's mark. */
enum { CV_TEST_HOST, CV_TEST_COHOST, CV_TEST_PERSON, CV_TEST_OTHER };
void cv_test_attendees_gather (CvTestAttendees *self);
CvMeeting *cv_test_attendees_get_meeting (CvTestAttendees *self);
CvParticipant *cv_test_attendees_get_person (CvTestAttendees *self, guint i);
/* Leaves out what has come. */
void cv_test_attendees_forget (CvTestAttendees *self);
/* Person i does something about person `whom`. `id`: a number of its own for each; `rest`: further members. */
void cv_test_attendees_act (CvTestAttendees *self, guint i, guint id, const char *type, guint whom, const char *rest);
void cv_test_attendees_expect_ok (CvTestAttendees *self, guint i, guint re);
void cv_test_attendees_expect_error (CvTestAttendees *self, guint i, guint re, const char *problem);

/* The value of a member that is text. Returns: (transfer full). */
char *cv_test_attendees_member (const char *text, const char *name);

G_END_DECLS
