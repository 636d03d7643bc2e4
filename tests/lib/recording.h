/* A meeting that may be recorded: played media, a clock that the test turns, a disk as full as the test wants. */
#pragma once

#include "lib/media.h"
#include "room/capture.h"

G_BEGIN_DECLS

#define CV_TEST_RECORDING_ROOM "abcdefghijkm"

typedef struct {
  CvClock *clock;
  CvStore *store;
  char *directory;
  guint free_percent; /* of the disk: warned below 10, stopped below 2 */
  CvShelf shelf;
  CvRoomRow *room;
  CvMeeting *meeting;
  CvTestMediaPool *pool;
  CvTestMedia *media;
  CvSwitchboard *switchboard;
  CvCapture *capture;
  GString *news;  /* of `changed`: "Ann " or "all " */
  char *finished; /* the id that was said last */
} CvTestRecording;

/* `policy`: boardroom or classroom. The media are ready. */
void cv_test_recording_init (CvTestRecording *self, const CvPolicy *policy, CvConsent consent);
/* Ends the meeting, and waits until everything is gone. */
void cv_test_recording_clear (CvTestRecording *self);

/* Somebody who sends microphone and camera; their id ends in the first two letters of the name. */
CvParticipant *cv_test_recording_add (CvTestRecording *self, const char *name, CvRole role);
/* They have a connection from now on. */
void cv_test_recording_join (CvTestRecording *self, CvParticipant *participant);
/* What came of it: -1, or the CvCaptureError. */
int cv_test_recording_act (CvTestRecording *self, CvCaptureAction action);
int cv_test_recording_answer (CvTestRecording *self, CvParticipant *participant, CvAnswer answer);
/* Waits until the media were asked just this since the last time. */
void cv_test_recording_assert_asked (CvTestRecording *self, const char *expected);
/* The folder of the recording `id`: names and sizes without those of events.jsonl, "001-…-camera-1.mkv=5 ", where a person is
 * known by the last two letters of the id. Returns: (transfer full). */
char *cv_test_recording_list (CvTestRecording *self, const char *id);
/* Its event log; all that is random is left out. Returns: (transfer full). */
char *cv_test_recording_read_events (CvTestRecording *self, const char *id);

G_END_DECLS
