/* What GStreamer says of elements that are missing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Debian's package that has it. Returns: a static string. */
const char *cv_elements_find_package (const char *element);
/* The element that an error of GStreamer's parser is about. Returns: (transfer full), NULL where it is about none. */
char *cv_elements_read_missing (const char *message);

G_END_DECLS
