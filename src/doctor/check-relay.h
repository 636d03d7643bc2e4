/* TURN: what came of trying a server, and the judgement. */
#pragma once

#include "doctor/findings.h"
#include "doctor/turn-client.h"

G_BEGIN_DECLS

typedef struct {
  GError *error;              /* NULL: it relays */
  GTlsCertificateFlags flags; /* of its certificate */
  char *opened;               /* a peer in a private network that strangers could reach through it, or NULL */
} CvRelayTrial;

void cv_relay_trial_clear (CvRelayTrial *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvRelayTrial, cv_relay_trial_clear)

/* `url` without %h. */
void cv_relay_try (CvRelayTrial *self, const char *url, const char *username, const char *credential);
void cv_relay_judge (const CvRelayTrial *self, const char *url, CvFindings *findings);

G_END_DECLS
