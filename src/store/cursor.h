/* Where a page of a list ended: "ID VALUE" of its last row, as text that clients pass back and do not read. Neither needs the
 * row to be there still. Any thread. And lists that are read by such pages, the newest row first. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* characters of one; a title has far fewer */
#define CV_CURSOR_MAX 4096

/* Returns: (transfer full). */
char *cv_cursor_new (const char *id, const char *value);
char *cv_cursor_new_number (const char *id, gint64 value);
/* FALSE with CV_STORE_ERROR_INVALID where `cursor` is none. `id` and `value`: (transfer full), or NULL. */
gboolean cv_cursor_read (const char *cursor, char **id, char **value, GError **error);
gboolean cv_cursor_read_number (const char *cursor, char **id, gint64 *value, GError **error);

/* The data of a list's CvStoreFunc. */
typedef struct {
  char *of;     /* whose rows, as ?1 */
  char *cursor; /* the page before; NULL: the newest */
  guint limit;
  char *text; /* what they have, as ?5 */
} CvPage;

/* What a page's statement ends with; `at`: the column of cv_cursor_new_number(). */
#define CV_PAGE(at)                                                                                                    \
  " AND " at " <= ?3 AND (?2 IS NULL OR " at " < ?3 OR id < ?2) ORDER BY " at " DESC, id DESC LIMIT ?4"

/* Copies `page`; the answer is of cv_page_read(). */
void cv_page_run_async (CvStore *store, CvStoreFunc func, const CvPage *page, GAsyncReadyCallback callback,
                        gpointer user_data);
/* For the CvStoreFunc. Fails with CV_STORE_ERROR_INVALID where the cursor is none. Returns: (transfer full). */
GPtrArray *cv_page_read (const CvPage *self, sqlite3 *db, const char *sql, CvStoreReadFunc read,
                         GDestroyNotify free_row, GError **error);

G_END_DECLS
