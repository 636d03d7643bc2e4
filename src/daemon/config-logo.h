/* The operator's logo, read from its file: what it is goes by its bytes and not by its name. A value; any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_LOGO_MAX_BYTES (256 * 1024)
/* of a PNG, in each direction: what is small as a file must not be huge as a picture */
#define CV_LOGO_MAX_PIXELS 4096

/* "image/svg+xml" or "image/png"; NULL: it is neither, or declares entities, which can grow without an end. Static. */
const char *cv_config_logo_sniff (GBytes *bytes);
/* Returns: (transfer full); NULL: `trouble` has what it must be, after "must be ". `type`: as above. */
GBytes *cv_config_logo_read (const char *path, const char **type, const char **trouble);

G_END_DECLS
