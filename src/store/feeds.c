/* Table `feed`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context.
 */
#include "store/feeds.h"

#include <string.h>

typedef struct {
  char *user;
  guint8 hash[CV_FEED_HASH_BYTES];
  gint64 at;
} Feed;

static void
feed_free (gpointer data)
{
  Feed *self = data;

  g_free (self->user);
  g_free (self);
}

static gpointer
set_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Feed *feed = data;

  if (cv_store_exec (db, error, "DELETE FROM feed WHERE user = ?", "s", feed->user))
    cv_store_exec (db, error, "INSERT INTO feed (hash, user, created) VALUES (?, ?, ?)", "bsi", feed->hash,
                   CV_FEED_HASH_BYTES, feed->user, feed->at);
  return NULL;
}

static gpointer
delete_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  cv_store_exec (db, error, "DELETE FROM feed WHERE user = ?", "s", data);
  return NULL;
}

static gpointer
read_user (sqlite3_stmt *statement)
{
  return cv_store_read_text (statement, 0);
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = cv_store_prepare (db, error,
                                                         "SELECT user.id FROM feed JOIN user ON user.id = feed.user "
                                                         "WHERE feed.hash = ? AND user.disabled IS NULL",
                                                         "b", data, CV_FEED_HASH_BYTES);

  return cv_store_read_one (statement, read_user, error);
}

void
cv_feeds_set_async (CvStore *store, const char *user, const guint8 hash[CV_FEED_HASH_BYTES], gint64 at,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  Feed *feed;

  g_return_if_fail (user != NULL);

  feed = g_new (Feed, 1);
  *feed = (Feed){ .user = g_strdup (user), .at = at };
  memcpy (feed->hash, hash, sizeof feed->hash);
  cv_store_run_async (store, set_on_worker, feed, feed_free, NULL, NULL, callback, user_data);
}

void
cv_feeds_delete_async (CvStore *store, const char *user, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (user != NULL);

  cv_store_run_async (store, delete_on_worker, g_strdup (user), g_free, NULL, NULL, callback, user_data);
}

gboolean
cv_feeds_change_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish_plain (store, result, error);
}

void
cv_feeds_find_async (CvStore *store, const guint8 hash[CV_FEED_HASH_BYTES], GAsyncReadyCallback callback,
                     gpointer user_data)
{
  cv_store_run_async (store, find_on_worker, g_memdup2 (hash, CV_FEED_HASH_BYTES), g_free, g_free, NULL, callback,
                      user_data);
}

char *
cv_feeds_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
