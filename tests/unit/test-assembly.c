/* Packets in any order become whole frames in theirs; what is missing costs no more than it must. */
#include "media/assembly.h"

#include <string.h>

#define MS 1000

typedef struct {
  CvAssembly *assembly;
  GString *frames; /* "TIME:BYTES[k] …" of what came out */
  guint width, height;
  gsize config_n;
} Fixture;

static void
on_frame (const CvFrame *frame, gpointer user_data)
{
  Fixture *self = user_data;
  g_autofree char *bytes = g_strndup ((const char *) frame->data, frame->n);
  g_string_append_printf (self->frames, "%u:%s%s ", frame->timestamp, g_ascii_isalnum (bytes[0]) ? bytes : "?",
                          frame->keyframe ? "k" : "");
  self->width = frame->width;
  self->height = frame->height;
  self->config_n = frame->config_n;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->frames = g_string_new (NULL);
  self->assembly = cv_assembly_new ((CvCodec) GPOINTER_TO_UINT (data), on_frame, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_string_free (self->frames, TRUE);
  cv_assembly_free (self->assembly);
}

#define assert_frames(self, expected)                                                                                  \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_assert_cmpstr ((self)->frames->str, ==, expected);                                                               \
    g_string_truncate ((self)->frames, 0);                                                                             \
  }                                                                                                                    \
  G_STMT_END

/* What a packet is, beside its bytes. */
enum { PLAIN = 0, START = 1, END = 2, KEY = 4, LAYER = 8, PADDED = 16 };

static void
put (Fixture *self, guint64 index, guint32 timestamp, gint64 at, guint flags, const char *payload)
{
  guint8 data[1500] = { flags & PADDED ? 0xa0 : 0x80 };
  gsize n = strlen (payload);
  memcpy (data + 12, payload, n);
  if (flags & PADDED) {
    memset (data + 12 + n, 0, 5);
    data[12 + n + 4] = 5;
    n += 5;
  }
  CvPacket packet = {
    .data = data, .n = 12 + n, .header_n = 12, .index = index, .timestamp = timestamp, .marker = flags & END, .at = at
  };
  packet.payload = (CvPayload){ .keyframe = (flags & KEY) != 0,
                                .frame_start = (flags & START) != 0,
                                .layer_start = (flags & LAYER) != 0,
                                .descriptor_n = 1,
                                .width = flags & KEY ? 640 : 0,
                                .height = flags & KEY ? 360 : 0 };
  cv_assembly_put (self->assembly, &packet);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  put (self, 9, 1, 0, START | END, ".zero"); /* before any keyframe */
  g_assert_true (cv_assembly_needs_keyframe (self->assembly));
  put (self, 10, 2, 0, START | KEY, ".one");
  put (self, 12, 2, 0, END, ".three");
  assert_frames (self, "");
  put (self, 12, 2, 0, END, ".three"); /* twice */
  put (self, 14, 4, 0, START | END, ".five");
  put (self, 11, 2, 0, PLAIN, ".two");
  assert_frames (self, "2:onetwothreek ");
  g_assert_cmpuint (self->width, ==, 640);
  g_assert_false (cv_assembly_needs_keyframe (self->assembly));
  put (self, 13, 3, 0, START | END | PADDED, ".four");
  assert_frames (self, "3:four 4:five ");
  put (self, 11, 2, 0, PLAIN, ".two"); /* late */
  put (self, 15, 5, 0, PADDED, "");    /* nothing but padding */
  put (self, 16, 5, 0, START, ".six");
  put (self, 17, 6, 0, START | END, ".seven"); /* the one before had no marker */
  assert_frames (self, "5:six 6:seven ");
  g_assert_cmpuint (cv_assembly_get_lost (self->assembly), ==, 0);
}

/* After what does not come pictures wait for a keyframe. */
static void
test_gap (Fixture *self, gconstpointer data)
{
  put (self, 1, 1, 0, START | END | KEY, ".a");
  put (self, 2, 2, 0, START, ".b");
  put (self, 4, 3, 10 * MS, START | END, ".d");
  put (self, 5, 4, 20 * MS, START | END, ".e");
  assert_frames (self, "1:ak ");
  cv_assembly_tick (self->assembly, 10 * MS + CV_ASSEMBLY_VIDEO_WAIT_US - 1);
  g_assert_false (cv_assembly_needs_keyframe (self->assembly));
  cv_assembly_tick (self->assembly, 10 * MS + CV_ASSEMBLY_VIDEO_WAIT_US);
  g_assert_true (cv_assembly_needs_keyframe (self->assembly));
  put (self, 6, 5, 700 * MS, START | END, ".f");
  put (self, 7, 6, 700 * MS, START | END | KEY, ".g");
  put (self, 8, 7, 700 * MS, START | END, ".h");
  assert_frames (self, "6:gk 7:h ");
  /* A keyframe ends the waiting: nobody sends again what was before it. */
  put (self, 9, 8, 700 * MS, START, ".i");
  put (self, 11, 9, 700 * MS, START | KEY, ".k");
  put (self, 10, 8, 700 * MS, END, ".j");
  put (self, 12, 9, 700 * MS, END, ".l");
  assert_frames (self, "9:klk ");
  g_assert_cmpuint (cv_assembly_get_lost (self->assembly), ==, 2);
}

static void
test_interrupt (Fixture *self, gconstpointer data)
{
  put (self, 1, 1, 0, START | END | KEY, ".a");
  put (self, 2, 2, 0, START, ".b");
  put (self, 4, 2, 0, END, ".d");
  cv_assembly_interrupt (self->assembly);
  put (self, 1000, 9, 0, START | END, ".e");
  put (self, 1001, 10, 0, START | END | KEY, ".f");
  put (self, 1002, 11, 0, START, ".g");
  cv_assembly_flush (self->assembly);
  assert_frames (self, "1:ak 10:fk ");
}

/* A store that is full is waited for no longer; one frame does not grow for ever. */
static void
test_limits (Fixture *self, gconstpointer data)
{
  put (self, 1, 1, 0, START | END | KEY, ".a");
  for (guint i = 0; i <= CV_ASSEMBLY_MAX_PACKETS; i++) {
    g_assert_false (cv_assembly_needs_keyframe (self->assembly));
    put (self, 3 + i, 3 + i, 0, START | END, ".b");
  }
  g_assert_true (cv_assembly_needs_keyframe (self->assembly));
  guint64 next = 4 + CV_ASSEMBLY_MAX_PACKETS;
  put (self, next++, 5000, 0, START | END | KEY, ".c");
  assert_frames (self, "1:ak 5000:ck ");
  char large[1401];
  memset (large, 'x', 1400);
  large[1400] = 0;
  put (self, next++, 5001, 0, START, ".d");
  for (guint i = 0; i <= CV_ASSEMBLY_MAX_FRAME / 1399; i++)
    put (self, next++, 5001, 0, PLAIN, large);
  put (self, next++, 5001, 0, END, ".e");
  assert_frames (self, "");
  g_assert_true (cv_assembly_needs_keyframe (self->assembly));
}

static void
test_sound (Fixture *self, gconstpointer data)
{
  put (self, 7, 10, 0, PLAIN, "a");
  put (self, 8, 20, 0, PADDED, "b");
  put (self, 11, 50, 10 * MS, PLAIN, "e");
  put (self, 10, 40, 20 * MS, PLAIN, "d");
  assert_frames (self, "10:ak 20:bk ");
  cv_assembly_tick (self->assembly, 20 * MS + CV_ASSEMBLY_AUDIO_WAIT_US);
  assert_frames (self, "40:dk 50:ek ");
  put (self, 9, 30, 300 * MS, PLAIN, "c"); /* too late */
  put (self, 12, 960, 400 * MS, PLAIN, "f");
  put (self, 20, 970, 400 * MS, PLAIN, "g");
  cv_assembly_flush (self->assembly);
  assert_frames (self, "960:fk 970:gk ");
}

/* The layers of one picture are one frame, with an index of where they begin. */
static void
test_layers (Fixture *self, gconstpointer data)
{
  put (self, 1, 1, 0, START | KEY | LAYER, ".aa");
  put (self, 2, 1, 0, LAYER, ".bbb");
  put (self, 3, 1, 0, END, ".c");
  assert_frames (self, "1:aabbbc\xd9\x02k ");
}

static void
test_avc (Fixture *self, gconstpointer data)
{
  put (self, 1, 1, 0, START | KEY, "\x67\x42\xc0\x1f\x8c");
  put (self, 2, 1, 0, START, "\x68\xce\x3c\x80");
  put (self, 3, 1, 0, START | END | KEY, "\x65\x88\x80");
  assert_frames (self, "1:?k ");
  g_assert_cmpuint (self->config_n, ==, 7 + 1 + 5 + 3 + 4);
  put (self, 4, 2, 0, START, "\x7c\x81\x88"); /* a fragment whose end is missing */
  put (self, 5, 3, 0, START | END, "\x41\x9a");
  assert_frames (self, "");
  g_assert_true (cv_assembly_needs_keyframe (self->assembly));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, codec, test)                                                                                         \
  g_test_add ("/assembly/" name, Fixture, GUINT_TO_POINTER (codec), set_up, test, tear_down)
  ADD ("order", CV_CODEC_VP8, test_order);
  ADD ("gap", CV_CODEC_VP8, test_gap);
  ADD ("interrupt", CV_CODEC_VP8, test_interrupt);
  ADD ("limits", CV_CODEC_VP8, test_limits);
  ADD ("sound", CV_CODEC_OPUS, test_sound);
  ADD ("layers", CV_CODEC_VP9, test_layers);
  ADD ("avc", CV_CODEC_H264, test_avc);
  return g_test_run ();
}
