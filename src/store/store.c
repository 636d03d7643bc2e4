/* The database: opening, migrating, and the worker thread.
 *
 * CvStore owns the worker and, until it is closed, through it the connection. Everything above the banner "Worker thread"
 * runs in the main context or, while opening, before the worker exists. Knows no table.
 *
 * Jobs that wait together share one transaction, each within a savepoint of its own, since the disk is asked to confirm
 * (fsync) once a transaction: a burst of rooms costs a few confirmations, not one each.
 */
#include "store/store.h"

#include "base/ids.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "cv-store-migrations.h"

#define MIGRATIONS "/conclave/migrations"
/* jobs of one transaction */
#define MAX_BATCH 128
/* how long another program (sqlite3, a backup) may hold the database */
#define BUSY_MS 5000

typedef struct {
  CvStoreFunc func;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
  gpointer result;
  GError *error;
  struct Also *also; /* or NULL */
} Job;

typedef struct Also {
  CvStoreFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Also;

struct _CvStore {
  GObject parent_instance;
  GAsyncQueue *queue; /* of GTask (transfer full), whose data is a Job; the worker's `stop` last */
  GThread *worker;    /* NULL once closed */
  Also *also;         /* of the next job; or NULL */
};

G_DEFINE_QUARK (cv_store_error, cv_store_error)
G_DEFINE_FINAL_TYPE (CvStore, cv_store, G_TYPE_OBJECT)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* What ends the worker; never looked into. */
static char stop;

/* ---- Statements ---- */

static CvStoreError
classify (sqlite3 *db)
{
  int code = sqlite3_extended_errcode (db);
  int cause = sqlite3_system_errno (db);

  switch (code) {
  case SQLITE_CONSTRAINT_PRIMARYKEY:
  case SQLITE_CONSTRAINT_UNIQUE:
    return CV_STORE_ERROR_EXISTS;
  case SQLITE_CONSTRAINT_FOREIGNKEY:
    return CV_STORE_ERROR_MISSING;
  default:
    break;
  }
  switch (code & 0xff) {
  case SQLITE_FULL:
    return CV_STORE_ERROR_FULL;
  case SQLITE_IOERR:
    return cause == ENOSPC || cause == EDQUOT || cause == EFBIG ? CV_STORE_ERROR_FULL : CV_STORE_ERROR_FAILED;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return CV_STORE_ERROR_CORRUPT;
  default:
    return CV_STORE_ERROR_FAILED;
  }
}

void
cv_store_set_error (GError **error, sqlite3 *db, const char *doing)
{
  g_set_error (error, CV_STORE_ERROR, classify (db), "%s: %s", doing, sqlite3_errmsg (db));
}

static gboolean
bind (sqlite3_stmt *statement, const char *types, va_list args)
{
  int code = SQLITE_OK;

  for (int i = 1; types[i - 1] != '\0' && code == SQLITE_OK; i++)
    switch (types[i - 1]) {
    case 's':
      code = sqlite3_bind_text (statement, i, va_arg (args, const char *), -1, SQLITE_STATIC);
      break;
    case 'i':
      code = sqlite3_bind_int64 (statement, i, va_arg (args, gint64));
      break;
    case 'b': {
      const guint8 *bytes = va_arg (args, const guint8 *);

      code = sqlite3_bind_blob (statement, i, bytes, va_arg (args, int), SQLITE_STATIC);
      break;
    }
    default:
      g_assert_not_reached ();
    }
  return code == SQLITE_OK;
}

static sqlite3_stmt *
prepare_valist (sqlite3 *db, GError **error, const char *sql, const char *types, va_list args)
{
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK && bind (statement, types, args))
    return g_steal_pointer (&statement);
  cv_store_set_error (error, db, sql);
  return NULL;
}

sqlite3_stmt *
cv_store_prepare (sqlite3 *db, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = prepare_valist (db, error, sql, types, args);
  va_end (args);
  return statement;
}

gboolean
cv_store_exec (sqlite3 *db, GError **error, const char *sql, const char *types, ...)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  va_list args;

  va_start (args, types);
  statement = prepare_valist (db, error, sql, types, args);
  va_end (args);
  if (statement == NULL)
    return FALSE;
  if (sqlite3_step (statement) == SQLITE_DONE)
    return TRUE;
  cv_store_set_error (error, db, sql);
  return FALSE;
}

char *
cv_store_ids_to_json (const char *const *ids)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (; *ids != NULL; ids++)
    json_builder_add_string_value (builder, *ids);
  json_builder_end_array (builder);
  return cv_json_builder_to_text (builder, NULL);
}

static void
set_statement_error (GError **error, sqlite3_stmt *statement)
{
  cv_store_set_error (error, sqlite3_db_handle (statement), sqlite3_sql (statement));
}

char *
cv_store_fold (const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  return valid != NULL ? g_utf8_casefold (valid, -1) : NULL;
}

char *
cv_store_read_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

gpointer
cv_store_read_one (sqlite3_stmt *statement, CvStoreReadFunc read, GError **error)
{
  int code = statement != NULL ? sqlite3_step (statement) : SQLITE_ERROR;

  if (code == SQLITE_ROW)
    return read (statement);
  if (code == SQLITE_DONE)
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING, "%s: no such row", sqlite3_sql (statement));
  else if (statement != NULL)
    set_statement_error (error, statement);
  return NULL;
}

GPtrArray *
cv_store_read_all (sqlite3_stmt *statement, CvStoreReadFunc read, GDestroyNotify free_row, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  int code = SQLITE_ERROR;

  while (statement != NULL && (code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rows, read (statement));
  if (statement != NULL && code != SQLITE_DONE)
    set_statement_error (error, statement);
  return code == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

/* ---- Opening ---- */

/* SQLite would make the file with what the umask leaves; WAL and shared memory take its mode over. */
static gboolean
make_private_file (const char *path, GError **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int cause = errno;

  if (fd >= 0 && fchmod (fd, 0600) != 0)
    cause = errno;
  else if (fd >= 0)
    return g_close (fd, error);
  if (fd >= 0)
    g_close (fd, NULL);
  g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, g_strerror (cause));
  return FALSE;
}

/* The first column of the first row. Returns: (transfer full), NULL with an error. */
static char *
query_text (sqlite3 *db, const char *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error, sql, "");

  if (statement == NULL)
    return NULL;
  if (sqlite3_step (statement) == SQLITE_ROW)
    return g_strdup ((const char *) sqlite3_column_text (statement, 0));
  cv_store_set_error (error, db, sql);
  return NULL;
}

gboolean
cv_store_check (sqlite3 *db, GError **error)
{
  g_autofree char *answer = query_text (db, "PRAGMA quick_check (1)", error);

  if (answer == NULL)
    return FALSE;
  if (g_str_equal (answer, "ok"))
    return TRUE;
  g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT, "the database is damaged: %s", answer);
  return FALSE;
}

/* While opening. A header that says what cannot be, a schema that a migration does not fit: it is damaged. What may pass (it is busy,
 * no memory, no space) is not, nor is what an administrator can mend (permissions). */
static gboolean
is_damaged (sqlite3 *db, const GError *error)
{
  int code = sqlite3_extended_errcode (db);

  if (!g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED))
    return FALSE;
  switch (code & 0xff) {
  case SQLITE_ERROR:
  case SQLITE_SCHEMA:
  case SQLITE_FORMAT:
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
    return TRUE;
  case SQLITE_READONLY: /* its own header says so: we have opened the file to write */
    return code == SQLITE_READONLY;
  case SQLITE_IOERR:
    return sqlite3_system_errno (db) == EIO;
  default:
    return FALSE;
  }
}

/* SQLite's own lower() knows ASCII only. */
static void
fold (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);

  if (text != NULL)
    sqlite3_result_text (context, g_utf8_casefold (text, -1), -1, g_free);
}

/* Of a text, as hexadecimal digits: for migrations. */
static void
sha256 (sqlite3_context *context, int n, sqlite3_value **values)
{
  const guint8 *text = sqlite3_value_text (values[0]);
  guint8 hash[CV_HASH_BYTES];

  if (text == NULL)
    return;
  cv_hash (text, (gsize) sqlite3_value_bytes (values[0]), hash);
  sqlite3_result_text (context, cv_hex_encode (hash, sizeof hash), -1, g_free);
}

/* secure_delete: what is deleted is overwritten in the file, once the WAL is in it.
 * synchronous=FULL: a room's links are handed out with the answer, so the room must be there after a power cut too. */
static gboolean
configure (sqlite3 *db, gboolean in_memory, GError **error)
{
  g_autofree char *mode = NULL, *secure_delete = NULL;

  sqlite3_busy_timeout (db, BUSY_MS);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_create_function (db, "fold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, fold, NULL, NULL);
  sqlite3_create_function (db, "sha256", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, sha256, NULL, NULL);
  mode = query_text (db, "PRAGMA journal_mode = WAL", error);
  if (mode == NULL)
    return FALSE;
  if (!in_memory && !g_str_equal (mode, "wal")) {
    g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "the file system does not allow a WAL");
    return FALSE;
  }
  secure_delete = query_text (db, "PRAGMA secure_delete = ON", error);
  return secure_delete != NULL && cv_store_exec (db, error, "PRAGMA synchronous = FULL", "") &&
         cv_store_exec (db, error, "PRAGMA foreign_keys = ON", "");
}

static gboolean
apply_migration (sqlite3 *db, int number, GError **error)
{
  g_autofree char *path = g_strdup_printf (MIGRATIONS "/%d", number);
  g_autoptr (GBytes) sql = g_resource_lookup_data (cv_store_migrations_get_resource (), path, 0, NULL);
  g_autofree char *script = NULL;

  g_assert (sql != NULL);
  script = g_strdup_printf ("BEGIN IMMEDIATE; %.*s; PRAGMA user_version = %d; COMMIT", (int) g_bytes_get_size (sql),
                            (const char *) g_bytes_get_data (sql, NULL), number);
  if (sqlite3_exec (db, script, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  cv_store_set_error (error, db, path);
  return FALSE;
}

static gboolean
migrate (sqlite3 *db, GError **error)
{
  g_auto (GStrv) names = g_resource_enumerate_children (cv_store_migrations_get_resource (), MIGRATIONS, 0, NULL);
  int newest = g_strv_length (names);
  g_autofree char *text = query_text (db, "PRAGMA user_version", error);
  gint64 version;

  if (text == NULL)
    return FALSE;
  version = g_ascii_strtoll (text, NULL, 10);
  if (version < 0 || version > newest) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_VERSION,
                 "the database has version %" G_GINT64_FORMAT ", this program knows up to %d", version, newest);
    return FALSE;
  }
  while (version < newest)
    if (!apply_migration (db, (int) ++version, error))
      return FALSE;
  return TRUE;
}

/* ---- Worker thread: touches the connection, the queue, and jobs that it took from it ---- */

typedef struct {
  sqlite3 *db;
  GAsyncQueue *queue;
} Worker;

static Job *
job_of (GPtrArray *batch, guint i)
{
  return g_task_get_task_data (g_ptr_array_index (batch, i));
}

/* Takes the next job and what waits behind it. TRUE if the stop came. */
static gboolean
take_batch (GAsyncQueue *queue, GPtrArray *batch)
{
  gpointer next = g_async_queue_pop (queue);

  while (next != NULL && next != &stop) {
    g_ptr_array_add (batch, next);
    next = batch->len < MAX_BATCH ? g_async_queue_try_pop (queue) : NULL;
  }
  return next == &stop;
}

/* What `job` changed is undone where it fails. */
static void
run_job (sqlite3 *db, Job *job)
{
  if (!cv_store_exec (db, &job->error, "SAVEPOINT job", ""))
    return;
  job->result = job->func (db, job->data, &job->error);
  if (job->error == NULL && job->also != NULL)
    job->also->func (db, job->also->data, &job->error);
  /* for lack of space SQLite may have rolled back all of it by itself */
  if (sqlite3_get_autocommit (db)) {
    if (job->error == NULL)
      g_set_error_literal (&job->error, CV_STORE_ERROR, CV_STORE_ERROR_FAILED, "the transaction was given up");
    return;
  }
  if (job->error != NULL)
    cv_store_exec (db, NULL, "ROLLBACK TO job", "");
  cv_store_exec (db, NULL, "RELEASE job", "");
}

/* Runs jobs from `from` on in one transaction. Returns how many had their turn; those that have no error are on the disk. */
static guint
run_transaction (sqlite3 *db, GPtrArray *batch, guint from)
{
  g_autoptr (GError) error = NULL;
  guint i = from;

  if (cv_store_exec (db, &error, "BEGIN IMMEDIATE", "")) {
    for (; i < batch->len && !sqlite3_get_autocommit (db); i++)
      if (!g_cancellable_is_cancelled (g_task_get_cancellable (g_ptr_array_index (batch, i))))
        run_job (db, job_of (batch, i));
    if (sqlite3_get_autocommit (db))
      error = g_error_copy (job_of (batch, i - 1)->error);
    else if (!cv_store_exec (db, &error, "COMMIT", "") && !sqlite3_get_autocommit (db))
      cv_store_exec (db, NULL, "ROLLBACK", "");
  } else {
    i = batch->len;
  }
  for (guint k = from; error != NULL && k < i; k++)
    if (job_of (batch, k)->error == NULL)
      job_of (batch, k)->error = g_error_copy (error);
  return i - from;
}

static void
answer (gpointer data, gpointer user_data)
{
  GTask *task = data;
  Job *job = g_task_get_task_data (task);

  if (job->error != NULL)
    g_task_return_error (task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&job->result), job->free_result);
}

static gpointer
work (gpointer user_data)
{
  g_autofree Worker *worker = user_data;
  gboolean stopped = FALSE;

  while (!stopped) {
    g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);

    stopped = take_batch (worker->queue, batch);
    for (guint done = 0; done < batch->len;)
      done += run_transaction (worker->db, batch, done);
    g_ptr_array_foreach (batch, answer, NULL);
  }
  g_async_queue_unref (worker->queue);
  sqlite3_close (worker->db);
  return NULL;
}

/* ---- Main context ---- */

static void
also_free (Also *self)
{
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->free_data != NULL)
    job->free_data (job->data);
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  g_clear_error (&job->error);
  g_clear_pointer (&job->also, also_free);
  g_free (job);
}

static void
cv_store_dispose (GObject *object)
{
  CvStore *self = CV_STORE (object);

  cv_store_close (self);
  G_OBJECT_CLASS (cv_store_parent_class)->dispose (object);
}

static void
cv_store_finalize (GObject *object)
{
  CvStore *self = CV_STORE (object);

  g_async_queue_unref (self->queue);
  g_clear_pointer (&self->also, also_free);
  G_OBJECT_CLASS (cv_store_parent_class)->finalize (object);
}

static void
cv_store_class_init (CvStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_store_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_store_finalize;
}

static void
cv_store_init (CvStore *self)
{
  self->queue = g_async_queue_new ();
}

CvStore *
cv_store_open (const char *path, GError **error)
{
  g_autoptr (sqlite3) db = NULL;
  g_autoptr (GError) cause = NULL;
  CvStore *self;
  Worker *worker;
  gboolean in_memory;

  g_return_val_if_fail (path != NULL, NULL);

  in_memory = g_str_equal (path, ":memory:");
  if (!in_memory && !make_private_file (path, error))
    return NULL;
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_OPEN, "%s: %s", path, sqlite3_errmsg (db));
    return NULL;
  }
  if (!configure (db, in_memory, &cause) || !cv_store_check (db, &cause) || !migrate (db, &cause)) {
    if (is_damaged (db, cause))
      cause->code = CV_STORE_ERROR_CORRUPT;
    g_propagate_prefixed_error (error, g_steal_pointer (&cause), "%s: ", path);
    return NULL;
  }

  self = g_object_new (CV_TYPE_STORE, NULL);
  worker = g_new (Worker, 1);
  *worker = (Worker){ g_steal_pointer (&db), g_async_queue_ref (self->queue) };
  self->worker = g_thread_new ("store", work, worker);
  return self;
}

void
cv_store_run_async (CvStore *self, CvStoreFunc func, gpointer data, GDestroyNotify free_data,
                    GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (CV_IS_STORE (self));
  g_return_if_fail (func != NULL);

  job = g_new0 (Job, 1);
  *job = (Job){ .func = func, .data = data, .free_data = free_data, .free_result = free_result };
  job->also = g_steal_pointer (&self->also);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, cv_store_run_async);
  g_task_set_task_data (task, job, job_free);
  if (self->worker == NULL)
    g_task_return_new_error (task, CV_STORE_ERROR, CV_STORE_ERROR_FAILED, "the database is closed");
  else
    g_async_queue_push (self->queue, g_steal_pointer (&task));
}

void
cv_store_also (CvStore *self, CvStoreFunc func, gpointer data, GDestroyNotify free_data)
{
  g_return_if_fail (CV_IS_STORE (self) && self->also == NULL);

  self->also = g_new (Also, 1);
  *self->also = (Also){ .func = func, .data = data, .free_data = free_data };
}

gpointer
cv_store_run_finish (CvStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
cv_store_run_finish_plain (CvStore *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) failure = NULL;

  cv_store_run_finish (self, result, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

void
cv_store_close (CvStore *self)
{
  GThread *worker;

  g_return_if_fail (CV_IS_STORE (self));

  worker = g_steal_pointer (&self->worker);
  if (worker == NULL)
    return;
  g_async_queue_push (self->queue, &stop);
  /* the worker may hold the last reference, through a task that nobody waited for */
  if (worker == g_thread_self ())
    g_thread_unref (worker);
  else
    g_thread_join (worker);
}
