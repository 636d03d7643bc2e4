/* See rtcp.h. */
#include "rtp/rtcp.h"

#include <string.h>

#define HEADER 4
#define BLOCK 24
#define FEEDBACK 12 /* header, sender, media */

enum { TYPE_SR = 200, TYPE_RR, TYPE_SDES, TYPE_BYE, TYPE_RTPFB = 205, TYPE_PSFB };
enum { FORMAT_NACK = 1, FORMAT_TWCC = 15, FORMAT_PLI = 1, FORMAT_FIR = 4 };

/* ---- Reading ---- */

void
cv_rtcp_reader_init (CvRtcpReader *self, const guint8 *packet, gsize n)
{
  memset (self, 0, sizeof *self);
  self->data = packet;
  self->n = n;
}

static gboolean
fail (CvRtcpReader *self)
{
  self->malformed = TRUE;
  self->at = self->n;
  return FALSE;
}

static gboolean
read_blocks (CvRtcpItem *item, const guint8 *at, gsize n, guint count)
{
  if (n < (gsize) count * BLOCK)
    return FALSE;
  for (guint i = 0; i < count; i++, at += BLOCK) {
    guint32 lost = cv_read24 (at + 5);
    item->blocks[i] = (CvRtcpBlock){
      .ssrc = cv_read32 (at),
      .fraction_lost = at[4],
      .lost = (lost & 0x800000) != 0 ? (gint32) lost - 0x1000000 : (gint32) lost,
      .highest = cv_read32 (at + 8),
      .jitter = cv_read32 (at + 12),
      .lsr = cv_read32 (at + 16),
      .dlsr = cv_read32 (at + 20),
    };
  }
  item->n_blocks = count;
  return TRUE;
}

static gboolean
read_report (CvRtcpItem *item, const guint8 *packet, gsize n, guint count)
{
  gsize fixed = packet[1] == TYPE_SR ? 28 : 8;
  if (n < fixed)
    return FALSE;
  item->type = packet[1] == TYPE_SR ? CV_RTCP_SR : CV_RTCP_RR;
  item->sender = cv_read32 (packet + 4);
  if (item->type == CV_RTCP_SR) {
    item->ntp = cv_read64 (packet + 8);
    item->rtp_time = cv_read32 (packet + 16);
    item->packets = cv_read32 (packet + 20);
    item->octets = cv_read32 (packet + 24);
  }
  return read_blocks (item, packet + fixed, n - fixed, count);
}

static gboolean
read_feedback (CvRtcpItem *item, const guint8 *packet, gsize n, guint format)
{
  if (n < FEEDBACK)
    return FALSE;
  item->sender = cv_read32 (packet + 4);
  item->media = cv_read32 (packet + 8);
  item->fci = packet + FEEDBACK;
  item->fci_n = n - FEEDBACK;
  if (packet[1] == TYPE_RTPFB && format == FORMAT_NACK)
    item->type = CV_RTCP_NACK;
  else if (packet[1] == TYPE_RTPFB && format == FORMAT_TWCC)
    item->type = CV_RTCP_TWCC;
  else if (packet[1] == TYPE_PSFB && format == FORMAT_PLI)
    item->type = CV_RTCP_PLI;
  else if (packet[1] == TYPE_PSFB && format == FORMAT_FIR)
    item->type = CV_RTCP_FIR;
  return TRUE;
}

static gsize
get_entry_size (CvRtcpType type)
{
  return type == CV_RTCP_FIR ? 8 : 4;
}

/* The next entry of the FIR or BYE that was begun. */
static gboolean
take_entry (CvRtcpReader *self, CvRtcpItem *item)
{
  gsize size = get_entry_size (self->entry_type);
  if (self->entry + size > self->entries_end)
    return FALSE;
  const guint8 *at = self->data + self->entry;
  *item = (CvRtcpItem){ .type = self->entry_type, .sender = self->sender, .media = cv_read32 (at) };
  if (item->type == CV_RTCP_FIR)
    item->fir_seq = at[4];
  self->entry += size;
  return TRUE;
}

/* Its entries become items of their own. FALSE: it has none, or not those that it promises. */
static gboolean
begin_entries (CvRtcpReader *self, CvRtcpType type, guint32 sender, gsize start, gsize end)
{
  self->entry_type = type;
  self->sender = sender;
  self->entry = start;
  self->entries_end = end;
  return start + get_entry_size (type) <= end;
}

static gboolean
read_packet (CvRtcpReader *self, CvRtcpItem *item, gsize start, gsize n)
{
  const guint8 *packet = self->data + start;
  guint count = packet[0] & 0x1f;

  *item = (CvRtcpItem){ .type = CV_RTCP_OTHER };
  if (packet[1] == TYPE_SR || packet[1] == TYPE_RR)
    return read_report (item, packet, n, count);
  if (packet[1] == TYPE_BYE) {
    gsize end = HEADER + 4u * count;
    if (count == 0)
      return TRUE; /* nobody leaves */
    return end <= n && begin_entries (self, CV_RTCP_BYE, cv_read32 (packet + HEADER), start + HEADER, start + end) &&
           take_entry (self, item);
  }
  if (packet[1] != TYPE_RTPFB && packet[1] != TYPE_PSFB)
    return TRUE;
  if (!read_feedback (item, packet, n, count))
    return FALSE;
  return item->type != CV_RTCP_FIR ||
         (begin_entries (self, CV_RTCP_FIR, item->sender, start + FEEDBACK, start + n) && take_entry (self, item));
}

gboolean
cv_rtcp_reader_next (CvRtcpReader *self, CvRtcpItem *item)
{
  if (take_entry (self, item))
    return TRUE;
  if (self->at == self->n)
    return FALSE;
  const guint8 *packet = self->data + self->at;
  gsize left = self->n - self->at;
  if (left < HEADER || packet[0] >> 6 != 2)
    return fail (self);
  gsize n = HEADER + 4u * cv_read16 (packet + 2);
  if (n > left)
    return fail (self);
  gsize padding = (packet[0] & 0x20) != 0 ? packet[n - 1] : 0;
  if ((packet[0] & 0x20) != 0 && (padding == 0 || padding > n - HEADER))
    return fail (self);
  gsize start = self->at;
  self->at += n;
  return read_packet (self, item, start, n - padding) || fail (self);
}

guint
cv_rtcp_nack_list (const CvRtcpItem *item, guint16 *seqs, guint max)
{
  guint count = 0;
  for (gsize at = 0; item->type == CV_RTCP_NACK && at + 4 <= item->fci_n; at += 4) {
    guint16 first = cv_read16 (item->fci + at);
    guint32 lost = 1u | (guint32) cv_read16 (item->fci + at + 2) << 1;
    for (guint i = 0; i <= 16; i++)
      if ((lost >> i & 1) != 0 && count < max)
        seqs[count++] = (guint16) (first + i);
  }
  return count;
}

/* ---- Writing ---- */

/* Room for a packet of `n` bytes, its header written; NULL: it does not fit. */
static guint8 *
begin (CvRtcpWriter *self, guint8 type, guint count, gsize n)
{
  guint8 *packet = self->out + self->n;
  if (n > self->size - self->n || n / 4 - 1 > G_MAXUINT16)
    return NULL;
  packet[0] = (guint8) (0x80 | count);
  packet[1] = type;
  cv_write16 (packet + 2, (guint16) (n / 4 - 1));
  self->n += n;
  return packet;
}

static guint8 *
begin_feedback (CvRtcpWriter *self, guint8 type, guint format, guint32 sender, guint32 media, gsize fci_n)
{
  guint8 *packet = begin (self, type, format, FEEDBACK + fci_n);
  if (packet == NULL)
    return NULL;
  cv_write32 (packet + 4, sender);
  cv_write32 (packet + 8, media);
  return packet + FEEDBACK;
}

gboolean
cv_rtcp_write_sr (CvRtcpWriter *self, guint32 sender, guint64 ntp, guint32 rtp_time, guint32 packets, guint32 octets)
{
  guint8 *packet = begin (self, TYPE_SR, 0, 28);
  if (packet == NULL)
    return FALSE;
  cv_write32 (packet + 4, sender);
  cv_write64 (packet + 8, ntp);
  cv_write32 (packet + 16, rtp_time);
  cv_write32 (packet + 20, packets);
  cv_write32 (packet + 24, octets);
  return TRUE;
}

gboolean
cv_rtcp_write_rr (CvRtcpWriter *self, guint32 sender, const CvRtcpBlock *blocks, guint n)
{
  guint8 *packet = n <= CV_RTCP_MAX_BLOCKS ? begin (self, TYPE_RR, n, 8 + (gsize) n * BLOCK) : NULL;
  if (packet == NULL)
    return FALSE;
  cv_write32 (packet + 4, sender);
  packet += 8;
  for (guint i = 0; i < n; i++, packet += BLOCK) {
    cv_write32 (packet, blocks[i].ssrc);
    packet[4] = blocks[i].fraction_lost;
    cv_write24 (packet + 5, (guint32) CLAMP (blocks[i].lost, -0x800000, 0x7fffff) & 0xffffff);
    cv_write32 (packet + 8, blocks[i].highest);
    cv_write32 (packet + 12, blocks[i].jitter);
    cv_write32 (packet + 16, blocks[i].lsr);
    cv_write32 (packet + 20, blocks[i].dlsr);
  }
  return TRUE;
}

gboolean
cv_rtcp_write_cname (CvRtcpWriter *self, guint32 sender, const char *cname)
{
  gsize length = strlen (cname);
  /* at least one zero ends the chunk, then zeros up to a whole word */
  gsize n = (HEADER + 4 + 2 + length + 1 + 3) / 4 * 4;
  guint8 *packet = length <= CV_RTCP_MAX_CNAME ? begin (self, TYPE_SDES, 1, n) : NULL;
  if (packet == NULL)
    return FALSE;
  memset (packet + HEADER, 0, n - HEADER);
  cv_write32 (packet + HEADER, sender);
  packet[HEADER + 4] = 1;
  packet[HEADER + 5] = (guint8) length;
  memcpy (packet + HEADER + 6, cname, length);
  return TRUE;
}

gboolean
cv_rtcp_write_nack (CvRtcpWriter *self, guint32 sender, guint32 media, const guint16 *seqs, guint n)
{
  guint16 first[CV_RTCP_MAX_NACKS], following[CV_RTCP_MAX_NACKS];
  guint count = 0;

  if (n == 0 || n > CV_RTCP_MAX_NACKS)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    guint16 distance = count > 0 ? (guint16) (seqs[i] - first[count - 1]) : G_MAXUINT16;
    if (distance == 0)
      continue;
    if (distance <= 16) {
      following[count - 1] |= (guint16) (1u << (distance - 1));
      continue;
    }
    first[count] = seqs[i];
    following[count++] = 0;
  }
  guint8 *fci = begin_feedback (self, TYPE_RTPFB, FORMAT_NACK, sender, media, 4 * (gsize) count);
  for (guint i = 0; fci != NULL && i < count; i++) {
    cv_write16 (fci + 4 * i, first[i]);
    cv_write16 (fci + 4 * i + 2, following[i]);
  }
  return fci != NULL;
}

gboolean
cv_rtcp_write_pli (CvRtcpWriter *self, guint32 sender, guint32 media)
{
  return begin_feedback (self, TYPE_PSFB, FORMAT_PLI, sender, media, 0) != NULL;
}

gboolean
cv_rtcp_write_fir (CvRtcpWriter *self, guint32 sender, guint32 media, guint8 seq)
{
  /* RFC 5104 §4.3.1: the header's media is 0, the entry names it */
  guint8 *fci = begin_feedback (self, TYPE_PSFB, FORMAT_FIR, sender, 0, 8);
  if (fci == NULL)
    return FALSE;
  cv_write32 (fci, media);
  cv_write32 (fci + 4, (guint32) seq << 24);
  return TRUE;
}

gboolean
cv_rtcp_write_twcc (CvRtcpWriter *self, guint32 sender, guint32 media, const guint8 *fci, gsize n)
{
  gsize padding = (4 - n % 4) % 4;
  guint8 *out = begin_feedback (self, TYPE_RTPFB, FORMAT_TWCC, sender, media, n + padding);
  if (out == NULL)
    return FALSE;
  memcpy (out, fci, n);
  if (padding == 0)
    return TRUE;
  memset (out + n, 0, padding);
  out[n + padding - 1] = (guint8) padding;
  out[-FEEDBACK] |= 0x20;
  return TRUE;
}

gboolean
cv_rtcp_write_bye (CvRtcpWriter *self, guint32 ssrc)
{
  guint8 *packet = begin (self, TYPE_BYE, 1, 8);
  if (packet == NULL)
    return FALSE;
  cv_write32 (packet + 4, ssrc);
  return TRUE;
}
