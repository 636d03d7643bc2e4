/* See keypad.h. A key that is sent is held for 100 ms, its end is sent three times, and 100 ms pass to the next one. */
#include "sip/keypad.h"

#include "rtp/bytes.h"

#include <string.h>

#define ON_TICKS 5
#define END_TICKS 3
#define PAUSE_TICKS 5
#define VOLUME 10 /* -dBm0 */
#define END 0x80

static const char keys[] = "0123456789*#ABCD";

char
cv_keypad_read (CvKeypadReader *self, guint32 timestamp, const guint8 *payload, gsize n)
{
  if (n < CV_KEYPAD_EVENT || payload[0] >= strlen (keys))
    return 0;
  /* Repetitions have its beginning's time; what is older was late. */
  if (self->any && (gint32) (timestamp - self->timestamp) <= 0)
    return 0;
  self->any = TRUE;
  self->timestamp = timestamp;
  return keys[payload[0]];
}

gboolean
cv_keypad_dial (CvKeypadWriter *self, const char *dialled)
{
  gsize n = strlen (self->queue);
  if (n + strlen (dialled) > CV_KEYPAD_MAX_QUEUED || strspn (dialled, keys) != strlen (dialled))
    return FALSE;
  strcpy (self->queue + n, dialled);
  return TRUE;
}

gboolean
cv_keypad_write (CvKeypadWriter *self, guint clock, guint32 timestamp, guint8 payload[CV_KEYPAD_EVENT], gboolean *first)
{
  if (self->queue[0] == '\0')
    return FALSE;
  guint tick = self->tick++;
  if (tick >= ON_TICKS + END_TICKS) {
    if (tick + 1 == ON_TICKS + END_TICKS + PAUSE_TICKS) {
      memmove (self->queue, self->queue + 1, strlen (self->queue));
      self->tick = 0;
    }
    return FALSE;
  }
  if (tick == 0)
    self->timestamp = timestamp;
  guint held = MIN (tick + 1, ON_TICKS);
  *first = tick == 0;
  payload[0] = (guint8) (strchr (keys, self->queue[0]) - keys);
  payload[1] = (guint8) ((tick >= ON_TICKS ? END : 0) | VOLUME);
  cv_write16 (payload + 2, (guint16) (held * clock / 50));
  return TRUE;
}
