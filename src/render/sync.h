/* Lips and voices: moves the tracks of one person beside each other as that person's own clock says.
 *
 * Sender's reports tie times of a file to the sender's clock. They are used between tracks of one person only; that clock may
 * be wrong by hours, or lie. What it would move by more than CV_SYNC_MAX is not believed.
 */
#pragma once

#include "render/programme.h"

G_BEGIN_DECLS

#define CV_SYNC_MAX (2 * G_USEC_PER_SEC)

/* Fills all cuts' shifts from their clocks. Their `start` and footage must be there. */
void cv_sync_apply (CvProgramme *programme);

G_END_DECLS
