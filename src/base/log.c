/* Structured logging: the writer behind base/log.h.
 *
 * Owns the lowest level shown, which may change. Any thread. Decides nothing about what may be logged: callers never pass
 * names, chat, keys or links.
 */
#define CV_LOG_TOPIC "log"
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gint shown = G_LOG_LEVEL_MASK; /* atomic */
static GLogLevelFlags fatal;

static const struct {
  GLogLevelFlags level;
  const char *name;
  const char *priority; /* syslog's */
} LEVELS[] = {
  { G_LOG_LEVEL_ERROR, "ERROR", "3" },     { G_LOG_LEVEL_CRITICAL, "CRITICAL", "4" },
  { G_LOG_LEVEL_WARNING, "WARNING", "4" }, { G_LOG_LEVEL_MESSAGE, "NOTICE", "5" },
  { G_LOG_LEVEL_INFO, "INFO", "6" },       { G_LOG_LEVEL_DEBUG, "DEBUG", "7" },
};

static guint
level_index (GLogLevelFlags level)
{
  for (guint i = 0; i < G_N_ELEMENTS (LEVELS); i++)
    if (level & LEVELS[i].level)
      return i;
  return G_N_ELEMENTS (LEVELS) - 1;
}

/* One message is one line, whatever a client put into it. Escaping twice changes nothing. Returns: (transfer full). */
static char *
escape (const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  GString *text = g_string_sized_new (strlen (valid) + 1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c == '\n')
      g_string_append (text, "\\n");
    else if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
      g_string_append_printf (text, "\\x%02x", c);
    else
      g_string_append_unichar (text, c);
  }
  return g_string_free (text, FALSE);
}

/* Fields of a foreign library may have a length of their own. Returns: (transfer full) (nullable). */
static char *
find_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && fields[i].value != NULL)
      return fields[i].length < 0 ? g_strdup (fields[i].value) : g_strndup (fields[i].value, fields[i].length);
  return NULL;
}

/* `LEVEL topic: text (ROOM=… PERSON=…)`. Returns: (transfer full). */
static char *
format_line (GLogLevelFlags level, const GLogField *fields, gsize n_fields)
{
  g_autofree char *topic = find_field (fields, n_fields, "TOPIC");
  g_autofree char *domain = find_field (fields, n_fields, "GLIB_DOMAIN");
  g_autofree char *message = find_field (fields, n_fields, "MESSAGE");
  g_autofree char *room = find_field (fields, n_fields, "ROOM");
  g_autofree char *person = find_field (fields, n_fields, "PERSON");
  g_autofree char *text = escape (message != NULL ? message : "");
  GString *line = g_string_new (LEVELS[level_index (level)].name);

  g_string_append_printf (line, " %s: %s", topic != NULL ? topic : domain != NULL ? domain : "-", text);
  if (room != NULL && person != NULL)
    g_string_append_printf (line, " (ROOM=%s PERSON=%s)", room, person);
  else if (room != NULL)
    g_string_append_printf (line, " (ROOM=%s)", room);
  else if (person != NULL)
    g_string_append_printf (line, " (PERSON=%s)", person);
  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}

static gboolean
is_ours (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "TOPIC"))
      return TRUE;
  return FALSE;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  gboolean ours = is_ours (fields, n_fields);
  /* of a library, what it thinks is worth a word: its details are not ours to show. Bits go from grave to slight. */
  gint lowest = g_atomic_int_get (&shown);
  gint slightest = ours ? lowest : MIN (lowest, G_LOG_LEVEL_MESSAGE);

  if ((level & G_LOG_LEVEL_MASK) <= slightest &&
      (!g_log_writer_is_journald (fileno (stderr)) ||
       g_log_writer_journald (level, fields, n_fields, NULL) != G_LOG_WRITER_HANDLED)) {
    g_autofree char *line = format_line (level, fields, n_fields);

    /* one call, one line: other threads' lines do not cut into it */
    fputs (line, stderr);
    fflush (stderr);
  }

  /* G_DEBUG=fatal-warnings and tests: a library's warning is a bug of ours. A warning of ours is an operator's matter. */
  if ((level & fatal) && !ours)
    g_abort ();
  return G_LOG_WRITER_HANDLED;
}

void
cv_log_set_level (GLogLevelFlags lowest)
{
  g_atomic_int_set (&shown, (gint) lowest);
}

void
cv_log_init (GLogLevelFlags lowest)
{
  cv_log_set_level (lowest);
  /* GLib has no getter */
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_always_fatal (fatal);
  g_log_set_writer_func (write_log, NULL, NULL);
}

void
cv_log_write (GLogLevelFlags level, const char *topic, const char *room, const char *person, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *text = NULL;
  GLogField fields[6];
  gsize n = 0;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  text = escape (message);

  fields[n++] = (GLogField){ "MESSAGE", text, -1 };
  fields[n++] = (GLogField){ "PRIORITY", LEVELS[level_index (level)].priority, -1 };
  fields[n++] = (GLogField){ "GLIB_DOMAIN", G_LOG_DOMAIN, -1 };
  fields[n++] = (GLogField){ "TOPIC", topic, -1 };
  if (room != NULL)
    fields[n++] = (GLogField){ "ROOM", room, -1 };
  if (person != NULL)
    fields[n++] = (GLogField){ "PERSON", person, -1 };
  g_log_structured_array (level, fields, n);
}
