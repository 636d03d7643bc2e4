/* What summaries and their e-mails show of whose server they come from: its name, its colour and its legal links.
 *
 * Immutable and counted: any thread may read it. Knows nothing of the pages' looks (signalling/branding.h), which have a logo as well: a document
 * needs no other file, and a picture in an e-mail is what its reader does not see.
 */
#pragma once

#include "summary/paper.h"
#include "summary/words.h"

G_BEGIN_DECLS

/* Borrowed; each may be "" or NULL. Checked by who reads the configuration. */
typedef struct {
  const char *name;
  const char *accent; /* "#rrggbb" */
  const char *imprint, *privacy, *terms;
} CvLetterheadOptions;

typedef struct _CvLetterhead CvLetterhead;

CvLetterhead *cv_letterhead_new (const CvLetterheadOptions *options);
CvLetterhead *cv_letterhead_ref (CvLetterhead *self);
void cv_letterhead_unref (CvLetterhead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvLetterhead, cv_letterhead_unref)

/* Name, colour and links of `paper`; its kind has to be there already. `self` NULL: changes nothing. */
void cv_letterhead_print (const CvLetterhead *self, const CvWords *words, CvPaper *paper);
/* The foot of an e-mail's text, as lines; "" where there is nothing to say. Returns: (transfer full). */
char *cv_letterhead_sign (const CvLetterhead *self, const CvWords *words);

G_END_DECLS
