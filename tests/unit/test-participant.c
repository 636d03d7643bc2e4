/* A participant: its id is its own, what it was made of is copied. */
#include "room/participant.h"

#include "base/ids.h"

static void
test_new (void)
{
  char name[] = "Ann";
  CvSending sending = { .microphone = TRUE, .screen = TRUE };
  g_autoptr (CvParticipant) a = cv_participant_new (name, CV_ROLE_HOST, &sending);
  g_autoptr (CvParticipant) b = cv_participant_new (name, CV_ROLE_PERSON, &sending);
  name[0] = 'X';
  sending = (CvSending){ .camera = TRUE };

  g_assert_true (cv_id_is_valid (a->id, "p"));
  g_assert_cmpstr (a->id, !=, b->id);
  g_assert_cmpstr (a->name, ==, "Ann");
  g_assert_cmpint (a->role, ==, CV_ROLE_HOST);
  g_assert_cmpint (b->role, ==, CV_ROLE_PERSON);
  g_assert_true (a->sending.microphone && !a->sending.camera && a->sending.screen);
  g_assert_false (a->away);
  g_assert_cmpint (a->hand, ==, 0);
  g_assert_true (a->came_as == CV_ROLE_HOST && b->came_as == CV_ROLE_PERSON);
  a->identity.visitor = g_strdup ("v"); /* is owned */
  g_assert_null (a->session);
}

static void
test_parts (void)
{
  CvSending sending = { 0 };
  for (guint i = 0; i < CV_N_SENDINGS; i++) {
    g_assert_nonnull (cv_sending_parts[i]);
    *cv_sending_get_part (&sending, (CvSendingPart) i) = TRUE;
    g_assert_cmpint (sending.microphone + sending.camera + sending.screen, ==, (int) i + 1);
  }
  g_assert_null (cv_sending_parts[CV_N_SENDINGS]);
  *cv_sending_get_part (&sending, CV_SENDING_CAMERA) = FALSE;
  g_assert_true (sending.microphone && !sending.camera && sending.screen);
}

static void
test_heard (void)
{
  CvParticipant who = { .sending = { .microphone = TRUE, .screen = TRUE } };
  CvSending heard = cv_participant_get_heard (&who);
  g_assert_true (heard.microphone && !heard.camera && heard.screen);
  who.unrecorded = TRUE;
  g_assert_true (cv_participant_get_heard (&who).microphone);
  who.listens = TRUE;
  heard = cv_participant_get_heard (&who);
  g_assert_false (heard.microphone || heard.camera || heard.screen);
}

static void
test_above (void)
{
  const CvParticipant host = { .role = CV_ROLE_HOST }, cohost = { .role = CV_ROLE_COHOST };
  const CvParticipant viewer = { .role = CV_ROLE_VIEWER };
  g_assert_true (cv_participant_is_above (&host, &cohost) && cv_participant_is_above (&cohost, &viewer));
  g_assert_false (cv_participant_is_above (&cohost, &host) || cv_participant_is_above (&host, &host));
}

static void
test_free_nothing (void)
{
  cv_participant_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/participant/new", test_new);
  g_test_add_func ("/participant/parts", test_parts);
  g_test_add_func ("/participant/heard", test_heard);
  g_test_add_func ("/participant/above", test_above);
  g_test_add_func ("/participant/free-nothing", test_free_nothing);
  return g_test_run ();
}
