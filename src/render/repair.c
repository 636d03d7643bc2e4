/* See repair.h. */
#include "render/repair.h"

#include "render/failure.h"
#include "render/mend.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CV_LOG_TOPIC "render"
#include "base/log.h"

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_tracks (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open ("tracks", 0, NULL);
  const char *name;
  guint segment;
  char person[16];
  CvTrackSource source;
  while (folder != NULL && names->len < CV_REPAIR_MAX_TRACKS && (name = g_dir_read_name (folder)) != NULL)
    if (cv_track_name_parse (name, &segment, person, &source))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* The old file stays until the new one is whole. */
static gboolean
mend (CvFootage *footage, const char *path, GError **error)
{
  g_autofree char *part = cv_deposit_part (path);
  int fd = open (part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0)
    return cv_failure_set_errno (error, "a track cannot be mended");
  gboolean done = cv_mend_write (footage, fd, error);
  close (fd);
  if (!done)
    unlink (part);
  return done && cv_deposit_commit (path, error);
}

/* What cannot be mended is used as it is. FALSE: it is not for the track, there is no room. */
static gboolean
mend_one (CvFootage **footage, const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  if (!mend (*footage, path, &reason)) {
    if (g_error_matches (reason, CV_FAILURE, CV_FAILURE_DISK_FULL)) {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
    cv_warning (NULL, NULL, "a track stays as it is: %s", reason->message);
    cv_footage_seek (*footage, G_MININT64);
    return TRUE;
  }
  CvFootage *mended = cv_footage_open (path, &reason);
  if (mended != NULL) {
    cv_footage_free (*footage);
    *footage = mended;
  }
  return TRUE;
}

/* FALSE with an error: the job cannot go on. */
static gboolean
open_one (GPtrArray *files, const char *name, gboolean wants_mending, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *path = g_build_filename ("tracks", name, NULL);
  CvFootage *footage = cv_footage_open (path, &reason);
  if (footage == NULL || footage->n_frames == 0) {
    cv_notice (NULL, NULL, "a track has nothing in it%s%s", footage == NULL ? ": " : "",
               footage == NULL ? reason->message : "");
    g_clear_pointer (&footage, cv_footage_free);
    return TRUE;
  }
  if (wants_mending && !footage->finished && !mend_one (&footage, path, error)) {
    cv_footage_free (footage);
    return FALSE;
  }
  CvEditFile *file = g_new (CvEditFile, 1);
  *file = (CvEditFile){ g_strdup (name), footage };
  g_ptr_array_add (files, file);
  return TRUE;
}

GPtrArray *
cv_repair_open (CvDesk *desk, gboolean wants_mending, GError **error)
{
  g_autoptr (GPtrArray) names = list_tracks ();
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_edit_file_free);
  for (guint i = 0; i < names->len; i++)
    if (!cv_desk_go_on (desk, (double) i / names->len, error) ||
        !open_one (files, g_ptr_array_index (names, i), wants_mending, error))
      return NULL;
  return g_steal_pointer (&files);
}

gboolean
cv_repair_deliver (CvDesk *desk, GError **error)
{
  const GPtrArray *cuts = desk->programme->cuts;
  for (guint i = 0; i < cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (cuts, i);
    g_autofree char *path = g_build_filename ("tracks", cut->name, NULL);
    gint64 t = CLAMP (cut->start, 0, desk->programme->duration);
    if (!cv_desk_go_on (desk, (double) i / cuts->len, error) ||
        !cv_desk_deliver (desk, path, "track", cut, t, cut->footage->duration, error))
      return FALSE;
  }
  return TRUE;
}
