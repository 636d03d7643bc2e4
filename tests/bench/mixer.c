/* What the mixer costs: INPUTS people, ACTIVE of which speak, LISTENERS who each get their own mix, for SECONDS.
 *
 *   conclave-bench-mixer raw|opus|tap INPUTS LISTENERS ACTIVE SECONDS
 *
 * raw: 48 kHz samples in and out, nothing but the mixer. opus: each input is decoded by who pushes it, each output is
 * encoded as PCMU in the mixer's thread, as a phone gateway would. tap: taps and the shipped templates, Opus out.
 * One thread pushes all inputs each 20 ms; its work is counted as well. Prints one line.
 */
#include "lib/opus.h"
#include "lib/tone.h"
#include "rtp/mix.h"
#include "media/mixer.h"
#include "media/tap.h"
#include "pipeline/template.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define MOST 256
#define LOOP 50

typedef struct {
  char mode;
  guint inputs, listeners, active, seconds;
  GstElement *pipeline, *mixer;
  GstPad *pads[MOST];
  CvTap *taps[MOST];
  GPtrArray *packets; /* Opus: one second */
  guint64 frames;     /* from the first listener */
} Bench;

static double
cpu (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static GstElement *
make (Bench *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description (text, TRUE, &error);
  if (bin == NULL)
    g_error ("%s", error->message);
  gst_bin_add (GST_BIN (self->pipeline), bin);
  return bin;
}

static GstElement *
make_template (Bench *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvTemplate) template = cv_template_load (name, &error);
  GstElement *bin = template != NULL ? cv_template_make (template, NULL, 0, &error) : NULL;
  if (bin == NULL)
    g_error ("%s", error->message);
  gst_bin_add (GST_BIN (self->pipeline), bin);
  return bin;
}

static void
add_input (Bench *self, guint i)
{
  GstSegment segment;
  g_autofree char *name = g_strdup_printf ("sink_%u", i);
  if (self->mode == 't') {
    GstElement *in = make_template (self, "mix-in");
    self->taps[i] = cv_tap_new ("opus", CV_TEST_OPUS_TYPE);
    gst_bin_add (GST_BIN (self->pipeline), cv_tap_get_source (self->taps[i]));
    gst_element_link (cv_tap_get_source (self->taps[i]), in);
    gst_element_link_pads (in, "src", self->mixer, name);
    return;
  }
  g_autoptr (GstCaps) caps = gst_caps_from_string (
    self->mode == 'r' ? CV_MIXER_CAPS
                      : "application/x-rtp,media=audio,clock-rate=48000,encoding-name=OPUS,payload=111");
  g_autoptr (GstPad) target = NULL;
  if (self->mode == 'o') {
    GstElement *decoder = make (self, "rtpopusdepay ! opusdec ! audioconvert");
    gst_element_link_pads (decoder, "src", self->mixer, name);
    target = gst_element_get_static_pad (decoder, "sink");
    gst_element_sync_state_with_parent (decoder);
  } else
    target = gst_element_request_pad_simple (self->mixer, name);
  self->pads[i] = gst_pad_new (NULL, GST_PAD_SRC);
  gst_pad_set_active (self->pads[i], TRUE);
  gst_pad_link (self->pads[i], target);
  gst_pad_push_event (self->pads[i], gst_event_new_stream_start (name));
  gst_pad_push_event (self->pads[i], gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->pads[i], gst_event_new_segment (&segment));
}

static GstPadProbeReturn
on_output (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  (*(guint64 *) user_data)++;
  return GST_PAD_PROBE_OK;
}

static void
add_listener (Bench *self, guint i)
{
  g_autofree char *name = g_strdup_printf ("src_%u", i);
  GstElement *out = NULL;
  if (self->mode == 't')
    out = make_template (self, "mix-out");
  else if (self->mode == 'o')
    out = make (self, "audioresample quality=2 ! audio/x-raw,rate=8000 ! mulawenc ! rtppcmupay ! "
                      "fakesink sync=false async=false");
  else
    out = make (self, "fakesink sync=false async=false");
  gst_element_link_pads (self->mixer, name, out, "sink");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->mixer, name);
  if (i == 0)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_output, &self->frames, NULL);
}

static void
push (Bench *self, guint i, guint k)
{
  gsize n = 0;
  guint8 packet[1500];
  if (self->mode == 'r') {
    static gint16 tone[LOOP * CV_MIX_FRAME];
    if (tone[1] == 0)
      cv_test_tone_write (tone, G_N_ELEMENTS (tone), 440, 0.3, 0);
    gst_pad_push (self->pads[i], gst_buffer_new_memdup (tone + k % LOOP * CV_MIX_FRAME, CV_MIX_FRAME * 2));
    return;
  }
  const guint8 *data = g_bytes_get_data (g_ptr_array_index (self->packets, k % LOOP), &n);
  memcpy (packet, data, n);
  GST_WRITE_UINT16_BE (packet + 2, k);
  GST_WRITE_UINT32_BE (packet + 4, k * CV_MIX_FRAME);
  if (self->mode == 't') {
    cv_tap_push (self->taps[i], packet, n, g_get_monotonic_time ());
    return;
  }
  GstBuffer *buffer = gst_buffer_new_memdup (packet, n);
  GST_BUFFER_PTS (buffer) = k * 20 * GST_MSECOND;
  gst_pad_push (self->pads[i], buffer);
}

int
main (int argc, char *argv[])
{
  Bench self = { 0 };
  gst_init (NULL, NULL);
  if (argc != 6)
    return 2;
  cv_mixer_register ();
  self.mode = argv[1][0];
  self.inputs = (guint) CLAMP (atoi (argv[2]), 0, MOST);
  self.listeners = (guint) CLAMP (atoi (argv[3]), 1, MOST);
  self.active = MIN ((guint) atoi (argv[4]), self.inputs);
  self.seconds = (guint) atoi (argv[5]);
  self.packets = cv_test_opus_packets (440, 0.3, LOOP);
  self.pipeline = gst_pipeline_new (NULL);
  self.mixer = gst_element_factory_make ("cvmixer", NULL);
  gst_bin_add (GST_BIN (self.pipeline), self.mixer);
  for (guint i = 0; i < self.listeners; i++)
    add_listener (&self, i);
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < self.inputs; i++)
    add_input (&self, i);
  gst_element_set_state (self.pipeline, GST_STATE_PLAYING);
  gst_element_get_state (self.pipeline, NULL, NULL, 5 * GST_SECOND);

  gint64 start = g_get_monotonic_time ();
  double before = cpu ();
  self.frames = 0;
  for (guint k = 0; k < self.seconds * 50; k++) {
    g_usleep ((gulong) MAX (start + k * 20000 - g_get_monotonic_time (), 0));
    for (guint i = 0; i < self.active; i++)
      push (&self, i, k);
  }
  double used = (cpu () - before) / ((double) (g_get_monotonic_time () - start) / 1e6);
  g_print ("%s: %u inputs, %u active, %u listeners: %.2f %% of a core, %" G_GUINT64_FORMAT " of %u frames\n", argv[1],
           self.inputs, self.active, self.listeners, used * 100, self.frames, self.seconds * 50);
  gst_element_set_state (self.pipeline, GST_STATE_NULL);
  return 0;
}
