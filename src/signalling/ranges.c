/* See ranges.h. */
#include "signalling/ranges.h"

#include <string.h>

#define UNIT "bytes"

static const char *
skip_blanks (const char *text)
{
  return text + strspn (text, " \t");
}

/* Digits at `*text`, which moves behind them. FALSE where there are none. What is farther than any file is G_MAXUINT64. */
static gboolean
read_position (const char **text, guint64 *value)
{
  gsize n = strspn (*text, "0123456789");
  *value = 0;
  for (gsize i = 0; i < n; i++)
    *value = *value > G_MAXUINT64 / 10 - 1 ? G_MAXUINT64 : *value * 10 + (guint64) ((*text)[i] - '0');
  *text += n;
  return n > 0;
}

/* "bytes=", and what stands behind it; NULL for other units. */
static const char *
skip_unit (const char *header)
{
  header = skip_blanks (header);
  if (g_ascii_strncasecmp (header, UNIT, strlen (UNIT)) != 0)
    return NULL;
  header = skip_blanks (header + strlen (UNIT));
  return *header == '=' ? skip_blanks (header + 1) : NULL;
}

static CvRangeAnswer
take (guint64 first, guint64 last, guint64 size, CvRange *range)
{
  if (first >= size)
    return CV_RANGE_UNSATISFIABLE;
  range->first = first;
  range->n = MIN (last, size - 1) - first + 1;
  return CV_RANGE_PART;
}

CvRangeAnswer
cv_range_read (const char *header, guint64 size, CvRange *range)
{
  guint64 first = 0, last = G_MAXUINT64;
  *range = (CvRange){ 0, size };
  const char *text = header != NULL ? skip_unit (header) : NULL;
  if (text == NULL)
    return CV_RANGE_WHOLE;
  gboolean has_first = read_position (&text, &first);
  if (*text++ != '-')
    return CV_RANGE_WHOLE;
  gboolean has_last = read_position (&text, &last);
  if (!has_last)
    last = G_MAXUINT64;
  if (*skip_blanks (text) != '\0' || (!has_first && !has_last) || (has_first && last < first))
    return CV_RANGE_WHOLE;
  if (has_first)
    return take (first, last, size, range);
  /* the last so many */
  return last == 0 ? CV_RANGE_UNSATISFIABLE : take (size - MIN (last, size), size, size, range);
}

char *
cv_range_to_text (const CvRange *range, guint64 size)
{
  if (range == NULL)
    return g_strdup_printf (UNIT " */%" G_GUINT64_FORMAT, size);
  return g_strdup_printf (UNIT " %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, range->first,
                          range->first + range->n - 1, size);
}

gboolean
cv_range_fits_etag (const char *if_range, const char *etag)
{
  if (if_range == NULL)
    return TRUE;
  g_autofree char *tag = g_strstrip (g_strdup (if_range));
  return g_str_equal (tag, etag);
}

/* The tag at `text` with its quotes: how long it is, 0 where there is none. */
static gsize
measure_tag (const char *text)
{
  if (*text != '"')
    return 0;
  gsize n = strcspn (text + 1, "\"");
  return text[1 + n] == '"' ? n + 2 : 0;
}

gboolean
cv_etag_is_known (const char *if_none_match, const char *etag)
{
  if (if_none_match == NULL)
    return FALSE;
  const char *text = skip_blanks (if_none_match);
  if (*text == '*')
    return *skip_blanks (text + 1) == '\0';
  while (*text != '\0') {
    if (g_str_has_prefix (text, "W/"))
      text += 2;
    gsize n = measure_tag (text);
    if (n == 0)
      return FALSE;
    if (n == strlen (etag) && strncmp (text, etag, n) == 0)
      return TRUE;
    text = skip_blanks (text + n);
    if (*text != ',' && *text != '\0')
      return FALSE;
    text += strspn (text, ", \t");
  }
  return FALSE;
}
