/* The last rows of figures, as text: a ring in which the newest takes the place of the oldest. Knows nothing of what they say. A value;
 * any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CvRing CvRing;

/* `rows`: how many are kept at most. */
CvRing *cv_ring_new (guint rows);
void cv_ring_free (CvRing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRing, cv_ring_free)

/* `row` (transfer full). Returns its number: the first is 1, each the next. */
guint cv_ring_add (CvRing *self, char *row);
/* Of the newest; 0 where there is none. */
guint cv_ring_get_last (const CvRing *self);
/* Writes those that came after row `after`, the oldest first, with commas between them. Returns how many. */
guint cv_ring_write (const CvRing *self, guint after, GString *to);

G_END_DECLS
