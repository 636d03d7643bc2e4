/* Who listens to one output of a mixer: keeps the newest half second of it. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define CV_TEST_HALF_SECOND 24000

typedef struct {
  GstElement *pipeline;
  GstElement *mixer;
  GstElement *sink;
  GstPad *pad; /* the mixer's */
  GMutex lock;
  GCond more;
  gint16 heard[CV_TEST_HALF_SECOND];
  guint64 frames;
  GstClockTime next;
  guint64 joints; /* timestamps that did not follow */
} CvTestListener;

/* An appsink in `pipeline`, linked to that pad of the mixer; in any state. Returns: (transfer full). */
CvTestListener *cv_test_listener_new (GstElement *pipeline, GstElement *mixer, const char *pad);
/* Releases the pad. */
void cv_test_listener_free (CvTestListener *self);

/* Until so many more frames have come. */
void cv_test_listener_wait (CvTestListener *self, guint frames);
/* The amplitude of a tone in the newest n samples, dB of full scale. */
double cv_test_listener_level (CvTestListener *self, double hertz, guint n);
/* The largest step between neighbours within the half second. */
gint cv_test_listener_step (CvTestListener *self);
guint64 cv_test_listener_count (CvTestListener *self);

/* Fails where an element has said that something went wrong. */
void cv_test_listener_assert_no_error (GstElement *pipeline);

G_END_DECLS
