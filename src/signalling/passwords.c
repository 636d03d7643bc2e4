/* See passwords.h. */
#include "signalling/passwords.h"

#include "base/ids.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#define MAX_THREADS 2
/* that wait for a thread: the last one for two seconds */
#define MAX_WAITING 16

/* OWASP's second choice of scrypt: the same cost as its first in a quarter of the memory. */
#define SCRYPT_N_POWER 15
#define SCRYPT_R 8
#define SCRYPT_P 3
#define SCRYPT_MAX_MEMORY (64 * 1024 * 1024)

struct _CvPasswords {
  GThreadPool *pool; /* of GTask */
  guint64 n;         /* of scrypt; not changed while anything is hashed */
};

typedef struct {
  char *password;
  guint8 salt[CV_PASSWORD_SALT_BYTES];
  guint8 hash[CV_PASSWORD_HASH_BYTES];
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;
  cv_wipe (self->password, strlen (self->password));
  g_free (self->password);
  cv_wipe (self, sizeof *self);
  g_free (self);
}

/* ---- threads of the pool: touch their task alone, and read what it costs ---- */

static void
work (gpointer data, gpointer user_data)
{
  const CvPasswords *self = user_data;
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  gboolean done = EVP_PBE_scrypt (job->password, strlen (job->password), job->salt, sizeof job->salt, self->n, SCRYPT_R,
                                  SCRYPT_P, SCRYPT_MAX_MEMORY, job->hash, sizeof job->hash) == 1;
  OPENSSL_thread_stop (); /* GLib lends the thread to others, and keeps it beyond what OpenSSL knows of it */
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "scrypt failed");
}

/* ---- main thread ---- */

/* Its turn never comes: the server ends. */
static void
give_up (gpointer data)
{
  g_autoptr (GTask) task = data;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the server ends");
}

CvPasswords *
cv_passwords_new (void)
{
  CvPasswords *self = g_new0 (CvPasswords, 1);
  self->pool = g_thread_pool_new_full (work, self, give_up, MAX_THREADS, FALSE, NULL);
  cv_passwords_set_cost (self, SCRYPT_N_POWER);
  return self;
}

void
cv_passwords_set_cost (CvPasswords *self, guint power)
{
  self->n = G_GUINT64_CONSTANT (1) << power;
}

void
cv_passwords_free (CvPasswords *self)
{
  g_thread_pool_free (self->pool, TRUE, TRUE);
  g_free (self);
}

void
cv_passwords_hash_async (CvPasswords *self, const char *password, const guint8 salt[CV_PASSWORD_SALT_BYTES],
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = g_new0 (Job, 1);
  job->password = g_strdup (password);
  memcpy (job->salt, salt, sizeof job->salt);
  g_task_set_source_tag (task, cv_passwords_hash_async);
  g_task_set_task_data (task, job, job_free);
  if (g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "too many passwords wait");
  else
    g_thread_pool_push (self->pool, g_steal_pointer (&task), NULL);
}

gboolean
cv_passwords_hash_finish (GAsyncResult *result, guint8 hash[CV_PASSWORD_HASH_BYTES], GError **error)
{
  const Job *job = g_task_get_task_data (G_TASK (result));
  memcpy (hash, job->hash, sizeof job->hash);
  return g_task_propagate_boolean (G_TASK (result), error);
}
