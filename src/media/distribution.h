/* Who gets what: puts sources into a person's slots, and chooses a layer for each. Main thread.
 *
 * Works on endpoints that it is handed; owns nothing. The rule for sound: those who are heard, and every shared screen's.
 * For pictures: what the client says that it shows, in its order.
 */
#pragma once

#include "media/endpoint.h"

G_BEGIN_DECLS

typedef struct {
  GHashTable *by_person;     /* of CvEndpoint */
  const GPtrArray *everyone; /* the same, in the order they came */
  CvEndpoint *const *heard;  /* CV_SPEAKERS_MAX places, NULL where nobody is */
  const char *spotlight;     /* a person, or NULL */
} CvScene;

/* Puts into the slots what belongs there now. TRUE: something is another than before. */
gboolean cv_distribution_arrange (CvEndpoint *endpoint, const CvScene *scene);
/* Chooses layers within what the path takes. TRUE: a slot was paused or goes on. */
gboolean cv_distribution_choose_layers (CvEndpoint *endpoint, const CvScene *scene, gint64 now);
/* Notes in each source which layers somebody gets or would like to get. */
void cv_distribution_note_wanted (const CvScene *scene, gint64 now);

G_END_DECLS
