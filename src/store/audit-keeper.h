/* Takes entries out of the audit whose time is over, and says its head in the log, for whoever keeps that elsewhere: at the start,
 * and each day.
 *
 * Main thread.
 */
#pragma once

#include "base/clock.h"
#include "store/store.h"

G_BEGIN_DECLS

typedef struct _CvAuditKeeper CvAuditKeeper;

/* `keep_days` 0: for ever. Both outlive it. */
CvAuditKeeper *cv_audit_keeper_new (CvStore *store, CvClock *clock, guint keep_days);
void cv_audit_keeper_set_keep_days (CvAuditKeeper *self, guint keep_days);
void cv_audit_keeper_free (CvAuditKeeper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAuditKeeper, cv_audit_keeper_free)

G_END_DECLS
