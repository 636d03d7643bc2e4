/* Which files a process and its threads-to-be may reach by name from now on (Landlock): one folder to work in, and what
 * libraries read. Call it before threads are made: those that there are already are not held.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  CV_LANDLOCK_HELD,
  CV_LANDLOCK_ABSENT, /* the kernel does not have it, or not switched on */
  CV_LANDLOCK_FAILED, /* errno says why */
} CvLandlock;

/* Below `folder` all may be done but run, and make anything else than files and folders; below each of `readable` (paths,
 * ending in NULL; those that are not there are passed over) be read. Needs no_new_privs. Descriptors that are open stay as
 * they are. */
CvLandlock cv_landlock_restrict (int folder, const char *const *readable);

G_END_DECLS
