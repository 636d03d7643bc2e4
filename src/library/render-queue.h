/* Renderings that wait and those that run: so many at once, the oldest first, one of a recording at a time.
 *
 * Owns their processes; their rows stand in the database as well (store/renders.h), so that the queue survives us. Main
 * thread. A process that crashes is started anew after a pause, CV_RENDER_QUEUE_ATTEMPTS times in all.
 *
 * Signals: changed (CvRenderRow *)               its status, stage or progress
 *          file (CvRenderRow *, CvRenderFile *)  one is there
 *          ended (CvRenderRow *, gint64 ms)      done or failed (error: "cancelled", "render-crashed", what the process said);
 *                                                how long it is
 */
#pragma once

#include "process/render-process.h"
#include "store/renders.h"

G_BEGIN_DECLS

#define CV_RENDER_QUEUE_ATTEMPTS 3
/* ms until the second attempt; twice as long until the third */
#define CV_RENDER_QUEUE_PAUSE_MS 10000

#define CV_TYPE_RENDER_QUEUE (cv_render_queue_get_type ())
G_DECLARE_FINAL_TYPE (CvRenderQueue, cv_render_queue, CV, RENDER_QUEUE, GObject)

/* `directory`: of all recordings; `program`: conclave-render; `at_once`: how many; `words`: of base/film-words.h. */
CvRenderQueue *cv_render_queue_new (CvStore *store, CvClock *clock, const char *directory, const char *program,
                                    guint at_once, const char *const *words);
/* Ends all processes; their renderings go on at the next start. No signal comes any more. */
void cv_render_queue_stop (CvRenderQueue *self);

/* One that is queued in the database; `row` is (transfer full). */
void cv_render_queue_add (CvRenderQueue *self, CvRenderRow *row);
/* One that waits or runs, as it is now; borrowed, NULL: there is none. */
const CvRenderRow *cv_render_queue_find (CvRenderQueue *self, const char *id);
/* How many wait, and how many run. */
void cv_render_queue_count (CvRenderQueue *self, guint *waiting, guint *running);
/* `ended` follows, when its process and what it has begun are gone. FALSE: there is none. */
gboolean cv_render_queue_cancel (CvRenderQueue *self, const char *id);

/* Cancels all of a recording's, and waits until no process has its folder any more. */
void cv_render_queue_drop_async (CvRenderQueue *self, const char *recording, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean cv_render_queue_drop_finish (CvRenderQueue *self, GAsyncResult *result, GError **error);

G_END_DECLS
