/* Plans as a calendar's file: iCalendar, RFC 5545. Main thread. */
#pragma once

#include "schedule/plan.h"

G_BEGIN_DECLS

typedef struct _CvCalendar CvCalendar;

/* `name`: of all of it, plain words, or NULL; `host`: what ids of events are made unique with. */
CvCalendar *cv_calendar_new (const char *name, const char *host);
void cv_calendar_free (CvCalendar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCalendar, cv_calendar_free)

/* `plan`: of `row`. `url`: where people meet, or NULL. `numbers`: what they may dial where the row has a PIN, ending in NULL; or NULL. */
void cv_calendar_add (CvCalendar *self, const CvEventRow *row, const CvPlan *plan, const char *url,
                      const char *const *numbers);
/* Returns: (transfer full). */
char *cv_calendar_to_text (CvCalendar *self);

G_END_DECLS
