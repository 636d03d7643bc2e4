/* See api-documents.h.
 *
 * Who asks is somebody in the meeting (`badge`), who has its summary (`reader`), or who may do as they like with its room. A document
 * that is not ready is there for its sender alone.
 */
#include "signalling/api-documents.h"

#include "base/ids.h"
#include "base/json.h"
#include "documents/vault.h"
#include "signalling/api.h"
#include "signalling/downloads.h"
#include "signalling/filenames.h"
#include "signalling/http.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

/* whatever it says that it is: nothing of it is shown by a page of ours */
#define TYPE "application/octet-stream"
#define MAX_TYPE_CHARACTERS 100
/* of a name: so that there is room for what stands behind its last dot */
#define MAX_STEM_BYTES 150
#define MAX_SUFFIX_BYTES 16

/* ---- who may ---- */

static const CvParticipant *
get_person (const CvApiRequest *request)
{
  return request->badge != NULL ? cv_badge_get_participant (request->badge) : NULL;
}

static gboolean
is_sender (const CvApiRequest *request, const CvDocumentRow *row)
{
  const CvParticipant *person = get_person (request);
  return person != NULL && g_str_equal (person->id, row->person);
}

/* Who has left meanwhile sees nothing more. */
static gboolean
may_see (const CvApiRequest *request, const CvDocumentRow *row)
{
  if (request->badge != NULL && get_person (request) == NULL)
    return FALSE;
  return row->status == CV_DOCUMENT_READY;
}

static gboolean
may_delete (const CvApiRequest *request, const CvDocumentRow *row)
{
  if (request->badge != NULL)
    return (is_sender (request, row) && cv_badge_may_share (request->badge, CV_MODEL_DOCUMENT, CV_RIGHT_OWN)) ||
           cv_badge_may_share (request->badge, CV_MODEL_DOCUMENT, CV_RIGHT_REMOVE);
  return !request->reader;
}

/* ---- what is told of it ---- */

static void
add_document (JsonBuilder *builder, const CvDocumentRow *row)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "meeting", row->meeting);
  cv_json_add_text (builder, "name", row->name);
  cv_json_add_text (builder, "media_type", row->media_type);
  cv_json_add_int (builder, "bytes", row->bytes);
  cv_json_add_text (builder, "sha256", *row->sha256 != '\0' ? row->sha256 : NULL);
  cv_json_add_text (builder, "person", row->person);
  cv_json_add_text (builder, "by", row->by_name);
  cv_json_add_int (builder, "at", row->created);
  cv_json_add_text (builder, "status", cv_document_status_to_text (row->status));
  json_builder_end_object (builder);
}

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvApiRequest *request = &pending->request;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_documents_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  gboolean all = request->badge == NULL && !request->reader;
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "documents");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    if (all || may_see (request, rows->pdata[i]))
      add_document (builder, rows->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_documents (const CvApiRequest *request)
{
  cv_documents_list_async (request->api->store, request->id, cv_api_answer, cv_api_pause (request, answer_listed));
}

/* ---- one that begins ---- */

/* What is wanted: a new one, or to go on with one. */
typedef struct {
  CvDocumentRow *row;
  char *document; /* NULL: a new one */
  char *secret;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;
  cv_document_row_free (self->row);
  g_free (self->document);
  cv_api_wipe_text (self->secret);
  g_free (self);
}

/* For all systems, with the end that says what it is, however long the rest. Returns: (transfer full). */
static char *
clean_name (const char *name)
{
  const char *dot = strrchr (name, '.');
  const char *suffix = dot != NULL && strlen (dot) <= MAX_SUFFIX_BYTES ? dot : "";
  g_autofree char *stem = g_strndup (name, strlen (name) - strlen (suffix));
  if (strlen (stem) > MAX_STEM_BYTES)
    *g_utf8_find_prev_char (stem, stem + MAX_STEM_BYTES + 1) = '\0';
  g_autofree char *whole = g_strconcat (stem, suffix, NULL);
  return cv_filename_clean (whole);
}

static void
read_resume (Wish *wish, JsonObject *object, GError **error)
{
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  wish->document = g_strdup (cv_json_reader_id (&reader, "id", "f", CV_ID_LETTERS));
  wish->secret = g_strdup (cv_json_reader_base64url (&reader, "secret", 64));
  cv_json_reader_finish (&reader, error);
}

static Wish *
read_wish (const CvApiRequest *request, JsonObject *object, GError **error)
{
  const CvParticipant *person = get_person (request);
  Wish *wish = g_new0 (Wish, 1);
  CvDocumentRow *row = wish->row = g_new0 (CvDocumentRow, 1);
  g_autoptr (GError) inner = NULL;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *name = cv_json_reader_text (&reader, "name", 1, CV_DOCUMENT_NAME_MAX_CHARACTERS, FALSE);
  const char *type = cv_json_reader_text (&reader, "media_type", 0, MAX_TYPE_CHARACTERS, FALSE);
  row->bytes = cv_json_reader_int (&reader, "bytes", 0, G_MAXINT64 / 4);
  row->meeting = g_strdup (request->id);
  row->room = g_strdup (cv_badge_get_room (request->badge));
  row->person = g_strdup (person->id);
  row->by_name = g_strdup (person->name);
  row->name = clean_name (name != NULL ? name : "");
  row->media_type = g_strdup (type != NULL ? type : "");
  row->sha256 = g_strdup ("");
  JsonObject *resume = cv_json_reader_has (&reader, "resume") ? cv_json_reader_object (&reader, "resume") : NULL;
  if (resume != NULL)
    read_resume (wish, resume, &inner);
  if (cv_json_reader_finish (&reader, error) && inner == NULL)
    return wish;
  if (inner != NULL && (error == NULL || *error == NULL))
    g_propagate_error (error, g_steal_pointer (&inner));
  wish_free (wish);
  return NULL;
}

static void
answer_begun (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvCabinet *cabinet = pending->api->cabinet;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDocumentRow) row = cv_cabinet_begin_finish (source, result, &error);
  if (row == NULL) {
    if (g_error_matches (error, CV_CABINET_ERROR, CV_CABINET_ERROR_LARGE))
      cv_http_respond_too_large (pending->message, cv_cabinet_get_max_bytes (cabinet));
    else
      cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  char *secret = cv_cabinet_make_secret (cabinet, row->id);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "name", row->name);
  cv_json_add_int (builder, "offset", cv_vault_get_offset (cv_cabinet_get_directory (cabinet), row->meeting, row->id));
  cv_json_add_text (builder, "secret", secret);
  json_builder_end_object (builder);
  cv_api_wipe_text (secret);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
}

void
cv_api_begin_document (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  if (request->badge == NULL || !cv_badge_may (request->badge, CV_ACTION_PUBLISH)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
    return;
  }
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  Wish *wish = read_wish (request, object, &error);
  if (wish == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_begun);
  pending->data = wish;
  pending->free_data = wish_free;
  if (wish->document != NULL)
    cv_cabinet_resume_async (self->cabinet, wish->document, wish->secret, wish->row, cv_api_answer, pending);
  else
    cv_cabinet_begin_async (self->cabinet, wish->row, cv_api_answer, pending);
}

void
cv_api_refuse_upload (const CvApiRequest *request)
{
  cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
}

/* ---- one that is there ---- */

static void
load (const CvApiRequest *request, CvApiAnswerFunc answer)
{
  cv_documents_load_async (request->api->store, request->id, cv_api_answer, cv_api_pause (request, answer));
}

/* NULL where there is none, or it is another meeting's; the problem is answered. Returns: (transfer full). */
static CvDocumentRow *
take_row (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDocumentRow) row = cv_documents_load_finish (source, result, &error);
  if (row == NULL) {
    cv_api_respond_error (pending->message, error);
    return NULL;
  }
  CvBadge *badge = pending->request.badge;
  if (badge != NULL && !g_str_equal (row->meeting, cv_badge_get_meeting (badge))) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return NULL;
  }
  return g_steal_pointer (&row);
}

static void
send_file (CvApiPending *pending, const CvDocumentRow *row)
{
  CvApi *api = pending->api;
  g_autoptr (GError) error = NULL;
  gint64 bytes = 0;
  if (cv_bodies_is_full (api->bodies)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_SERVER_FULL);
    return;
  }
  int fd = cv_vault_open (cv_cabinet_get_directory (api->cabinet), row->meeting, row->id, TRUE, &bytes, &error);
  if (fd < 0) {
    cv_warning (row->room, NULL, "document %s cannot be read: %s", row->id, error->message);
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  CvOpenedFile *file = g_new (CvOpenedFile, 1);
  *file = (CvOpenedFile){ .fd = fd,
                          .bytes = bytes,
                          .sha256 = g_strdup (bytes == row->bytes ? row->sha256 : ""),
                          .type = TYPE,
                          .path = g_strconcat (row->meeting, "/", row->id, NULL) };
  cv_download_answer (&(CvDownload){ file, row->name, TRUE, api->documents_accel_prefix }, api->bodies,
                      pending->message);
}

static void
answer_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvDocumentRow) row = take_row (pending, source, result);
  if (row == NULL)
    return;
  if (may_see (&pending->request, row))
    send_file (pending, row);
  else
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
}

static void
answer_upload (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvCabinet *cabinet = pending->api->cabinet;
  g_autoptr (CvDocumentRow) row = take_row (pending, source, result);
  if (row == NULL)
    return;
  const CvApiRequest *request = &pending->request;
  if (!is_sender (request, row) && (request->badge != NULL || request->reader)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  gint64 offset = row->status == CV_DOCUMENT_UPLOADING
                    ? cv_vault_get_offset (cv_cabinet_get_directory (cabinet), row->meeting, row->id)
                    : row->bytes;
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "name", row->name);
  cv_json_add_int (builder, "offset", offset);
  cv_json_add_int (builder, "bytes", row->bytes);
  cv_json_add_text (builder, "status", cv_document_status_to_text (row->status));
  if (*row->sha256 != '\0')
    cv_json_add_text (builder, "sha256", row->sha256);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_show_upload (const CvApiRequest *request)
{
  load (request, answer_upload);
}

void
cv_api_send_document (const CvApiRequest *request)
{
  load (request, answer_loaded);
}

/* ---- addresses ---- */

static void
answer_link (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvDocumentRow) row = take_row (pending, source, result);
  if (row == NULL)
    return;
  if (!may_see (&pending->request, row)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  g_autofree char *secret = cv_vouchers_draw (pending->api->vouchers, row->id);
  g_autofree char *url = g_strconcat ("/d/", secret, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "url", url);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
}

void
cv_api_link_document (const CvApiRequest *request)
{
  load (request, answer_link);
}

/* Deleted meanwhile, it is gone. */
static void
answer_followed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (CvDocumentRow) row = take_row (pending, source, result);
  if (row != NULL && row->status == CV_DOCUMENT_READY)
    send_file (pending, row);
  else if (row != NULL)
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
}

void
cv_api_follow_voucher (const CvApiRequest *request)
{
  CvApi *self = request->api;
  const char *document = self->vouchers != NULL ? cv_vouchers_find (self->vouchers, request->rest) : NULL;
  if (document != NULL)
    cv_documents_load_async (self->store, document, cv_api_answer, cv_api_pause (request, answer_followed));
  else
    cv_http_respond_problem (request->message, CV_PROBLEM_GONE);
}

/* ---- one that goes ---- */

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (cv_cabinet_delete_finish (source, result, &error))
    cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  else
    cv_api_respond_error (pending->message, error);
}

static void
answer_to_delete (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvApiRequest *request = &pending->request;
  g_autoptr (CvDocumentRow) row = take_row (pending, source, result);
  if (row == NULL)
    return;
  if (!may_delete (request, row)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_ALLOWED);
    return;
  }
  if (request->badge == NULL)
    cv_api_audit (request, "document.delete", row->id, NULL);
  cv_info (row->room, get_person (request) != NULL ? get_person (request)->id : NULL, "document %s deleted", row->id);
  CvApiPending *next = cv_api_postpone (pending, answer_deleted);
  cv_cabinet_delete_async (next->api->cabinet, CV_DOCUMENTS_ONE, row->id, cv_api_answer, next);
}

void
cv_api_delete_document (const CvApiRequest *request)
{
  load (request, answer_to_delete);
}
