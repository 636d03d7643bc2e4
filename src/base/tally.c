/* See tally.h. */
#include "base/tally.h"

static guint64 counts[CV_N_TALLIES][CV_TALLY_MAX_LABELS];

void
cv_tally_add (CvTally what, guint label, guint64 n)
{
  g_return_if_fail (what < CV_N_TALLIES && label < CV_TALLY_MAX_LABELS);

  counts[what][label] += n;
}

void
cv_tally_count (CvTally what)
{
  cv_tally_add (what, 0, 1);
}

void
cv_tally_count_as (CvTally what, guint label)
{
  cv_tally_add (what, label, 1);
}

guint64
cv_tally_get (CvTally what, guint label)
{
  g_return_val_if_fail (what < CV_N_TALLIES && label < CV_TALLY_MAX_LABELS, 0);

  return counts[what][label];
}
