/* A password that conclavectl is told. Main thread, blocking. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first line of standard input; a terminal is asked twice, and shows nothing of it. Returns: (transfer full), for
 * cv_link_free_url(), NULL with CV_CLIENT_ERROR_REFUSED. */
char *cv_password_read (GError **error);

G_END_DECLS
