/* A piece of a text that somebody else owns, and how it is read: words, numbers, tokens. No state, any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *at;
  gsize n;
} CvSpan;

gboolean cv_span_is (CvSpan self, const char *text);
/* ASCII letters alike in both cases */
gboolean cv_span_is_nocase (CvSpan self, const char *text);
/* Passes over `prefix` and TRUE if it comes next. */
gboolean cv_span_skip (CvSpan *self, const char *prefix);
/* Takes what comes before `stop` and passes over that; everything where there is none. */
CvSpan cv_span_until (CvSpan *self, char stop);
/* Decimal digits and nothing else, at most `max`. */
gboolean cv_span_number (CvSpan self, guint32 max, guint32 *value);
/* Copies 1 to size - 1 ASCII letters, digits and characters of `more`. FALSE: others stand there, or too many or none. */
gboolean cv_span_copy (CvSpan self, const char *more, char *out, gsize size);

G_END_DECLS
