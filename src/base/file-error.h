/* What went wrong with a file. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of errno, in G_FILE_ERROR: "PATH: why". Always FALSE, to be returned. */
gboolean cv_set_file_error (GError **error, const char *path);

G_END_DECLS
