/* See job.h. */
#include "render/job.h"

#include "render/chronicle.h"
#include "render/desk.h"
#include "render/failure.h"
#include "render/repair.h"

#define CV_LOG_TOPIC "render"
#include "base/log.h"

struct _CvJob {
  CvOrder *order;
  CvReporter *reporter;
  CvDesk desk;
  GThread *thread;
};

/* ---- The job's thread ---- */

static CvEventLog *
read_log (GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new ("events.jsonl", FALSE, NULL);
  if (file == NULL || g_mapped_file_get_length (file) > CV_LOG_MAX_BYTES) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_NO_LOG, "the recording has no event log");
    return NULL;
  }
  CvEventLog *log = cv_event_log_parse (g_mapped_file_get_contents (file), g_mapped_file_get_length (file));
  if (log->skipped > 0)
    cv_notice (NULL, NULL, "%u lines of the event log were not understood", log->skipped);
  return log;
}

static gboolean
read_recording (CvDesk *desk, GError **error)
{
  gboolean repair = (desk->order->products & CV_PRODUCT_REPAIR) != 0;
  cv_desk_begin (desk, "reading", 0, 0.02);
  g_autoptr (CvEventLog) log = read_log (error);
  g_autoptr (GPtrArray) files = log != NULL ? cv_repair_open (desk, repair, error) : NULL;
  if (files == NULL)
    return FALSE;
  desk->timeline = cv_chronicle_write (log, files);
  cv_desk_begin (desk, "repairing", 0.02, 0.03);
  return !repair || cv_repair_deliver (desk, error);
}

static gboolean
work (CvDesk *desk, GError **error)
{
  const CvOrder *order = desk->order;
  if (!read_recording (desk, error) || !cv_deposit_make_folder ("files", error))
    return FALSE;
  if (!cv_timeline_crop (desk->timeline, order->from, order->to, order->without)) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_BAD_RANGE, "nothing was recorded in that range");
    return FALSE;
  }
  return TRUE;
}

static gpointer
on_thread (gpointer user_data)
{
  CvJob *self = user_data;
  g_autoptr (GError) error = NULL;
  if (work (&self->desk, &error))
    cv_reporter_done (self->reporter, self->desk.timeline->duration);
  else if (!g_error_matches (error, CV_FAILURE, CV_FAILURE_CANCELLED))
    cv_reporter_failed (self->reporter, cv_failure_get_id (error), error->message);
  return NULL;
}

/* ---- The main thread ---- */

CvJob *
cv_job_new (CvOrder *order, const CvKit *kit, CvReporter *reporter)
{
  CvJob *self = g_new0 (CvJob, 1);
  self->order = order;
  self->reporter = reporter;
  cv_desk_init (&self->desk, order, kit, reporter);
  self->thread = g_thread_new ("job", on_thread, self);
  return self;
}

void
cv_job_free (CvJob *self)
{
  g_atomic_int_set (&self->desk.cancelled, 1);
  g_thread_join (self->thread);
  cv_desk_clear (&self->desk);
  cv_order_free (self->order);
  g_free (self);
}
