/* See bridge-frame.h. */
#include "rtp/bridge-frame.h"

#include "rtp/bytes.h"

#include <string.h>

#define SAMPLES_BYTES (CV_MIX_PHONE_FRAME * 2)
#define FLAG_LAST 0x01   /* of a message */
#define FLAG_SILENT 0x01 /* of an entry */

static gsize
get_length (guint8 flags)
{
  return CV_BRIDGE_ENTRY + ((flags & FLAG_SILENT) != 0 ? 0 : SAMPLES_BYTES);
}

gboolean
cv_bridge_reader_init (CvBridgeReader *self, const guint8 *message, gsize n)
{
  if (n < CV_BRIDGE_HEADER || message[0] != CV_BRIDGE_VERSION || (message[1] & ~FLAG_LAST) != 0 ||
      message[2] > CV_BRIDGE_MAX_CALLS)
    return FALSE;
  *self = (CvBridgeReader){
    .data = message, .n = n, .at = CV_BRIDGE_HEADER, .left = message[2], .last = (message[1] & FLAG_LAST) != 0
  };
  gsize at = CV_BRIDGE_HEADER;
  for (guint i = 0; i < message[2]; i++) {
    if (at + CV_BRIDGE_ENTRY > n || (message[at + 4] & ~FLAG_SILENT) != 0 || message[at + 5] > 127)
      return FALSE;
    at += get_length (message[at + 4]);
  }
  return at == n;
}

gboolean
cv_bridge_reader_next (CvBridgeReader *self, CvBridgeEntry *entry)
{
  if (self->left == 0)
    return FALSE;
  const guint8 *at = self->data + self->at;
  gboolean silent = (at[4] & FLAG_SILENT) != 0;
  *entry = (CvBridgeEntry){
    .call = cv_read32 (at), .level = at[5], .silent = silent, .samples = silent ? NULL : at + CV_BRIDGE_ENTRY
  };
  self->at += get_length (at[4]);
  self->left--;
  return TRUE;
}

void
cv_bridge_entry_copy (const CvBridgeEntry *entry, gint16 *samples)
{
  if (entry->silent) {
    memset (samples, 0, SAMPLES_BYTES);
    return;
  }
  memcpy (samples, entry->samples, SAMPLES_BYTES);
  for (guint i = 0; G_BYTE_ORDER == G_BIG_ENDIAN && i < CV_MIX_PHONE_FRAME; i++)
    samples[i] = GINT16_FROM_LE (samples[i]);
}

void
cv_bridge_writer_init (CvBridgeWriter *self)
{
  self->data[0] = CV_BRIDGE_VERSION;
  self->data[1] = 0;
  self->data[2] = 0;
  self->n = CV_BRIDGE_HEADER;
}

gboolean
cv_bridge_writer_add (CvBridgeWriter *self, guint32 call, guint8 level, const gint16 *samples)
{
  guint8 flags = samples == NULL ? FLAG_SILENT : 0, *at = self->data + self->n;
  if (self->data[2] == CV_BRIDGE_MAX_CALLS)
    return FALSE;
  cv_write32 (at, call);
  at[4] = flags;
  at[5] = MIN (level, 127);
  if (samples != NULL)
    memcpy (at + CV_BRIDGE_ENTRY, samples, SAMPLES_BYTES);
  for (guint i = 0; G_BYTE_ORDER == G_BIG_ENDIAN && samples != NULL && i < CV_MIX_PHONE_FRAME; i++) {
    guint16 sample = GUINT16_TO_LE ((guint16) samples[i]);
    memcpy (at + CV_BRIDGE_ENTRY + 2 * i, &sample, sizeof sample);
  }
  self->n += get_length (flags);
  self->data[2]++;
  return TRUE;
}

void
cv_bridge_writer_set_last (CvBridgeWriter *self)
{
  self->data[1] |= FLAG_LAST;
}
