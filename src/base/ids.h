/* Ids, random values, hashes and their text forms. Any thread; owns nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_ID_LETTERS 12

/* 12 characters of `[a-z2-9]` without l and o (32 letters, 60 bits from the kernel) after `prefix` (may be "").
 * Returns: (transfer full). */
char *cv_id_new (const char *prefix);
/* TRUE for `prefix` followed by exactly 12 letters of the alphabet. NULL is not an id. */
gboolean cv_id_is_valid (const char *id, const char *prefix);

/* TRUE for a letter of that alphabet. */
gboolean cv_id_is_letter (char c);

/* Fills from getrandom(2); aborts where the kernel has none. */
void cv_random_bytes (guint8 *out, gsize n);

/* Overwrites a secret, also where the compiler sees no later use. */
void cv_wipe (gpointer data, gsize n);
/* Wipes and frees the text that is there, if any, and keeps a copy of `to`; NULL: none. */
void cv_secret_replace (char **self, const char *to);

#define CV_HASH_BYTES 32
/* SHA-256. */
void cv_hash (const guint8 *data, gsize n, guint8 out[CV_HASH_BYTES]);
/* HKDF-SHA-256 (RFC 5869), `n` ≤ 255·32 bytes out. */
void cv_hkdf (const guint8 *key, gsize key_n, const guint8 *salt, gsize salt_n, const guint8 *info, gsize info_n,
              guint8 *out, gsize n);
/* Compares in constant time. */
gboolean cv_bytes_equal (const guint8 *a, const guint8 *b, gsize n);

/* base64url without padding (RFC 4648 §5). Returns: (transfer full). */
char *cv_base64url_encode (const guint8 *data, gsize n);
/* Exactly `n` bytes out, or FALSE (wrong alphabet, length, or trailing bits that are not 0). */
gboolean cv_base64url_decode (const char *text, guint8 *out, gsize n);
/* TRUE for a character of base64url's alphabet. */
gboolean cv_base64url_is_digit (char c);
/* Lower-case hexadecimal. Returns: (transfer full). */
char *cv_hex_encode (const guint8 *data, gsize n);

G_END_DECLS
