/* The files that a media process records into: it is told of each, and may speak of these and no others.
 *
 * Owns their numbers. Main thread. Believes nothing that the child says. Knows no path.
 */
#pragma once

#include "process/child.h"
#include "process/event.h"
#include "process/media.h"

G_BEGIN_DECLS

typedef struct _CvFiles CvFiles;
CvFiles *cv_files_new (void);
/* Requests hold it until they are answered. */
CvFiles *cv_files_ref (CvFiles *self);
void cv_files_unref (CvFiles *self);

/* As of CvMedia; the task is answered in any case. An answer that makes no sense ends the child. */
void cv_files_record (CvFiles *self, CvChild *child, const char *person, CvMediaSource source, guint file, int fd,
                      GTask *task);
void cv_files_unrecord (CvFiles *self, CvChild *child, guint file, GTask *task);

/* FALSE where it may not be said: of an unknown file, or of one that was closed or has no frame yet. */
gboolean cv_files_note (CvFiles *self, const CvEvent *event);
/* Another process: it was told nothing yet. */
void cv_files_forget (CvFiles *self);

G_END_DECLS
