/* See dispatch-recording.h. */
#include "signalling/dispatch-recording.h"

#define CV_LOG_TOPIC "dispatch"
#include "base/log.h"

/* NULL where the meeting is just over, or nothing of it comes here. */
static CvCapture *
find_capture (CvDispatch *self, CvSession *session)
{
  CvRoom *room = cv_registry_peek (self->registry, cv_session_get_room (session));
  gboolean ours = room != NULL && cv_room_get_meeting (room) == cv_session_get_meeting (session);
  return ours ? cv_room_get_capture (room) : NULL;
}

/* Something asked while it has no answer. The seat may be given up meanwhile. */
typedef struct {
  CvDispatch *dispatch;
  CvMeeting *meeting;
  char *person;
  guint64 id;
  CvCaptureAction action;
  char *recording; /* that runs; or NULL */
} Asking;

static Asking *
asking_new (CvDispatch *dispatch, CvSession *session, const CvMessage *message)
{
  Asking *asking = g_new (Asking, 1);
  *asking = (Asking){ dispatch,
                      g_object_ref (cv_session_get_meeting (session)),
                      g_strdup (cv_session_get_participant (session)->id),
                      message->id,
                      message->action,
                      NULL };
  return asking;
}

static void
asking_free (Asking *self)
{
  g_object_unref (self->meeting);
  g_free (self->person);
  g_free (self->recording);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
answer (const Asking *self, const GError *error)
{
  const CvParticipant *participant = cv_meeting_find (self->meeting, self->person);
  CvSession *session = participant != NULL ? cv_session_of (participant) : NULL;
  g_autoptr (GBytes) body =
    error == NULL ? cv_message_ok (self->id) : cv_message_error (cv_problem_from_error (error), self->id);
  if (session != NULL)
    cv_session_post (session, body);
}

static void
on_acted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asking) asking = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *action = g_strconcat ("recording.", cv_capture_actions[asking->action], NULL);
  const char *begun = cv_capture_get_id (CV_CAPTURE (source));
  if (cv_capture_act_finish (CV_CAPTURE (source), result, &error))
    cv_dispatch_audit (asking->dispatch, asking->meeting, asking->person, action,
                       begun != NULL ? begun : asking->recording, NULL);
  answer (asking, error);
}

CvProblem
cv_dispatch_record (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvCapture *capture = find_capture (self, session);
  if (capture == NULL)
    return CV_PROBLEM_RECORDING_STATE;
  cv_info (cv_session_get_room (session), cv_session_get_participant (session)->id, "asks to %s a recording",
           cv_capture_actions[message->action]);
  Asking *asking = asking_new (self, session, message);
  asking->recording = g_strdup (cv_capture_get_id (capture));
  cv_capture_act_async (capture, message->action, CV_CAPTURE_REASON_HOST, on_acted, asking);
  return CV_DISPATCH_FINE;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Asking) asking = user_data;
  g_autoptr (GError) error = NULL;
  cv_capture_answer_finish (CV_CAPTURE (source), result, &error);
  answer (asking, error);
}

CvProblem
cv_dispatch_consent (CvDispatch *self, CvConnection *connection, CvSession *session, const CvMessage *message)
{
  CvCapture *capture = find_capture (self, session);
  if (capture == NULL)
    return CV_PROBLEM_RECORDING_STATE;
  cv_capture_answer_async (capture, cv_session_get_participant (session), message->answer, on_answered,
                           asking_new (self, session, message));
  return CV_DISPATCH_FINE;
}
