/* What the event log says of a meeting's people: each thing once, and nothing of who only watches. */
#include "room/chronicle.h"

#include "lib/folder.h"
#include "lib/wait.h"

#include <string.h>

#define RECORDING "rabcdefghijkm"

typedef struct {
  char *directory;
  CvClock *clock;
  CvMeeting *meeting;
  CvFolder *folder;
  CvJournal *journal;
  CvChronicle *chronicle;
} Fixture;

static void
on_failed (const GError *error, gpointer user_data)
{
  g_error ("%s", error->message);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = cv_test_folder_new ();
  f->clock = cv_clock_new_fake (0);
  f->meeting = cv_meeting_new (&cv_policy_classroom, f->clock, 1000);
  f->folder = cv_folder_create (f->directory, RECORDING, NULL);
  f->journal = cv_journal_new (f->folder, f->clock, cv_clock_now (f->clock), on_failed, NULL);
  f->chronicle = cv_chronicle_new (f->journal, f->meeting);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_chronicle_free (f->chronicle);
  cv_journal_free (f->journal);
  cv_folder_free (f->folder);
  g_assert_finalize_object (f->meeting);
  g_assert_finalize_object (f->clock);
  cv_test_folder_free (f->directory);
}

static CvParticipant *
add (Fixture *f, const char *name, CvRole role)
{
  CvParticipant *participant = cv_participant_new (name, role, &(CvSending){ .microphone = TRUE });
  memset (participant->id + 1, name[0], 12);
  cv_meeting_add (f->meeting, participant);
  cv_chronicle_note (f->chronicle, participant);
  return participant;
}

/* All lines, without `{"t":0,"type":`, quotes and brackets. */
static void
assert_lines (Fixture *f, const char *expected)
{
  g_autofree char *text = cv_test_folder_read (f->directory, RECORDING "/events.jsonl");
  g_autoptr (GRegex) regex = g_regex_new ("\\{\"t\":0,\"type\":|[\"{}]|(?<=p[A-Z])[A-Z]+", 0, 0, NULL);
  g_autofree char *bare = g_regex_replace (regex, text, -1, 0, "", 0, NULL);
  g_assert_cmpstr (bare, ==, expected);
}

static void
test_people (Fixture *f, gconstpointer data)
{
  CvParticipant *ann = add (f, "Ann", CV_ROLE_HOST);
  CvParticipant *vic = add (f, "Vic", CV_ROLE_VIEWER);
  cv_chronicle_note (f->chronicle, ann);
  cv_chronicle_leave (f->chronicle, vic);
  cv_meeting_set_stage (f->meeting, vic, TRUE);
  cv_chronicle_note (f->chronicle, vic);
  cv_meeting_set_stage (f->meeting, vic, FALSE);
  cv_chronicle_note (f->chronicle, vic);
  g_free (ann->name);
  ann->name = g_strdup ("Anna \"A\"");
  cv_chronicle_note (f->chronicle, ann);
  cv_chronicle_consent (f->chronicle, ann->id, CV_ANSWER_AGREED);
  cv_chronicle_leave (f->chronicle, vic);
  cv_chronicle_leave (f->chronicle, vic);
  assert_lines (f, "person,person:pA,name:Ann,stage:true\n"
                   "person,person:pV,name:Vic,stage:true\n"
                   "person,person:pV,name:Vic,stage:false\n"
                   "person,person:pA,name:Anna \\A\\,stage:true\n"
                   "consent,person:pA,answer:agreed\n"
                   "leave,person:pV\n");
}

static void
test_segments (Fixture *f, gconstpointer data)
{
  const char *const speakers[] = { "pA", "pB", NULL }, *const nobody[] = { NULL };
  CvParticipant *ann = add (f, "Ann", CV_ROLE_HOST);
  cv_meeting_set_spotlight (f->meeting, ann);
  cv_chronicle_speakers (f->chronicle, speakers);
  cv_chronicle_end_segment (f->chronicle, "lost");
  cv_chronicle_begin_segment (f->chronicle, 1);
  cv_chronicle_note (f->chronicle, ann);
  cv_chronicle_speakers (f->chronicle, speakers);
  cv_chronicle_speakers (f->chronicle, speakers);
  ann->listens = TRUE;
  cv_chronicle_note (f->chronicle, ann);
  cv_chronicle_speakers (f->chronicle, nobody);
  cv_chronicle_end_segment (f->chronicle, "pause");
  ann->listens = FALSE;
  cv_chronicle_note (f->chronicle, ann);
  cv_meeting_set_spotlight (f->meeting, NULL);
  cv_chronicle_begin_segment (f->chronicle, 2);
  cv_chronicle_speakers (f->chronicle, speakers);
  cv_chronicle_spotlight (f->chronicle, NULL);
  cv_chronicle_stop (f->chronicle, "host");
  assert_lines (f, "person,person:pA,name:Ann,stage:true\n"
                   "segment,segment:1\n"
                   "sending,person:pA,microphone:true,camera:false,screen:false\n"
                   "spotlight,person:pA\n"
                   "speaker,people:[pA,pB]\n"
                   "sending,person:pA,microphone:false,camera:false,screen:false\n"
                   "speaker,people:[]\n"
                   "segment-end,segment:1,reason:pause\n"
                   "segment,segment:2\n"
                   "sending,person:pA,microphone:true,camera:false,screen:false\n"
                   "speaker,people:[pA,pB]\n"
                   "spotlight,person:null\n"
                   "stop,reason:host\n");
}

static void
test_start (Fixture *f, gconstpointer data)
{
  const CvRoomRow room = { .id = (char *) "abcdefghijkm", .kind = (char *) "classroom", .title = (char *) "T" };
  cv_chronicle_start (f->chronicle, RECORDING, &room, 1700000000000);
  g_autofree char *expected = g_strdup_printf ("start,version:1,recording:" RECORDING ",room:abcdefghijkm,meeting:%s,"
                                               "title:T,kind:classroom,at:1700000000000\n",
                                               cv_meeting_get_id (f->meeting));
  assert_lines (f, expected);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/chronicle/people", test_people);
  ADD ("/chronicle/segments", test_segments);
  ADD ("/chronicle/start", test_start);
  return g_test_run ();
}
