/* See feed.h. */
#include "render/feed.h"

#include "render/failure.h"

#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* an encoder that has not come to its end by then never will */
#define FINISH_TIMEOUT (300 * GST_SECOND)
/* a disk with less than that is full */
#define FULL_BYTES (1024 * 1024)

struct _CvFeed {
  char *path;
  GstElement *pipeline;
  GstElement *bin; /* of the template, borrowed from the pipeline */
  GstBus *bus;
  GstPad *inputs[CV_FEED_MAX_INPUTS];
  guint n_inputs;
  gboolean finished;
};

/* filesink does not always say why it could not write. */
static gboolean
is_full (const CvFeed *self)
{
  struct statvfs status;
  g_autofree char *folder = g_path_get_dirname (self->path);
  return statvfs (folder, &status) == 0 && (guint64) status.f_bavail * status.f_frsize < FULL_BYTES;
}

/* What the pipeline says, as one of ours. Returns FALSE. */
static gboolean
take_error (CvFeed *self, GError **error)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (self->bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) cause = NULL;
  g_autofree char *debug = NULL;
  if (message == NULL) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_PIPELINE, "the pipeline takes no more");
    return FALSE;
  }
  gst_message_parse_error (message, &cause, &debug);
  CvFailure code = CV_FAILURE_PIPELINE;
  if (g_error_matches (cause, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT) ||
      (cause->domain == GST_RESOURCE_ERROR && is_full (self)))
    code = CV_FAILURE_DISK_FULL;
  else if (cause->domain == GST_RESOURCE_ERROR)
    code = CV_FAILURE_IO;
  g_set_error (error, CV_FAILURE, code, "%s: %s", GST_MESSAGE_SRC_NAME (message), cause->message);
  return FALSE;
}

CvFeed *
cv_feed_new (CvTemplate *template, const CvTemplateNumber *numbers, guint n, const char *path, GError **error)
{
  GstElement *bin = cv_template_make (template, numbers, n, error);
  if (bin == NULL)
    return NULL;
  g_autoptr (CvFeed) self = g_new0 (CvFeed, 1);
  self->path = g_strdup (path);
  self->pipeline = gst_pipeline_new (NULL);
  self->bin = bin;
  self->bus = gst_element_get_bus (self->pipeline);
  gst_bin_add (GST_BIN (self->pipeline), bin);
  g_autoptr (GstElement) file = gst_bin_get_by_name (GST_BIN (bin), "file");
  if (file == NULL) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_PIPELINE, "a template has no element named “file”");
    return NULL;
  }
  g_object_set (file, "location", path, NULL);
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    return g_steal_pointer (&self);
  take_error (self, error);
  return NULL;
}

static void
begin (GstPad *pad, guint number, GstCaps *caps)
{
  g_autofree char *id = g_strdup_printf ("conclave-%u", number);
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, gst_event_new_stream_start (id));
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
}

/* A template's element `in` is its bin's own pad already (template.h). Returns: (transfer full). */
static GstPad *
find_sink (CvFeed *self, const char *element)
{
  if (strcmp (element, "in") == 0)
    return gst_element_get_static_pad (self->bin, "sink");
  g_autoptr (GstElement) target = gst_bin_get_by_name (GST_BIN (self->bin), element);
  return target != NULL ? gst_element_get_static_pad (target, "sink") : NULL;
}

gboolean
cv_feed_add (CvFeed *self, const char *element, GstCaps *caps, GError **error)
{
  g_autoptr (GstPad) sink = find_sink (self, element);
  if (sink == NULL || self->n_inputs == CV_FEED_MAX_INPUTS) {
    g_set_error (error, CV_FAILURE, CV_FAILURE_PIPELINE, "a template has no input named “%s”", element);
    return FALSE;
  }
  GstPad *pad = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SRC));
  self->inputs[self->n_inputs] = pad;
  gst_pad_set_active (pad, TRUE);
  if (gst_pad_link (pad, sink) != GST_PAD_LINK_OK) {
    g_set_error (error, CV_FAILURE, CV_FAILURE_PIPELINE, "the input “%s” cannot be linked", element);
    return FALSE;
  }
  begin (pad, self->n_inputs++, caps);
  return TRUE;
}

gboolean
cv_feed_push (CvFeed *self, guint input, GstBuffer *buffer, GError **error)
{
  g_return_val_if_fail (input < self->n_inputs, FALSE);
  return gst_pad_push (self->inputs[input], buffer) == GST_FLOW_OK || take_error (self, error);
}

gboolean
cv_feed_finish (CvFeed *self, GError **error)
{
  for (guint i = 0; i < self->n_inputs; i++)
    gst_pad_push_event (self->inputs[i], gst_event_new_eos ());
  g_autoptr (GstMessage) message = NULL;
  while (message == NULL || GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS) {
    g_clear_pointer (&message, gst_message_unref);
    message = gst_bus_timed_pop (self->bus, FINISH_TIMEOUT);
    if (message == NULL) {
      g_set_error_literal (error, CV_FAILURE, CV_FAILURE_PIPELINE, "the pipeline does not come to its end");
      return FALSE;
    }
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      gst_bus_post (self->bus, g_steal_pointer (&message));
      return take_error (self, error);
    }
  }
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  self->finished = TRUE;
  return TRUE;
}

void
cv_feed_free (CvFeed *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  for (guint i = 0; i < CV_FEED_MAX_INPUTS; i++)
    g_clear_object (&self->inputs[i]);
  gst_object_unref (self->bus);
  gst_object_unref (self->pipeline);
  if (!self->finished)
    unlink (self->path);
  g_free (self->path);
  g_free (self);
}
