/* See caller-number.h. */
#include "sip/caller-number.h"

#include "base/ids.h"

#include <string.h>

#define SHOWN_DIGITS 3
#define SOURCE_BYTES 8
/* fewer digits are an extension, of which the last three would be all */
#define MIN_DIGITS 5
#define MAX_DIGITS 32

/* The digits of a number that is written with + - . ( ) and spaces; FALSE: it is none. */
static gboolean
read_digits (const char *number, char digits[MAX_DIGITS + 1])
{
  gsize n = 0;
  for (const char *at = number != NULL ? number : ""; *at != '\0'; at++) {
    if (g_ascii_isdigit (*at) && n < MAX_DIGITS)
      digits[n++] = *at;
    else if (strchr ("+-.() ", *at) == NULL)
      return FALSE;
  }
  digits[n] = '\0';
  return n > 0;
}

void
cv_caller_number_init (CvCallerNumber *self, const char *number, gboolean hidden, const char *address,
                       const guint8 salt[CV_CALLER_NUMBER_SALT])
{
  char digits[MAX_DIGITS + 1];
  guint8 hash[CV_HASH_BYTES];
  memset (self, 0, sizeof *self);
  gboolean has = read_digits (number, digits);
  if (has && !hidden && strlen (digits) >= MIN_DIGITS)
    g_snprintf (self->shown, sizeof self->shown, "…%s", digits + strlen (digits) - SHOWN_DIGITS);
  g_autoptr (GByteArray) text = g_byte_array_new ();
  const char *key = has ? digits : address;
  g_byte_array_append (text, salt, CV_CALLER_NUMBER_SALT);
  g_byte_array_append (text, (const guint8 *) key, (guint) strlen (key));
  cv_hash (text->data, text->len, hash);
  g_autofree char *hex = cv_hex_encode (hash, SOURCE_BYTES);
  g_strlcpy (self->source, hex, sizeof self->source);
}
