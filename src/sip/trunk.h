/* One trunk: who calls for us, and where we register so that they do. Main thread.
 *
 * Owns its registration: digest, refreshing, the next registrar where one fails. Knows no call.
 */
#pragma once

#include "base/clock.h"
#include "sip/sip-config.h"

G_BEGIN_DECLS

/* s: between two attempts where all registrars have failed, twice as much each time */
#define CV_TRUNK_RETRY_S 5
#define CV_TRUNK_MAX_RETRY_S 300

typedef enum { CV_TRUNK_LISTED, CV_TRUNK_REGISTERING, CV_TRUNK_REGISTERED, CV_TRUNK_FAILED } CvTrunkState;

struct nta_agent_s;

typedef struct _CvTrunk CvTrunk;

/* `text`: a sentence of ours, or "". */
typedef void (*CvTrunkFunc) (CvTrunk *self, CvTrunkState state, const char *text, gpointer user_data);

/* `config` must outlive it. `contacts`: what is listened on, by transport, or NULL. */
CvTrunk *cv_trunk_new (struct nta_agent_s *agent, const CvSipTrunkConfig *config,
                       const char *const contacts[CV_SIP_TLS + 1], CvClock *clock, CvTrunkFunc func,
                       gpointer user_data);
void cv_trunk_free (CvTrunk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTrunk, cv_trunk_free)
/* Registers, where it is to. */
void cv_trunk_start (CvTrunk *self);
/* Registers anew, where it is to, with what the configuration has as its password now. Who is taken stays taken until a registrar says no. */
void cv_trunk_renew (CvTrunk *self);
/* Takes the registration back; nobody waits for the answer. */
void cv_trunk_stop (CvTrunk *self);
const CvSipTrunkConfig *cv_trunk_get_config (CvTrunk *self);
/* May it speak for this trunk: it is listed, or, where nobody is, has taken our registration? */
gboolean cv_trunk_knows (CvTrunk *self, const struct sockaddr *source);

G_END_DECLS
