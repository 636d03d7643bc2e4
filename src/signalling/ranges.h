/* Which part of a file a request wants: Range, If-Range and If-None-Match (RFC 9110 §13, §14).
 *
 * Owns nothing. Any thread. Knows no file: sizes and tags come from who asks.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint64 first; /* byte */
  guint64 n;     /* bytes; 0 only where the whole is empty */
} CvRange;

typedef enum {
  CV_RANGE_WHOLE,         /* no Range, or one that may be passed over: several, another unit, not well-formed */
  CV_RANGE_PART,          /* `range` */
  CV_RANGE_UNSATISFIABLE, /* nothing of it is there */
} CvRangeAnswer;

/* `header`: the value of Range, or NULL. `range` is the whole unless the answer is CV_RANGE_PART. */
CvRangeAnswer cv_range_read (const char *header, guint64 size, CvRange *range);
/* Returns: (transfer full), "bytes 0-9/10", or "bytes * /10" (without the blank) where `range` is NULL. */
char *cv_range_to_text (const CvRange *range, guint64 size);

/* May a Range be honoured under this If-Range (or NULL)? `etag` is strong, in its quotes. A date never fits: what changes
 * twice a second has the same one. */
gboolean cv_range_fits_etag (const char *if_range, const char *etag);
/* Does this If-None-Match (or NULL) name what is there: `*`, or a list with `etag` in it, weak or not? */
gboolean cv_etag_is_known (const char *if_none_match, const char *etag);

G_END_DECLS
