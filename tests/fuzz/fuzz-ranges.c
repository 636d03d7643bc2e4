/* Fuzz target of the headers that say which part of a file is wanted (libFuzzer).
 *
 * Whatever they say, what is read lies within the file, and its text is read back as the same.
 */
#include "signalling/ranges.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  guint64 size = 0;
  if (n < 1)
    return 0;
  /* so many bits of what follows */
  for (guint i = 0; i < MIN (n - 1, 8); i++)
    size = size << 8 | data[1 + i];
  size >>= data[0] % 64;
  g_autofree char *header = g_strndup ((const char *) data, n);
  CvRange range;
  switch (cv_range_read (header, size, &range)) {
  case CV_RANGE_WHOLE:
    g_assert_true (range.first == 0 && range.n == size);
    break;
  case CV_RANGE_PART: {
    g_assert_true (range.n > 0 && range.first < size && range.n <= size - range.first);
    CvRange again;
    g_autofree char *text =
      g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, range.first, range.first + range.n - 1);
    if (size <= G_MAXINT64) /* no file is larger */
      g_assert_true (cv_range_read (text, size, &again) == CV_RANGE_PART && again.first == range.first &&
                     again.n == range.n);
    break;
  }
  case CV_RANGE_UNSATISFIABLE:
    break;
  }
  cv_range_fits_etag (header, "\"a\"");
  gboolean known = cv_etag_is_known (header, "\"a\"");
  g_assert_true (!known || strstr (header, "\"a\"") != NULL || strchr (header, '*') != NULL);
  return 0;
}
