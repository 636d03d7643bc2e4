/* Passwords as what is kept of them: scrypt, in threads of its own, a few at once.
 *
 * Main thread, but for the hashing. Each costs a quarter of a second and 32 MiB, so that whoever steals the database cannot
 * try many; so little of it is done at a time that nobody slows the server down by asking.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_PASSWORD_SALT_BYTES 16
#define CV_PASSWORD_HASH_BYTES 32
#define CV_PASSWORD_MAX_CHARACTERS 200

typedef struct _CvPasswords CvPasswords;

CvPasswords *cv_passwords_new (void);
/* For tests, which need not be slow to be right: N of scrypt, as a power of two. */
void cv_passwords_set_cost (CvPasswords *self, guint power);
/* Waits for those that are being hashed; the others fail. */
void cv_passwords_free (CvPasswords *self);

/* Fails with G_IO_ERROR_BUSY where too many wait already. */
void cv_passwords_hash_async (CvPasswords *self, const char *password, const guint8 salt[CV_PASSWORD_SALT_BYTES],
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean cv_passwords_hash_finish (GAsyncResult *result, guint8 hash[CV_PASSWORD_HASH_BYTES], GError **error);

G_END_DECLS
