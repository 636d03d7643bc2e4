/* The server's side of TLS, as a stream that can be polled. Main thread.
 *
 * OpenSSL, and not GLib's TLS: glib-networking makes every handshake in a thread of GTask's pool, which has ten, and stays
 * there until the client has answered or is cut. A few dozen clients that say nothing would keep everyone else out. Here
 * the handshake is a part of the first read; a silent client costs its memory and nothing else.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CvTlsContext CvTlsContext;

/* TLS 1.2 and 1.3 with 256-bit ciphers, no renegotiation, no resumption (so that no key outlives its connection).
 * `certificate` comes with its private key and its issuers. */
CvTlsContext *cv_tls_context_new (GTlsCertificate *certificate, GError **error);
void cv_tls_context_free (CvTlsContext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTlsContext, cv_tls_context_free)

#define CV_TYPE_TLS_STREAM (cv_tls_stream_get_type ())
G_DECLARE_FINAL_TYPE (CvTlsStream, cv_tls_stream, CV, TLS_STREAM, GIOStream)

/* `socket` is connected to a client that has not said anything yet. Reading and writing never block: they fail with
 * G_IO_ERROR_WOULD_BLOCK. Closing leaves the socket to its owner. */
GIOStream *cv_tls_stream_new (CvTlsContext *context, GSocket *socket);

G_END_DECLS
