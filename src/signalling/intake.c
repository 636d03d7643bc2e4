/* See intake.h.
 *
 * A message with an upload is paused three times: until the database has said what it belongs to, while a piece is written, and
 * until the whole is kept.
 */
#include "signalling/intake.h"

#include "base/json.h"
#include "documents/vault.h"
#include "signalling/access.h"
#include "signalling/bounds.h"
#include "signalling/http.h"
#include "signalling/listener.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CV_LOG_TOPIC "intake"
#include "base/log.h"

#define KEY "cv-upload"
#define BEFORE "/api/v1/documents/"

struct _CvIntake {
  CvStore *store;
  CvClock *clock;
  CvCabinet *cabinet;
  CvBadges *badges;
  GHashTable *all;     /* of Upload, borrowed: each has a hold on itself */
  GHashTable *writing; /* id of a document → Upload that has its file open, both borrowed */
};

/* One request. Held by the message, and by what it waits for. */
typedef struct {
  CvIntake *intake;           /* NULL once that is gone */
  SoupServerMessage *message; /* NULL once it is over */
  CvBadge *badge;
  char *document;
  gint64 claimed; /* where the client thinks that it goes on */
  gint64 length;  /* of the body */
  CvDocumentRow *row;
  int fd;
  gint64 offset;      /* on the disk */
  GByteArray *buffer; /* not on the disk yet */
  GBytes *piece;      /* being written */
  gboolean whole;     /* all of the body has come */
  gboolean failed;    /* the answer is set: what still comes is passed over */
} Upload;

static Upload *
upload_ref (Upload *self)
{
  return g_rc_box_acquire (self);
}

static void
upload_clear (gpointer data)
{
  Upload *self = data;
  if (self->intake != NULL) {
    g_hash_table_remove (self->intake->all, self);
    if (g_hash_table_lookup (self->intake->writing, self->document) == self)
      g_hash_table_remove (self->intake->writing, self->document);
  }
  g_clear_pointer (&self->badge, cv_badge_unref);
  g_clear_pointer (&self->row, cv_document_row_free);
  g_clear_pointer (&self->piece, g_bytes_unref);
  g_byte_array_unref (self->buffer);
  g_free (self->document);
  if (self->fd >= 0)
    close (self->fd);
}

static void
upload_unref (gpointer data)
{
  g_rc_box_release_full (data, upload_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Upload, upload_unref)

/* ---- answers ---- */

/* What is still to come of the body is read and passed over: a client reads the answer when it has sent everything. */
static void
fail (Upload *upload, CvProblem problem)
{
  if (upload->failed || upload->message == NULL)
    return;
  upload->failed = TRUE;
  g_byte_array_set_size (upload->buffer, 0);
  cv_http_respond_problem (upload->message, problem);
  soup_message_headers_replace (soup_server_message_get_response_headers (upload->message), "Connection", "close");
}

static void
fail_with (Upload *upload, const GError *error)
{
  CvProblem problem = cv_problem_from_error (error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    problem = CV_PROBLEM_DISK_FULL;
  if (problem == CV_PROBLEM_INTERNAL || problem == CV_PROBLEM_STORE_FAILED)
    cv_warning (NULL, NULL, "an upload failed: %s", error->message);
  fail (upload, problem);
}

static void
unpause (Upload *upload)
{
  if (upload->message != NULL)
    soup_server_message_unpause (upload->message);
}

static void
respond (Upload *upload, const CvDocumentRow *row)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "name", row->name);
  cv_json_add_int (builder, "offset", upload->offset);
  cv_json_add_int (builder, "bytes", row->bytes);
  cv_json_add_text (builder, "status", cv_document_status_to_text (row->status));
  if (*row->sha256 != '\0')
    cv_json_add_text (builder, "sha256", row->sha256);
  json_builder_end_object (builder);
  cv_http_respond_json (upload->message, SOUP_STATUS_OK, cv_json_builder_to_text (builder, NULL));
}

/* ---- the end ---- */

static void
on_completed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Upload) upload = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDocumentRow) row = cv_cabinet_complete_finish (CV_CABINET (source), result, &error);
  if (upload->message == NULL || upload->intake == NULL)
    return;
  if (row != NULL)
    respond (upload, row);
  else
    fail_with (upload, error);
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (upload->message));
  if (guard != NULL)
    cv_guard_set_deadline (guard, cv_clock_now (upload->intake->clock) + CV_LIMIT_ANSWER_MS * 1000);
  unpause (upload);
}

/* All that has come of the body is on the disk. */
static void
conclude (Upload *upload)
{
  CvIntake *self = upload->intake;
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (upload->message));
  close (upload->fd);
  upload->fd = -1;
  g_hash_table_remove (self->writing, upload->document);
  if (upload->offset < upload->row->bytes) {
    respond (upload, upload->row);
    unpause (upload);
    return;
  }
  if (guard != NULL)
    cv_guard_set_deadline (guard, 0); /* it may be looked at for a while */
  cv_cabinet_complete_async (self->cabinet, upload->row, on_completed, upload_ref (upload));
}

/* ---- writing ---- */

static void
on_nothing_left (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_cabinet_delete_finish (CV_CABINET (source), result, &error))
    cv_warning (NULL, NULL, "what was uploaded in vain is not deleted: %s", error->message);
}

static void
write_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Upload *upload = data;
  GError *error = NULL;
  gsize n = 0;
  const guint8 *bytes = g_bytes_get_data (upload->piece, &n);
  if (cv_vault_append (upload->fd, bytes, n, &error)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  /* It is deleted now. The database has to write that down first, on the same disk, which may be full of it. */
  if (ftruncate (upload->fd, 0) != 0)
    cv_debug (NULL, NULL, "an upload keeps its space until it is deleted: %s", g_strerror (errno));
  g_task_return_error (task, error);
}

static void write_piece (Upload *upload);

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Upload) upload = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);
  if (done)
    upload->offset += (gint64) g_bytes_get_size (upload->piece);
  g_clear_pointer (&upload->piece, g_bytes_unref);
  if (upload->intake == NULL)
    return;
  if (!done) {
    fail_with (upload, error);
    cv_cabinet_delete_async (upload->intake->cabinet, CV_DOCUMENTS_ONE, upload->document, on_nothing_left, NULL);
    unpause (upload);
  } else if (upload->message == NULL || upload->whole) {
    /* what came before the client went is kept: it goes on there */
    if (upload->buffer->len > 0)
      write_piece (upload);
    else if (upload->message != NULL)
      conclude (upload);
  } else {
    unpause (upload);
  }
}

static void
write_piece (Upload *upload)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_written, upload_ref (upload));
  upload->piece = g_byte_array_free_to_bytes (upload->buffer);
  upload->buffer = g_byte_array_sized_new (CV_INTAKE_PIECE_BYTES + 16 * 1024);
  g_task_set_task_data (task, upload, NULL);
  g_task_run_in_thread (task, write_on_thread);
}

/* ---- the body ---- */

static void
give_time (Upload *upload)
{
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (upload->message));
  if (guard != NULL)
    cv_guard_set_deadline (guard, cv_clock_now (upload->intake->clock) + CV_INTAKE_STALL_MS * 1000);
}

static void
on_message_got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  Upload *upload = user_data;
  gsize n = 0;
  const guint8 *bytes = g_bytes_get_data (chunk, &n);
  if (upload->intake == NULL || upload->failed)
    return;
  give_time (upload);
  if (upload->fd < 0 || upload->offset + upload->buffer->len + (gint64) n > upload->row->bytes) {
    fail (upload, CV_PROBLEM_TOO_LARGE);
    return;
  }
  g_byte_array_append (upload->buffer, bytes, (guint) n);
  if (upload->buffer->len < CV_INTAKE_PIECE_BYTES)
    return;
  soup_server_message_pause (message);
  write_piece (upload);
}

static void
on_message_over (SoupServerMessage *message, gpointer user_data)
{
  Upload *upload = user_data;
  if (upload->message == NULL)
    return;
  upload->message = NULL;
  if (upload->intake != NULL && upload->fd >= 0 && !upload->failed && upload->piece == NULL && upload->buffer->len > 0)
    write_piece (upload);
}

gboolean
cv_intake_finish (CvIntake *self, SoupServerMessage *message)
{
  Upload *upload = g_object_get_data (G_OBJECT (message), KEY);
  if (upload == NULL || upload->intake == NULL)
    return FALSE;
  if (upload->failed)
    return TRUE;
  upload->whole = TRUE;
  soup_server_message_pause (message);
  if (upload->buffer->len > 0)
    write_piece (upload);
  else
    conclude (upload);
  return TRUE;
}

/* ---- the head ---- */

/* The client thinks that its old connection is gone; ours is still open. */
static void
cut (Upload *upload)
{
  if (upload->message == NULL)
    return;
  g_autoptr (SoupServerMessage) message = g_object_ref (upload->message);
  on_message_over (message, upload);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
}

/* Opens its file. FALSE with the answer set. */
static gboolean
open_file (Upload *upload)
{
  CvIntake *self = upload->intake;
  const CvDocumentRow *row = upload->row;
  g_autoptr (GError) error = NULL;
  Upload *other = g_hash_table_lookup (self->writing, upload->document);
  if (other != NULL) {
    cut (other);
    fail (upload, CV_PROBLEM_WRONG_OFFSET);
    return FALSE;
  }
  upload->fd =
    cv_vault_open_part (cv_cabinet_get_directory (self->cabinet), row->meeting, row->id, &upload->offset, &error);
  if (upload->fd < 0)
    fail_with (upload, error);
  else if (upload->offset != upload->claimed)
    fail (upload, CV_PROBLEM_WRONG_OFFSET);
  else if (upload->offset + upload->length > row->bytes)
    fail (upload, CV_PROBLEM_TOO_LARGE);
  else
    return TRUE;
  return FALSE;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Upload) upload = user_data;
  g_autoptr (GError) error = NULL;
  upload->row = cv_documents_load_finish (CV_STORE (source), result, &error);
  if (upload->message == NULL || upload->intake == NULL)
    return;
  const CvParticipant *participant = cv_badge_get_participant (upload->badge);
  if (upload->row == NULL)
    fail_with (upload, error);
  else if (participant == NULL || !g_str_equal (upload->row->person, participant->id) ||
           !g_str_equal (upload->row->meeting, cv_badge_get_meeting (upload->badge)))
    fail (upload, CV_PROBLEM_NOT_FOUND);
  else if (upload->row->status != CV_DOCUMENT_UPLOADING)
    fail (upload, CV_PROBLEM_WRONG_OFFSET);
  else if (open_file (upload))
    g_hash_table_insert (upload->intake->writing, upload->document, upload);
  unpause (upload);
}

gboolean
cv_intake_is_upload (const char *method, const char *path)
{
  return g_str_equal (method, "PATCH") && g_str_has_prefix (path, BEFORE);
}

static CvBadge *
find_badge (CvIntake *self, SoupServerMessage *message)
{
  guint8 secret[CV_SECRET_BYTES];
  return cv_access_get_bearer (message, secret) ? cv_badges_find (self->badges, secret) : NULL;
}

const char *
cv_intake_read_path (const char *path)
{
  const char *document = g_str_has_prefix (path, BEFORE) ? path + strlen (BEFORE) : NULL;
  return cv_id_is_valid (document, "f") ? document : NULL;
}

gboolean
cv_intake_read_place (SoupMessageHeaders *headers, gint64 *offset, gint64 *length)
{
  const char *text = soup_message_headers_get_one (headers, "Upload-Offset");
  guint64 number = 0;
  if (text == NULL || !g_ascii_isdigit (*text) ||
      !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64 / 2, &number, NULL))
    return FALSE;
  *offset = (gint64) number;
  *length = soup_message_headers_get_content_length (headers); /* libsoup reads "-1" as that */
  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         soup_message_headers_get_list (headers, "Transfer-Encoding") == NULL && *length >= 0 &&
         *length <= G_MAXINT64 / 2;
}

static void
prepare (CvIntake *self, SoupServerMessage *message, CvBadge *badge, const char *document, gint64 claimed,
         gint64 length)
{
  CvGuard *guard = cv_listener_guard_of (soup_server_message_get_remote_address (message));
  Upload *upload = g_rc_box_new0 (Upload);
  upload->intake = self;
  upload->message = message;
  upload->badge = cv_badge_ref (badge);
  upload->document = g_strdup (document);
  upload->claimed = claimed;
  upload->length = length;
  upload->fd = -1;
  upload->buffer = g_byte_array_new ();
  g_hash_table_add (self->all, upload);
  g_object_set_data_full (G_OBJECT (message), KEY, upload, upload_unref);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_message_got_chunk), upload);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_message_over), upload);
  g_signal_connect (message, "finished", G_CALLBACK (on_message_over), upload);
  if (guard != NULL)
    cv_guard_set_budget (guard, (gsize) upload->length + CV_LIMIT_REQUEST_BYTES);
  give_time (upload);
  soup_server_message_pause (message);
  cv_documents_load_async (self->store, document, on_loaded, upload_ref (upload));
}

/* What is still to come is not kept. */
static void
refuse (SoupServerMessage *message, CvProblem problem)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  cv_http_respond_problem (message, problem);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
}

void
cv_intake_begin (CvIntake *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *document = cv_intake_read_path (path);
  gint64 offset = 0, length = 0;
  CvBadge *badge = NULL;
  if (document == NULL)
    refuse (message, CV_PROBLEM_NOT_FOUND);
  else if ((badge = find_badge (self, message)) == NULL)
    refuse (message, CV_PROBLEM_NO_SESSION);
  else if (!cv_intake_read_place (headers, &offset, &length))
    refuse (message, CV_PROBLEM_BAD_MESSAGE);
  else if (length > cv_cabinet_get_max_bytes (self->cabinet))
    refuse (message, CV_PROBLEM_TOO_LARGE);
  else if (g_hash_table_size (self->all) >= CV_INTAKE_MAX)
    refuse (message, CV_PROBLEM_SERVER_FULL);
  else
    prepare (self, message, badge, document, offset, length);
}

/* ---- life ---- */

CvIntake *
cv_intake_new (CvStore *store, CvClock *clock, CvCabinet *cabinet, CvBadges *badges)
{
  CvIntake *self = g_new0 (CvIntake, 1);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->cabinet = g_object_ref (cabinet);
  self->badges = badges;
  self->all = g_hash_table_new (NULL, NULL);
  self->writing = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
cv_intake_free (CvIntake *self)
{
  GHashTableIter iter;
  gpointer upload = NULL;
  g_hash_table_iter_init (&iter, self->all);
  while (g_hash_table_iter_next (&iter, &upload, NULL))
    ((Upload *) upload)->intake = NULL;
  g_hash_table_unref (self->all);
  g_hash_table_unref (self->writing);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_object_unref (self->cabinet);
  g_free (self);
}
