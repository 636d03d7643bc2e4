/* See api-summaries.h. */
#include "signalling/api-summaries.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/downloads.h"
#include "signalling/filenames.h"
#include "signalling/http.h"
#include "signalling/query.h"
#include "store/summaries.h"
#include "summary/html.h"
#include "summary/revision.h"
#include "summary/summary.h"

#include <string.h>

#define MAX_RECIPIENTS 50
#define MAX_ADDRESS_BYTES 254

/* What a request about a summary comes to. */
typedef struct {
  CvFormat format;
  gboolean download;
  CvRecordRow *record;
  CvSummaryRow *row;
  GBytes *parts;         /* of a new issue, as they came */
  GPtrArray *recipients; /* of e-mails, of CvMailRow */
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;
  g_clear_pointer (&self->record, cv_record_row_free);
  g_clear_pointer (&self->row, cv_summary_row_free);
  g_clear_pointer (&self->parts, g_bytes_unref);
  g_clear_pointer (&self->recipients, g_ptr_array_unref);
  g_free (self);
}

/* ---- who may ---- */

CvSummaryAccess
cv_api_get_summary_access (const CvRecordRow *record, const guint8 key[CV_ACCESS_KEY_BYTES])
{
  guint8 hash[CV_HASH_BYTES];
  if (!record->has_secret)
    return CV_SUMMARY_ACCESS_NONE;
  if (cv_bytes_equal (record->secret, key, CV_RECORD_SECRET_BYTES))
    return CV_SUMMARY_ACCESS_READ;
  if (cv_record_is_people_secret (record->secret, key))
    return record->open ? CV_SUMMARY_ACCESS_READ : record->issue == 0 ? CV_SUMMARY_ACCESS_WAIT : CV_SUMMARY_ACCESS_NONE;
  cv_hash (key, CV_ACCESS_KEY_BYTES, hash);
  return cv_bytes_equal (record->host_verifier, hash, sizeof hash) ? CV_SUMMARY_ACCESS_EDIT : CV_SUMMARY_ACCESS_NONE;
}

static CvSummaryAccess
get_access (const CvApiRequest *request, const CvRecordRow *record)
{
  if (request->summary != CV_SUMMARY_ACCESS_NONE)
    return request->summary;
  gboolean theirs = request->role == CV_ACCOUNT_ADMINISTRATOR ||
                    (request->role == CV_ACCOUNT_HOST && g_strcmp0 (request->actor, record->owner) == 0);
  return theirs ? CV_SUMMARY_ACCESS_EDIT : CV_SUMMARY_ACCESS_NONE;
}

/* Loads the record first; `wish` (transfer full) comes with it. */
static void
begin (const CvApiRequest *request, CvApiAnswerFunc answer, Wish *wish)
{
  CvApiPending *pending = cv_api_pause (request, answer);
  pending->data = wish;
  pending->free_data = wish_free;
  cv_records_load_async (request->api->store, request->id, cv_api_answer, pending);
}

/* FALSE: it is answered. Others' meetings, and those that leave nothing behind, are not there. */
static gboolean
take_record (CvApiPending *pending, gpointer source, GAsyncResult *result, CvSummaryAccess needed)
{
  Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  wish->record = cv_records_load_finish (source, result, &error);
  if (wish->record == NULL) {
    cv_api_respond_error (pending->message, error);
    return FALSE;
  }
  CvSummaryAccess access = get_access (&pending->request, wish->record);
  if (access == CV_SUMMARY_ACCESS_NONE)
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
  else if (access < needed)
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_ALLOWED);
  return access >= needed;
}

/* Who comes with a room's kHost is nobody in particular. */
static const char *
get_actor (const CvApiRequest *request)
{
  return request->actor != NULL ? request->actor : "host";
}

/* ---- reading ---- */

/* "https://HOST", or "" where nobody knows by what name people come. */
static const char *
get_server (CvApi *self)
{
  return self->url != NULL && g_str_has_prefix (self->url, "http") ? self->url : "";
}

/* It is not there yet: what is waited for. */
static void
respond_pending (CvApiPending *pending, const CvRecordRow *record)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "status", "pending");
  cv_json_add_text (builder, "waits_for", record->ended == 0 ? "end" : "making");
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_ACCEPTED, builder);
}

/* The body is JSON already, and may be long. */
static void
respond_json (CvApiPending *pending, const Wish *wish)
{
  const CvSummaryRow *row = wish->row;
  gboolean editable = get_access (&pending->request, wish->record) == CV_SUMMARY_ACCESS_EDIT;
  cv_http_respond_json (
    pending->message, SOUP_STATUS_OK,
    g_strdup_printf ("{\"status\":\"ready\",\"meeting\":\"%s\",\"issue\":%u,\"made\":%" G_GINT64_FORMAT
                     ",\"actor\":\"%s\",\"expires\":%" G_GINT64_FORMAT ",\"editable\":%s,\"mail\":%s,\"body\":%s}",
                     row->meeting, row->issue, row->made, row->actor, wish->record->expires,
                     editable ? "true" : "false", editable && pending->api->mailer != NULL ? "true" : "false",
                     row->body));
}

static void
answer_printed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = cv_press_print_finish (result, &error);
  if (bytes == NULL) {
    gboolean busy = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
    gboolean long_ = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    cv_http_respond_problem (pending->message, busy    ? CV_PROBLEM_SERVER_FULL
                                               : long_ ? CV_PROBLEM_TOO_LARGE
                                                       : CV_PROBLEM_INTERNAL);
    return;
  }
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (pending->message);
  g_autofree char *title = g_strconcat (wish->record->title, ".", cv_formats[wish->format], NULL);
  g_autofree char *filename = cv_filename_clean (title);
  g_autofree char *disposition = cv_filename_to_disposition (filename, wish->download);
  soup_message_headers_replace (headers, "Content-Disposition", disposition);
  soup_message_headers_replace (headers, "Content-Security-Policy", CV_HTML_POLICY);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_server_message_set_status (pending->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (pending->message, cv_format_get_media_type (wish->format), SOUP_MEMORY_COPY,
                                    g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
answer_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  wish->row = cv_summaries_load_finish (source, result, &error);
  if (wish->row == NULL && g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    respond_pending (pending, wish->record);
  } else if (wish->row == NULL) {
    cv_api_respond_error (pending->message, error);
  } else if (wish->format == CV_FORMAT_JSON) {
    respond_json (pending, wish);
  } else {
    g_autofree char *path = cv_record_make_path (wish->record);
    g_autofree char *address =
      *get_server (pending->api) != '\0' ? g_strconcat (get_server (pending->api), path, NULL) : NULL;
    const CvPrint print = { .body = wish->row->body,
                            .issue = wish->row->issue,
                            .made = wish->row->made,
                            .server = get_server (pending->api),
                            .address = address,
                            .format = wish->format };
    CvApiPending *next = cv_api_postpone (pending, answer_printed);
    cv_press_print_async (next->api->press, &print, cv_api_answer, next);
  }
}

static void
answer_record (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  if (!take_record (pending, source, result, CV_SUMMARY_ACCESS_WAIT))
    return;
  const CvRecordRow *record = ((Wish *) pending->data)->record;
  if (!record->has_secret) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  if (get_access (&pending->request, record) == CV_SUMMARY_ACCESS_WAIT) {
    respond_pending (pending, record);
    return;
  }
  CvApiPending *next = cv_api_postpone (pending, answer_loaded);
  cv_summaries_load_async (next->api->store, record->meeting, cv_api_answer, next);
}

void
cv_api_show_summary (const CvApiRequest *request)
{
  static const char *const choices[] = { "1", NULL };
  g_auto (CvQuery) reader = { 0 };
  cv_query_init (&reader, request->message);
  int format = cv_query_choice (&reader, "format", cv_formats);
  int download = cv_query_choice (&reader, "download", choices);
  if (!cv_query_finish (&reader)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_BAD_MESSAGE);
    return;
  }
  Wish *wish = g_new0 (Wish, 1);
  wish->format = (CvFormat) MAX (format, 0);
  wish->download = download == 0;
  begin (request, answer_record, wish);
}

/* ---- a new issue ---- */

static void
answer_reissued (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  if (cv_revision_make_finish (source, result, &error) == 0) {
    if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS))
      cv_http_respond_problem (pending->message, CV_PROBLEM_OUTDATED);
    else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
      cv_http_respond_too_large (pending->message, CV_SUMMARY_MAX_BYTES);
    else
      cv_api_respond_error (pending->message, error);
    return;
  }
  CvApiPending *next = cv_api_postpone (pending, answer_loaded);
  cv_summaries_load_async (next->api->store, wish->record->meeting, cv_api_answer, next);
}

static void
answer_record_to_reissue (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  if (!take_record (pending, source, result, CV_SUMMARY_ACCESS_EDIT))
    return;
  CvApiPending *next = cv_api_postpone (pending, answer_reissued);
  cv_api_audit_next (&next->request, "summary.edit", wish->record->meeting, NULL);
  cv_revision_make_async (next->api->store, wish->record->meeting, wish->parts, get_actor (&next->request),
                          cv_clock_wall (next->api->clock), cv_api_answer, next);
}

static void
answer_record_to_expect (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  if (take_record (pending, source, result, CV_SUMMARY_ACCESS_EDIT))
    cv_api_allow_body (pending, CV_SUMMARY_MAX_BYTES);
}

void
cv_api_expect_summary (const CvApiRequest *request)
{
  begin (request, answer_record_to_expect, g_new0 (Wish, 1));
}

void
cv_api_reissue_summary (const CvApiRequest *request)
{
  GBytes *parts = cv_api_take_body (request);
  if (parts == NULL)
    return;
  Wish *wish = g_new0 (Wish, 1);
  wish->parts = parts;
  begin (request, answer_record_to_reissue, wish);
}

/* ---- e-mails ---- */

/* One address that says nothing but where to: no name, no list, no line. */
static gboolean
is_address (const char *text)
{
  return strlen (text) <= MAX_ADDRESS_BYTES &&
         g_regex_match_simple ("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
                               "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$",
                               text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* Returns: (transfer full), NULL with an error. */
static GPtrArray *
read_recipients (JsonObject *object, const char *meeting, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_mail_row_free);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  JsonArray *to = cv_json_reader_strings (&reader, "to", MAX_RECIPIENTS, MAX_ADDRESS_BYTES);
  for (guint i = 0; to != NULL && i < json_array_get_length (to) && reader.error == NULL; i++) {
    const char *address = json_array_get_string_element (to, i);
    CvMailRow *row = g_new0 (CvMailRow, 1);
    *row = (CvMailRow){ .id = cv_id_new ("l"),
                        .meeting = g_strdup (meeting),
                        .recipient = g_strdup (address),
                        .created = now,
                        .next_at = now };
    g_ptr_array_add (rows, row);
    if (!is_address (address))
      g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "there is no such address");
  }
  if (reader.error == NULL && rows->len == 0)
    g_set_error (&reader.error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "to nobody");
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&rows) : NULL;
}

static void
answer_mailed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_mails_insert_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  cv_mailer_look (pending->api->mailer);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_int (builder, "queued", wish->recipients->len);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_ACCEPTED, builder);
}

static void
answer_record_to_mail (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  if (!take_record (pending, source, result, CV_SUMMARY_ACCESS_EDIT))
    return;
  if (wish->record->issue == 0) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  CvApiPending *next = cv_api_postpone (pending, answer_mailed);
  cv_mails_insert_async (next->api->store, wish->recipients, cv_api_answer, next);
}

void
cv_api_mail_summary (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  if (request->api->mailer == NULL) {
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_AVAILABLE);
    return;
  }
  GPtrArray *recipients = read_recipients (object, request->id, cv_clock_wall (request->api->clock), &error);
  if (recipients == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  Wish *wish = g_new0 (Wish, 1);
  wish->recipients = recipients;
  begin (request, answer_record_to_mail, wish);
}

/* ---- the end ---- */

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_scribe_delete_finish (source, result, &error))
    cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_api_respond_error (pending->message, error);
}

static void
answer_record_to_delete (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  if (!take_record (pending, source, result, CV_SUMMARY_ACCESS_EDIT))
    return;
  if (wish->record->ended == 0) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_MEETING_RUNS);
    return;
  }
  CvApiPending *next = cv_api_postpone (pending, answer_deleted);
  cv_scribe_delete_async (next->api->scribe, wish->record->meeting, TRUE, get_actor (&next->request), cv_api_answer,
                          next);
}

void
cv_api_delete_meeting (const CvApiRequest *request)
{
  begin (request, answer_record_to_delete, g_new0 (Wish, 1));
}
