/* See info-digit.h. */
#include "sip/info-digit.h"

#include "base/span.h"

#include <string.h>

#define RELAY "application/dtmf-relay"
#define PLAIN "application/dtmf"

/* "5", "*", "10" (which some say for *), "d". */
static char
read_signal (CvSpan value)
{
  guint32 number;
  while (value.n > 0 && value.at[0] == ' ')
    value.at++, value.n--;
  while (value.n > 0 && g_ascii_isspace (value.at[value.n - 1]))
    value.n--;
  if (cv_span_number (value, 15, &number) && (value.n == 1 || number >= 10))
    return "0123456789*#ABCD"[number];
  if (value.n != 1)
    return 0;
  char digit = g_ascii_toupper (value.at[0]);
  return digit != '\0' && strchr ("*#ABCD", digit) != NULL ? digit : 0;
}

gboolean
cv_info_digit_is_type (const char *type)
{
  return type != NULL && (g_ascii_strcasecmp (type, RELAY) == 0 || g_ascii_strcasecmp (type, PLAIN) == 0);
}

char
cv_info_digit_parse (const char *type, const char *body, gsize n)
{
  CvSpan text = { body, n };
  if (!cv_info_digit_is_type (type) || n > CV_INFO_DIGIT_MAX_BYTES)
    return 0;
  if (g_ascii_strcasecmp (type, PLAIN) == 0)
    return read_signal (cv_span_until (&text, '\n'));
  while (text.n > 0) {
    CvSpan line = cv_span_until (&text, '\n');
    CvSpan name = cv_span_until (&line, '=');
    while (name.n > 0 && name.at[name.n - 1] == ' ')
      name.n--;
    if (cv_span_is_nocase (name, "Signal"))
      return read_signal (line);
  }
  return 0;
}
