/* Reading what a provider says, where members that nobody knows are allowed, as OpenID Connect wants it.
 *
 * Owns nothing. Any thread. What is of another type, too long, or has control characters is not there.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CV_OIDC_ERROR (cv_oidc_error_quark ())
GQuark cv_oidc_error_quark (void);

typedef enum {
  CV_OIDC_ERROR_UNREACHABLE, /* no answer, too late, too long, or none that means anything: the provider's fault */
  CV_OIDC_ERROR_REFUSED,     /* it does not take the code */
  CV_OIDC_ERROR_TOKEN,       /* what came is not a good token for this sign-in */
  CV_OIDC_ERROR_NOT_ALLOWED, /* the token is good, and its person is none of those who may */
} CvOidcError;

/* of one answer of a provider */
#define CV_OIDC_MAX_BYTES (256 * 1024)
/* of an id, a name … in it */
#define CV_OIDC_MAX_TEXT 255
/* of an address */
#define CV_OIDC_MAX_URL 2048

/* An answer's object. Returns: (transfer full), NULL with UNREACHABLE. */
JsonObject *cv_oidc_document_parse (GBytes *bytes, GError **error);
/* 1 … `max` characters of UTF-8; borrowed, or NULL. */
const char *cv_oidc_document_text (JsonObject *object, const char *name, gsize max);
/* A whole number or not, in `value`. FALSE where it is none. */
gboolean cv_oidc_document_number (JsonObject *object, const char *name, double *value);
gboolean cv_oidc_document_true (JsonObject *object, const char *name);
/* Is it `text`, or an array that has it? */
gboolean cv_oidc_document_has (JsonObject *object, const char *name, const char *text);
/* The bytes that base64url of `n` letters stands for; at the end a NUL that is none of them. NULL where it is anything else: libcjose
 * aborts at some of that. Returns: (transfer full). */
char *cv_oidc_decode (const char *text, gsize n, gsize *length);
/* https://, or http:// of this machine; no user, no fragment. What `bare` has no query either. */
gboolean cv_oidc_is_url (const char *text, gboolean bare);

G_END_DECLS
