/* Events to be planned. */
#pragma once

#include "schedule/plan.h"

G_BEGIN_DECLS

/* As a request makes one: `json` has the members of cv_plan_read(). NULL with an error. Returns: (transfer full). */
CvEventRow *cv_test_plans_read (const char *json, GError **error);
/* The same of one that is good, as a plan. */
CvPlan *cv_test_plans_new (const char *json);
/* The first `n` days from `from` (ms since 1970) on: "YYYY-MM-DD …", each with a space behind it. Returns: (transfer full). */
char *cv_test_plans_dump (const CvPlan *plan, gint64 from, guint n);

G_END_DECLS
