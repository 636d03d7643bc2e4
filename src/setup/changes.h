/* Files that are to be written: what each would change, shown first and then done, and never more than that. Main thread, blocking. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* what is kept of a file that is replaced, behind its name */
#define CV_CHANGES_KEPT ".before-conclave"

#define CV_CHANGES_ERROR (cv_changes_error_quark ())
GQuark cv_changes_error_quark (void);
typedef enum {
  CV_CHANGES_ERROR_IN_THE_WAY, /* what would be kept is there already, or something is no file */
} CvChangesError;

typedef struct _CvChanges CvChanges;

/* `root`: stands before every path; "" is the machine itself. */
CvChanges *cv_changes_new (const char *root);
void cv_changes_free (CvChanges *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvChanges, cv_changes_free)

/* What is there. Returns: (transfer full), NULL where it is not. */
char *cv_changes_read (const CvChanges *self, const char *path);

/* `mode` and `group` (may be NULL) are for a file that is not there yet; others keep theirs. `hidden`: a text that is never
 * shown, or NULL; where it is all of the file, nothing of it is. */
void cv_changes_add (CvChanges *self, const char *path, const char *content, guint mode, const char *group,
                     const char *hidden);
/* A symbolic link. */
void cv_changes_add_link (CvChanges *self, const char *path, const char *target);

/* How many would be written. */
guint cv_changes_count (const CvChanges *self);
/* What each would change, as a unified diff. Returns: (transfer full). */
char *cv_changes_show (const CvChanges *self);
/* Writes them, and keeps what it replaces. FALSE with an error: CV_CHANGES_ERROR, then nothing was written, or a file's. */
gboolean cv_changes_apply (const CvChanges *self, GError **error);

G_END_DECLS
