/* A directory that one program uses at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes the lock of `directory`, its file "lock", which is made where it is missing. The kernel lets go of it when the
 * descriptor is closed, or the program gone, however that happens. Returns: the descriptor, or -1 with an error, which is
 * G_FILE_ERROR_AGAIN where another program has it. Any thread. */
int cv_lock_take (const char *directory, GError **error);

G_END_DECLS
