/* Opus in, frames out: whole, with holes, and what is none. */
#include "media/ear.h"

#include "lib/phone-tone.h"

#include <opus/opus.h>
#include <string.h>

#define RATE 16000
#define FRAMES 40

typedef struct {
  CvEar *ear;
  OpusEncoder *encoder;
  guint64 index;
  gsize said;
  gint16 heard[FRAMES * CV_MIX_PHONE_FRAME];
  guint n, silent; /* frames */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  int error = 0;
  self->ear = cv_ear_new ();
  self->encoder = opus_encoder_create (RATE, 1, OPUS_APPLICATION_VOIP, &error);
  self->index = 70000;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  cv_ear_free (self->ear);
  opus_encoder_destroy (self->encoder);
}

static void
put (Fixture *self, guint64 index, const guint8 *payload, gsize n, gboolean padded)
{
  guint8 data[600] = { padded ? 0xa0 : 0x80 };
  memcpy (data + CV_RTP_HEADER, payload, n);
  CvPacket packet = { .data = data, .n = CV_RTP_HEADER + n, .header_n = CV_RTP_HEADER, .index = index };
  cv_ear_put (self->ear, &packet);
}

static void
say (Fixture *self, gboolean comes)
{
  gint16 tone[CV_MIX_PHONE_FRAME];
  guint8 payload[400];
  cv_test_phone_tone (tone, CV_MIX_PHONE_FRAME, 1000, 0.25, self->said, RATE);
  self->said += CV_MIX_PHONE_FRAME;
  int n = opus_encode (self->encoder, tone, CV_MIX_PHONE_FRAME, payload, sizeof payload);
  if (comes)
    put (self, self->index, payload, (gsize) n, FALSE);
  self->index++;
}

static void
take (Fixture *self)
{
  gint16 *frame = self->heard + self->n++ * CV_MIX_PHONE_FRAME;
  if (cv_ear_take (self->ear, frame))
    return;
  memset (frame, 0, CV_MIX_PHONE_FRAME * sizeof *frame);
  self->silent++;
}

static void
test_tone (Fixture *self, gconstpointer data)
{
  gboolean holes = data != NULL;
  say (self, TRUE);
  for (guint i = 0; i < FRAMES; i++) {
    say (self, !holes || i % 8 < 7);
    take (self);
  }
  g_assert_cmpuint (self->silent, <=, 3);
  g_assert_cmpfloat_with_epsilon (cv_test_phone_level (self->heard + 4800, 6400, 1000, RATE), -12.04, holes ? 4 : 1.5);
}

/* Twice, too late, padding alone, noise: nothing of it is heard, and what follows is. */
static void
test_passed_over (Fixture *self, gconstpointer data)
{
  static const guint8 padding[] = { 0, 0, 0, 4 }, noise[] = { 0xff, 0xff, 0xff }, long_padding[] = { 1, 200 };
  for (guint i = 0; i < FRAMES; i++) {
    say (self, TRUE);
    put (self, self->index - 1, noise, sizeof noise, FALSE);
    put (self, self->index - 9, noise, sizeof noise, FALSE);
    put (self, self->index - 1, padding, sizeof padding, TRUE);
    put (self, self->index, long_padding, sizeof long_padding, TRUE);
    take (self);
  }
  g_assert_cmpfloat_with_epsilon (cv_test_phone_level (self->heard + 4800, 6400, 1000, RATE), -12.04, 1.5);
  self->index += 5000; /* another stream: at once, not after 5000 guesses */
  self->n = self->silent = 0;
  for (guint i = 0; i < 10; i++) {
    say (self, TRUE);
    take (self);
  }
  g_assert_cmpuint (self->silent, <, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ear/tone", Fixture, NULL, set_up, test_tone, tear_down);
  g_test_add ("/ear/holes", Fixture, "holes", set_up, test_tone, tear_down);
  g_test_add ("/ear/passed-over", Fixture, NULL, set_up, test_passed_over, tear_down);
  return g_test_run ();
}
