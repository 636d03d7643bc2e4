/* How much there is of what the tables have: for those who watch over the server. Answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* kinds of rooms that are told apart */
#define CV_CENSUS_MAX_KINDS 8

typedef struct {
  char *kind;
  gint64 rooms;
} CvCensusKind;

typedef struct {
  CvCensusKind kinds[CV_CENSUS_MAX_KINDS];
  guint n_kinds;
  gint64 documents, document_bytes;   /* that can be had */
  gint64 hooks_waiting, hooks_failed; /* webhooks' calls: still to be made, and given up */
} CvCensus;

void cv_census_free (CvCensus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCensus, cv_census_free)

void cv_census_take_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full), NULL with an error. */
CvCensus *cv_census_take_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
