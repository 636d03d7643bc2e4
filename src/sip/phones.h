/* All phones that call: what listens, the trunks, the calls and the bridges to meetings. Main thread.
 *
 * Owns all of them. Knows no PIN and no person: what a call may do is said by the daemon, over sip-control.c, by the call's
 * id; an id that is gone is passed over.
 */
#pragma once

#include "ipc/channel.h"
#include "sip/sip-config.h"

G_BEGIN_DECLS

typedef struct _CvPhones CvPhones;

/* Takes the configuration. News go to `channel`. `prompts`, `tls` (-1: none) are folders, they stay the caller's. NULL: *id
 * is the error's id, *text its sentence (transfer full). */
CvPhones *cv_phones_new (CvSipConfig *config, CvChannel *channel, int prompts, int tls, const char **id, char **text);
/* Hangs up without a word. */
void cv_phones_free (CvPhones *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPhones, cv_phones_free)

/* Adds what is listened on, an array "listening". */
void cv_phones_add_listening (CvPhones *self, JsonBuilder *message);

typedef enum {
  CV_PIN_ROOM,
  CV_PIN_UNKNOWN,
  CV_PIN_BLOCKED,
  CV_PIN_REFUSED_KIND,
  CV_PIN_FULL,
  CV_PIN_LOCKED,
  CV_PIN_FAILED
} CvPinVerdict;
typedef enum { CV_WAIT_HOST, CV_WAIT_LOBBY, CV_WAIT_CONSENT, CV_WAIT_ANSWERED } CvWaitWhy;

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
