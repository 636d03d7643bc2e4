/* Whom a media process may speak of: those who joined, and those who just left, whose news may still be on the way.
 *
 * Owns their ids and what each of them looks at. Main thread.
 */
#pragma once

#include "process/media-types.h"

G_BEGIN_DECLS

/* who left last; more, and the first are strangers again */
#define CV_PEOPLE_MAX_GONE 4096

typedef enum {
  CV_ACQUAINTANCE_HERE,
  CV_ACQUAINTANCE_GONE, /* not an error, and nobody's business any more */
  CV_ACQUAINTANCE_STRANGER,
} CvAcquaintance;

typedef struct _CvPeople CvPeople;
CvPeople *cv_people_new (void);
void cv_people_free (CvPeople *self);

void cv_people_join (CvPeople *self, const char *person);
/* A join was answered: who was refused each time has not joined. */
void cv_people_note_answer (CvPeople *self, const char *person, gboolean taken);
void cv_people_leave (CvPeople *self, const char *person);
/* Another process: nobody has joined it. What people look at is kept. */
void cv_people_forget (CvPeople *self);
CvAcquaintance cv_people_know (CvPeople *self, const char *person);

/* Kept until the person leaves, also before a join. FALSE where there are too many who never joined. */
gboolean cv_people_set_view (CvPeople *self, const char *person, const CvMediaTile *tiles, guint n);
/* Of CvMediaTile; borrowed, NULL: none was set. */
GArray *cv_people_get_view (CvPeople *self, const char *person);

G_END_DECLS
