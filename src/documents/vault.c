/* See vault.h. */
#include "documents/vault.h"

#include "base/ids.h"
#include "base/mode.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART ".part"
#define BUFFER_BYTES (64 * 1024)

static gboolean
fail (GError **error, int cause)
{
  /* a limit of the file's size or a quota is a full disk as well, for who uploads */
  gboolean full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
  g_set_error (error, G_IO_ERROR, full ? G_IO_ERROR_NO_SPACE : g_io_error_from_errno (cause), "a document: %s",
               g_strerror (cause));
  return FALSE;
}

/* Returns: (transfer full); NULL with an error for what are no ids. */
static char *
get_path (const char *directory, const char *meeting, const char *document, gboolean part, GError **error)
{
  if (!cv_id_is_valid (meeting, "m") || !cv_id_is_valid (document, "f")) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "not the id of a document");
    return NULL;
  }
  return g_strconcat (directory, "/", meeting, "/", document, part ? PART : "", NULL);
}

static gboolean
make_folder (const char *directory, const char *meeting, GError **error)
{
  g_autofree char *folder = g_build_filename (directory, meeting, NULL);
  return g_mkdir_with_parents (folder, cv_mode_below (AT_FDCWD, folder)) == 0 || fail (error, errno);
}

int
cv_vault_open_part (const char *directory, const char *meeting, const char *document, gint64 *offset, GError **error)
{
  g_autofree char *path = get_path (directory, meeting, document, TRUE, error);
  struct stat status;
  if (path == NULL || !make_folder (directory, meeting, error))
    return -1;
  int fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, cv_mode_below (AT_FDCWD, path) & 0640);
  if (fd < 0 || fstat (fd, &status) != 0) {
    fail (error, errno);
    if (fd >= 0)
      close (fd);
    return -1;
  }
  *offset = status.st_size;
  return fd;
}

gint64
cv_vault_get_offset (const char *directory, const char *meeting, const char *document)
{
  g_autofree char *path = get_path (directory, meeting, document, TRUE, NULL);
  struct stat status;
  return path != NULL && lstat (path, &status) == 0 ? status.st_size : 0;
}

gboolean
cv_vault_append (int fd, const guint8 *data, gsize n, GError **error)
{
  struct stat before;
  if (fstat (fd, &before) != 0)
    return fail (error, errno);
  for (gsize done = 0; done < n;) {
    gssize step = write (fd, data + done, n - done);
    int cause = step < 0 ? errno : ENOSPC;
    if (step <= 0 && cause == EINTR)
      continue;
    if (step <= 0) {
      if (ftruncate (fd, before.st_size) != 0)
        return fail (error, EIO);
      return fail (error, cause);
    }
    done += (gsize) step;
  }
  return TRUE;
}

/* Hexadecimal. Returns: (transfer full), NULL with an error where it cannot be read to its end. */
static char *
hash (int fd, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_BYTES);
  guint8 digest[EVP_MAX_MD_SIZE];
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gssize n = 0;
  EVP_DigestInit_ex (context, EVP_sha256 (), NULL);
  while ((n = read (fd, buffer, BUFFER_BYTES)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      EVP_DigestUpdate (context, buffer, (gsize) n);
  if (n < 0)
    fail (error, errno);
  EVP_DigestFinal_ex (context, digest, NULL);
  EVP_MD_CTX_free (context);
  return n == 0 ? cv_hex_encode (digest, CV_HASH_BYTES) : NULL;
}

char *
cv_vault_hash (const char *directory, const char *meeting, const char *document, gint64 bytes, GError **error)
{
  gint64 size = 0;
  int fd = cv_vault_open (directory, meeting, document, FALSE, &size, error);
  char *text = NULL;
  if (fd < 0)
    return NULL;
  if (size != bytes)
    fail (error, EIO);
  else if (fsync (fd) != 0)
    fail (error, errno);
  else
    text = hash (fd, error);
  close (fd);
  return text;
}

/* A name in it stays. */
static gboolean
sync_folder (const char *directory, const char *meeting, GError **error)
{
  g_autofree char *folder = g_build_filename (directory, meeting, NULL);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;
  if (!done)
    fail (error, errno);
  if (fd >= 0)
    close (fd);
  return done;
}

gboolean
cv_vault_keep (const char *directory, const char *meeting, const char *document, GError **error)
{
  g_autofree char *part = get_path (directory, meeting, document, TRUE, error);
  g_autofree char *path = get_path (directory, meeting, document, FALSE, NULL);
  if (part == NULL)
    return FALSE;
  if (g_rename (part, path) != 0 && (errno != ENOENT || !g_file_test (path, G_FILE_TEST_IS_REGULAR)))
    return fail (error, errno);
  return sync_folder (directory, meeting, error);
}

gboolean
cv_vault_move (const char *directory, const char *from, const char *to, const char *document, GError **error)
{
  g_autofree char *old = get_path (directory, from, document, TRUE, error);
  g_autofree char *new = get_path (directory, to, document, TRUE, old != NULL ? error : NULL);
  if (old == NULL || new == NULL || !make_folder (directory, to, error))
    return FALSE;
  if (g_rename (old, new) != 0 && errno != ENOENT)
    return fail (error, errno);
  g_autofree char *folder = g_build_filename (directory, from, NULL);
  g_rmdir (folder); /* where it was the last one */
  return TRUE;
}

int
cv_vault_open (const char *directory, const char *meeting, const char *document, gboolean whole, gint64 *bytes,
               GError **error)
{
  g_autofree char *path = get_path (directory, meeting, document, FALSE, error);
  g_autofree char *part = get_path (directory, meeting, document, TRUE, NULL);
  struct stat status;
  if (path == NULL)
    return -1;
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT && !whole)
    fd = open (part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode)) {
    fail (error, fd < 0 ? errno : EIO);
    if (fd >= 0)
      close (fd);
    return -1;
  }
  *bytes = status.st_size;
  return fd;
}

gboolean
cv_vault_remove (const char *directory, const char *meeting, const char *document, GError **error)
{
  g_autofree char *path = get_path (directory, meeting, document, FALSE, error);
  g_autofree char *part = get_path (directory, meeting, document, TRUE, NULL);
  if (path == NULL)
    return FALSE;
  if ((unlink (path) != 0 && errno != ENOENT) || (unlink (part) != 0 && errno != ENOENT))
    return fail (error, errno);
  g_autofree char *folder = g_build_filename (directory, meeting, NULL);
  g_rmdir (folder); /* where it was the last one */
  return TRUE;
}
