/* One dialog that an INVITE opened: answers, re-INVITEs, digits by INFO, session timers, and the end. Main thread.
 *
 * Owns sofia-sip's leg and transactions. Knows no media: offers and answers are texts to it.
 */
#pragma once

#include "base/clock.h"

G_BEGIN_DECLS

struct nta_agent_s;
struct sockaddr;
struct msg_s;
struct sip_s;

typedef struct _CvDialog CvDialog;

/* News. Only `ended` may free it. */
typedef struct {
  /* May this address speak in the dialog? Who may not is answered 403, and nothing of it is done. */
  gboolean (*knows) (const struct sockaddr *source, gpointer user_data);
  /* The phone has our answer, sound may flow. `sdp` is what stood in the ACK: an answer to our offer, else NULL. Once. */
  void (*confirmed) (const char *sdp, gsize n, gpointer user_data);
  /* It offers anew (hold, another address); NULL: it asks for our offer. Returns: (transfer full) our answer; NULL: we cannot do that, all
   * stays as it was. */
  char *(*offered) (const char *sdp, gsize n, gpointer user_data);
  /* The answer to what we offered when it asked. */
  void (*answered) (const char *sdp, gsize n, gpointer user_data);
  void (*digit) (char digit, gpointer user_data);
  /* By the other end or none at all: "hung-up", "cancelled", "no-ack", "session-timeout". Once. */
  void (*ended) (const char *reason, gpointer user_data);
} CvDialogFuncs;

/* For an INVITE: takes `msg`, and rings. `contact`: ours. NULL: it was answered with an error. */
CvDialog *cv_dialog_new (struct nta_agent_s *agent, struct msg_s *msg, const struct sip_s *sip, const char *contact,
                         CvClock *clock, const CvDialogFuncs *funcs, gpointer user_data);
/* 200 with `sdp`. */
void cv_dialog_answer (CvDialog *self, const char *sdp);
/* An error, before it was answered. */
void cv_dialog_refuse (CvDialog *self, int status, const char *phrase);
/* Ends it on the wire: BYE, or an error where it was not answered. TRUE: it is over, and may be freed; FALSE: the phone has not
 * confirmed our answer yet, which comes before a BYE: `ended` follows. */
gboolean cv_dialog_hang_up (CvDialog *self);
/* Without a word. */
void cv_dialog_free (CvDialog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvDialog, cv_dialog_free)

G_END_DECLS
