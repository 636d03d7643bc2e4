/* See order-key.h. A key is read as a fraction: what is past its end is 0. */
#include "model/order-key.h"

#include "model/schema.h"

#include <string.h>

#define N_DIGITS 62
static const char digits[N_DIGITS + 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static guint
digit (const char *key, gsize at)
{
  return at < strlen (key) ? (guint) (strchr (digits, key[at]) - digits) : 0;
}

gboolean
cv_order_key_is_valid (const char *key)
{
  gsize n = strlen (key);
  return n > 0 && n <= CV_MODEL_MAX_KEY_CHARACTERS && strspn (key, digits) == n && key[n - 1] != '0';
}

/* The first `n` characters, and one more digit. */
static char *
extend (const char *key, gsize n, guint last)
{
  return g_strdup_printf ("%.*s%c", (int) n, key, digits[last]);
}

/* Short also where things are added at the end all the time. */
static char *
get_after (const char *key)
{
  gsize n = strlen (key);
  for (gsize at = 0; at < n; at++)
    if (digit (key, at) < N_DIGITS - 1)
      return extend (key, at, digit (key, at) + 1);
  return extend (key, n, 1);
}

static char *
get_before (const char *key)
{
  gsize at = strspn (key, "0");
  if (digit (key, at) > 1)
    return extend (key, at, digit (key, at) - 1);
  if (at + 1 < strlen (key))
    return g_strndup (key, at + 1);
  g_autofree char *zero = extend (key, at, 0);
  return extend (zero, at + 1, (N_DIGITS - 1) / 2);
}

/* Halfway to the end, so that both sides have room. */
static char *
get_halfway (const char *key)
{
  gsize at = 0;
  while (digit (key, at) == N_DIGITS - 1)
    at++;
  return extend (key, at, (digit (key, at) + N_DIGITS) / 2);
}

/* `high` is larger. */
static char *
get_inner (const char *low, const char *high)
{
  gsize at = 0;
  while (digit (low, at) == digit (high, at))
    at++;
  guint a = digit (low, at), b = digit (high, at);
  if (b - a > 1)
    return extend (high, at, (a + b) / 2);
  if (at + 1 < strlen (high))
    return g_strndup (high, at + 1); /* shorter than `high`, and so before it */
  g_autofree char *rest = get_halfway (at + 1 < strlen (low) ? low + at + 1 : "");
  g_autofree char *start = extend (high, at, a);
  return g_strconcat (start, rest, NULL);
}

char *
cv_order_key_between (const char *low, const char *high)
{
  if (low == NULL)
    return high != NULL ? get_before (high) : extend ("", 0, (N_DIGITS - 1) / 2);
  if (high == NULL || strcmp (low, high) >= 0)
    return get_after (low);
  return get_inner (low, high);
}
