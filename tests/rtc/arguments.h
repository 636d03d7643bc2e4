/* Members of a command: what is there, or what is usual. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

double cv_rtc_argument_number (JsonObject *command, const char *name, double usual);
gboolean cv_rtc_argument_flag (JsonObject *command, const char *name, gboolean usual);
/* "" where it is not there. */
const char *cv_rtc_argument_text (JsonObject *command, const char *name);
/* Nanoseconds as text, as they exceed 2^53; 0 where there are none. */
guint64 cv_rtc_argument_time (JsonObject *command, const char *name);
/* NULL where it is not there. */
JsonArray *cv_rtc_argument_list (JsonObject *command, const char *name);
/* Whether `text` is in a list of texts. */
gboolean cv_rtc_argument_lists (JsonArray *list, const char *text);

G_END_DECLS
