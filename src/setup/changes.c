/* See changes.h.
 *
 * Each file is replaced as a whole; who reads it meanwhile has the old or the new one. What was there is linked to its new name
 * before that, so that it is never gone.
 */
#include "setup/changes.h"

#include "base/file-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY_MODE 0755

typedef enum { SAME, NEW, CHANGED } State;

typedef struct {
  char *path; /* as people know it */
  char *real; /* below the root */
  char *content;
  char *group;
  char *hidden;
  char *target; /* of a link, which has no content */
  guint mode;
} Change;

struct _CvChanges {
  char *root;
  GPtrArray *list; /* of Change */
};

G_DEFINE_QUARK (cv_changes_error, cv_changes_error)

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->path);
  g_free (self->real);
  g_free (self->content);
  g_free (self->group);
  g_free (self->hidden);
  g_free (self->target);
  g_free (self);
}

CvChanges *
cv_changes_new (const char *root)
{
  CvChanges *self = g_new0 (CvChanges, 1);

  self->root = g_strdup (root);
  self->list = g_ptr_array_new_with_free_func (change_free);
  return self;
}

void
cv_changes_free (CvChanges *self)
{
  g_ptr_array_unref (self->list);
  g_free (self->root);
  g_free (self);
}

char *
cv_changes_read (const CvChanges *self, const char *path)
{
  g_autofree char *real = g_strconcat (self->root, path, NULL);
  char *text = NULL;

  return g_file_get_contents (real, &text, NULL, NULL) ? text : NULL;
}

static Change *
add (CvChanges *self, const char *path)
{
  Change *change = g_new0 (Change, 1);

  change->path = g_strdup (path);
  change->real = g_strconcat (self->root, path, NULL);
  g_ptr_array_add (self->list, change);
  return change;
}

void
cv_changes_add (CvChanges *self, const char *path, const char *content, guint mode, const char *group,
                const char *hidden)
{
  Change *change = add (self, path);

  change->content = g_strdup (content);
  change->mode = mode;
  change->group = g_strdup (group);
  change->hidden = g_strdup (hidden);
}

void
cv_changes_add_link (CvChanges *self, const char *path, const char *target)
{
  add (self, path)->target = g_strdup (target);
}

/* `old`: (transfer full), what is there. */
static State
compare (const Change *self, char **old)
{
  struct stat info;

  *old = NULL;
  if (lstat (self->real, &info) != 0)
    return NEW;
  if (self->target != NULL)
    *old = g_file_read_link (self->real, NULL);
  else
    g_file_get_contents (self->real, old, NULL, NULL);
  return g_strcmp0 (*old, self->target != NULL ? self->target : self->content) == 0 ? SAME : CHANGED;
}

guint
cv_changes_count (const CvChanges *self)
{
  guint n = 0;

  for (guint i = 0; i < self->list->len; i++) {
    g_autofree char *old = NULL;

    n += compare (self->list->pdata[i], &old) != SAME ? 1 : 0;
  }
  return n;
}

/* ---- showing ---- */

static char *
hide (const Change *self, const char *text)
{
  GString *shown = g_string_new (text);

  if (self->hidden != NULL)
    g_string_replace (shown, self->hidden, "(not shown)", 0);
  return g_string_free (shown, FALSE);
}

/* A file with no name left. Returns: its descriptor, at its beginning, or -1. */
static int
open_text (const char *text)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("conclave-XXXXXX", &path, NULL);

  if (fd < 0)
    return -1;
  g_unlink (path);
  if (write (fd, text, strlen (text)) != (gssize) strlen (text) || lseek (fd, 0, SEEK_SET) != 0) {
    g_close (fd, NULL);
    return -1;
  }
  return fd;
}

/* Debian always has diff. Returns: (transfer full). */
static char *
compute_diff (const Change *self, const char *old)
{
  g_autofree char *before = hide (self, old), *after = hide (self, self->content);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) diff = NULL;
  char *text = NULL;
  int first = open_text (before), second = open_text (after);

  if (first >= 0)
    g_subprocess_launcher_take_fd (launcher, first, 3);
  if (second >= 0)
    g_subprocess_launcher_take_fd (launcher, second, 4);
  if (first >= 0 && second >= 0)
    diff = g_subprocess_launcher_spawn (launcher, NULL, "diff", "-u", "--label", self->path, "--label", self->path,
                                        "/dev/fd/3", "/dev/fd/4", NULL);
  if (diff == NULL || !g_subprocess_communicate_utf8 (diff, NULL, NULL, &text, NULL, NULL))
    return g_strdup ("(it cannot be shown: there is no diff)\n");
  return text;
}

char *
cv_changes_show (const CvChanges *self)
{
  static const char *const words[] = { [SAME] = "same    ", [NEW] = "new     ", [CHANGED] = "change  " };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->list->len; i++) {
    const Change *change = self->list->pdata[i];
    g_autofree char *old = NULL, *diff = NULL;
    State state = compare (change, &old);

    g_string_append_printf (text, "%s%s%s%s\n", words[state], change->path, change->target != NULL ? " → " : "",
                            change->target != NULL ? change->target : "");
    if (state == SAME || change->target != NULL || g_strcmp0 (change->hidden, change->content) == 0)
      continue;
    diff = compute_diff (change, old != NULL ? old : "");
    g_string_append (text, diff);
  }
  return g_string_free (text, FALSE);
}

/* ---- doing ---- */

static gboolean
refuse (GError **error, const char *path, const char *words)
{
  g_set_error (error, CV_CHANGES_ERROR, CV_CHANGES_ERROR_IN_THE_WAY, "%s %s; nothing was written", path, words);
  return FALSE;
}

/* Whether it can be written without losing anything. */
static gboolean
check (const Change *self, GError **error)
{
  g_autofree char *kept = g_strconcat (self->real, CV_CHANGES_KEPT, NULL), *old = NULL;
  struct stat info;
  State state = compare (self, &old);

  if (state != CHANGED)
    return TRUE;
  if (self->target != NULL)
    return refuse (error, self->path, "is there and leads elsewhere");
  if (lstat (self->real, &info) != 0 || !S_ISREG (info.st_mode))
    return refuse (error, self->path, "is no plain file");
  if (lstat (kept, &info) == 0)
    return refuse (error, self->path,
                   "was changed since, and what was there before it is kept as " CV_CHANGES_KEPT
                   " beside it: move one of the two away");
  return TRUE;
}

/* As the one that it takes the place of, or as it is to be. */
static gboolean
set_access (const Change *self, const char *path, GError **error)
{
  struct stat info;
  const struct group *group = self->group != NULL ? getgrnam (self->group) : NULL;
  gboolean there = stat (self->real, &info) == 0;

  if (there && chown (path, info.st_uid, info.st_gid) != 0)
    return cv_set_file_error (error, self->path);
  if (!there && group != NULL && geteuid () == 0 && chown (path, 0, group->gr_gid) != 0)
    return cv_set_file_error (error, self->path);
  return chmod (path, there ? info.st_mode & 07777 : self->mode) == 0 || cv_set_file_error (error, self->path);
}

static gboolean
write_file (const Change *self, State state, GError **error)
{
  g_autofree char *kept = g_strconcat (self->real, CV_CHANGES_KEPT, NULL);
  g_autofree char *part = g_strconcat (self->real, ".part", NULL);

  if (!g_file_set_contents_full (part, self->content, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;
  if (!set_access (self, part, error)) {
    g_unlink (part);
    return FALSE;
  }
  if ((state == CHANGED && link (self->real, kept) != 0) || g_rename (part, self->real) != 0) {
    cv_set_file_error (error, self->path);
    g_unlink (part);
    return FALSE;
  }
  return TRUE;
}

static gboolean
write_one (const Change *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->real), *old = NULL;
  State state = compare (self, &old);

  if (state == SAME)
    return TRUE;
  /* a folder of secrets is made as closed as they are */
  if (g_mkdir_with_parents (folder, self->mode == 0600 ? 0700 : DIRECTORY_MODE) != 0)
    return cv_set_file_error (error, folder);
  if (self->target != NULL)
    return symlink (self->target, self->real) == 0 || cv_set_file_error (error, self->path);
  return write_file (self, state, error);
}

gboolean
cv_changes_apply (const CvChanges *self, GError **error)
{
  for (guint i = 0; i < self->list->len; i++)
    if (!check (self->list->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < self->list->len; i++)
    if (!write_one (self->list->pdata[i], error))
      return FALSE;
  return TRUE;
}
