/* See tls.h. */
#include "signalling/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <string.h>

#define CIPHERS_1_2                                                                                                    \
  "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-"        \
  "POLY1305"
#define CIPHERS_1_3 "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)

static gboolean
fail (GError **error, const char *doing)
{
  unsigned long code = ERR_get_error ();
  const char *reason = code != 0 ? ERR_reason_error_string (code) : NULL;
  g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_MISC, "%s: %s", doing, reason != NULL ? reason : "failed");
  return FALSE;
}

/* ---- context ---- */

struct _CvTlsContext {
  SSL_CTX *ssl;
};

static X509 *
read_certificate (GTlsCertificate *certificate)
{
  g_autofree char *pem = NULL;
  g_object_get (certificate, "certificate-pem", &pem, NULL);
  g_autoptr (BIO) text = pem != NULL ? BIO_new_mem_buf (pem, -1) : NULL;
  return text != NULL ? PEM_read_bio_X509 (text, NULL, NULL, NULL) : NULL;
}

static gboolean
use_key (SSL_CTX *ssl, GTlsCertificate *certificate)
{
  char *pem = NULL;
  g_object_get (certificate, "private-key-pem", &pem, NULL);
  if (pem == NULL)
    return FALSE;
  g_autoptr (BIO) text = BIO_new_mem_buf (pem, -1);
  g_autoptr (EVP_PKEY) key = PEM_read_bio_PrivateKey (text, NULL, NULL, NULL);
  gboolean used = key != NULL && SSL_CTX_use_PrivateKey (ssl, key) == 1;
  OPENSSL_cleanse (pem, strlen (pem));
  g_free (pem);
  return used;
}

static gboolean
use_certificate (SSL_CTX *ssl, GTlsCertificate *certificate, GError **error)
{
  g_autoptr (X509) own = read_certificate (certificate);
  if (own == NULL || SSL_CTX_use_certificate (ssl, own) != 1 || !use_key (ssl, certificate))
    return fail (error, "certificate and key");
  for (GTlsCertificate *issuer = g_tls_certificate_get_issuer (certificate); issuer != NULL;
       issuer = g_tls_certificate_get_issuer (issuer)) {
    g_autoptr (X509) next = read_certificate (issuer);
    if (next == NULL || SSL_CTX_add1_chain_cert (ssl, next) != 1)
      return fail (error, "certificate chain");
  }
  return TRUE;
}

static int
on_ssl_select_protocol (SSL *ssl, const guint8 **out, guint8 *n, const guint8 *offered, guint n_offered,
                        void *user_data)
{
  static const guint8 ours[] = "\x08http/1.1";
  guint8 *chosen = NULL;
  if (SSL_select_next_proto (&chosen, n, ours, sizeof ours - 1, offered, n_offered) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

CvTlsContext *
cv_tls_context_new (GTlsCertificate *certificate, GError **error)
{
  g_autoptr (CvTlsContext) self = g_new0 (CvTlsContext, 1);
  ERR_clear_error ();
  self->ssl = SSL_CTX_new (TLS_server_method ());
  if (self->ssl == NULL || SSL_CTX_set_min_proto_version (self->ssl, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list (self->ssl, CIPHERS_1_2) != 1 || SSL_CTX_set_ciphersuites (self->ssl, CIPHERS_1_3) != 1) {
    fail (error, "TLS");
    return NULL;
  }
  SSL_CTX_set_options (self->ssl, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode (self->ssl, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets (self->ssl, 0);
  SSL_CTX_set_mode (self->ssl,
                    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb (self->ssl, on_ssl_select_protocol, NULL);
  return use_certificate (self->ssl, certificate, error) ? g_steal_pointer (&self) : NULL;
}

void
cv_tls_context_free (CvTlsContext *self)
{
  SSL_CTX_free (self->ssl);
  g_free (self);
}

/* ---- what both directions share ---- */

typedef struct {
  gatomicrefcount references;
  SSL *ssl;
  GSocket *socket;
} Link;

static Link *
link_ref (Link *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
link_unref (Link *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  SSL_free (self->ssl);
  g_object_unref (self->socket);
  g_free (self);
}

/* What OpenSSL's answer means to GIO: bytes, 0 at the end, or -1. */
static gssize
conclude (Link *self, int n, GError **error)
{
  int cause = errno;
  if (n > 0)
    return n;
  switch (SSL_get_error (self->ssl, n)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "the socket is not ready");
    return -1;
  case SSL_ERROR_ZERO_RETURN:
    return 0;
  case SSL_ERROR_SYSCALL:
    g_set_error_literal (error, G_IO_ERROR, cause != 0 ? (int) g_io_error_from_errno (cause) : G_IO_ERROR_CLOSED,
                         g_strerror (cause));
    return -1;
  default:
    fail (error, "TLS");
    return -1;
  }
}

/* During a handshake a read may wait for the socket to take something, and a write for the client to say something. */
static GSource *
create_source (Link *self, GIOCondition usual, GObject *stream, GCancellable *cancellable)
{
  GIOCondition condition = SSL_want_write (self->ssl) ? G_IO_OUT : SSL_want_read (self->ssl) ? G_IO_IN : usual;
  g_autoptr (GSource) base = usual == G_IO_IN && SSL_pending (self->ssl) > 0
                               ? g_timeout_source_new (0)
                               : g_socket_create_source (self->socket, condition, NULL);
  return g_pollable_source_new_full (stream, base, cancellable);
}

/* ---- input ---- */

#define CV_TYPE_TLS_INPUT (cv_tls_input_get_type ())
G_DECLARE_FINAL_TYPE (CvTlsInput, cv_tls_input, CV, TLS_INPUT, GInputStream)

struct _CvTlsInput {
  GInputStream parent_instance;
  Link *link;
};

static void tls_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvTlsInput, cv_tls_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, tls_input_pollable_init))

static gssize
cv_tls_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  Link *link = CV_TLS_INPUT (stream)->link;
  ERR_clear_error ();
  errno = 0;
  return conclude (link, SSL_read (link->ssl, buffer, (int) MIN (count, G_MAXINT)), error);
}

static gssize
cv_tls_input_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return cv_tls_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, error);
}

static gboolean
cv_tls_input_is_readable (GPollableInputStream *stream)
{
  Link *link = CV_TLS_INPUT (stream)->link;
  return SSL_pending (link->ssl) > 0 || g_socket_condition_check (link->socket, G_IO_IN) != 0;
}

static GSource *
cv_tls_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  return create_source (CV_TLS_INPUT (stream)->link, G_IO_IN, G_OBJECT (stream), cancellable);
}

static gboolean
cv_tls_input_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
cv_tls_input_finalize (GObject *object)
{
  link_unref (CV_TLS_INPUT (object)->link);
  G_OBJECT_CLASS (cv_tls_input_parent_class)->finalize (object);
}

static void
cv_tls_input_class_init (CvTlsInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_tls_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = cv_tls_input_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = cv_tls_input_close;
}

static void
tls_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = cv_tls_input_is_readable;
  iface->create_source = cv_tls_input_create_source;
  iface->read_nonblocking = cv_tls_input_read_nonblocking;
}

static void
cv_tls_input_init (CvTlsInput *self)
{
}

/* ---- output ---- */

#define CV_TYPE_TLS_OUTPUT (cv_tls_output_get_type ())
G_DECLARE_FINAL_TYPE (CvTlsOutput, cv_tls_output, CV, TLS_OUTPUT, GOutputStream)

struct _CvTlsOutput {
  GOutputStream parent_instance;
  Link *link;
};

static void tls_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvTlsOutput, cv_tls_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, tls_output_pollable_init))

static gssize
cv_tls_output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize count, GError **error)
{
  Link *link = CV_TLS_OUTPUT (stream)->link;
  if (count == 0)
    return 0;
  ERR_clear_error ();
  errno = 0;
  gssize n = conclude (link, SSL_write (link->ssl, buffer, (int) MIN (count, G_MAXINT)), error);
  if (n == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the client has closed the connection");
    return -1;
  }
  return n;
}

static gssize
cv_tls_output_write (GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return cv_tls_output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), buffer, count, error);
}

static gboolean
cv_tls_output_is_writable (GPollableOutputStream *stream)
{
  return g_socket_condition_check (CV_TLS_OUTPUT (stream)->link->socket, G_IO_OUT) != 0;
}

static GSource *
cv_tls_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  return create_source (CV_TLS_OUTPUT (stream)->link, G_IO_OUT, G_OBJECT (stream), cancellable);
}

static gboolean
cv_tls_output_close (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
cv_tls_output_finalize (GObject *object)
{
  link_unref (CV_TLS_OUTPUT (object)->link);
  G_OBJECT_CLASS (cv_tls_output_parent_class)->finalize (object);
}

static void
cv_tls_output_class_init (CvTlsOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_tls_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = cv_tls_output_write;
  G_OUTPUT_STREAM_CLASS (klass)->close_fn = cv_tls_output_close;
}

static void
tls_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = cv_tls_output_is_writable;
  iface->create_source = cv_tls_output_create_source;
  iface->write_nonblocking = cv_tls_output_write_nonblocking;
}

static void
cv_tls_output_init (CvTlsOutput *self)
{
}

/* ---- the pair ---- */

struct _CvTlsStream {
  GIOStream parent_instance;
  GInputStream *input;
  GOutputStream *output;
};

G_DEFINE_FINAL_TYPE (CvTlsStream, cv_tls_stream, G_TYPE_IO_STREAM)

static GInputStream *
cv_tls_stream_get_input_stream (GIOStream *stream)
{
  return CV_TLS_STREAM (stream)->input;
}

static GOutputStream *
cv_tls_stream_get_output_stream (GIOStream *stream)
{
  return CV_TLS_STREAM (stream)->output;
}

static void
cv_tls_stream_finalize (GObject *object)
{
  CvTlsStream *self = CV_TLS_STREAM (object);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  G_OBJECT_CLASS (cv_tls_stream_parent_class)->finalize (object);
}

static void
cv_tls_stream_class_init (CvTlsStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cv_tls_stream_finalize;
  G_IO_STREAM_CLASS (klass)->get_input_stream = cv_tls_stream_get_input_stream;
  G_IO_STREAM_CLASS (klass)->get_output_stream = cv_tls_stream_get_output_stream;
}

static void
cv_tls_stream_init (CvTlsStream *self)
{
}

GIOStream *
cv_tls_stream_new (CvTlsContext *context, GSocket *socket)
{
  Link *link = g_new0 (Link, 1);
  g_atomic_ref_count_init (&link->references);
  link->ssl = SSL_new (context->ssl);
  link->socket = g_object_ref (socket);
  SSL_set_fd (link->ssl, g_socket_get_fd (socket));
  SSL_set_accept_state (link->ssl);

  CvTlsInput *input = g_object_new (CV_TYPE_TLS_INPUT, NULL);
  input->link = link;
  CvTlsOutput *output = g_object_new (CV_TYPE_TLS_OUTPUT, NULL);
  output->link = link_ref (link);

  CvTlsStream *self = g_object_new (CV_TYPE_TLS_STREAM, NULL);
  self->input = G_INPUT_STREAM (input);
  self->output = G_OUTPUT_STREAM (output);
  return G_IO_STREAM (self);
}
