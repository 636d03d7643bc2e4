/* All phones that call: what listens, the trunks, the calls and the bridges to meetings. Main thread.
 *
 * Owns all of them. Knows no PIN and no person: what a call may do is said by the daemon, over sip-control.c, by the call's
 * id; an id that is gone is passed over.
 */
#pragma once

#include "ipc/channel.h"
#include "sip/menu.h"
#include "sip/sip-config.h"

G_BEGIN_DECLS

typedef struct _CvPhones CvPhones;

/* Takes the configuration, and listens; nothing is sent before cv_phones_start(). News go to `channel`. `prompts`, `tls` (-1:
 * none): folders, which are read at once and stay the caller's. NULL with CV_USER_AGENT_ERROR or another. */
CvPhones *cv_phones_new (CvSipConfig *config, CvChannel *channel, CvClock *clock, int prompts, int tls, GError **error);
/* Registers where it is to. */
void cv_phones_start (CvPhones *self);
/* Another password, with which it registers anew. FALSE: there is no such trunk. */
gboolean cv_phones_set_password (CvPhones *self, const char *trunk, const char *password);
/* Hangs up without a word. */
void cv_phones_free (CvPhones *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPhones, cv_phones_free)

/* Adds what is listened on, an array "listening". */
void cv_phones_add_listening (CvPhones *self, JsonBuilder *message);

void cv_phones_pin_result (CvPhones *self, const char *call, CvPinVerdict verdict, const char *room, guint wait,
                           guint tries);
/* Takes `fd`. */
void cv_phones_bridge (CvPhones *self, const char *room, int fd);
void cv_phones_unbridge (CvPhones *self, const char *room);
void cv_phones_hold_on (CvPhones *self, const char *call, CvWaitWhy why);
void cv_phones_admit (CvPhones *self, const char *call, guint32 number, gboolean host, gboolean speaks);
void cv_phones_say (CvPhones *self, const char *call, const char *prompt);
void cv_phones_mute (CvPhones *self, const char *call, gboolean on, gboolean by_host);
void cv_phones_stage (CvPhones *self, const char *call, gboolean speaks);
void cv_phones_hang_up (CvPhones *self, const char *call, const char *reason);
/* Ends all calls and registrations; `done` is called when nothing is left, or after 3 s. */
void cv_phones_close (CvPhones *self, GSourceOnceFunc done, gpointer user_data);

G_END_DECLS
