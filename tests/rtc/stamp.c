/* See stamp.h. */
#include "rtc/stamp.h"

#include "rtp/bytes.h"

#define MAGIC 0x43565254u /* "CVRT" */

const char *const cv_rtc_source_names[CV_RTC_N_SOURCES] = { "microphone", "camera", "screen", "screen-audio" };

void
cv_rtc_stamp_write (const CvRtcStamp *self, guint8 out[CV_RTC_STAMP])
{
  cv_write32 (out, MAGIC);
  cv_write32 (out + 4, self->peer);
  out[8] = self->source;
  out[9] = self->encoding;
  cv_write16 (out + 10, 0);
  cv_write32 (out + 12, self->counter);
  cv_write64 (out + 16, self->time);
}

gboolean
cv_rtc_stamp_read (CvRtcStamp *self, const guint8 *data, gsize n)
{
  if (n < CV_RTC_STAMP || cv_read32 (data) != MAGIC || data[8] >= CV_RTC_N_SOURCES)
    return FALSE;
  self->peer = cv_read32 (data + 4);
  self->source = data[8];
  self->encoding = data[9];
  self->counter = cv_read32 (data + 12);
  self->time = cv_read64 (data + 16);
  return TRUE;
}
