/* Table `room`: links with a policy. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

#define CV_VERIFIER_BYTES 32
#define CV_ROOM_SECRET_BYTES 32

/* Before somebody is recorded they are told, or have to agree. */
typedef enum { CV_CONSENT_ANNOUNCE, CV_CONSENT_REQUIRE } CvConsent;

/* "announce", "require", NULL. */
extern const char *const cv_consents[];

/* Who gets the summary of a meeting: nobody, so that none is made; hosts; everybody who was there. */
typedef enum { CV_SUMMARY_OFF, CV_SUMMARY_HOSTS, CV_SUMMARY_PEOPLE } CvSummaryFor;

/* "off", "hosts", "people", NULL. */
extern const char *const cv_summary_fors[];
/* CV_SUMMARY_OFF for what is none of them. */
CvSummaryFor cv_summary_for_parse (const char *text);

/* `keep_days`, `keep_content_days`: as the configuration says. */
#define CV_ROOM_KEEP_DEFAULT (-1)

typedef struct {
  char *id;
  char *kind; /* a name of room/policy.h */
  char *title;
  gint64 created; /* ms since 1970 */
  guint8 join_verifier[CV_VERIFIER_BYTES];
  guint8 host_verifier[CV_VERIFIER_BYTES];
  gboolean recording; /* hosts may record */
  CvConsent consent;
  int keep_days;  /* recordings; 0: for ever; or CV_ROOM_KEEP_DEFAULT */
  char *owner;    /* id of a user or a key; NULL: nobody's */
  gboolean lobby; /* its meetings begin with one */
  gboolean has_secret;
  guint8 secret[CV_ROOM_SECRET_BYTES]; /* what its link is made of; never of p2p kinds */
  char *orders;                        /* the key of its hosts' orders, opaque; NULL: there is none */
  gint64 generation;                   /* how often its link was exchanged for another one */
  gboolean dial_in;                    /* callers may come in by phone */
  char *pin, *host_pin;                /* what they type (store/pins.h); NULL: never drawn */
  CvSummaryFor summary;
  gboolean attendance;   /* it says who was there */
  int keep_content_days; /* what people shared, and summaries; as keep_days */
} CvRoomRow;

/* How rooms are where nobody says otherwise; all else is 0. */
#define CV_ROOM_ROW_INIT                                                                                               \
  {                                                                                                                    \
    .keep_days = CV_ROOM_KEEP_DEFAULT, .summary = CV_SUMMARY_PEOPLE, .attendance = TRUE,                               \
    .keep_content_days = CV_ROOM_KEEP_DEFAULT                                                                          \
  }

CvRoomRow *cv_room_row_copy (const CvRoomRow *self);
void cv_room_row_free (CvRoomRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRoomRow, cv_room_row_free)

/* Fails with CV_STORE_ERROR_EXISTS where the id, or a PIN, is taken. */
void cv_rooms_insert_async (CvStore *store, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_rooms_insert_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Fails with CV_STORE_ERROR_MISSING. Returns: (transfer full). */
void cv_rooms_load_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
CvRoomRow *cv_rooms_load_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Rooms of a page; one more may be asked for, to know whether there are others. */
#define CV_ROOMS_MAX_PAGE 200
typedef struct {
  const char *owner;  /* NULL: of anybody */
  const char *text;   /* a part of its title; NULL: any */
  const char *cursor; /* the last one of the page before; NULL: from the newest on */
  guint limit;
} CvRoomsQuery;

/* Newest first. Fails with CV_STORE_ERROR_INVALID for what is no cursor. Returns: (transfer full) of CvRoomRow. */
void cv_rooms_list_async (CvStore *store, const CvRoomsQuery *query, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_rooms_list_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Returns: (transfer full). */
char *cv_room_row_to_cursor (const CvRoomRow *self);

/* All but its kind, its keys and its owner as `row` says. Fails with CV_STORE_ERROR_MISSING. */
void cv_rooms_update_async (CvStore *store, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_rooms_update_finish (CvStore *store, GAsyncResult *result, GError **error);
/* The keys of its link, its orders and its generation as `row` says. Fails with CV_STORE_ERROR_MISSING where it is not of the generation before. */
void cv_rooms_rotate_async (CvStore *store, const CvRoomRow *row, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_rooms_rotate_finish (CvStore *store, GAsyncResult *result, GError **error);
/* How many there are; -1 with an error. */
void cv_rooms_count_async (CvStore *store, GAsyncReadyCallback callback, gpointer user_data);
gint64 cv_rooms_count_finish (CvStore *store, GAsyncResult *result, GError **error);

/* Its meetings and tokens go with it. Fails with CV_STORE_ERROR_MISSING, also where there are recordings of it. */
void cv_rooms_delete_async (CvStore *store, const char *id, GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_rooms_delete_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
