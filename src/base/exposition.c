/* See exposition.h. */
#include "base/exposition.h"

#include <math.h>
#include <stdarg.h>

/* below which a double has every whole number */
#define MAX_WHOLE 9007199254740992.0

struct _CvExposition {
  GString *text;
  const char *name;
  const char *type, *help; /* NULL: the family's head is written */
};

CvExposition *
cv_exposition_new (void)
{
  CvExposition *self = g_new0 (CvExposition, 1);
  self->text = g_string_new (NULL);
  return self;
}

void
cv_exposition_free (CvExposition *self)
{
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self);
}

static void
append_escaped (GString *text, const char *value, gboolean quotes)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  for (const char *at = valid; *at != '\0'; at++)
    if (*at == '\\' || (quotes && *at == '"'))
      g_string_append_printf (text, "\\%c", *at);
    else if (*at == '\n')
      g_string_append (text, "\\n");
    else
      g_string_append_c (text, *at);
}

/* In no locale's way of writing. */
static void
append_number (GString *text, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (isnan (value))
    g_string_append (text, "NaN");
  else if (isinf (value))
    g_string_append (text, value > 0 ? "+Inf" : "-Inf");
  else if (fabs (value) < MAX_WHOLE && floor (value) == value)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, (gint64) value);
  else
    g_string_append (text, g_ascii_formatd (number, sizeof number, "%.15g", value));
}

static void
begin (CvExposition *self, const char *name, const char *type, const char *help)
{
  self->name = name;
  self->type = type;
  self->help = help;
}

void
cv_exposition_gauge (CvExposition *self, const char *name, const char *help)
{
  g_return_if_fail (!g_str_has_suffix (name, "_total"));

  begin (self, name, "gauge", help);
}

void
cv_exposition_counter (CvExposition *self, const char *name, const char *help)
{
  g_return_if_fail (g_str_has_suffix (name, "_total"));

  begin (self, name, "counter", help);
}

static void
write_head (CvExposition *self)
{
  if (self->help == NULL)
    return;
  g_string_append_printf (self->text, "# HELP %s ", self->name);
  append_escaped (self->text, self->help, FALSE);
  g_string_append_printf (self->text, "\n# TYPE %s %s\n", self->name, self->type);
  self->help = NULL;
}

static void
write_value (CvExposition *self, double value)
{
  g_string_append_c (self->text, ' ');
  append_number (self->text, value);
  g_string_append_c (self->text, '\n');
}

void
cv_exposition_add (CvExposition *self, double value)
{
  g_return_if_fail (self->name != NULL);

  write_head (self);
  g_string_append (self->text, self->name);
  write_value (self, value);
}

void
cv_exposition_add_labelled (CvExposition *self, double value, ...)
{
  va_list labels;
  char before = '{';

  g_return_if_fail (self->name != NULL);

  write_head (self);
  g_string_append (self->text, self->name);
  va_start (labels, value);
  for (const char *label; (label = va_arg (labels, const char *)) != NULL; before = ',') {
    g_string_append_printf (self->text, "%c%s=\"", before, label);
    append_escaped (self->text, va_arg (labels, const char *), TRUE);
    g_string_append_c (self->text, '"');
  }
  va_end (labels);
  g_string_append_c (self->text, '}');
  write_value (self, value);
}

char *
cv_exposition_steal (CvExposition *self)
{
  return g_string_free (g_steal_pointer (&self->text), FALSE);
}
