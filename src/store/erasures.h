/* The list of who was erased, a file beside the database: a backup that is restored knows them still. It has hashes of ids, one a
 * line, and nothing else; an id is drawn at random, so that nobody finds one who does not have it.
 *
 * Owns nothing. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_ERASURES_FILE "erasures"

/* Appends them to `path`, made if missing; on the disk when it returns. */
gboolean cv_erasures_add (const char *path, const char *const *ids, GError **error);

/* Erases from the database, which nobody uses, whoever of the list is in it. TRUE also where there is no list. */
gboolean cv_erasures_replay (const char *path, const char *database, GError **error);

G_END_DECLS
