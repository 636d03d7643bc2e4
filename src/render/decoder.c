/* See decoder.h. */
#include "render/decoder.h"

struct _CvDecoder {
  GstElement *bin;
  GstPad *in;  /* pushes into the bin */
  GstPad *out; /* what the bin pushes into */
  GstCaps *caps;
  GstCaps *decoded; /* of what comes out; NULL: nothing has */
  CvDecoderFunc func;
  gpointer user_data;
};

/* ---- Called by the bin, in the thread that pushes ---- */

static GstFlowReturn
on_out_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  CvDecoder *self = gst_pad_get_element_private (pad);
  if (self->decoded != NULL)
    self->func (buffer, self->decoded, self->user_data);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
on_out_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  CvDecoder *self = gst_pad_get_element_private (pad);
  GstCaps *caps = NULL;
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    gst_caps_replace (&self->decoded, caps);
  }
  gst_event_unref (event);
  return TRUE;
}

/* ---- Called by our owner ---- */

static void
begin (CvDecoder *self)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->in, gst_event_new_stream_start ("conclave"));
  gst_pad_push_event (self->in, gst_event_new_caps (self->caps));
  gst_pad_push_event (self->in, gst_event_new_segment (&segment));
}

static gboolean
link_ends (CvDecoder *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->bin, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->bin, "src");
  return sink != NULL && src != NULL && gst_pad_link (self->in, sink) == GST_PAD_LINK_OK &&
         gst_pad_link (src, self->out) == GST_PAD_LINK_OK;
}

CvDecoder *
cv_decoder_new (CvTemplate *template, GstCaps *caps, CvDecoderFunc func, gpointer user_data, GError **error)
{
  GstElement *bin = cv_template_make (template, NULL, 0, error);
  if (bin == NULL)
    return NULL;
  g_autoptr (CvDecoder) self = g_new0 (CvDecoder, 1);
  self->bin = gst_object_ref_sink (bin);
  self->caps = gst_caps_ref (caps);
  self->func = func;
  self->user_data = user_data;
  self->in = gst_object_ref_sink (gst_pad_new ("in", GST_PAD_SRC));
  self->out = gst_object_ref_sink (gst_pad_new ("out", GST_PAD_SINK));
  gst_pad_set_element_private (self->out, self);
  gst_pad_set_chain_function (self->out, on_out_chain);
  gst_pad_set_event_function (self->out, on_out_event);
  gst_pad_set_active (self->in, TRUE);
  gst_pad_set_active (self->out, TRUE);
  if (!link_ends (self) || gst_element_set_state (self->bin, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_STATE_CHANGE, "a decoder cannot be started");
    return NULL;
  }
  begin (self);
  return g_steal_pointer (&self);
}

void
cv_decoder_free (CvDecoder *self)
{
  gst_element_set_state (self->bin, GST_STATE_NULL);
  gst_object_unref (self->in);
  gst_object_unref (self->out);
  gst_object_unref (self->bin);
  gst_caps_unref (self->caps);
  gst_clear_caps (&self->decoded);
  g_free (self);
}

gboolean
cv_decoder_push (CvDecoder *self, GstBuffer *buffer)
{
  return gst_pad_push (self->in, buffer) == GST_FLOW_OK;
}

void
cv_decoder_flush (CvDecoder *self)
{
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->in, gst_event_new_flush_start ());
  gst_pad_push_event (self->in, gst_event_new_flush_stop (TRUE));
  gst_pad_push_event (self->in, gst_event_new_segment (&segment));
}
