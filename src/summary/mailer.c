/* See mailer.h. */
#include "summary/mailer.h"

#include "base/ids.h"
#include "store/records.h"
#include "store/summaries.h"
#include "summary/compose.h"
#include "summary/html.h"
#include "summary/letter.h"
#include "summary/pdf.h"

#include <curl/curl.h>
#include <string.h>

#define CV_LOG_TOPIC "mail"
#include "base/log.h"

/* each wait is that much longer than the one before */
#define FACTOR 3
#define RETRY_MS 60000

struct _CvMailer {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  CvWords *words;
  CvLetterhead *letterhead; /* or NULL */
  CvPostOptions *post;
  char *server;
  CvMailRow *current; /* under way, or NULL */
  gboolean looking, again, stopped;
  GCancellable *cancellable;
  guint timer;
};

G_DEFINE_FINAL_TYPE (CvMailer, cv_mailer, G_TYPE_OBJECT)

/* ---- on a thread of the pool: touches its job only ---- */

typedef struct {
  CvMailRow *mail;
  CvRecordRow *record;
  CvSummaryRow *summary;
  CvPostOptions *post;
  CvWords *words;
  CvLetterhead *letterhead; /* or NULL */
  char *server;
  gint64 now;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  cv_mail_row_free (self->mail);
  g_clear_pointer (&self->record, cv_record_row_free);
  g_clear_pointer (&self->summary, cv_summary_row_free);
  cv_post_options_free (self->post);
  cv_words_unref (self->words);
  g_clear_pointer (&self->letterhead, cv_letterhead_unref);
  g_free (self->server);
  g_free (self);
}

/* "" where nobody knows by what name people come. Returns: (transfer full). */
static char *
make_address (const Job *job)
{
  g_autofree char *path = cv_record_make_path (job->record);

  return *job->server != '\0' ? g_strconcat (job->server, path, NULL) : g_strdup ("");
}

/* NULL with an error. */
static CvPostLetter *
write_letter (const Job *job, GError **error)
{
  g_autoptr (CvSummary) summary = cv_summary_parse (job->summary->body, strlen (job->summary->body), error);
  g_autofree char *address = make_address (job);
  const CvComposition composition = { .words = job->words,
                                      .letterhead = job->letterhead,
                                      .server = job->server,
                                      .address = *address != '\0' ? address : NULL,
                                      .issue = job->summary->issue,
                                      .made = job->summary->made };
  g_autoptr (CvPaper) paper = NULL;
  g_autofree char *subject = NULL;
  g_autofree char *foot = cv_letterhead_sign (job->letterhead, job->words);
  CvPostLetter *letter;

  if (summary == NULL)
    return NULL;
  paper = cv_compose (summary, &composition);
  subject = cv_words_fill (job->words, CV_WORD_MAIL_SUBJECT, "title", paper->title, NULL);
  letter = g_new0 (CvPostLetter, 1);
  letter->recipient = g_strdup (job->mail->recipient);
  letter->headers = cv_letter_headers (job->post->from, letter->recipient, subject, job->mail->id, job->now);
  letter->text = g_strdup_printf ("%s\n%s\n\n%s\n%s\n%s", paper->title, paper->subtitle,
                                  cv_words_get (job->words, CV_WORD_MAIL_TEXT), address, foot);
  letter->html = cv_html_write (paper);
  letter->pdf = cv_pdf_write (paper);
  letter->filename = g_strconcat (job->record->meeting, ".pdf", NULL);
  return letter;
}

static void
send_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  g_autoptr (CvPostLetter) letter = write_letter (job, &error);

  if (letter != NULL && cv_post_send (job->post, letter, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* ---- in the main context ---- */

static void look (gpointer user_data);

static void
look_later (CvMailer *self, gint64 ms)
{
  cv_clock_cancel (self->clock, &self->timer);
  self->timer = cv_clock_after (self->clock, (guint) CLAMP (ms, 1, G_MAXINT32), look, self);
}

static void
go_on (CvMailer *self)
{
  g_clear_pointer (&self->current, cv_mail_row_free);
  if (!self->stopped)
    look (self);
}

static void
on_updated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvMailer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (cv_mails_update_finish (CV_STORE (source), result, &error)) {
    go_on (self);
    return;
  }
  cv_warning (NULL, NULL, "an e-mail's attempt was not stored: %s", error->message);
  g_clear_pointer (&self->current, cv_mail_row_free);
  if (!self->stopped)
    look_later (self, RETRY_MS);
}

static void forget (gpointer user_data);

/* Nothing is sent until it is gone: it would be sent again. */
static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvMailer) self = user_data;
  g_autoptr (GError) error = NULL;

  if (cv_mails_delete_finish (CV_STORE (source), result, &error)) {
    go_on (self);
    return;
  }
  cv_warning (NULL, NULL, "an e-mail that was sent stays in its table: %s", error->message);
  if (!self->stopped)
    self->timer = cv_clock_after (self->clock, RETRY_MS, forget, self);
}

/* `current` is of no use any more. */
static void
forget (gpointer user_data)
{
  CvMailer *self = user_data;

  self->timer = 0;
  cv_mails_delete_async (self->store, self->current->id, on_deleted, g_object_ref (self));
}

/* Tries again later, or gives it up. */
static void
fail (CvMailer *self, const GError *error)
{
  CvMailRow *row = self->current;
  gboolean for_good = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  gint64 wait = CV_MAILER_FIRST_MS;

  row->attempts++;
  for (guint i = 1; i < row->attempts; i++)
    wait *= FACTOR;
  if (row->attempts >= CV_MAILER_ATTEMPTS)
    for_good = TRUE;
  row->next_at = for_good ? 0 : cv_clock_wall (self->clock) + wait;
  g_free (row->error);
  row->error = g_strdup (error->message);
  cv_notice (NULL, NULL, "e-mail %s was not sent%s: %s", row->id, for_good ? " and is given up" : "", error->message);
  cv_mails_update_async (self->store, row, on_updated, g_object_ref (self));
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CvMailer *self = CV_MAILER (source);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error)) {
    cv_info (NULL, NULL, "e-mail %s was sent", self->current->id);
    forget (self);
  } else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    forget (self); /* the meeting's record was deleted meanwhile */
  } else if (!self->stopped) {
    fail (self, error);
  }
}

static void
on_summary_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->summary = cv_summaries_load_finish (CV_STORE (source), result, &error);
  if (job->summary != NULL)
    g_task_run_in_thread (task, send_in_thread);
  else
    g_task_return_error (task, error);
}

static void
on_record_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvMailer *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->record = cv_records_load_finish (CV_STORE (source), result, &error);
  if (job->record != NULL)
    cv_summaries_load_async (self->store, job->record->meeting, on_summary_loaded, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/* `current` is due. */
static void
post_current (CvMailer *self)
{
  GTask *task = g_task_new (self, self->cancellable, on_sent, NULL);
  Job *job = g_new0 (Job, 1);

  job->mail = cv_mail_row_copy (self->current);
  job->post = cv_post_options_copy (self->post);
  job->words = cv_words_ref (self->words);
  job->letterhead = self->letterhead != NULL ? cv_letterhead_ref (self->letterhead) : NULL;
  job->server = g_strdup (self->server);
  job->now = cv_clock_wall (self->clock);
  g_task_set_task_data (task, job, job_free);
  cv_records_load_async (self->store, job->mail->meeting, on_record_loaded, task);
}

static void
on_next_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvMailer) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvMailRow) row = cv_mails_next_finish (CV_STORE (source), result, &error);
  gint64 due_ms = row != NULL ? row->next_at - cv_clock_wall (self->clock) : 0;

  self->looking = FALSE;
  if (self->stopped)
    return;
  if (self->again) {
    look (self);
  } else if (row == NULL) {
    if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
      return;
    cv_warning (NULL, NULL, "e-mails are not read: %s", error->message);
    look_later (self, RETRY_MS);
  } else if (due_ms > 0) {
    look_later (self, due_ms);
  } else {
    self->current = g_steal_pointer (&row);
    post_current (self);
  }
}

static void
look (gpointer user_data)
{
  CvMailer *self = user_data;

  if (self->current != NULL) /* who has done with it looks */
    return;
  cv_clock_cancel (self->clock, &self->timer);
  self->again = self->looking;
  if (self->looking || self->stopped)
    return;
  self->looking = TRUE;
  cv_mails_next_async (self->store, on_next_found, g_object_ref (self));
}

void
cv_mailer_look (CvMailer *self)
{
  look (self);
}

gboolean
cv_mailer_set_password (CvMailer *self, const char *server, const char *username, const char *password)
{
  if (!g_str_equal (server, self->post->server) || !g_str_equal (username, self->post->username))
    return FALSE;
  cv_secret_replace (&self->post->password, password);
  return TRUE;
}

void
cv_mailer_set_letterhead (CvMailer *self, CvLetterhead *letterhead)
{
  g_clear_pointer (&self->letterhead, cv_letterhead_unref);
  self->letterhead = letterhead != NULL ? cv_letterhead_ref (letterhead) : NULL;
}

void
cv_mailer_stop (CvMailer *self)
{
  self->stopped = TRUE;
  cv_clock_cancel (self->clock, &self->timer);
  g_cancellable_cancel (self->cancellable);
}

CvMailer *
cv_mailer_new (const CvMailerOptions *options)
{
  CvMailer *self = g_object_new (CV_TYPE_MAILER, NULL);

  curl_global_init (CURL_GLOBAL_DEFAULT);
  self->store = g_object_ref (options->store);
  self->clock = g_object_ref (options->clock);
  self->words = cv_words_ref (options->words);
  self->post = cv_post_options_copy (options->post);
  self->server = g_strdup (options->server);
  self->cancellable = g_cancellable_new ();
  look (self);
  return self;
}

static void
cv_mailer_dispose (GObject *object)
{
  CvMailer *self = CV_MAILER (object);

  if (self->clock != NULL)
    cv_mailer_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_mailer_parent_class)->dispose (object);
}

static void
cv_mailer_finalize (GObject *object)
{
  CvMailer *self = CV_MAILER (object);

  g_clear_pointer (&self->current, cv_mail_row_free);
  g_clear_pointer (&self->words, cv_words_unref);
  g_clear_pointer (&self->letterhead, cv_letterhead_unref);
  g_clear_pointer (&self->post, cv_post_options_free);
  g_clear_object (&self->cancellable);
  g_free (self->server);
  G_OBJECT_CLASS (cv_mailer_parent_class)->finalize (object);
}

static void
cv_mailer_class_init (CvMailerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_mailer_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_mailer_finalize;
}

static void
cv_mailer_init (CvMailer *self)
{
}
