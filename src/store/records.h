/* What is kept of a meeting: for whom, until when, and its end. Tables `meeting`, `attendance`, `content`, `document`, `summary`
 * and `mail`, as far as they go together. All calls are answered in the main context. */
#pragma once

#include "store/rooms.h"

G_BEGIN_DECLS

#define CV_RECORD_SECRET_BYTES 32

typedef struct {
  char *meeting;
  char *room;
  char *title; /* the room's when it began */
  char *kind;
  char *owner;                             /* of the room; NULL: nobody's */
  gint64 started, ended;                   /* ms since 1970; `ended` 0: it runs */
  char *reason;                            /* NULL: it runs */
  gboolean has_secret;                     /* FALSE: nothing is kept */
  guint8 secret[CV_RECORD_SECRET_BYTES];   /* of hosts' links */
  guint8 host_verifier[CV_VERIFIER_BYTES]; /* of the room */
  CvSummaryFor summary;                    /* the room's, like the next two */
  gboolean attendance;
  int keep_content_days;
  gint64 expires; /* ms since 1970; 0: never */
  guint issue;    /* of its summary; 0: there is none yet */
  gboolean open;  /* who was there reads that summary, not hosts only */
} CvRecordRow;

void cv_record_row_free (CvRecordRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRecordRow, cv_record_row_free)

/* For a CvStoreFunc. NULL with an error, MISSING where there is none. Returns: (transfer full). */
CvRecordRow *cv_record_read (sqlite3 *db, const char *meeting, GError **error);

/* What the links of everybody else are made of; the hosts' cannot be found from it. */
void cv_record_make_people_secret (const guint8 secret[CV_RECORD_SECRET_BYTES], guint8 people[CV_RECORD_SECRET_BYTES]);
gboolean cv_record_is_people_secret (const guint8 secret[CV_RECORD_SECRET_BYTES],
                                     const guint8 key[CV_RECORD_SECRET_BYTES]);
/* Where its page is, for all who may read it: "/summary/MEETING#SECRET". Returns: (transfer full). */
char *cv_record_make_path (const CvRecordRow *self);
/* The same for somebody, before it is known who may. */
char *cv_record_make_path_for (const char *meeting, const guint8 secret[CV_RECORD_SECRET_BYTES], gboolean host);

/* A meeting that began leaves something behind. Fails with MISSING. */
void cv_records_open_async (CvStore *store, const char *meeting, const char *title,
                            const guint8 secret[CV_RECORD_SECRET_BYTES], GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean cv_records_open_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with MISSING. Returns: (transfer full). */
void cv_records_load_async (CvStore *store, const char *meeting, GAsyncReadyCallback callback, gpointer user_data);
CvRecordRow *cv_records_load_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Ids of meetings that are over and whose summary is still to be made. Returns: (transfer full) of char *. */
void cv_records_list_pending_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
/* Ids of those that are over and whose time was over at `now`. */
void cv_records_list_expired_async (CvStore *store, gint64 now, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_records_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* All of it goes, with a row of the audit; documents must be gone already, or it fails with FAILED. `whole`: the meeting's own row goes too, where no recording
 * needs it. Fails with MISSING. */
void cv_records_delete_async (CvStore *store, const char *meeting, gboolean whole, const char *actor, gint64 now,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_records_delete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
