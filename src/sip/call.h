/* One call: its dialog, its media and where it is in the menu. Main thread.
 *
 * Owns the three. Says to the daemon what the caller does, and does what the daemon says; knows no other call.
 */
#pragma once

#include "ipc/channel.h"
#include "sip/caller-number.h"
#include "sip/menu.h"
#include "sip/prompts.h"
#include "sip/rtp-ports.h"
#include "sip/sip-config.h"
#include "sip/user-agent.h"

G_BEGIN_DECLS

typedef struct _CvCall CvCall;

/* What all calls work with; borrowed. */
typedef struct {
  const CvSipConfig *config;
  CvChannel *channel;
  CvClock *clock;
  CvUserAgent *agent;
  CvExchange *exchange;
  CvPrompts *prompts;
  CvRtpPorts *ports;
  const guint8 *fingerprint; /* of our certificate */
  /* May this address speak for that trunk? */
  gboolean (*knows) (guint trunk, const struct sockaddr *source, gpointer user_data);
  /* The caller has come into the meeting, with a voice, or has left it. */
  void (*moved) (CvCall *call, gboolean in, gpointer user_data);
  /* The call is over and may be freed; from within no call of it that is documented otherwise, but from the loop. */
  void (*over) (CvCall *call, gpointer user_data);
  gpointer user_data;
} CvCallHouse;

/* An INVITE: takes `msg`. NULL: it was refused; *no_media says whether for its SDP. */
CvCall *cv_call_new (const CvCallHouse *house, guint trunk, const CvCallerNumber *caller, struct msg_s *msg,
                     const struct sip_s *sip, gboolean *no_media);
void cv_call_free (CvCall *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvCall, cv_call_free)

const char *cv_call_get_id (CvCall *self);
guint cv_call_get_trunk (CvCall *self);
const char *cv_call_get_source (CvCall *self);
/* "": none yet. */
const char *cv_call_get_room (CvCall *self);

void cv_call_pin_result (CvCall *self, CvPinVerdict verdict, const char *room, guint wait_ms, guint tries);
/* The sound of its room; NULL: there is none for now. */
void cv_call_set_bridge (CvCall *self, CvBridge *bridge);
void cv_call_hold_on (CvCall *self, CvWaitWhy why);
void cv_call_admit (CvCall *self, guint32 number, gboolean host, gboolean speaks);
void cv_call_say (CvCall *self, const char *prompt);
/* Another caller has come or gone. */
void cv_call_tone (CvCall *self, gboolean in);
void cv_call_mute (CvCall *self, gboolean on, gboolean by_host);
void cv_call_stage (CvCall *self, gboolean speaks);
/* Says why first. */
void cv_call_hang_up (CvCall *self, const char *reason);
/* Without a word to the caller. */
void cv_call_drop (CvCall *self, const char *reason);

G_END_DECLS
