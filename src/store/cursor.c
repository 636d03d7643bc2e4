/* See cursor.h. Owns nothing. */
#include "store/cursor.h"

#include "base/ids.h"

#include <string.h>

char *
cv_cursor_new (const char *id, const char *value)
{
  g_autofree char *text = g_strdup_printf ("%s %s", id, value);

  return cv_base64url_encode ((const guint8 *) text, strlen (text));
}

char *
cv_cursor_new_number (const char *id, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  return cv_cursor_new (id, text);
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, CV_STORE_ERROR, CV_STORE_ERROR_INVALID, "the cursor is none");
  return FALSE;
}

gboolean
cv_cursor_read (const char *cursor, char **id, char **value, GError **error)
{
  gsize letters = strlen (cursor);
  gsize n = letters * 3 / 4;
  g_autofree char *text = NULL;
  const char *space;

  *id = NULL;
  *value = NULL;
  if (letters > CV_CURSOR_MAX)
    return refuse (error);
  text = g_malloc0 (n + 1);
  if (!cv_base64url_decode (cursor, (guint8 *) text, n) || strlen (text) != n || !g_utf8_validate (text, -1, NULL) ||
      (space = strchr (text, ' ')) == NULL)
    return refuse (error);
  *id = g_strndup (text, (gsize) (space - text));
  *value = g_strdup (space + 1);
  return TRUE;
}

gboolean
cv_cursor_read_number (const char *cursor, char **id, gint64 *value, GError **error)
{
  g_autofree char *text = NULL;

  *value = 0;
  if (!cv_cursor_read (cursor, id, &text, error))
    return FALSE;
  if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, value, NULL))
    return TRUE;
  g_clear_pointer (id, g_free);
  return refuse (error);
}

/* ---- pages ---- */

static void
page_free (gpointer data)
{
  CvPage *self = data;

  g_free (self->of);
  g_free (self->cursor);
  g_free (self->text);
  g_free (self);
}

void
cv_page_run_async (CvStore *store, CvStoreFunc func, const CvPage *page, GAsyncReadyCallback callback,
                   gpointer user_data)
{
  CvPage *copy = g_new (CvPage, 1);

  *copy = (CvPage){ g_strdup (page->of), g_strdup (page->cursor), page->limit, g_strdup (page->text) };
  cv_store_run_async (store, func, copy, page_free, (GDestroyNotify) g_ptr_array_unref, NULL, callback, user_data);
}

GPtrArray *
cv_page_read (const CvPage *self, sqlite3 *db, const char *sql, CvStoreReadFunc read, GDestroyNotify free_row,
              GError **error)
{
  g_autofree char *id = NULL;
  gint64 at = G_MAXINT64;
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (self->cursor != NULL && !cv_cursor_read_number (self->cursor, &id, &at, error))
    return NULL;
  statement = cv_store_prepare (db, error, sql, self->text != NULL ? "ssiis" : "ssii", self->of, id, at,
                                (gint64) self->limit, self->text);
  return cv_store_read_all (statement, read, free_row, error);
}
