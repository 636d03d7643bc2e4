/* What a caller is led through: PIN, waiting, consent, the keys in a meeting, goodbye. Main thread.
 *
 * A state machine over digits, the daemon's words and the clock. Knows neither SIP nor sound: what is to be said are names of
 * prompts.
 */
#pragma once

#include "base/clock.h"

G_BEGIN_DECLS

#define CV_MENU_MAX_DIGITS 12
/* digits that are a PIN after a while without # */
#define CV_MENU_MIN_PIN 9
/* PINs that one call may try, whatever the daemon says, and how often a silent caller is asked */
#define CV_MENU_MAX_TRIES 5
#define CV_MENU_MAX_ASKED 3
/* ms: for a first digit, for the next one, for the daemon, for `1` after *8, for the last words */
#define CV_MENU_FIRST_MS 15000
#define CV_MENU_NEXT_MS 6000
#define CV_MENU_ANSWER_MS 15000
#define CV_MENU_CONFIRM_MS 8000
#define CV_MENU_GOODBYE_MS 15000

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

typedef struct _CvMenu CvMenu;

/* Only `hang_up` may free it. */
typedef struct {
  void (*say) (const char *prompt, gpointer user_data);
  /* Whatever is being said ends. */
  void (*hush) (gpointer user_data);
  /* Said over and over; NULL: nothing. */
  void (*loop) (const char *prompt, guint pause_ms, gpointer user_data);
  void (*pin) (const char *digits, gpointer user_data);
  void (*key) (const char *what, gpointer user_data);
  /* Everything was said. Once. */
  void (*hang_up) (const char *reason, gpointer user_data);
} CvMenuFuncs;

CvMenu *cv_menu_new (CvClock *clock, const CvMenuFuncs *funcs, gpointer user_data);
void cv_menu_free (CvMenu *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvMenu, cv_menu_free)

/* The caller can hear us. `pin`: was dialled with the number, or NULL. */
void cv_menu_start (CvMenu *self, const char *pin);
void cv_menu_digit (CvMenu *self, char digit);
/* All that was to be said was. */
void cv_menu_said (CvMenu *self);
void cv_menu_pin_result (CvMenu *self, CvPinVerdict verdict, guint wait_ms, guint tries);
void cv_menu_hold_on (CvMenu *self, CvWaitWhy why);
void cv_menu_admit (CvMenu *self, gboolean host, gboolean speaks);
void cv_menu_say (CvMenu *self, const char *prompt);
/* Somebody else has come or gone: told to who is in the meeting. The latest only, once what is being said is over. `tone`: static. */
void cv_menu_tone (CvMenu *self, const char *tone);
/* Says why, and hangs up. */
void cv_menu_end (CvMenu *self, const char *reason);
gboolean cv_menu_is_in (CvMenu *self);

G_END_DECLS
