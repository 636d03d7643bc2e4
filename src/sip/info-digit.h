/* Digits in the bodies of INFO requests. No state, any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_INFO_DIGIT_MAX_BYTES 512

/* Of application/dtmf-relay ("Signal=5", one a line) and application/dtmf ("5"). `type`: without parameters. 0: there is none. */
char cv_info_digit_parse (const char *type, const char *body, gsize n);
/* Whether it is one of those types. */
gboolean cv_info_digit_is_type (const char *type);

G_END_DECLS
