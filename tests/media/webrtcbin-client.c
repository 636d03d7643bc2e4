/* A WebRTC client that is none of ours: GStreamer's webrtcbin, which sends a test picture and a tone, and decodes what comes.
 *
 * Lines of JSON: {"type":"offer","sdp"} on standard output, {"type":"answer","sdp"} on standard input; then each half second
 * {"type":"counts", …} with the buffers that were decoded. Ends with its input. GStreamer's threads count with atomics; all else is
 * the main thread's. Knows no server: whoever runs it passes the descriptions on.
 */
#include <gst/gst.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#define COUNTS_MS 500
#define OPUS "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"
#define VP8 "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"
#define PIPELINE                                                                                                       \
  "webrtcbin name=rtc bundle-policy=max-bundle "                                                                       \
  "audiotestsrc is-live=true wave=sine volume=0.3 ! audio/x-raw,rate=48000,channels=2 ! opusenc bitrate=32000 ! "      \
  "rtpopuspay pt=111 ! " OPUS " ! rtc. "                                                                               \
  "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1 ! "                        \
  "vp8enc deadline=1 target-bitrate=150000 cpu-used=8 ! rtpvp8pay pt=96 picture-id-mode=15-bit ! " VP8 " ! rtc."

typedef struct {
  GMainLoop *loop;
  GstElement *pipeline, *rtc;
  gint buffers[2]; /* atomic: decoded, of audio and of video */
  gint width;      /* atomic */
  int end;
} Client;

static void
say (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (root, FALSE);
  printf ("%s\n", line);
  fflush (stdout);
  g_object_unref (builder);
}

static JsonBuilder *
begin (const char *type)
{
  JsonBuilder *builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, type);
  return builder;
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
give_up (Client *self, const char *what)
{
  fprintf (stderr, "webrtcbin-client: %s\n", what);
  self->end = 1;
  g_main_loop_quit (self->loop);
}

/* ---- what comes: in GStreamer's threads ---- */

static void
on_buffer (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer user_data)
{
  Client *self = user_data;
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstStructure *structure = caps != NULL ? gst_caps_get_structure (caps, 0) : NULL;
  gboolean video = structure != NULL && gst_structure_has_name (structure, "video/x-raw");
  int width = 0;
  if (video && gst_structure_get_int (structure, "width", &width))
    g_atomic_int_set (&self->width, width);
  g_atomic_int_inc (&self->buffers[video]);
}

static void
on_decoded (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  Client *self = user_data;
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "sync", FALSE, "signal-handoffs", TRUE, NULL);
  g_signal_connect (sink, "handoff", G_CALLBACK (on_buffer), self);
  gst_bin_add (GST_BIN (self->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  g_autoptr (GstPad) input = gst_element_get_static_pad (sink, "sink");
  gst_pad_link (pad, input);
}

static void
on_pad (GstElement *rtc, GstPad *pad, gpointer user_data)
{
  Client *self = user_data;
  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  GstElement *decoder = gst_element_factory_make ("decodebin", NULL);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (on_decoded), self);
  gst_bin_add (GST_BIN (self->pipeline), decoder);
  gst_element_sync_state_with_parent (decoder);
  g_autoptr (GstPad) input = gst_element_get_static_pad (decoder, "sink");
  gst_pad_link (pad, input);
}

/* ---- the main thread ---- */

static gboolean
on_counts (gpointer user_data)
{
  Client *self = user_data;
  GstWebRTCPeerConnectionState state;
  g_object_get (self->rtc, "connection-state", &state, NULL);
  JsonBuilder *message = begin ("counts");
  add_int (message, "connected", state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED);
  add_int (message, "audio", g_atomic_int_get (&self->buffers[0]));
  add_int (message, "video", g_atomic_int_get (&self->buffers[1]));
  add_int (message, "width", g_atomic_int_get (&self->width));
  say (message);
  return G_SOURCE_CONTINUE;
}

static void
add_slot (Client *self, const char *caps_text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  GstWebRTCRTPTransceiver *slot = NULL;
  g_signal_emit_by_name (self->rtc, "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps, &slot);
  g_clear_object (&slot);
}

/* What the pipeline made sends only; then come the slots. */
static void
set_up_lines (Client *self)
{
  for (int i = 0; i < 2; i++) {
    g_autoptr (GstWebRTCRTPTransceiver) line = NULL;
    g_signal_emit_by_name (self->rtc, "get-transceiver", i, &line);
    if (line != NULL)
      g_object_set (line, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, NULL);
  }
  for (int i = 0; i < 2; i++)
    add_slot (self, OPUS);
  for (int i = 0; i < 2; i++)
    add_slot (self, VP8);
}

static void
make_offer (Client *self)
{
  GstPromise *promise = gst_promise_new ();
  g_autoptr (GstWebRTCSessionDescription) offer = NULL;
  g_signal_emit_by_name (self->rtc, "create-offer", NULL, promise);
  gst_promise_wait (promise);
  const GstStructure *reply = gst_promise_get_reply (promise);
  if (reply == NULL || !gst_structure_get (reply, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL)) {
    give_up (self, "no offer");
    gst_promise_unref (promise);
    return;
  }
  gst_promise_unref (promise);
  g_signal_emit_by_name (self->rtc, "set-local-description", offer, NULL);
  g_autofree char *sdp = gst_sdp_message_as_text (offer->sdp);
  JsonBuilder *message = begin ("offer");
  json_builder_set_member_name (message, "sdp");
  json_builder_add_string_value (message, sdp);
  say (message);
}

static void
take_answer (Client *self, const char *sdp)
{
  GstSDPMessage *parsed = NULL;
  if (gst_sdp_message_new_from_text (sdp, &parsed) != GST_SDP_OK) {
    give_up (self, "no answer");
    return;
  }
  g_autoptr (GstWebRTCSessionDescription) answer =
    gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, parsed);
  g_signal_emit_by_name (self->rtc, "set-remote-description", answer, NULL);
  /* webrtcbin 1.22 passes over those that stand in a description */
  for (guint line = 0; line < gst_sdp_message_medias_len (answer->sdp); line++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (answer->sdp, line);
    const char *candidate;
    for (guint i = 0; (candidate = gst_sdp_media_get_attribute_val_n (media, "candidate", i)) != NULL; i++) {
      g_autofree char *text = g_strdup_printf ("candidate:%s", candidate);
      g_signal_emit_by_name (self->rtc, "add-ice-candidate", line, text);
    }
  }
}

static gboolean
on_input (GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
  Client *self = user_data;
  g_autofree char *line = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit (self->loop);
    return G_SOURCE_REMOVE;
  }
  if (!json_parser_load_from_data (parser, line, -1, NULL)) {
    give_up (self, "bad input");
    return G_SOURCE_REMOVE;
  }
  JsonObject *message = json_node_get_object (json_parser_get_root (parser));
  if (message != NULL && json_object_has_member (message, "sdp"))
    take_answer (self, json_object_get_string_member (message, "sdp"));
  return G_SOURCE_CONTINUE;
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) error = NULL;
    gst_message_parse_error (message, &error, NULL);
    give_up (user_data, error->message);
  }
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  Client self = { 0 };
  gst_init (&argc, &argv);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.pipeline = gst_parse_launch (PIPELINE, &error);
  if (self.pipeline == NULL || error != NULL) {
    fprintf (stderr, "webrtcbin-client: %s\n", error != NULL ? error->message : "no pipeline");
    return 1;
  }
  self.rtc = gst_bin_get_by_name (GST_BIN (self.pipeline), "rtc");
  g_signal_connect (self.rtc, "pad-added", G_CALLBACK (on_pad), &self);
  g_autoptr (GstBus) bus = gst_element_get_bus (self.pipeline);
  gst_bus_add_watch (bus, on_message, &self);
  set_up_lines (&self);
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  make_offer (&self);
  GIOChannel *input = g_io_channel_unix_new (0);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_input, &self);
  g_timeout_add (COUNTS_MS, on_counts, &self);
  g_main_loop_run (self.loop);
  gst_element_set_state (self.pipeline, GST_STATE_NULL);
  gst_bus_remove_watch (bus);
  gst_object_unref (self.rtc);
  gst_object_unref (self.pipeline);
  g_io_channel_unref (input);
  g_main_loop_unref (self.loop);
  return self.end;
}
