/* What stands behind keys of the configuration: which texts are valid, and what they mean. Any thread. Owns nothing. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* ADDRESS:PORT, localhost:PORT, unix:/PATH. */
gboolean cv_value_is_listen (const char *text);
/* Returns: (transfer full) (nullable). */
GSocketAddress *cv_value_parse_listen (const char *text);
/* https://HOST[:PORT], no path. */
gboolean cv_value_is_public_url (const char *text);
/* As browsers write it. */
gboolean cv_value_is_origin (const char *text);
gboolean cv_value_is_turn_url (const char *text);
gboolean cv_value_is_address (const char *text);
/* MIN-MAX, or 0. */
gboolean cv_value_is_ports (const char *text);
gboolean cv_value_parse_ports (const char *text, guint *min, guint *max);
gboolean cv_value_is_webhook_url (const char *text);
/* smtp:// or smtps://, a host, :PORT. */
gboolean cv_value_is_mail_server (const char *text);
/* ADDRESS or NAME <ADDRESS>. */
gboolean cv_value_is_mailbox (const char *text);

/* Of a provider of OpenID Connect: https://, or http:// of a loopback address, and no query. */
gboolean cv_value_is_issuer (const char *text);
/* On a button. */
gboolean cv_value_is_label (const char *text);
gboolean cv_value_is_scopes (const char *text);
gboolean cv_value_is_claim (const char *text);
gboolean cv_value_is_domain (const char *text);

/* "udp:", "tcp:" or "tls:" and ADDRESS:PORT. */
gboolean cv_value_is_sip_listen (const char *text);
gboolean cv_value_is_registrar (const char *text);
/* ADDRESS or ADDRESS/BITS. */
gboolean cv_value_is_network (const char *text);
/* As invitations show it. */
gboolean cv_value_is_phone_number (const char *text);

gboolean cv_value_is_name (const char *text);
gboolean cv_value_is_colour (const char *text);
gboolean cv_value_is_link (const char *text);

G_END_DECLS
