/* Which messages somebody may send, by the kind of room and their role: the policy's table, by the names of messages. Any thread.
 */
#pragma once

#include "signalling/protocol.h"

G_BEGIN_DECLS

/* For who has a seat; `join` and `resume` are the first word of those who have none. */
gboolean cv_permission_may (const CvPolicy *policy, CvRole role, CvMessageType type);

/* The member `may`: all of them. */
void cv_permissions_add (JsonBuilder *builder, const CvPolicy *policy, CvRole role);

/* The whole table as JSON, {kind: {role: [type]}}. Returns: (transfer full). */
char *cv_permissions_to_text (void);

G_END_DECLS
