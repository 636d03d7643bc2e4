/* See press.h. */
#include "summary/press.h"

#include "base/json.h"
#include "summary/captions.h"
#include "summary/compose.h"
#include "summary/html.h"
#include "summary/markdown.h"
#include "summary/pdf.h"

#include <string.h>

const char *const cv_formats[] = { "json", "html", "pdf", "md", "vtt", NULL };

/* What is printed, and what counts how much is: shared by the press and its jobs. */
typedef struct {
  int running; /* atomic */
  gatomicrefcount references;
} Counter;

struct _CvPress {
  CvWords *words;
  CvLetterhead *letterhead; /* or NULL */
  Counter *counter;
};

typedef struct {
  CvPrint print; /* its texts are owned */
  CvWords *words;
  CvLetterhead *letterhead; /* or NULL */
  Counter *counter;
} Job;

static void
counter_unref (Counter *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

const char *
cv_format_get_media_type (CvFormat format)
{
  static const char *const types[] = { "application/json", "text/html; charset=utf-8", "application/pdf",
                                       "text/markdown; charset=utf-8", "text/vtt; charset=utf-8" };

  return types[format];
}

CvPress *
cv_press_new (CvWords *words)
{
  CvPress *self = g_new0 (CvPress, 1);

  self->words = cv_words_ref (words);
  self->counter = g_new0 (Counter, 1);
  g_atomic_ref_count_init (&self->counter->references);
  return self;
}

void
cv_press_free (CvPress *self)
{
  cv_words_unref (self->words);
  g_clear_pointer (&self->letterhead, cv_letterhead_unref);
  counter_unref (self->counter);
  g_free (self);
}

CvWords *
cv_press_get_words (CvPress *self)
{
  return self->words;
}

void
cv_press_set_letterhead (CvPress *self, CvLetterhead *letterhead)
{
  g_clear_pointer (&self->letterhead, cv_letterhead_unref);
  self->letterhead = letterhead != NULL ? cv_letterhead_ref (letterhead) : NULL;
}

static void
job_free (gpointer data)
{
  Job *self = data;

  g_free ((char *) self->print.body);
  g_free ((char *) self->print.server);
  g_free ((char *) self->print.address);
  cv_words_unref (self->words);
  g_clear_pointer (&self->letterhead, cv_letterhead_unref);
  counter_unref (self->counter);
  g_free (self);
}

/* ---- on a thread of the pool: touches its job only ---- */

static GBytes *
take (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

/* NULL where it would be too long. */
static GBytes *
print (const Job *job, const CvSummary *summary)
{
  const CvPrint *print = &job->print;
  const CvComposition composition = { .words = job->words,
                                      .letterhead = job->letterhead,
                                      .server = print->server,
                                      .address = print->address,
                                      .issue = print->issue,
                                      .made = print->made };
  g_autoptr (CvPaper) paper = NULL;
  g_autoptr (JsonNode) node = NULL;

  switch (print->format) {
  case CV_FORMAT_JSON:
    node = cv_summary_to_json (summary);
    return take (cv_json_to_text (node, NULL));
  case CV_FORMAT_CAPTIONS:
    return take (cv_captions_write (summary));
  case CV_FORMAT_HTML:
  case CV_FORMAT_PDF:
  case CV_FORMAT_MARKDOWN:
  default:
    paper = cv_compose (summary, &composition);
    return print->format == CV_FORMAT_PDF        ? cv_pdf_write (paper)
           : print->format == CV_FORMAT_MARKDOWN ? take (cv_markdown_write (paper))
                                                 : take (cv_html_write (paper));
  }
}

static void
print_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  g_autoptr (CvSummary) summary = cv_summary_parse (job->print.body, strlen (job->print.body), &error);
  GBytes *bytes = summary != NULL ? print (job, summary) : NULL;

  g_atomic_int_add (&job->counter->running, -1);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (bytes == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the document would be too long");
  else
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
}

/* ---- in the main context ---- */

void
cv_press_print_async (CvPress *self, const CvPrint *print, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Job *job;

  if (g_atomic_int_get (&self->counter->running) >= CV_PRESS_MAX) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "too much is being printed");
    return;
  }
  g_atomic_int_inc (&self->counter->running);
  job = g_new0 (Job, 1);
  job->print = *print;
  job->print.body = g_strdup (print->body);
  job->print.server = g_strdup (print->server);
  job->print.address = g_strdup (print->address);
  job->words = cv_words_ref (self->words);
  job->letterhead = self->letterhead != NULL ? cv_letterhead_ref (self->letterhead) : NULL;
  job->counter = self->counter;
  g_atomic_ref_count_inc (&job->counter->references);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, print_in_thread);
}

GBytes *
cv_press_print_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
