/* Requests to a conclaved over its admin socket: PROTOCOL.md §3. Main thread, blocking. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CV_CLIENT_ERROR (cv_client_error_quark ())
GQuark cv_client_error_quark (void);

typedef enum {
  CV_CLIENT_ERROR_UNREACHABLE, /* nobody answers on the socket */
  CV_CLIENT_ERROR_REFUSED,     /* the server answered with an error; the message is its text and id */
  CV_CLIENT_ERROR_STRANGE,     /* the answer is not one of a conclaved */
} CvClientError;

typedef struct _CvClient CvClient;

CvClient *cv_client_new (const char *socket_path);
void cv_client_free (CvClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvClient, cv_client_free)

/* `path` begins with /api/v1/; `body` may be NULL. Returns: (transfer full), an empty object for an answer without a
 * body, NULL with an error. */
JsonObject *cv_client_call (CvClient *self, const char *method, const char *path, JsonNode *body, GError **error);

/* For commands that the server takes its time for: how long to wait for an answer, or for more of one. 0: for ever. */
void cv_client_set_patience (CvClient *self, guint seconds);

/* What `path` has, from `*offset` on; `*offset` becomes 0 where that is no longer what `etag` (or NULL) names.
 * Returns: (transfer full), to be read to its end, NULL with an error. */
GInputStream *cv_client_open (CvClient *self, const char *path, guint64 *offset, const char *etag, GError **error);

G_END_DECLS
