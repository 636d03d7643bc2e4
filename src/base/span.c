/* See span.h. */
#include "base/span.h"

#include <string.h>

gboolean
cv_span_is (CvSpan self, const char *text)
{
  return self.n == strlen (text) && memcmp (self.at, text, self.n) == 0;
}

gboolean
cv_span_is_nocase (CvSpan self, const char *text)
{
  return self.n == strlen (text) && g_ascii_strncasecmp (self.at, text, self.n) == 0;
}

gboolean
cv_span_skip (CvSpan *self, const char *prefix)
{
  gsize n = strlen (prefix);
  if (self->n < n || memcmp (self->at, prefix, n) != 0)
    return FALSE;
  self->at += n;
  self->n -= n;
  return TRUE;
}

CvSpan
cv_span_until (CvSpan *self, char stop)
{
  CvSpan before = *self;
  const char *found = self->n > 0 ? memchr (self->at, stop, self->n) : NULL;
  if (found != NULL)
    before.n = (gsize) (found - self->at);
  gsize passed = found != NULL ? before.n + 1 : before.n;
  self->at += passed;
  self->n -= passed;
  return before;
}

gboolean
cv_span_number (CvSpan self, guint32 max, guint32 *value)
{
  guint64 number = 0;
  if (self.n == 0 || self.n > 10)
    return FALSE;
  for (gsize i = 0; i < self.n; i++) {
    if (!g_ascii_isdigit (self.at[i]))
      return FALSE;
    number = number * 10 + (guint64) (self.at[i] - '0');
  }
  *value = (guint32) number;
  return number <= max;
}

gboolean
cv_span_copy (CvSpan self, const char *more, char *out, gsize size)
{
  if (self.n == 0 || self.n >= size)
    return FALSE;
  for (gsize i = 0; i < self.n; i++)
    if (!g_ascii_isalnum (self.at[i]) && (self.at[i] == '\0' || strchr (more, self.at[i]) == NULL))
      return FALSE;
  memcpy (out, self.at, self.n);
  out[self.n] = '\0';
  return TRUE;
}
