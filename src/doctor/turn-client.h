/* A TURN client (RFC 8656) that goes as far as being let in: it allocates, asks for permissions, and lets go. It relays nothing.
 * Blocks, for a few seconds at most; main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_TURN_CLIENT_ERROR (cv_turn_client_error_quark ())
GQuark cv_turn_client_error_quark (void);
typedef enum {
  CV_TURN_CLIENT_ERROR_SILENT,  /* nobody answers */
  CV_TURN_CLIENT_ERROR_STRANGE, /* what answers is not TURN */
  CV_TURN_CLIENT_ERROR_UNKNOWN, /* the credentials are not taken */
  CV_TURN_CLIENT_ERROR_REFUSED, /* the message has its code and words */
} CvTurnClientError;

typedef struct {
  char *host; /* without brackets */
  guint16 port;
  gboolean udp, tls; /* else TCP */
} CvTurnUrl;

/* turn: and turns: URLs as config-values takes them, without %h. FALSE: it is none that we know. */
gboolean cv_turn_url_parse (CvTurnUrl *self, const char *url);
void cv_turn_url_clear (CvTurnUrl *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvTurnUrl, cv_turn_url_clear)

typedef struct _CvTurnClient CvTurnClient;

/* Connects. Certificates are taken as they are: see the next one. Returns: (transfer full), NULL with an error. */
CvTurnClient *cv_turn_client_new (const CvTurnUrl *url, GInetAddress *address, GError **error);
/* What is wrong with the server's certificate, over TLS. */
GTlsCertificateFlags cv_turn_client_get_flags (const CvTurnClient *self);
/* Ends the allocation, if there is one. */
void cv_turn_client_free (CvTurnClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTurnClient, cv_turn_client_free)

/* Takes an address to be relayed from. Returns: (transfer full), that address, NULL with an error. */
GInetAddress *cv_turn_client_allocate (CvTurnClient *self, const char *username, const char *credential,
                                       GError **error);
/* After that. TRUE: `peer` could be reached through the server. FALSE with CV_TURN_CLIENT_ERROR_REFUSED, or another error. */
gboolean cv_turn_client_permit (CvTurnClient *self, GInetAddress *peer, GError **error);

G_END_DECLS
