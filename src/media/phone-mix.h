/* Callers in a meeting: they hear the loudest of the others, and are heard as participants without a connection.
 *
 * Owns our end of the bridge (src/sip/BRIDGE.md), whose other end has the clock: it mixes when a tick came, and answers at
 * once. Decodes only who is heard, and encodes only callers whom somebody hears or records. Main thread. Without callers it
 * does nothing, and the forwarder does nothing for it.
 */
#pragma once

#include "media/router.h"

G_BEGIN_DECLS

typedef struct _CvPhoneMix CvPhoneMix;

/* Borrows the router, for whose `loudest` it mixes as many. Takes `fd`, a SOCK_SEQPACKET. */
CvPhoneMix *cv_phone_mix_new (CvRouter *router, int fd, guint loudest);
/* Its callers leave the router. */
void cv_phone_mix_free (CvPhoneMix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPhoneMix, cv_phone_mix_free)

/* Lets a caller in, in place of whoever had that person or number before. FALSE: there are too many people. */
gboolean cv_phone_mix_add (CvPhoneMix *self, const char *person, guint32 number);
/* The person is somebody else from now on, or gone: the caller of that name is forgotten. The router's endpoint stays. */
void cv_phone_mix_forget (CvPhoneMix *self, const char *person);
/* The other end is still there. */
gboolean cv_phone_mix_is_open (CvPhoneMix *self);

G_END_DECLS
