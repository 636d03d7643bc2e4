/* A row of table `content` as one reads it: the value of each field, whoever set it when. Any thread. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *id;
  JsonObject *state; /* field → [value, clock, actor] */
} CvSharedRow;

/* NULL where `state` is none, or the object is gone. Returns: (transfer full). */
CvSharedRow *cv_shared_row_new (const char *id, const char *state);
void cv_shared_row_free (CvSharedRow *self);

/* Was it ever set? */
gboolean cv_shared_row_has (const CvSharedRow *self, const char *field);
/* As plain text of at most so many characters: without what cannot be seen, or turns text around, and (unless `lines`) on one
 * line. "" where it is no text. Returns: (transfer full). */
char *cv_shared_row_text (const CvSharedRow *self, const char *field, glong max, gboolean lines);
/* The same of any text. */
char *cv_shared_clean (const char *text, glong max, gboolean lines);
/* 0 … 2^53; 0 where it is no number. */
gint64 cv_shared_row_number (const CvSharedRow *self, const char *field);
gboolean cv_shared_row_flag (const CvSharedRow *self, const char *field);
/* NULL where it is no list; borrowed. */
JsonArray *cv_shared_row_list (const CvSharedRow *self, const char *field);

/* By order, then by id; by time, then by id. For g_ptr_array_sort(). */
int cv_shared_row_compare_order (gconstpointer a, gconstpointer b);
int cv_shared_row_compare_at (gconstpointer a, gconstpointer b);

G_END_DECLS
