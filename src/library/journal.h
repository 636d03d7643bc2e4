/* The event log of a recording that is under way: what happened at which time, one JSON object a line.
 *
 * Borrows the folder. Main thread; only that the log gets to the disk is seen to elsewhere. Knows no event: who writes one
 * says its members. What the lines say stands in FORMAT.md.
 */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "library/folder.h"

G_BEGIN_DECLS

typedef struct _CvJournal CvJournal;

/* Called once, from the main loop, when a line could not be written; no other is tried then. */
typedef void (*CvJournalFailedFunc) (const GError *error, gpointer user_data);

/* `start`: when its time begins, µs, monotonic. What was on its way to us when a recording began is from before that: the time
 * in which folder and row are made is enough for it. */
CvJournal *cv_journal_new (CvFolder *folder, CvClock *clock, gint64 start, CvJournalFailedFunc failed,
                           gpointer user_data);
void cv_journal_free (CvJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvJournal, cv_journal_free)

/* An object that is open and has `t` and `type`; cv_journal_write() takes it. `at`: µs, monotonic; brought into the time
 * between the beginning and now. */
JsonBuilder *cv_journal_begin (CvJournal *self, const char *type);
JsonBuilder *cv_journal_begin_at (CvJournal *self, const char *type, gint64 at);
void cv_journal_write (CvJournal *self, JsonBuilder *line);
/* Sees to it that what was written gets to the disk, in a thread. */
void cv_journal_sync (CvJournal *self);

G_END_DECLS
