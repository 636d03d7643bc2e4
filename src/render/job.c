/* See job.h. */
#include "render/job.h"

#include "render/chapters.h"
#include "render/edit.h"
#include "render/desk.h"
#include "render/failure.h"
#include "render/join.h"
#include "render/listing.h"
#include "render/manifest.h"
#include "render/otio.h"
#include "render/repair.h"
#include "render/sound.h"
#include "render/stills.h"

#define CV_LOG_TOPIC "render"
#include "base/log.h"

/* µs */
#define MIN_DURATION G_USEC_PER_SEC

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
  desk->programme = cv_edit_make (log, files);
  cv_desk_begin (desk, "repairing", 0.02, 0.03);
  return !repair || cv_repair_deliver (desk, error);
}

static gboolean
wants (const CvDesk *desk, guint products)
{
  return (desk->order->products & products) != 0;
}

/* The whole, or what is asked for; a recording that was stopped at once still has a moment to show. */
static gboolean
cut (CvDesk *desk, GError **error)
{
  const CvOrder *order = desk->order;
  desk->programme->duration = MAX (desk->programme->duration, MIN_DURATION);
  desk->programme->words = (const char *const *) order->words;
  if (!cv_programme_crop (desk->programme, order->from, order->to, order->without)) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_BAD_RANGE, "nothing was recorded in that range");
    return FALSE;
  }
  cv_chapters_complete (desk->programme);
  return TRUE;
}

/* What needs no decoding is there first. */
static gboolean
make_texts (CvDesk *desk, GError **error)
{
  gsize n = 0, n_otio = 0;
  g_autoptr (GString) vtt = cv_chapters_to_vtt (desk->programme);
  if (wants (desk, CV_PRODUCT_CHAPTERS) && !cv_desk_put (desk, "chapters.vtt", "chapters", vtt->str, vtt->len, error))
    return FALSE;
  if (!wants (desk, CV_PRODUCT_TIMELINE))
    return TRUE;
  g_autofree char *listing = cv_listing_make (desk->programme, &n);
  g_autofree char *otio = cv_otio_make (desk->programme, &n_otio);
  return cv_desk_put (desk, "timeline.json", "timeline", listing, n, error) &&
         cv_desk_put (desk, "timeline.otio", "timeline", otio, n_otio, error);
}

static gboolean
make_sounds (CvDesk *desk, GError **error)
{
  cv_desk_begin (desk, "mixing", 0.05, 0.08);
  if (wants (desk, CV_PRODUCT_VIDEO | CV_PRODUCT_AUDIO | CV_PRODUCT_WAVEFORM) && !cv_sound_mix (desk, error))
    return FALSE;
  cv_desk_begin (desk, "mixing", 0.13, 0.07);
  if (wants (desk, CV_PRODUCT_AUDIO) && !cv_join_sound (desk, error))
    return FALSE;
  return !wants (desk, CV_PRODUCT_TRACKS) || cv_sound_write_tracks (desk, error);
}

static gboolean
make_pictures (CvDesk *desk, GError **error)
{
  CvFilm film;
  gboolean video = wants (desk, CV_PRODUCT_VIDEO);
  cv_film_plan (desk, &film);
  cv_desk_begin (desk, "composing", 0.2, 0.7);
  if (wants (desk, CV_PRODUCT_POSTER) && !cv_stills_make_poster (desk, error))
    return FALSE;
  if (wants (desk, CV_PRODUCT_VIDEO | CV_PRODUCT_THUMBNAILS) && !cv_film_make (desk, &film, video, error))
    return FALSE;
  cv_desk_begin (desk, "joining", 0.9, 0.05);
  if (video && !cv_join_movie (desk, &film, error))
    return FALSE;
  return !wants (desk, CV_PRODUCT_THUMBNAILS) || cv_stills_make_sheet (desk, &film, error);
}

static gboolean
work (CvDesk *desk, GError **error)
{
  if (!read_recording (desk, error) || !cut (desk, error) || !cv_desk_prepare (desk, error) ||
      !make_texts (desk, error) || !make_sounds (desk, error) || !make_pictures (desk, error))
    return FALSE;
  cv_desk_begin (desk, "exporting", 0.95, 0.05);
  if (wants (desk, CV_PRODUCT_MANIFEST) && !cv_manifest_make (desk, error))
    return FALSE;
  cv_deposit_remove_folder (desk->folder);
  return TRUE;
}

static gpointer
on_thread (gpointer user_data)
{
  CvJob *self = user_data;
  g_autoptr (GError) error = NULL;
  if (work (&self->desk, &error))
    cv_reporter_done (self->reporter, self->desk.programme->duration);
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
