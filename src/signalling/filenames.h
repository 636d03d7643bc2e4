/* Files of recordings as people see them: what they are called when they are saved.
 *
 * Owns nothing. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One name for all systems, of at most 200 bytes: no separator, nothing that cannot be seen or turns text around, no dot in
 * front. Never empty. Returns: (transfer full), like those below. */
char *cv_filename_clean (const char *text);

/* The name to save the file `name` of a recording as ("meeting-2.mp4" → "Weekly-2.mp4", "tracks/001-p…-camera-1.mkv" →
 * "Weekly - Zoë - 001-camera-1.mkv"). `person`: whose id stands in `name`, or ""; `person_name`: theirs, or NULL. */
char *cv_filename_for (const char *title, const char *name, const char *person, const char *person_name);

/* A Content-Disposition (RFC 6266). */
char *cv_filename_to_disposition (const char *filename, gboolean attachment);

/* TRUE for what files of recordings are called: "NAME" or "tracks/NAME" of letters, digits, `.`, `-` and `_`, no dot in front. */
gboolean cv_filename_is_valid (const char *name);

G_END_DECLS
