/* See api-recording.h. */
#include "signalling/api-recording.h"

#include "base/json.h"
#include "signalling/api-rooms.h"
#include "signalling/http.h"
#include "signalling/problem.h"

static void
answer_acted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  static const char *const states[] = { "off", "off", "on", "paused", "off" };
  g_autoptr (GError) error = NULL;
  if (!cv_capture_act_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autofree char *action = g_strconcat ("recording.", cv_capture_actions[pending->action], NULL);
  cv_api_audit (&pending->request, action,
                cv_capture_get_id (source) != NULL ? cv_capture_get_id (source) : pending->data, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "recording", cv_capture_get_id (source));
  cv_json_add_text (builder, "state", states[cv_capture_get_state (source)]);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

/* The room is there: does a meeting run in it that can be recorded? */
static void
answer_record_room (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvRoom) room = cv_api_load_own_room_finish (pending, source, result);
  CvCapture *capture = room != NULL ? cv_room_get_capture (room) : NULL;
  if (room == NULL)
    return;
  if (capture == NULL) {
    gboolean allowed = cv_room_get_row (room)->recording;
    cv_http_respond_problem (pending->message, allowed ? CV_PROBLEM_RECORDING_STATE : CV_PROBLEM_RECORDING_OFF);
  } else {
    CvApiPending *next = cv_api_postpone (pending, answer_acted);
    next->data = g_strdup (cv_capture_get_id (capture));
    next->free_data = g_free;
    cv_capture_act_async (capture, next->action, CV_CAPTURE_REASON_ADMIN, cv_api_answer, next);
  }
}

void
cv_api_record (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  int action = cv_json_reader_choice (&reader, "action", cv_capture_actions);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_load_own_room (request, answer_record_room);
  pending->action = (CvCaptureAction) action;
}
