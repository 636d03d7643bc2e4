/* See cabinet.h.
 *
 * A document that is whole passes these steps: its row says `scanning`; hashed, and on the disk for good; looked at; renamed; its row
 * says `ready`. Each can be taken again. The functions named `*_on_thread` touch only files and what their task carries.
 */
#include "documents/cabinet.h"

#include "base/ids.h"
#include "documents/scan.h"
#include "documents/vault.h"

#include <string.h>
#include <sys/statvfs.h>

#define CV_LOG_TOPIC "cabinet"
#include "base/log.h"

/* what is made of the key is of no use for anything else */
static const guint8 SALT[] = "conclave documents";

struct _CvCabinet {
  GObject parent_instance;
  CvStore *store;
  CvClock *clock;
  char *directory;
  gint64 max_bytes;
  gint64 quota;
  gint64 spare_bytes;
  char **refused;
  char *scan;
  guint scan_ms;
  guint8 key[CV_HASH_BYTES];
  GCancellable *cancellable;
  guint timer;
  gboolean stopped;
};

enum { SIGNAL_READY, SIGNAL_GONE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvCabinet, cv_cabinet, G_TYPE_OBJECT)
G_DEFINE_QUARK (cv - cabinet - error, cv_cabinet_error)

const char *
cv_cabinet_get_directory (CvCabinet *self)
{
  return self->directory;
}

gint64
cv_cabinet_get_max_bytes (CvCabinet *self)
{
  return self->max_bytes;
}

gint64
cv_cabinet_get_quota (CvCabinet *self)
{
  return self->quota;
}

static CvDocumentRow *
take_row (GTask *task)
{
  return g_task_get_task_data (task);
}

/* An I/O error for lack of space has a name of its own. Returns: (transfer full). */
static GError *
translate (GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return error;
  g_error_free (error);
  return g_error_new_literal (CV_CABINET_ERROR, CV_CABINET_ERROR_DISK, "the disk is full");
}

/* ---- deleting ---- */

typedef struct {
  GPtrArray *rows; /* of CvDocumentRow */
  guint next;
  char *directory;
  GError *error; /* the first one */
} Deletion;

static void
deletion_free (gpointer data)
{
  Deletion *self = data;
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->directory);
  g_free (self);
}

static void delete_next (GTask *task);

static void
note_error (Deletion *deletion, const GError *error)
{
  if (deletion->error == NULL)
    deletion->error = g_error_copy (error);
}

static void
on_row_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Deletion *deletion = g_task_get_task_data (task);
  if (!cv_documents_complete_finish (CV_STORE (source), result, &error) &&
      !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    note_error (deletion, error);
  delete_next (task);
}

static void
remove_on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Deletion *deletion = data;
  const CvDocumentRow *row = deletion->rows->pdata[deletion->next];
  GError *error = NULL;
  if (cv_vault_remove (deletion->directory, row->meeting, row->id, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_file_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  CvCabinet *self = CV_CABINET (source);
  Deletion *deletion = g_task_get_task_data (task);
  const CvDocumentRow *row = deletion->rows->pdata[deletion->next++];
  if (g_task_propagate_boolean (G_TASK (result), &error)) {
    cv_documents_complete_async (self->store, row->id, on_row_deleted, g_steal_pointer (&task));
    return;
  }
  cv_warning (row->room, NULL, "document %s is not deleted: %s", row->id, error->message);
  note_error (deletion, error);
  delete_next (task);
}

static void
delete_next (GTask *task)
{
  CvCabinet *self = g_task_get_source_object (task);
  Deletion *deletion = g_task_get_task_data (task);
  if (deletion->next >= deletion->rows->len) {
    if (deletion->error != NULL)
      g_task_return_error (task, g_steal_pointer (&deletion->error));
    else
      g_task_return_boolean (task, TRUE);
    return;
  }
  GTask *removal = g_task_new (self, NULL, on_file_removed, g_object_ref (task));
  g_task_set_task_data (removal, deletion, NULL);
  g_task_run_in_thread (removal, remove_on_thread);
  g_object_unref (removal);
}

static void
on_marked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvCabinet *self = g_task_get_source_object (task);
  Deletion *deletion = g_task_get_task_data (task);
  deletion->rows = cv_documents_mark_finish (CV_STORE (source), result, &error);
  if (deletion->rows == NULL) {
    g_task_return_error (task, error);
    return;
  }
  for (guint i = 0; i < deletion->rows->len && !self->stopped; i++) {
    CvDocumentRow *row = deletion->rows->pdata[i];
    if (row->status == CV_DOCUMENT_READY)
      g_signal_emit (self, signals[SIGNAL_GONE], 0, row);
  }
  delete_next (task);
}

void
cv_cabinet_delete_async (CvCabinet *self, CvDocumentsOf of, const char *id, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Deletion *deletion = g_new0 (Deletion, 1);
  deletion->directory = g_strdup (self->directory);
  g_task_set_task_data (task, deletion, deletion_free);
  cv_documents_mark_async (self->store, of, id, on_marked, task);
}

gboolean
cv_cabinet_delete_finish (CvCabinet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* It is tried again at the next start. */
static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_cabinet_delete_finish (CV_CABINET (source), result, &error))
    cv_warning (NULL, NULL, "documents are not deleted: %s", error->message);
}

static void
forget (CvCabinet *self, const char *document)
{
  cv_cabinet_delete_async (self, CV_DOCUMENTS_ONE, document, on_forgotten, NULL);
}

/* ---- beginning ---- */

char *
cv_cabinet_make_secret (CvCabinet *self, const char *document)
{
  guint8 secret[CV_CABINET_SECRET_BYTES];
  cv_hkdf (self->key, sizeof self->key, SALT, sizeof SALT - 1, (const guint8 *) document, strlen (document), secret,
           sizeof secret);
  char *text = cv_base64url_encode (secret, sizeof secret);
  cv_wipe (secret, sizeof secret);
  return text;
}

static gboolean
is_secret (CvCabinet *self, const char *document, const char *text)
{
  guint8 said[CV_CABINET_SECRET_BYTES], secret[CV_CABINET_SECRET_BYTES];
  g_autofree char *right = cv_cabinet_make_secret (self, document);
  return cv_base64url_decode (text, said, sizeof said) && cv_base64url_decode (right, secret, sizeof secret) &&
         cv_bytes_equal (said, secret, sizeof secret);
}

static gboolean
is_refused (CvCabinet *self, const char *name)
{
  g_autofree char *small = g_utf8_casefold (name, -1);
  for (guint i = 0; self->refused != NULL && self->refused[i] != NULL; i++) {
    g_autofree char *end = g_utf8_casefold (self->refused[i], -1);
    if (g_str_has_suffix (small, end))
      return TRUE;
  }
  return FALSE;
}

/* A directory that is not there yet, or cannot be asked, is found out when it is written to. */
static gboolean
has_space (CvCabinet *self, gint64 bytes)
{
  struct statvfs info;
  return statvfs (self->directory, &info) != 0 ||
         (gint64) info.f_bavail * (gint64) info.f_frsize >= bytes + self->spare_bytes;
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  if (cv_documents_insert_finish (CV_STORE (source), result, &error)) {
    g_task_return_pointer (task, cv_document_row_copy (take_row (task)), (GDestroyNotify) cv_document_row_free);
    return;
  }
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_FULL)) {
    g_clear_error (&error);
    error = g_error_new_literal (CV_CABINET_ERROR, CV_CABINET_ERROR_QUOTA, "the meeting has too many bytes");
  }
  g_task_return_error (task, error);
}

/* FALSE with the task's error. */
static gboolean
check (CvCabinet *self, GTask *task, const CvDocumentRow *row)
{
  if (row->bytes > self->max_bytes)
    g_task_return_new_error (task, CV_CABINET_ERROR, CV_CABINET_ERROR_LARGE, "it is too large");
  else if (is_refused (self, row->name))
    g_task_return_new_error (task, CV_CABINET_ERROR, CV_CABINET_ERROR_REFUSED, "its kind is not taken");
  else if (!has_space (self, row->bytes))
    g_task_return_new_error (task, CV_CABINET_ERROR, CV_CABINET_ERROR_DISK, "the disk is full");
  else
    return TRUE;
  return FALSE;
}

void
cv_cabinet_begin_async (CvCabinet *self, const CvDocumentRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  CvDocumentRow *new = cv_document_row_copy (row);
  g_free (new->id);
  new->id = cv_id_new ("f");
  new->status = CV_DOCUMENT_UPLOADING;
  new->created = cv_clock_wall (self->clock);
  g_task_set_task_data (task, new, (GDestroyNotify) cv_document_row_free);
  if (check (self, task, row))
    cv_documents_insert_async (self->store, new, self->quota, on_inserted, g_steal_pointer (&task));
}

static void
on_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  if (cv_documents_move_finish (CV_STORE (source), result, &error))
    g_task_return_pointer (task, cv_document_row_copy (take_row (task)), (GDestroyNotify) cv_document_row_free);
  else
    g_task_return_error (task, error);
}

/* The file first: a row whose file is elsewhere would begin anew. */
static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvCabinet *self = g_task_get_source_object (task);
  CvDocumentRow *row = take_row (task);
  g_autoptr (CvDocumentRow) old = cv_documents_load_finish (CV_STORE (source), result, &error);
  if (old == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (old->status != CV_DOCUMENT_UPLOADING || old->bytes != row->bytes || g_strcmp0 (old->name, row->name) != 0 ||
      g_strcmp0 (old->room, row->room) != 0) {
    g_task_return_new_error (task, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "not this document");
    return;
  }
  if (!g_str_equal (old->meeting, row->meeting) &&
      !cv_vault_move (self->directory, old->meeting, row->meeting, row->id, &error)) {
    g_task_return_error (task, translate (error));
    return;
  }
  cv_documents_move_async (self->store, row->id, row->meeting, row->person, row->by_name, on_moved,
                           g_steal_pointer (&task));
}

void
cv_cabinet_resume_async (CvCabinet *self, const char *document, const char *secret, const CvDocumentRow *row,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  CvDocumentRow *wanted = cv_document_row_copy (row);
  g_free (wanted->id);
  wanted->id = g_strdup (document);
  g_task_set_task_data (task, wanted, (GDestroyNotify) cv_document_row_free);
  if (!is_secret (self, document, secret)) {
    g_task_return_new_error (task, CV_CABINET_ERROR, CV_CABINET_ERROR_SECRET, "not the secret of this upload");
    return;
  }
  cv_documents_load_async (self->store, document, on_found, g_steal_pointer (&task));
}

CvDocumentRow *
cv_cabinet_begin_finish (CvCabinet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- completing ---- */

/* It did not work, and nothing of it is left but, where it was refused, its row. */
static void
give_up (GTask *task, GError *error)
{
  CvCabinet *self = g_task_get_source_object (task);
  const CvDocumentRow *row = take_row (task);
  if (!self->stopped)
    forget (self, row->id);
  g_task_return_error (task, translate (error));
}

static void
on_row_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvCabinet *self = g_task_get_source_object (task);
  CvDocumentRow *row = take_row (task);
  if (!cv_documents_set_status_finish (CV_STORE (source), result, &error)) {
    /* it was deleted meanwhile: who did so may have missed the file */
    give_up (task, error);
    return;
  }
  row->status = CV_DOCUMENT_READY;
  if (!self->stopped)
    g_signal_emit (self, signals[SIGNAL_READY], 0, row);
  g_task_return_pointer (task, cv_document_row_copy (row), (GDestroyNotify) cv_document_row_free);
}

/* What a thread works on: nobody else has it meanwhile. */
typedef struct {
  char *directory;
  CvDocumentRow *row;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;
  g_free (self->directory);
  cv_document_row_free (self->row);
  g_free (self);
}

static void
run_on_thread (CvCabinet *self, const CvDocumentRow *row, GTaskThreadFunc func, GAsyncReadyCallback callback,
               GTask *task)
{
  g_autoptr (GTask) job = g_task_new (self, NULL, callback, task);
  Work *work = g_new (Work, 1);
  *work = (Work){ g_strdup (self->directory), cv_document_row_copy (row) };
  g_task_set_task_data (job, work, work_free);
  g_task_run_in_thread (job, func);
}

static void
keep_on_thread (GTask *job, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  if (cv_vault_keep (work->directory, work->row->meeting, work->row->id, &error))
    g_task_return_boolean (job, TRUE);
  else
    g_task_return_error (job, error);
}

static void
on_kept (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvCabinet *self = CV_CABINET (source);
  CvDocumentRow *row = take_row (task);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    cv_documents_set_status_async (self->store, row->id, CV_DOCUMENT_READY, row->sha256, on_row_ready,
                                   g_steal_pointer (&task));
  else
    give_up (task, error);
}

static void
on_scanned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  CvCabinet *self = g_task_get_source_object (task);
  CvDocumentRow *row = take_row (task);
  CvScanAnswer answer = cv_scan_run_finish (result);
  if (self->stopped) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the daemon ends");
    return;
  }
  if (answer == CV_SCAN_CLEAN) {
    run_on_thread (self, row, keep_on_thread, on_kept, g_steal_pointer (&task));
    return;
  }
  cv_notice (row->room, row->person, "document %s was refused%s", row->id,
             answer == CV_SCAN_INFECTED ? "" : ": nobody could look at it");
  give_up (task, g_error_new_literal (CV_CABINET_ERROR, CV_CABINET_ERROR_REFUSED, "something is wrong with it"));
}

static void
look_at (CvCabinet *self, GTask *task)
{
  g_autoptr (GTask) hold = task;
  const CvDocumentRow *row = take_row (task);
  GError *error = NULL;
  gint64 bytes = 0;
  if (*self->scan == '\0') {
    run_on_thread (self, row, keep_on_thread, on_kept, g_steal_pointer (&hold));
    return;
  }
  int fd = cv_vault_open (self->directory, row->meeting, row->id, FALSE, &bytes, &error);
  if (fd < 0)
    give_up (task, error);
  else
    cv_scan_run_async (self->scan, fd, self->clock, self->scan_ms, self->cancellable, on_scanned,
                       g_steal_pointer (&hold));
}

static void
hash_on_thread (GTask *job, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  const CvDocumentRow *row = work->row;
  GError *error = NULL;
  char *hash = cv_vault_hash (work->directory, row->meeting, row->id, row->bytes, &error);
  if (hash != NULL)
    g_task_return_pointer (job, hash, g_free);
  else
    g_task_return_error (job, error);
}

static void
on_hashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvDocumentRow *row = take_row (task);
  char *hash = g_task_propagate_pointer (G_TASK (result), &error);
  if (hash == NULL) {
    give_up (task, error);
    return;
  }
  g_free (row->sha256);
  row->sha256 = hash;
  look_at (CV_CABINET (source), g_steal_pointer (&task));
}

static void
on_row_scanning (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvCabinet *self = g_task_get_source_object (task);
  const CvDocumentRow *row = take_row (task);
  if (cv_documents_set_status_finish (CV_STORE (source), result, &error))
    run_on_thread (self, row, hash_on_thread, on_hashed, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

void
cv_cabinet_complete_async (CvCabinet *self, const CvDocumentRow *row, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_task_set_task_data (task, cv_document_row_copy (row), (GDestroyNotify) cv_document_row_free);
  cv_documents_set_status_async (self->store, row->id, CV_DOCUMENT_SCANNING, NULL, on_row_scanning, task);
}

CvDocumentRow *
cv_cabinet_complete_finish (CvCabinet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- what is left ---- */

static void
on_taken_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvDocumentRow) row = cv_cabinet_complete_finish (CV_CABINET (source), result, &error);
  if (row == NULL)
    cv_notice (NULL, NULL, "a document that the last run left was not completed: %s", error->message);
}

/* `user_data`: the first time since the start, when nothing can be under way. */
static void
take_up (CvCabinet *self, GPtrArray *rows, gboolean first)
{
  gint64 oldest = cv_clock_wall (self->clock) - CV_CABINET_KEEP_PARTS_MS;
  for (guint i = 0; i < rows->len; i++) {
    const CvDocumentRow *row = rows->pdata[i];
    if (row->status == CV_DOCUMENT_UPLOADING ? row->created < oldest : row->status == CV_DOCUMENT_DELETING && first)
      forget (self, row->id);
    else if (row->status == CV_DOCUMENT_SCANNING && first)
      cv_cabinet_complete_async (self, row, on_taken_up, NULL);
  }
}

static void sweep (gpointer user_data);

static void
finish_sweep (CvCabinet *self, GAsyncResult *result, gboolean first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_documents_list_finish (self->store, result, &error);
  if (self->stopped)
    return;
  if (rows != NULL)
    take_up (self, rows, first);
  else
    cv_warning (NULL, NULL, "documents are not read: %s", error->message);
  self->timer = cv_clock_after (self->clock, CV_CABINET_SWEEP_MS, sweep, self);
}

static void
on_first_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvCabinet) self = user_data;
  finish_sweep (self, result, TRUE);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvCabinet) self = user_data;
  finish_sweep (self, result, FALSE);
}

static void
sweep (gpointer user_data)
{
  CvCabinet *self = user_data;
  self->timer = 0;
  cv_documents_list_unfinished_async (self->store, on_listed, g_object_ref (self));
}

/* ---- life ---- */

CvCabinet *
cv_cabinet_new (const CvCabinetOptions *options)
{
  CvCabinet *self = g_object_new (CV_TYPE_CABINET, NULL);
  self->store = g_object_ref (options->store);
  self->clock = g_object_ref (options->clock);
  self->directory = g_strdup (options->directory);
  self->max_bytes = options->max_bytes;
  self->quota = options->quota;
  self->spare_bytes = options->spare_bytes;
  self->refused = g_strdupv ((char **) options->refused);
  self->scan = g_strdup (options->scan);
  self->scan_ms = options->scan_ms;
  cv_hkdf ((const guint8 *) options->key, strlen (options->key), SALT, sizeof SALT - 1, NULL, 0, self->key,
           sizeof self->key);
  return self;
}

void
cv_cabinet_set_spare_bytes (CvCabinet *self, gint64 bytes)
{
  g_return_if_fail (CV_IS_CABINET (self));

  self->spare_bytes = bytes;
}

void
cv_cabinet_start (CvCabinet *self)
{
  cv_documents_list_unfinished_async (self->store, on_first_listed, g_object_ref (self));
}

void
cv_cabinet_stop (CvCabinet *self)
{
  self->stopped = TRUE;
  cv_clock_cancel (self->clock, &self->timer);
  g_cancellable_cancel (self->cancellable);
}

static void
cv_cabinet_dispose (GObject *object)
{
  CvCabinet *self = CV_CABINET (object);
  if (self->clock != NULL)
    cv_cabinet_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_cabinet_parent_class)->dispose (object);
}

static void
cv_cabinet_finalize (GObject *object)
{
  CvCabinet *self = CV_CABINET (object);
  cv_wipe (self->key, sizeof self->key);
  g_clear_object (&self->cancellable);
  g_strfreev (self->refused);
  g_free (self->directory);
  g_free (self->scan);
  G_OBJECT_CLASS (cv_cabinet_parent_class)->finalize (object);
}

static void
cv_cabinet_class_init (CvCabinetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = cv_cabinet_dispose;
  object_class->finalize = cv_cabinet_finalize;
  signals[SIGNAL_READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_GONE] = g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
cv_cabinet_init (CvCabinet *self)
{
  self->cancellable = g_cancellable_new ();
}
