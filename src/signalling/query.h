/* What the query of an address says: each member once, and nothing that nobody reads. Main thread. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct {
  GHashTable *members; /* owned; or NULL */
  guint read;
  gboolean bad;
} CvQuery;

void cv_query_init (CvQuery *self, SoupServerMessage *message);
void cv_query_clear (CvQuery *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvQuery, cv_query_clear)

/* Strings are borrowed. NULL where it is not there, or empty. */
const char *cv_query_text (CvQuery *self, const char *name, gsize max_bytes);
/* An id of a room, or NULL. */
const char *cv_query_room (CvQuery *self, const char *name);
/* Which of `choices` (ending in NULL), or -1. */
int cv_query_choice (CvQuery *self, const char *name, const char *const *choices);
/* 1 … max, or `otherwise`. */
guint cv_query_number (CvQuery *self, const char *name, guint max, guint otherwise);
/* FALSE where something did not fit, or was not read. */
gboolean cv_query_finish (CvQuery *self);

G_END_DECLS
