/* One request and what is printed of its answer. Main thread, blocking. */
#pragma once

#include "ctl/commands.h"

G_BEGIN_DECLS

/* Prints `answer` as it came, on one line. */
void cv_call_print_json (JsonObject *answer);
/* Calls with `body` (may be NULL), then prints the answer as JSON or through `print`, which returns (transfer full). FALSE with
 * CV_CLIENT_ERROR. */
gboolean cv_call_and_print (const CvCommandArguments *arguments, const char *method, const char *path, JsonNode *body,
                            char *(*print) (JsonObject *), GError **error);

G_END_DECLS
