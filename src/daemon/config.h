/* The configuration: a key file with a default for everything. One table says what is allowed; errors name file, group,
 * key and what is allowed. Read once at start. */
#pragma once

#include "daemon/config-fields.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_CONFIG_ERROR (cv_config_error_quark ())
GQuark cv_config_error_quark (void);
typedef enum { CV_CONFIG_ERROR_INVALID } CvConfigError;

#define CV_CONFIG_EXIT 78 /* sysexits.h EX_CONFIG */

/* `path` NULL: all defaults. Unknown groups and keys, and values out of bounds, are errors. Returns: (transfer full). */
CvConfig *cv_config_load (const char *path, GError **error);
/* What the command line says instead; the same rules. FALSE with an error that names --listen. */
gboolean cv_config_set_listen (CvConfig *self, const char *listen, GError **error);
/* `listen` as an address: GInetSocketAddress or GUnixSocketAddress. Returns: (transfer full). */
GSocketAddress *cv_config_get_address (const CvConfig *self);
/* Where media are bound: as configured, else everywhere, but on the loopback where the server is there too. (transfer full) */
char **cv_config_get_media_addresses (const CvConfig *self);
void cv_config_get_media_ports (const CvConfig *self, guint *min, guint *max); /* 0 and 0: any */
void cv_config_get_rtp_ports (const CvConfig *self, guint *min, guint *max);
void cv_config_free (CvConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvConfig, cv_config_free)

/* Names of the keys that differ, in the order of the table: GROUP.KEY, for a trunk "sip-trunk NAME.KEY"; "sip-trunk NAME" where only one
 * has it. No values. Returns: (transfer full). */
char **cv_config_changed (const CvConfig *one, const CvConfig *other);

/* A commented key file with every key at its default. Returns: (transfer full). */
char *cv_config_example (void);

G_END_DECLS
