/* What of a person's packets stands in the file afterwards, and what is told of it. */
#include "media/recording.h"

#include "lib/mkv.h"
#include "lib/wait.h"

#include <gst/app/gstappsink.h>
#include <string.h>
#include <unistd.h>

#define PERSON "paaaaaaaaaaaa"
#define MS 1000
#define FRAME_MS 40
#define TICKS (90 * FRAME_MS)

typedef struct {
  CvWriter *writer;
  CvSource *source;
  CvRecording *recording;
  char *path;
  GString *news;
  gint64 began; /* µs: when the test did */
  gint64 at;    /* µs of the file's beginning, as told */
  char *text;
  gsize n;
} Fixture;

static void
on_track (CvRecording *recording, CvCodec codec, gint64 at, guint width, guint height, gpointer user_data)
{
  Fixture *self = user_data;
  self->at = at;
  g_string_append_printf (self->news, "track %s %ux%u ", cv_codec_get_name (codec), width, height);
}

static void
on_clock (CvRecording *recording, gint64 pts, gint64 ntp, gpointer user_data)
{
  Fixture *self = user_data;
  g_string_append_printf (self->news, "clock %d=%d ", (int) (pts / MS), (int) (ntp / MS));
}

static void
on_ended (CvRecording *recording, const char *reason, guint64 bytes, gpointer user_data)
{
  Fixture *self = user_data;
  g_string_append_printf (self->news, "ended %s", reason);
  cv_recording_free (g_steal_pointer (&self->recording));
}

static const CvRecordingFuncs funcs = { on_track, on_clock, on_ended };

static CvSource *
make_source (CvSourceType type, guint n_layers)
{
  CvSdpMedia media = { .kind = cv_source_type_get_kind (type), .mid = "1", .sends = TRUE, .n_rids = n_layers };
  for (guint i = 0; i < n_layers; i++)
    media.rids[i][0] = "qhf"[i];
  CvSource *source = cv_source_new (type, PERSON, &media);
  for (guint i = 0; i < source->n_tracks; i++)
    source->tracks[i].ssrc = 100 + i;
  source->may = TRUE;
  return source;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  guint layers = GPOINTER_TO_UINT (data);
  CvSourceType type = layers == 0 ? CV_SOURCE_MICROPHONE : CV_SOURCE_CAMERA;
  self->writer = cv_writer_new ();
  self->news = g_string_new (NULL);
  self->source = make_source (type, layers == 1 ? 0 : layers);
  self->began = g_get_monotonic_time ();
  int fd = g_file_open_tmp ("cv-recording-XXXXXX", &self->path, NULL);
  self->recording = cv_recording_new (7, PERSON, type, self->writer, fd, &funcs, self);
  cv_recording_attach (self->recording, self->source);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->recording != NULL)
    cv_recording_free (self->recording);
  if (self->source != NULL)
    cv_source_free (self->source);
  g_assert_true (cv_writer_free (self->writer, 5 * G_USEC_PER_SEC));
  unlink (self->path);
  g_free (self->path);
  g_free (self->text);
  g_string_free (self->news, TRUE);
}

static gint64
when (const Fixture *self, gint64 ms)
{
  return self->began + ms * MS;
}

/* The ms-th moment of a stream; its packets are numbered by their time. `delay` ms. */
static void
put (Fixture *self, guint layer, CvCodec codec, gint64 ms, gint64 delay, gboolean keyframe)
{
  CvTrack *track = &self->source->tracks[layer];
  guint step = codec == CV_CODEC_OPUS ? 20 : FRAME_MS;
  guint8 data[40] = { 0x80 };
  data[12] = codec == CV_CODEC_OPUS ? 0x78 : 0x10;
  data[13] = keyframe ? 0 : 1;
  data[39] = (guint8) layer;
  CvPacket packet = { .data = data,
                      .n = sizeof data,
                      .header_n = 12,
                      .index = 1000 + track->ssrc * 50000 + (guint64) ms / step,
                      .timestamp = track->ssrc * 1000000 + (guint32) ms * (track->clock / 1000),
                      .marker = TRUE,
                      .codec = codec,
                      .at = when (self, ms + delay) };
  packet.payload = (CvPayload){ .keyframe = keyframe, .frame_start = TRUE, .descriptor_n = 1 };
  if (keyframe && codec != CV_CODEC_OPUS) {
    packet.payload.width = 320u << layer;
    packet.payload.height = 180u << layer;
  }
  track->at = packet.at;
  cv_recording_packet (self->recording, track, &packet);
}

/* Pictures of these layers (bits) from one time to another, the first ones keyframes. */
static void
put_pictures (Fixture *self, guint layers, gint64 from, gint64 to)
{
  for (gint64 ms = from; ms < to; ms += FRAME_MS) {
    for (guint i = 3; i > 0; i--)
      if (layers & 1u << (i - 1))
        put (self, i - 1, CV_CODEC_VP8, ms, 0, ms == from);
    cv_recording_tick (self->recording, when (self, ms));
  }
}

static void
put_sound (Fixture *self, gint64 from, gint64 to)
{
  for (gint64 ms = from; ms < to; ms += 20) {
    put (self, 0, CV_CODEC_OPUS, ms, ms == from ? 60 : 5, TRUE);
    cv_recording_tick (self->recording, when (self, ms));
  }
}

static CvTestMkv *
read_file (Fixture *self)
{
  g_clear_pointer (&self->text, g_free);
  g_assert_true (g_file_get_contents (self->path, &self->text, &self->n, NULL));
  return cv_test_mkv_read ((const guint8 *) self->text, self->n);
}

static CvTestMkv *
finish (Fixture *self)
{
  cv_recording_finish (self->recording);
  cv_test_wait_until (self->recording == NULL);
  return read_file (self);
}

/* A first packet that is late does not shift the file. */
static void
test_sound (Fixture *self, gconstpointer data)
{
  put_sound (self, 0, 1000);
  put_sound (self, 1400, 2000);
  g_autoptr (CvTestMkv) mkv = finish (self);
  g_assert_cmpstr (self->news->str, ==, "track opus 0x0 ended ");
  g_assert_cmpint (self->at, ==, when (self, 5));
  g_assert_true (mkv->sized);
  g_assert_cmpuint (mkv->channels, ==, 1);
  g_assert_cmpuint (mkv->frames->len, ==, 80);
  g_assert_cmpint (cv_test_mkv_get (mkv, 1)->time, ==, 20);
  g_assert_cmpint (cv_test_mkv_get (mkv, 50)->time, ==, 1400);
}

/* Nothing was sent at all. */
static void
test_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (CvTestMkv) mkv = finish (self);
  g_assert_cmpuint (mkv->frames->len, ==, 0);
  g_assert_cmpstr (self->news->str, ==, "ended ");
  g_assert_cmpuint (self->n, ==, 0);
}

static void
test_picture (Fixture *self, gconstpointer data)
{
  g_assert_true (cv_source_is_used (self->source));
  put (self, 0, CV_CODEC_VP8, 0, 0, FALSE);
  cv_recording_tick (self->recording, when (self, 0));
  g_assert_true (self->source->tracks[0].keyframe_wanted);
  put_pictures (self, 1, 80, 1080);
  self->source->tracks[0].keyframe_wanted = FALSE;
  put_pictures (self, 0, 1080, 1200);
  g_assert_false (self->source->tracks[0].keyframe_wanted);
  gint64 later = g_get_monotonic_time () + CV_RECORDING_KEYFRAME_US + MS;
  cv_recording_tick (self->recording, later);
  g_assert_false (self->source->tracks[0].keyframe_wanted); /* nothing comes: nobody is asked */
  self->source->tracks[0].at = later;
  cv_recording_tick (self->recording, later);
  g_assert_true (self->source->tracks[0].keyframe_wanted);
  g_autoptr (CvTestMkv) mkv = finish (self);
  g_assert_cmpstr (self->news->str, ==, "track VP8 320x180 ended ");
  g_assert_cmpuint (mkv->frames->len, ==, 25);
  g_assert_cmpint (self->at, ==, when (self, 80));
}

/* The largest that comes, from its keyframe on, without a step back in time. */
static void
test_layers (Fixture *self, gconstpointer data)
{
  put_pictures (self, 1, 0, 1000);
  put_pictures (self, 1 | 2 | 4, 1000, 2000);
  put_pictures (self, 1 | 2, 2000, 4000);
  g_assert_true (self->source->tracks[1].keyframe_wanted); /* the largest is gone, and this one not begun */
  put_pictures (self, 1 | 2, 4000, 5000);
  g_autoptr (CvTestMkv) mkv = finish (self);
  gint64 last = -1;
  GString *layers = g_string_new (NULL);
  for (guint i = 0; i < mkv->frames->len; i++) {
    const CvTestMkvFrame *frame = cv_test_mkv_get (mkv, i);
    guint8 layer = mkv->data[frame->at + frame->n - 1];
    g_assert_cmpint (frame->time, >, last);
    last = frame->time;
    if (layers->len == 0 || layers->str[layers->len - 1] != "qhf"[layer]) {
      g_assert_true (frame->keyframe);
      g_string_append_printf (layers, "%" G_GINT64_FORMAT "%c", frame->time, "qhf"[layer]);
    }
  }
  g_assert_cmpstr (layers->str, ==, "0q1000f4000h");
  g_string_free (layers, TRUE);
  g_assert_cmpint (last, ==, 4960);
}

/* Another stream in its place, then another connection; time is that of arrival, and the file one. */
static void
test_again (Fixture *self, gconstpointer data)
{
  put_pictures (self, 1, 0, 400);
  cv_track_restart (&self->source->tracks[0], 555);
  put_pictures (self, 1, 1000, 1400);
  cv_source_free (self->source);
  g_assert_true (cv_recording_is_of (self->recording, PERSON, CV_SOURCE_CAMERA));
  g_assert_false (cv_recording_is_of (self->recording, PERSON, CV_SOURCE_SCREEN));
  g_assert_false (cv_recording_is_of (self->recording, "pbbbbbbbbbbbb", CV_SOURCE_CAMERA));
  cv_recording_tick (self->recording, when (self, 2000));
  self->source = make_source (CV_SOURCE_CAMERA, 0);
  self->source->tracks[0].ssrc = 9;
  cv_recording_attach (self->recording, self->source);
  put_pictures (self, 1, 5000, 5400);
  g_autoptr (CvTestMkv) mkv = finish (self);
  g_assert_cmpstr (self->news->str, ==, "track VP8 320x180 ended ");
  g_assert_cmpuint (mkv->frames->len, ==, 30);
  g_assert_cmpint (cv_test_mkv_get (mkv, 10)->time, ==, 1000);
  g_assert_cmpint (cv_test_mkv_get (mkv, 29)->time, ==, 5360);
}

/* A file has one codec. */
static void
test_codec (Fixture *self, gconstpointer data)
{
  put_pictures (self, 1, 0, 400);
  put (self, 0, CV_CODEC_H264, 400, 0, TRUE);
  g_assert_null (self->source->recording);
  g_assert_false (cv_recording_is_of (self->recording, PERSON, CV_SOURCE_CAMERA)); /* another may begin */
  cv_test_wait_until (self->recording == NULL);
  g_assert_cmpstr (self->news->str, ==, "track VP8 320x180 ended codec");
  g_autoptr (CvTestMkv) mkv = read_file (self);
  g_assert_true (mkv->sized);
  g_assert_cmpuint (mkv->frames->len, ==, 10);
}

/* It may not be forwarded for a while: what comes then is not seen here, and it goes on with a keyframe. */
static void
test_interrupt (Fixture *self, gconstpointer data)
{
  put_pictures (self, 1, 0, 400);
  self->source->may = FALSE;
  cv_source_interrupt (self->source, NULL);
  g_assert_false (cv_source_is_used (self->source));
  self->source->may = TRUE;
  cv_source_interrupt (self->source, NULL);
  put (self, 0, CV_CODEC_VP8, 800, 0, FALSE);
  put_pictures (self, 1, 840, 1240);
  g_autoptr (CvTestMkv) mkv = finish (self);
  g_assert_cmpuint (mkv->frames->len, ==, 20);
  g_assert_cmpint (cv_test_mkv_get (mkv, 10)->time, ==, 840);
}

/* The sender's clock is told once there is a report, then now and then. */
static void
test_clock (Fixture *self, gconstpointer data)
{
  CvTrack *track = &self->source->tracks[0];
  put_sound (self, 0, 1000);
  track->sr_ntp = (guint64) 20 << 32;
  track->sr_rtp = track->ssrc * 1000000 + 500 * 48;
  track->sr_at = when (self, 510);
  put_sound (self, 1000, 1100);
  g_assert_cmpstr (self->news->str, ==, "track opus 0x0 clock 500=20000 ");
  track->sr_at = when (self, 1000);
  put_sound (self, 1100, 9000);
  g_assert_cmpstr (self->news->str, ==, "track opus 0x0 clock 500=20000 ");
  track->sr_ntp = (guint64) 30 << 32;
  track->sr_rtp = track->ssrc * 1000000 + 10500 * 48;
  track->sr_at = when (self, 10510);
  put_sound (self, 9000, 12000);
  g_assert_cmpstr (self->news->str, ==, "track opus 0x0 clock 500=20000 clock 10500=30000 ");
}

/* ---- what encoders make, decoded again ---- */

typedef struct {
  CvCodec codec;
  const char *encode, *decode;
} Coding;

static const Coding codings[] = {
  { CV_CODEC_VP8, "vp8enc deadline=1 keyframe-max-dist=20 ! rtpvp8pay", "vp8dec" },
  { CV_CODEC_VP9, "vp9enc deadline=1 keyframe-max-dist=20 ! rtpvp9pay", "vp9dec" },
  { CV_CODEC_H264, "openh264enc gop-size=20 ! rtph264pay aggregate-mode=zero-latency", "h264parse ! openh264dec" },
};
#define PICTURES 50

static void
take_rtp (Fixture *self, CvCodec codec, GstBuffer *buffer)
{
  CvTrack *track = &self->source->tracks[0];
  guint8 data[1500];
  gsize n = gst_buffer_extract (buffer, 0, data, sizeof data);
  CvRtp rtp;
  g_assert_true (cv_rtp_parse (&rtp, data, n));
  CvPacket packet = { .data = data,
                      .n = n,
                      .header_n = rtp.header_n,
                      .index = 65536u + rtp.seq,
                      .timestamp = rtp.timestamp,
                      .marker = rtp.marker,
                      .codec = codec,
                      .at = when (self, (gint64) (GST_BUFFER_PTS (buffer) / GST_MSECOND)) };
  cv_payload_inspect (&packet.payload, codec, data + rtp.header_n, n - rtp.header_n);
  track->at = packet.at;
  cv_recording_packet (self->recording, track, &packet);
}

static void
encode (Fixture *self, const Coding *coding)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
    g_strdup_printf ("videotestsrc num-buffers=%u pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1 ! "
                     "%s mtu=400 seqnum-offset=100 ! appsink name=sink sync=false",
                     PICTURES, coding->encode);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (GstSample *sample; (sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) != NULL; gst_sample_unref (sample))
    take_rtp (self, coding->codec, gst_sample_get_buffer (sample));
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static guint
decode (Fixture *self, const Coding *coding)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("filesrc location=%s ! matroskademux ! %s ! appsink name=sink sync=false",
                                           self->path, coding->decode);
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  guint n = 0;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (GstSample *sample; (sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) != NULL; gst_sample_unref (sample))
    n++;
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return n;
}

static void
test_coding (gconstpointer data)
{
  const Coding *coding = data;
  Fixture self = { 0 };
  set_up (&self, GUINT_TO_POINTER (1));
  encode (&self, coding);
  g_autoptr (CvTestMkv) mkv = finish (&self);
  g_assert_cmpuint (mkv->frames->len, ==, PICTURES);
  g_assert_cmpuint (mkv->width, ==, 320);
  g_assert_cmpuint (mkv->height, ==, 180);
  g_assert_cmpuint (mkv->private_n > 0, ==, coding->codec == CV_CODEC_H264);
  g_assert_true (cv_test_mkv_get (mkv, 40)->keyframe);
  g_assert_cmpint (cv_test_mkv_get (mkv, 40)->time, ==, 1600);
  g_assert_cmpuint (decode (&self, coding), ==, PICTURES);
  tear_down (&self, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
#define ADD(name, layers, test)                                                                                        \
  g_test_add ("/recording/" name, Fixture, GUINT_TO_POINTER (layers), set_up, test, tear_down)
  ADD ("sound", 0, test_sound);
  ADD ("nothing", 0, test_nothing);
  ADD ("picture", 1, test_picture);
  ADD ("layers", 3, test_layers);
  ADD ("again", 1, test_again);
  ADD ("codec", 1, test_codec);
  ADD ("interrupt", 1, test_interrupt);
  ADD ("clock", 0, test_clock);
  for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
    g_autofree char *path = g_strconcat ("/recording/coding/", cv_codec_get_name (codings[i].codec), NULL);
    g_test_add_data_func (path, &codings[i], test_coding);
  }
  return g_test_run ();
}
