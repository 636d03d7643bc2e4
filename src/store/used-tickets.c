/* Table `used_ticket`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/used-tickets.h"

#include <string.h>

typedef struct {
  guint8 hash[CV_HASH_BYTES];
  gint64 expires;
  gint64 now;
} Use;

static gpointer
add_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Use *use = data;

  if (cv_store_exec (db, error, "DELETE FROM used_ticket WHERE expires < ?", "i", use->now))
    cv_store_exec (db, error, "INSERT INTO used_ticket (hash, expires) VALUES (?, ?)", "bi", use->hash, CV_HASH_BYTES,
                   use->expires);
  return NULL;
}

void
cv_used_tickets_add_async (CvStore *store, const guint8 hash[CV_HASH_BYTES], gint64 expires, gint64 now,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  Use *use = g_new (Use, 1);

  memcpy (use->hash, hash, CV_HASH_BYTES);
  use->expires = expires;
  use->now = now;
  cv_store_run_async (store, add_on_worker, use, g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_used_tickets_add_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}
