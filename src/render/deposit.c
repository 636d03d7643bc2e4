/* See deposit.h. */
#define _GNU_SOURCE
#include "render/deposit.h"

#include "base/ids.h"
#include "render/failure.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)

char *
cv_deposit_part (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  return g_strdup_printf ("%s/.%s.part", folder, name);
}

static gboolean
sync_path (const char *path, int flags)
{
  int fd = open (path, flags | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  gboolean done = fsync (fd) == 0;
  int reason = errno;
  close (fd);
  errno = reason;
  return done;
}

gboolean
cv_deposit_commit (const char *path, GError **error)
{
  g_autofree char *part = cv_deposit_part (path);
  g_autofree char *folder = g_path_get_dirname (path);
  if (!sync_path (part, O_RDWR) || rename (part, path) != 0 || !sync_path (folder, O_RDONLY | O_DIRECTORY))
    return cv_failure_set_errno (error, "a file cannot be completed");
  return TRUE;
}

gboolean
cv_deposit_write_all (int fd, const guint8 *bytes, gsize n)
{
  while (n > 0) {
    gssize done = write (fd, bytes, n);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return FALSE;
    bytes += done;
    n -= (gsize) done;
  }
  return TRUE;
}

gboolean
cv_deposit_write (const char *path, const void *bytes, gsize n, GError **error)
{
  g_autofree char *part = cv_deposit_part (path);
  int fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  gboolean done = fd >= 0 && cv_deposit_write_all (fd, bytes, n);
  if (!done)
    cv_failure_set_errno (error, "a file cannot be written");
  if (fd >= 0)
    close (fd);
  return done && cv_deposit_commit (path, error);
}

static gboolean
digest (int fd, EVP_MD_CTX *context, CvDeposit *deposit)
{
  g_autofree guint8 *bytes = g_malloc (READ_BYTES);
  gssize n;
  deposit->bytes = 0;
  while ((n = read (fd, bytes, READ_BYTES)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    deposit->bytes += (guint64) n;
    EVP_DigestUpdate (context, bytes, (gsize) n);
  }
  return TRUE;
}

gboolean
cv_deposit_measure (const char *path, CvDeposit *deposit, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 hash[CV_HASH_BYTES];
  EVP_DigestInit_ex (context, EVP_sha256 (), NULL);
  gboolean done = fd >= 0 && digest (fd, context, deposit);
  if (!done)
    cv_failure_set_errno (error, "a file cannot be read");
  EVP_DigestFinal_ex (context, hash, NULL);
  EVP_MD_CTX_free (context);
  if (fd >= 0)
    close (fd);
  g_autofree char *hex = cv_hex_encode (hash, sizeof hash);
  g_strlcpy (deposit->sha256, hex, sizeof deposit->sha256);
  return done;
}

gboolean
cv_deposit_make_folder (const char *path, GError **error)
{
  return mkdir (path, 0750) == 0 || errno == EEXIST || cv_failure_set_errno (error, "a folder cannot be made");
}

void
cv_deposit_remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    unlink (file);
  }
  rmdir (path);
}
