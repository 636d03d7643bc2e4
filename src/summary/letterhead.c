/* See letterhead.h. */
#include "summary/letterhead.h"

#define N_LINKS 3

struct _CvLetterhead {
  gatomicrefcount references;
  char *name;
  gboolean coloured;
  CvShades shades;
  char *links[N_LINKS];
};

static const CvWord LABELS[N_LINKS] = { CV_WORD_IMPRINT, CV_WORD_PRIVACY, CV_WORD_TERMS };

/* NULL for "". Returns: (transfer full). */
static char *
keep (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

CvLetterhead *
cv_letterhead_new (const CvLetterheadOptions *options)
{
  const char *links[N_LINKS] = { options->imprint, options->privacy, options->terms };
  CvLetterhead *self = g_new0 (CvLetterhead, 1);
  CvColour accent;
  g_atomic_ref_count_init (&self->references);
  self->name = keep (options->name);
  self->coloured = cv_colour_parse (&accent, options->accent);
  if (self->coloured) {
    CvPalette palette;
    cv_palette_make (&palette, &accent);
    self->shades = palette.light; /* paper is white */
  }
  for (guint i = 0; i < N_LINKS; i++)
    self->links[i] = keep (links[i]);
  return self;
}

CvLetterhead *
cv_letterhead_ref (CvLetterhead *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
cv_letterhead_unref (CvLetterhead *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < N_LINKS; i++)
    g_free (self->links[i]);
  g_free (self->name);
  g_free (self);
}

void
cv_letterhead_print (const CvLetterhead *self, const CvWords *words, CvPaper *paper)
{
  if (self == NULL)
    return;
  if (self->name != NULL) {
    g_autofree char *kind = g_steal_pointer (&paper->kind);
    paper->kind = g_strconcat (self->name, " · ", kind, NULL);
  }
  if (self->coloured) {
    paper->accent = self->shades.accent;
    paper->soft = self->shades.soft;
  }
  for (guint i = 0; i < N_LINKS; i++)
    if (self->links[i] != NULL)
      cv_paper_add_link (paper, cv_words_get (words, LABELS[i]), self->links[i]);
}

char *
cv_letterhead_sign (const CvLetterhead *self, const CvWords *words)
{
  g_autoptr (GString) out = g_string_new (NULL);
  if (self != NULL && self->name != NULL)
    g_string_append_printf (out, "%s\n", self->name);
  for (guint i = 0; self != NULL && i < N_LINKS; i++)
    if (self->links[i] != NULL)
      g_string_append_printf (out, "%s: %s\n", cv_words_get (words, LABELS[i]), self->links[i]);
  if (out->len > 0) /* where an e-mail's text ends and its foot begins (RFC 3676, 4.3) */
    g_string_prepend (out, "\n-- \n");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
