/* See quality.h. */
#include "room/quality.h"

/* From where on it is no longer good, and poor. Opus and retransmissions hide 2 % of loss; from 10 % on words are lost.
 * From 400 ms of round trip on people talk into each other (ITU-T G.114: 150 ms each way are fine). */
#define FAIR_LOSS 0.02
#define POOR_LOSS 0.10
#define FAIR_RTT_MS 200
#define POOR_RTT_MS 400
/* Below the first a small video suffers, below the second speech. */
#define FAIR_ESTIMATE (300 * 1000)
#define POOR_ESTIMATE (80 * 1000)

CvQuality
cv_quality_of (const CvMediaPersonStats *stats)
{
  double loss = MAX (stats->up_loss, stats->down_loss);
  guint estimate = stats->estimate > 0 ? stats->estimate : G_MAXUINT; /* 0: not known yet */
  if (loss >= POOR_LOSS || stats->rtt >= POOR_RTT_MS || estimate < POOR_ESTIMATE)
    return CV_QUALITY_POOR;
  if (loss >= FAIR_LOSS || stats->rtt >= FAIR_RTT_MS || estimate < FAIR_ESTIMATE)
    return CV_QUALITY_FAIR;
  return CV_QUALITY_GOOD;
}

const char *
cv_quality_to_text (CvQuality quality)
{
  static const char *const texts[] = { "good", "fair", "poor" };
  return texts[quality];
}
