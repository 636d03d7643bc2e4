/* Who asks over HTTP: somebody with a key, or a cookie that one was exchanged for, or with a link to one recording.
 *
 * Owns what cookies stand for, in memory: they are good for 12 hours, or until the daemon starts anew. Kept as hashes and
 * found by them. Main thread.
 */
#pragma once

#include "base/bucket.h"
#include "base/clock.h"
#include "store/keys.h"
#include "store/shares.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What a request asks of whoever makes it. Administrators, and who may open the admin socket, may do everything. */
typedef enum {
  CV_AUTHORITY_PUBLIC, /* anybody on the network; who it is is known all the same */
  CV_AUTHORITY_NEAR,   /* from an address of [server] metrics-from; to others it is not there */
  CV_AUTHORITY_SUMMARY, /* who has a meeting's summary's secret, or its room's host key; hosts: whether it is theirs says the handler */
  CV_AUTHORITY_SHARE,     /* who opened a link to this recording, and whom PRODUCER lets in */
  CV_AUTHORITY_SIGNED_IN, /* who has a key or an account, of any role */
  CV_AUTHORITY_MEETING,   /* who is in this meeting, or has its summary; who owns its room */
  CV_AUTHORITY_HOST,      /* hosts; whether the room is theirs says cv_api_may_room() */
  CV_AUTHORITY_PRODUCER,  /* producers; hosts where it is about a recording of their own room, and for lists */
  CV_AUTHORITY_ADMIN,     /* administrators alone */
} CvAuthority;

#define CV_ACCESS_KEY_BYTES 32
#define CV_ACCESS_COOKIE "__Host-conclave"
#define CV_ACCESS_HOURS 12

typedef struct {
  char *share;
  char *recording;
  gint64 expires; /* ms since 1970 */
  gboolean downloads;
} CvGrant;

/* What a cookie stands for. */
typedef struct _CvPass CvPass;

typedef struct _CvAccess CvAccess;
CvAccess *cv_access_new (CvStore *store, CvClock *clock);
void cv_access_free (CvAccess *self);
guint cv_access_count (CvAccess *self);

/* That of the request's cookie; borrowed until the main loop goes on. NULL: there is none, or no more. */
CvPass *cv_access_find (CvAccess *self, SoupServerMessage *message);
/* Its key's id, role, name and end (ms since 1970); NULL or NOBODY: it has none, or no more. Borrowed. */
const char *cv_pass_get_key (CvPass *self);
CvAccountRole cv_pass_get_role (CvPass *self);
const char *cv_pass_get_name (CvPass *self);
gint64 cv_pass_get_expires (CvPass *self);
/* What links it has opened. Returns: borrowed, of CvGrant. */
GPtrArray *cv_pass_get_grants (CvPass *self);
/* The best one for this recording, or NULL. Borrowed. */
const CvGrant *cv_pass_find_grant (CvPass *self, const char *recording);

/* Is there an Authorization header? Then `key` is the one in it, all zeros where it is none. `header` may be NULL. */
gboolean cv_access_read_bearer (const char *header, guint8 key[CV_ACCESS_KEY_BYTES]);
/* The same of a request's. */
gboolean cv_access_get_bearer (SoupServerMessage *message, guint8 key[CV_ACCESS_KEY_BYTES]);
/* Is there one? A browser sends none by itself, and its cookies do not count then. */
gboolean cv_access_has_bearer (SoupServerMessage *message);
/* Has this address tried too many wrong ones lately? */
gboolean cv_access_may_try (CvAccess *self, const char *address);
/* Looks `key` up, for cv_access_check_finish(). */
void cv_access_check_async (CvAccess *self, const guint8 key[CV_ACCESS_KEY_BYTES], GAsyncReadyCallback callback,
                            gpointer user_data);
/* Fails with CV_STORE_ERROR_MISSING for a key that is not good, which counts against `address`. Returns: (transfer full). */
CvKeyRow *cv_access_check_finish (CvAccess *self, GAsyncResult *result, const char *address, GError **error);
/* For secrets of other kinds: one was wrong. Logs it. */
void cv_access_count_wrong (CvAccess *self, const char *address);
/* The line that data/fail2ban looks for; for what is counted elsewhere. */
void cv_access_log_refused (const char *address);
/* A password is to be tried: counts it. FALSE: not now. */
gboolean cv_access_take_try (CvAccess *self, const char *address);

/* Each of these gives the browser a new cookie in place of the one it may have. */
CvPass *cv_access_sign_in (CvAccess *self, SoupServerMessage *message, const CvKeyRow *key);
CvPass *cv_access_open_share (CvAccess *self, SoupServerMessage *message, const CvShareRow *share);
/* And takes it away. */
void cv_access_sign_out (CvAccess *self, SoupServerMessage *message);

/* The browser is signed in otherwise; the links that it has opened stay. */
void cv_access_drop_key (CvAccess *self, SoupServerMessage *message);

/* What was opened with it is closed. */
void cv_access_end_key (CvAccess *self, const char *key);
void cv_access_end_share (CvAccess *self, const char *share);

G_END_DECLS
