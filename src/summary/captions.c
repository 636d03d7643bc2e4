/* See captions.h. */
#include "summary/captions.h"

/* ms that one stays, unless the next one comes */
#define MAX_STAY 7000
#define MIN_STAY 1000

/* What means something in a cue's text. ">" alone does not, but "-->" would. */
static void
append (GString *out, const char *text)
{
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '&')
      g_string_append (out, "&amp;");
    else if (*at == '<')
      g_string_append (out, "&lt;");
    else if (*at == '>')
      g_string_append (out, "&gt;");
    else
      g_string_append_c (out, *at);
  }
}

static void
append_time (GString *out, gint64 ms)
{
  g_string_append_printf (out, "%02" G_GINT64_FORMAT ":%02d:%02d.%03d", ms / 3600000, (int) (ms / 60000 % 60),
                          (int) (ms / 1000 % 60), (int) (ms % 1000));
}

char *
cv_captions_write (const CvSummary *summary)
{
  GString *out = g_string_new ("WEBVTT\n");
  GPtrArray *captions = summary->captions;

  for (guint i = 0; captions != NULL && i < captions->len; i++) {
    const CvSummaryCaption *caption = g_ptr_array_index (captions, i);
    const CvSummaryCaption *next = i + 1 < captions->len ? g_ptr_array_index (captions, i + 1) : NULL;
    gint64 begins = MAX (0, caption->at - summary->started);
    gint64 stays = next != NULL ? CLAMP (next->at - caption->at, MIN_STAY, MAX_STAY) : MAX_STAY;

    g_string_append_c (out, '\n');
    append_time (out, begins);
    g_string_append (out, " --> ");
    append_time (out, begins + stays);
    g_string_append (out, "\n<v ");
    append (out, *caption->by != '\0' ? caption->by : "–");
    g_string_append_c (out, '>');
    append (out, caption->text);
    g_string_append_c (out, '\n');
  }
  return g_string_free (out, FALSE);
}
