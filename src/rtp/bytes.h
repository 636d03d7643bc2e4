/* Big-endian numbers in packets. Any thread; owns nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline guint16
cv_read16 (const guint8 *p)
{
  return (guint16) (p[0] << 8 | p[1]);
}

static inline guint32
cv_read24 (const guint8 *p)
{
  return (guint32) p[0] << 16 | (guint32) p[1] << 8 | p[2];
}

static inline guint32
cv_read32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | cv_read24 (p + 1);
}

static inline guint64
cv_read64 (const guint8 *p)
{
  return (guint64) cv_read32 (p) << 32 | cv_read32 (p + 4);
}

static inline void
cv_write16 (guint8 *p, guint16 value)
{
  p[0] = (guint8) (value >> 8);
  p[1] = (guint8) value;
}

static inline void
cv_write24 (guint8 *p, guint32 value)
{
  p[0] = (guint8) (value >> 16);
  cv_write16 (p + 1, (guint16) value);
}

static inline void
cv_write32 (guint8 *p, guint32 value)
{
  cv_write16 (p, (guint16) (value >> 16));
  cv_write16 (p + 2, (guint16) value);
}

static inline void
cv_write64 (guint8 *p, guint64 value)
{
  cv_write32 (p, (guint32) (value >> 32));
  cv_write32 (p + 4, (guint32) value);
}

G_END_DECLS
