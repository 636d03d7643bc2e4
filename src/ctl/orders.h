/* The key of a room's orders: LINK-1.md §8. Any thread. */
#pragma once

#include "base/link.h"

#include <openssl/evp.h>

G_BEGIN_DECLS

#define CV_ORDERS_NONCE_BYTES 12

/* A new key for the room of `link`: its public half, the MAC of those who have S, and its private half, sealed under H, as
 * the JSON that POST /api/v1/rooms takes. Returns: (transfer full). */
char *cv_orders_new (const CvLink *link);

/* The same for a given pair (EC, P-256) and nonce, as the test vectors have them. Returns: (transfer full). */
char *cv_orders_seal (const CvLink *link, EVP_PKEY *pair, const guint8 nonce[CV_ORDERS_NONCE_BYTES]);

G_END_DECLS
