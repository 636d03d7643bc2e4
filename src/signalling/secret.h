/* What lets its holder take up something again: a seat, a stream. Drawn here, handed out as text, kept as a hash only and looked
 * up by hash: the time that a lookup takes tells nothing about any.
 *
 * Main thread. Owns nothing.
 */
#pragma once

#include "base/ids.h"

G_BEGIN_DECLS

#define CV_SECRET_BYTES 32

typedef struct {
  guint8 bytes[CV_HASH_BYTES];
} CvSecretHash;

/* A new one, as base64url; `hash` is what to keep. Returns: (transfer full). */
char *cv_secret_draw (CvSecretHash *hash);
CvSecretHash cv_secret_get_hash (const guint8 secret[CV_SECRET_BYTES]);

/* For GHashTable, with CvSecretHash as keys. */
guint cv_secret_hash_hash (gconstpointer key);
gboolean cv_secret_hash_equal (gconstpointer a, gconstpointer b);

G_END_DECLS
