/* The daemon as a whole: wires store, rooms and server together, and takes them down again in order.
 *
 * Owns all of them. Main thread.
 */
#pragma once

#include "daemon/config.h"

G_BEGIN_DECLS

typedef struct _CvApplication CvApplication;

/* `config` must outlive it. `state`: a directory, made if missing (0700). Listens already; blocks until it does.
 * Returns: (transfer full). */
CvApplication *cv_application_new (const CvConfig *config, const char *state, GError **error);
/* What can change while people meet, as `config` has it now: the certificate, for connections that come from then on, secrets and
 * looks. Returns: (transfer full), names of the keys that have changed and wait for the next start; NULL with an error, and nothing
 * has changed. */
char **cv_application_reload (CvApplication *self, const CvConfig *config, GError **error);
/* Nobody new comes in, and `done` is called when nobody is in a meeting any longer, or `seconds` are over. FALSE: nobody is in one
 * now, or that was called already. */
gboolean cv_application_drain (CvApplication *self, guint seconds, GSourceOnceFunc done, gpointer user_data);
/* Stops: clients are told, what is queued for the database is written. */
void cv_application_free (CvApplication *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvApplication, cv_application_free)

/* "https://HOST:PORT" or "unix:PATH". */
const char *cv_application_get_url (CvApplication *self);

G_END_DECLS
