/* See folder.h. */
#include "library/folder.h"

#include "base/ids.h"
#include "base/mode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENTS "events.jsonl"
#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
/* folders in folders that a deletion goes down into; we make three */
#define MAX_DEPTH 8

static const char *const PARTS[] = { "tracks", "files" };

struct _CvFolder {
  int fd;
  int parts[G_N_ELEMENTS (PARTS)];
  int events;
};

static gboolean
fail (GError **error, const char *name)
{
  int cause = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (cause), "%s: %s", name, g_strerror (cause));
  return FALSE;
}

static gboolean
check_id (const char *recording, GError **error)
{
  if (cv_id_is_valid (recording, "r"))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "not the id of a recording");
  return FALSE;
}

/* ---- Names ---- */

static gboolean
is_plain (const char *name)
{
  gsize n = strlen (name);
  if (n == 0 || n > CV_FOLDER_MAX_NAME || name[0] == '.')
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (name[i]) && strchr (".-_", name[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* The folder that `name` is in, and its last part. -1 with an error. */
static int
find_parent (CvFolder *self, const char *name, const char **last, GError **error)
{
  *last = name;
  if (g_str_equal (name, EVENTS))
    return self->fd;
  for (guint i = 0; i < G_N_ELEMENTS (PARTS); i++) {
    gsize n = strlen (PARTS[i]);
    if (strncmp (name, PARTS[i], n) == 0 && name[n] == '/' && is_plain (name + n + 1)) {
      *last = name + n + 1;
      return self->parts[i];
    }
  }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "not the name of a recording's file");
  return -1;
}

/* ---- Making and opening ---- */

static gboolean
open_below (CvFolder *self, gboolean create, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (PARTS); i++) {
    if (create && mkdirat (self->fd, PARTS[i], cv_mode_below (self->fd, PARTS[i])) != 0)
      return fail (error, PARTS[i]);
    self->parts[i] = openat (self->fd, PARTS[i], DIRECTORY_FLAGS);
    if (self->parts[i] < 0)
      return fail (error, PARTS[i]);
  }
  self->events =
    openat (self->fd, EVENTS, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC | (create ? O_CREAT | O_EXCL : 0),
            cv_mode_below (self->fd, EVENTS) & 0640);
  return self->events >= 0 || fail (error, EVENTS);
}

static CvFolder *
open_folder (const char *directory, const char *recording, gboolean create, GError **error)
{
  g_autoptr (CvFolder) self = g_new (CvFolder, 1);
  *self = (CvFolder){ -1, { -1, -1 }, -1 };
  if (!check_id (recording, error))
    return NULL;
  int above = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (above >= 0 && (!create || mkdirat (above, recording, cv_mode_below (above, recording)) == 0))
    self->fd = openat (above, recording, DIRECTORY_FLAGS);
  if (self->fd < 0)
    fail (error, recording);
  if (above >= 0)
    close (above);
  return self->fd >= 0 && open_below (self, create, error) ? g_steal_pointer (&self) : NULL;
}

CvFolder *
cv_folder_create (const char *directory, const char *recording, GError **error)
{
  if (g_mkdir_with_parents (directory, 0700) != 0) {
    fail (error, directory);
    return NULL;
  }
  GError *cause = NULL;
  CvFolder *self = open_folder (directory, recording, TRUE, &cause);
  if (self != NULL)
    return self;
  /* What was begun is of no use to anybody; what was there before is somebody's. */
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_EXISTS))
    cv_folder_delete (directory, recording, NULL);
  g_propagate_error (error, cause);
  return NULL;
}

CvFolder *
cv_folder_open (const char *directory, const char *recording, GError **error)
{
  return open_folder (directory, recording, FALSE, error);
}

void
cv_folder_free (CvFolder *self)
{
  const int fds[] = { self->events, self->parts[0], self->parts[1], self->fd };
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    if (fds[i] >= 0)
      close (fds[i]);
  g_free (self);
}

int
cv_folder_get_fd (CvFolder *self)
{
  return self->fd;
}

/* ---- Files ---- */

int
cv_folder_create_track (CvFolder *self, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat ("tracks/", name, NULL);
  const char *last;
  int parent = find_parent (self, path, &last, error);
  int fd = parent >= 0 ? openat (parent, last, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 cv_mode_below (parent, last) & 0640)
                       : -1;
  if (parent >= 0 && fd < 0)
    fail (error, path);
  return fd;
}

int
cv_folder_open_file (CvFolder *self, const char *name, GError **error)
{
  const char *last;
  int parent = find_parent (self, name, &last, error);
  if (parent < 0)
    return -1;
  /* Not blocking: whatever stands there in place of a file must not hold us up. */
  int fd = openat (parent, last, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  struct stat info;
  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    return fd;
  if (fd < 0)
    fail (error, name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a file", name);
  if (fd >= 0)
    close (fd);
  return -1;
}

gboolean
cv_folder_remove_file (CvFolder *self, const char *name, GError **error)
{
  const char *last;
  int parent = find_parent (self, name, &last, error);
  return parent >= 0 && (unlinkat (parent, last, 0) == 0 || fail (error, name));
}

/* ---- The event log ---- */

gboolean
cv_folder_append_event (CvFolder *self, const char *line, gsize n, GError **error)
{
  if (n + 1 > CV_FOLDER_MAX_EVENT || memchr (line, '\n', n) != NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, EVENTS ": not one line, or too long");
    return FALSE;
  }
  char bytes[CV_FOLDER_MAX_EVENT];
  struct stat info;
  memcpy (bytes, line, n);
  bytes[n] = '\n';
  if (fstat (self->events, &info) != 0)
    return fail (error, EVENTS);
  gssize done = write (self->events, bytes, n + 1);
  if (done == (gssize) (n + 1))
    return TRUE;
  if (done >= 0)
    errno = ENOSPC;
  fail (error, EVENTS);
  /* Half a line would spoil the next one. */
  if (done > 0 && ftruncate (self->events, info.st_size) != 0)
    g_prefix_error (error, "half a line is left; ");
  return FALSE;
}

int
cv_folder_dup_events (CvFolder *self)
{
  return fcntl (self->events, F_DUPFD_CLOEXEC, 0);
}

gboolean
cv_folder_sync_descriptor (int fd, GError **error)
{
  gboolean synced = fdatasync (fd) == 0 || fail (error, EVENTS);
  close (fd);
  return synced;
}

/* ---- Listing ---- */

void
cv_folder_entry_free (CvFolderEntry *self)
{
  g_free (self->name);
  g_free (self);
}

static void
add_entry (GPtrArray *entries, int parent, const char *last, const char *name)
{
  struct stat info;
  if (fstatat (parent, last, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG (info.st_mode))
    return;
  CvFolderEntry *entry = g_new (CvFolderEntry, 1);
  *entry = (CvFolderEntry){ g_strdup (name), info.st_size,
                            (gint64) info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1000000 };
  g_ptr_array_add (entries, entry);
}

/* Its own position, unlike that of a duplicate. Returns: NULL with `errno`. */
static DIR *
open_directory (int parent, const char *name)
{
  int fd = openat (parent, name, DIRECTORY_FLAGS);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  if (fd >= 0 && dir == NULL)
    close (fd);
  return dir;
}

static gint
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(CvFolderEntry *const *) a)->name, (*(CvFolderEntry *const *) b)->name);
}

GPtrArray *
cv_folder_list (CvFolder *self, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_folder_entry_free);
  add_entry (entries, self->fd, EVENTS, EVENTS);
  for (guint i = 0; i < G_N_ELEMENTS (PARTS); i++) {
    DIR *dir = open_directory (self->parts[i], ".");
    if (dir == NULL) {
      fail (error, PARTS[i]);
      return NULL;
    }
    const struct dirent *item;
    for (guint n = 0; n < CV_FOLDER_MAX_ENTRIES && (item = readdir (dir)) != NULL; n++) {
      g_autofree char *name = g_strconcat (PARTS[i], "/", item->d_name, NULL);
      if (is_plain (item->d_name))
        add_entry (entries, self->parts[i], item->d_name, name);
    }
    closedir (dir);
  }
  g_ptr_array_sort (entries, compare_entries);
  return g_steal_pointer (&entries);
}

gint64
cv_folder_count_bytes (CvFolder *self)
{
  g_autoptr (GPtrArray) entries = cv_folder_list (self, NULL);
  gint64 bytes = 0;
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    bytes += ((CvFolderEntry *) entries->pdata[i])->bytes;
  return bytes;
}

/* ---- Deleting ---- */

static gboolean delete_tree (int parent, const char *name, guint depth, GError **error);

static gboolean
delete_content (DIR *dir, gboolean only_hidden, guint depth, GError **error)
{
  const struct dirent *item;
  while ((item = readdir (dir)) != NULL) {
    if (g_str_equal (item->d_name, ".") || g_str_equal (item->d_name, "..") || (only_hidden && item->d_name[0] != '.'))
      continue;
    if (unlinkat (dirfd (dir), item->d_name, 0) == 0 || errno == ENOENT)
      continue;
    /* Linux says EISDIR of a folder, POSIX EPERM. */
    if (errno != EISDIR && errno != EPERM)
      return fail (error, item->d_name);
    if (!delete_tree (dirfd (dir), item->d_name, depth + 1, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
delete_tree (int parent, const char *name, guint depth, GError **error)
{
  if (depth > MAX_DEPTH) {
    errno = ELOOP;
    return fail (error, name);
  }
  DIR *dir = open_directory (parent, name);
  if (dir == NULL)
    return errno == ENOENT || fail (error, name);
  gboolean empty = delete_content (dir, FALSE, depth, error);
  closedir (dir);
  return empty && (unlinkat (parent, name, AT_REMOVEDIR) == 0 || fail (error, name));
}

gboolean
cv_folder_clean (CvFolder *self, GError **error)
{
  DIR *dir = open_directory (self->fd, "files");
  if (dir == NULL)
    return fail (error, "files");
  gboolean cleaned = delete_content (dir, TRUE, 0, error);
  closedir (dir);
  return cleaned;
}

gboolean
cv_folder_delete (const char *directory, const char *recording, GError **error)
{
  if (!check_id (recording, error))
    return FALSE;
  int above = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (above < 0)
    return errno == ENOENT || fail (error, directory);
  gboolean deleted = delete_tree (above, recording, 0, error);
  close (above);
  return deleted;
}
