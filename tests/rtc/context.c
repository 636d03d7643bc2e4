/* See context.h. */
#include "rtc/context.h"

void
cv_rtc_emit (CvRtcContext *self, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->emit (line);
}

void
cv_rtc_emit_text (CvRtcContext *self, const char *event, guint id, const char *name, const char *text)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_printf (line, "{\"event\":\"%s\",\"id\":%u,\"%s\":\"", event, id, name);
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '\n')
      g_string_append (line, "\\n");
    else if (*at == '"' || *at == '\\')
      g_string_append_printf (line, "\\%c", *at);
    else if ((guchar) *at < ' ')
      g_string_append_printf (line, "\\u%04x", *at);
    else
      g_string_append_c (line, *at);
  }
  g_string_append (line, "\"}");
  self->emit (line->str);
}
