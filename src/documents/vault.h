/* Files of documents on the disk: DIRECTORY/MEETING/DOCUMENT, with .part behind its name until it is whole. 0700, 0600.
 *
 * Owns nothing. Any thread; all of it may wait for the disk. Errors are those of G_IO_ERROR by errno: NO_SPACE, NOT_FOUND …
 * Ids are checked: nothing else gets into a path.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Makes what is missing. `offset`: how much is there. To be appended to, and closed by the caller; -1 with an error. */
int cv_vault_open_part (const char *directory, const char *meeting, const char *document, gint64 *offset,
                        GError **error);
/* How much is there of what is not whole; 0 where there is nothing. */
gint64 cv_vault_get_offset (const char *directory, const char *meeting, const char *document);
/* All of it, or what of it was written is taken back. NO_SPACE as well where a quota or a limit forbids it. */
gboolean cv_vault_append (int fd, const guint8 *data, gsize n, GError **error);
/* On the disk for good, hexadecimal SHA-256; of a file that is whole already as well. Fails where it does not have `bytes`.
 * Returns: (transfer full). */
char *cv_vault_hash (const char *directory, const char *meeting, const char *document, gint64 bytes, GError **error);
/* It is whole from here on. TRUE also where it is so already. */
gboolean cv_vault_keep (const char *directory, const char *meeting, const char *document, GError **error);
/* What is not whole goes on in another meeting. */
gboolean cv_vault_move (const char *directory, const char *from, const char *to, const char *document, GError **error);

/* To be read. `whole`: or what is still looked at. -1 with an error. */
int cv_vault_open (const char *directory, const char *meeting, const char *document, gboolean whole, gint64 *bytes,
                   GError **error);
/* Whole or not, and the meeting's folder with the last one. TRUE also where there is none. */
gboolean cv_vault_remove (const char *directory, const char *meeting, const char *document, GError **error);

G_END_DECLS
