/* See protocol-recording.h. */
#include "signalling/protocol-recording.h"

#include "signalling/protocol.h"

void
cv_message_add_recording (JsonBuilder *builder, CvCapture *capture, const CvParticipant *participant)
{
  CvCaptureView view;
  cv_capture_get_view (capture, participant, &view);
  cv_json_add_text (builder, "state", view.state);
  cv_json_add_int (builder, "since", view.since);
  cv_json_add_int (builder, "elapsed", view.elapsed);
  cv_json_add_text (builder, "consent", view.consent);
  cv_json_add_text (builder, "mine", view.mine);
  cv_json_add_text (builder, "reason", view.reason);
  cv_json_add_text (builder, "warning", view.warning);
}

GBytes *
cv_message_recording (CvCapture *capture, const CvParticipant *participant)
{
  JsonBuilder *builder = cv_message_open ("recording");
  cv_message_add_recording (builder, capture, participant);
  return cv_message_close (builder);
}
