/* See journal.h. */
#include "library/journal.h"

#define CV_LOG_TOPIC "journal"
#include "base/log.h"

struct _CvJournal {
  CvFolder *folder;
  CvClock *clock;
  gint64 start; /* µs, monotonic */
  CvJournalFailedFunc failed;
  gpointer user_data;
  GError *error; /* what the first line that failed failed for */
  guint timer;   /* until that is told */
};

CvJournal *
cv_journal_new (CvFolder *folder, CvClock *clock, gint64 start, CvJournalFailedFunc failed, gpointer user_data)
{
  CvJournal *self = g_new0 (CvJournal, 1);
  self->folder = folder;
  self->clock = g_object_ref (clock);
  self->start = start;
  self->failed = failed;
  self->user_data = user_data;
  return self;
}

void
cv_journal_free (CvJournal *self)
{
  cv_clock_cancel (self->clock, &self->timer);
  g_object_unref (self->clock);
  g_clear_error (&self->error);
  g_free (self);
}

JsonBuilder *
cv_journal_begin_at (CvJournal *self, const char *type, gint64 at)
{
  JsonBuilder *line = json_builder_new_immutable ();
  gint64 us = CLAMP (at, self->start, cv_clock_now (self->clock)) - self->start;
  json_builder_begin_object (line);
  if (us % 1000 == 0)
    cv_json_add_int (line, "t", us / 1000);
  else
    cv_json_add_double (line, "t", (double) us / 1000);
  cv_json_add_text (line, "type", type);
  return line;
}

JsonBuilder *
cv_journal_begin (CvJournal *self, const char *type)
{
  return cv_journal_begin_at (self, type, cv_clock_now (self->clock));
}

static void
on_failed (gpointer user_data)
{
  CvJournal *self = user_data;
  self->timer = 0;
  self->failed (self->error, self->user_data);
}

void
cv_journal_write (CvJournal *self, JsonBuilder *line)
{
  gsize n = 0;
  json_builder_end_object (line);
  g_autofree char *text = cv_json_builder_to_text (line, &n);
  g_object_unref (line);
  if (self->error != NULL || cv_folder_append_event (self->folder, text, n, &self->error))
    return;
  /* Not from within a call: who writes is in the middle of something. */
  self->timer = cv_clock_after (self->clock, 0, on_failed, self);
}

/* Thread: touches the descriptor, which is its own. */
static void
sync_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  if (!cv_folder_sync_descriptor (GPOINTER_TO_INT (data), &error))
    cv_warning (NULL, NULL, "%s", error->message);
  g_task_return_boolean (task, TRUE);
}

void
cv_journal_sync (CvJournal *self)
{
  int fd = cv_folder_dup_events (self->folder);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, GINT_TO_POINTER (fd), NULL);
  if (fd >= 0)
    g_task_run_in_thread (task, sync_in_thread);
}
