/* Deleting recordings: marked with an entry in the audit, no longer rendered, files gone, webhook, rows gone. In this order,
 * so that what a crash interrupts is taken up again.
 *
 * Owns what is under way. Main thread. Signal: deleted (char *recording). Errors are those of CV_STORE_ERROR and G_IO_ERROR.
 */
#pragma once

#include "base/clock.h"
#include "library/hooks.h"
#include "library/render-queue.h"

G_BEGIN_DECLS

/* how often one looks whether a room's recording was stopped, and how long in all; ms */
#define CV_DELETION_POLL_MS 500
#define CV_DELETION_PATIENCE_MS 30000

#define CV_TYPE_DELETION (cv_deletion_get_type ())
G_DECLARE_FINAL_TYPE (CvDeletion, cv_deletion, CV, DELETION, GObject)

/* `queue` and `hooks` may be NULL; `directory`: of all recordings. */
CvDeletion *cv_deletion_new (CvStore *store, CvClock *clock, CvRenderQueue *queue, CvHooks *hooks,
                             const char *directory);

/* Answers when all is gone. Fails with MISSING, LIMIT where it is still being recorded, or where its files do not go: then
 * it stays marked. */
void cv_deletion_run_async (CvDeletion *self, const char *recording, const char *actor, GAsyncReadyCallback callback,
                            gpointer user_data);
/* All of a room's, once they were stopped: who deletes a room ends its meeting first. */
void cv_deletion_run_room_async (CvDeletion *self, const char *room, const char *actor, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cv_deletion_finish (CvDeletion *self, GAsyncResult *result, GError **error);

/* Takes up those that are marked and not under way. */
void cv_deletion_resume (CvDeletion *self);
/* Is it marked, as far as we know? Nothing may be begun with it. */
gboolean cv_deletion_is_under_way (CvDeletion *self, const char *recording);

G_END_DECLS
