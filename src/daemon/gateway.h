/* The telephone gateway as it is configured: what conclave-sip is told, and the folders that it gets.
 *
 * Owns all of that, and the process. Main thread.
 */
#pragma once

#include "daemon/config.h"
#include "process/sip-process.h"

G_BEGIN_DECLS

typedef struct _CvGateway CvGateway;

/* `state`: where a folder with its certificate may be made. `certificate`, `key`: files; NULL where the server has none. NULL with an
 * error where something that it needs is not there. */
CvGateway *cv_gateway_new (const CvConfig *config, const char *state, const char *certificate, const char *key,
                           CvClock *clock, GError **error);
/* Ends it. */
void cv_gateway_free (CvGateway *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvGateway, cv_gateway_free)

/* Is there anything to be made? */
gboolean cv_gateway_is_wanted (const CvConfig *config);
CvTelephony *cv_gateway_get_telephony (CvGateway *self);
/* Passwords of trunks as they are now. FALSE: there is something else about trunks that is new, and nothing has changed. */
gboolean cv_gateway_set_passwords (CvGateway *self, const CvConfig *config);
/* Not before somebody listens. */
void cv_gateway_start (CvGateway *self);

G_END_DECLS
