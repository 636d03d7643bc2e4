/* Keys of a telephone as RTP events (RFC 4733): read and written. Plain structs, zeroed to begin with; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_KEYPAD_EVENT 4 /* bytes of a payload */
#define CV_KEYPAD_MAX_QUEUED 32

typedef struct {
  gboolean any;
  guint32 timestamp; /* of the last event */
} CvKeypadReader;

/* The key of an event that was not seen before: 0–9, *, #, A–D. 0: a repetition, or none. */
char cv_keypad_read (CvKeypadReader *self, guint32 timestamp, const guint8 *payload, gsize n);

typedef struct {
  char queue[CV_KEYPAD_MAX_QUEUED + 1];
  guint tick;        /* within the first of them; 0: it has not begun */
  guint32 timestamp; /* where it began */
} CvKeypadWriter;

/* FALSE: one is no key, or there are too many. */
gboolean cv_keypad_dial (CvKeypadWriter *self, const char *keys);
/* Every 20 ms. TRUE: `payload` goes out under self->timestamp in place of sound; `first` has the marker. `clock`: of the
 * events; `timestamp`: now. */
gboolean cv_keypad_write (CvKeypadWriter *self, guint clock, guint32 timestamp, guint8 payload[CV_KEYPAD_EVENT],
                          gboolean *first);

G_END_DECLS
