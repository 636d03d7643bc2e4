/* See letter.h. */
#include "summary/letter.h"

#include <string.h>

/* bytes of an encoded word: 75 characters with what stands around it */
#define MAX_WORD_BYTES 42

char *
cv_letter_encode (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean plain = g_str_is_ascii (text) && strlen (text) < 60 && strstr (text, "=?") == NULL;

  for (const char *at = text; plain && *at != '\0'; at++)
    plain = g_ascii_isprint (*at);
  if (plain)
    return g_strdup (text);
  while (*text != '\0') {
    const char *end = text;

    while (*end != '\0' && g_utf8_next_char (end) - text <= MAX_WORD_BYTES)
      end = g_utf8_next_char (end);
    g_autofree char *word = g_base64_encode ((const guchar *) text, (gsize) (end - text));
    g_string_append_printf (out, "%s=?UTF-8?B?%s?=", out->len > 0 ? "\r\n " : "", word);
    text = end;
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
cv_letter_date (gint64 at)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (at / 1000);

  return g_strdup_printf ("%s, %02d %s %d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week (time) - 1],
                          g_date_time_get_day_of_month (time), months[g_date_time_get_month (time) - 1],
                          g_date_time_get_year (time), g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

char *
cv_letter_get_address (const char *mailbox)
{
  const char *open = strrchr (mailbox, '<');
  const char *close = open != NULL ? strchr (open, '>') : NULL;
  g_autofree char *address = close != NULL && close[1] == '\0' ? g_strndup (open + 1, (gsize) (close - open - 1))
                             : open == NULL                    ? g_strdup (mailbox)
                                                               : g_strdup ("");

  if (!g_regex_match_simple ("^[!-;=?-~]{1,64}@[A-Za-z0-9.-]{1,190}$", address, G_REGEX_DOLLAR_ENDONLY, 0))
    return NULL;
  return g_steal_pointer (&address);
}

/* "A \"B\" C" → A "B" C; what is in no quotes is as it was. */
static char *
unquote (const char *name)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gsize length = strlen (name);

  if (length < 2 || name[0] != '"' || name[length - 1] != '"')
    return g_strdup (name);
  for (gsize i = 1; i < length - 1; i++) {
    if (name[i] == '\\' && i + 1 < length - 1)
      i++;
    g_string_append_c (out, name[i]);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
quote (const char *name)
{
  g_autoptr (GString) out = g_string_new ("\"");

  for (const char *at = name; *at != '\0'; at++) {
    if (*at == '"' || *at == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, *at);
  }
  g_string_append_c (out, '"');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* "NAME <ADDRESS>" with the name, which may stand in quotes, encoded. */
static char *
encode_mailbox (const char *mailbox, const char *address)
{
  const char *open = strrchr (mailbox, '<');
  g_autofree char *given = open != NULL ? g_strstrip (g_strndup (mailbox, (gsize) (open - mailbox))) : g_strdup ("");
  g_autofree char *name = unquote (given);
  g_autofree char *encoded = cv_letter_encode (name);

  if (*name == '\0')
    return g_strdup (address);
  /* what is plain may still mean something in an address (RFC 5322, 3.2.4) */
  if (!g_regex_match_simple ("^[A-Za-z0-9 ]+$", encoded, 0, 0) && !g_str_has_prefix (encoded, "=?")) {
    g_autofree char *quoted = quote (name);

    return g_strdup_printf ("%s <%s>", quoted, address);
  }
  return g_strdup_printf ("%s <%s>", encoded, address);
}

char **
cv_letter_headers (const char *from, const char *to, const char *subject, const char *id, gint64 at)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *address = cv_letter_get_address (from);
  const char *host = address != NULL ? strchr (address, '@') + 1 : "localhost";
  g_autofree char *mailbox = encode_mailbox (from, address != NULL ? address : "");
  g_autofree char *encoded = cv_letter_encode (subject);
  g_autofree char *date = cv_letter_date (at);
  char *lines[] = { g_strconcat ("Date: ", date, NULL), g_strconcat ("From: ", mailbox, NULL),
                    g_strconcat ("To: ", to, NULL), g_strconcat ("Subject: ", encoded, NULL),
                    g_strdup_printf ("Message-ID: <%s@%s>", id, host),
                    /* no answers of machines */
                    g_strdup ("Auto-Submitted: auto-generated") };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_strv_builder_add (builder, lines[i]), g_free (lines[i]);
  return g_strv_builder_end (builder);
}
