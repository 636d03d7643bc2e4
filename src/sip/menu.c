/* See menu.h. */
#include "sip/menu.h"

#include "base/ids.h"

#include <string.h>

/* ms between two announcements, and after which consent is asked for again */
#define LOOP_PAUSE_MS 20000

typedef enum { SILENT, ASKING, CHECKING, HELD, CONSENT, IN, OVER } State;

struct _CvMenu {
  CvClock *clock;
  CvMenuFuncs funcs;
  gpointer user_data;
  State state;
  char digits[CV_MENU_MAX_DIGITS + 1];
  gsize n_digits;
  guint tries, asked;
  gboolean admitted, host, star, confirming, saying;
  guint alarm;
  gint64 deaf_until; /* µs: the daemon slows us down */
  const char *tone;  /* to be heard when all is said; NULL: none */
  char *reason;
};

static void on_alarm (gpointer user_data);

static void
wind (CvMenu *self, guint ms)
{
  cv_clock_cancel (self->clock, &self->alarm);
  if (ms > 0)
    self->alarm = cv_clock_after (self->clock, ms, on_alarm, self);
}

static void
say (CvMenu *self, const char *prompt)
{
  self->saying = TRUE;
  self->funcs.say (prompt, self->user_data);
}

static void
hush (CvMenu *self)
{
  self->saying = FALSE;
  self->funcs.hush (self->user_data);
}

static void
forget_digits (CvMenu *self)
{
  cv_wipe (self->digits, sizeof self->digits);
  self->n_digits = 0;
}

static void
go (CvMenu *self, State state)
{
  self->state = state;
  self->star = self->confirming = FALSE;
  forget_digits (self);
  self->funcs.loop (NULL, 0, self->user_data);
}

void
cv_menu_end (CvMenu *self, const char *reason)
{
  if (self->state == OVER)
    return;
  go (self, OVER);
  self->reason = g_strdup (reason);
  hush (self);
  say (self, g_str_equal (reason, "no-pin") ? "goodbye" : reason);
  wind (self, CV_MENU_GOODBYE_MS);
}

/* Nothing is asked: as before. */
static void
rest (CvMenu *self)
{
  go (self, self->admitted ? IN : HELD);
  wind (self, 0);
}

static void
finish (CvMenu *self)
{
  wind (self, 0);
  g_autofree char *reason = g_steal_pointer (&self->reason);
  if (reason != NULL)
    self->funcs.hang_up (reason, self->user_data);
}

/* ---- The PIN ---- */

static void
ask (CvMenu *self)
{
  go (self, ASKING);
  say (self, "enter-pin");
  wind (self, CV_MENU_FIRST_MS);
}

static void
check (CvMenu *self)
{
  char digits[CV_MENU_MAX_DIGITS + 1];
  memcpy (digits, self->digits, sizeof digits);
  self->tries++;
  go (self, CHECKING);
  wind (self, CV_MENU_ANSWER_MS);
  self->funcs.pin (digits, self->user_data);
  cv_wipe (digits, sizeof digits);
}

static void
take_pin_digit (CvMenu *self, char digit)
{
  if (cv_clock_now (self->clock) < self->deaf_until)
    return;
  if (self->n_digits == 0)
    hush (self);
  if (digit == '*') {
    ask (self);
    return;
  }
  if (g_ascii_isdigit (digit))
    self->digits[self->n_digits++] = digit;
  if ((digit == '#' && self->n_digits > 0) || self->n_digits == CV_MENU_MAX_DIGITS)
    check (self);
  else
    wind (self, CV_MENU_NEXT_MS);
}

/* Nobody says anything, or not to the end. */
static void
urge (CvMenu *self)
{
  if (self->n_digits >= CV_MENU_MIN_PIN)
    check (self);
  else if (++self->asked >= CV_MENU_MAX_ASKED)
    cv_menu_end (self, "no-pin");
  else
    ask (self);
}

void
cv_menu_start (CvMenu *self, const char *pin)
{
  if (self->state != SILENT)
    return;
  if (pin != NULL && strlen (pin) <= CV_MENU_MAX_DIGITS) {
    g_strlcpy (self->digits, pin, sizeof self->digits);
    say (self, "welcome");
    check (self);
    return;
  }
  say (self, "welcome");
  ask (self);
}

void
cv_menu_pin_result (CvMenu *self, CvPinVerdict verdict, guint wait_ms, guint tries)
{
  static const char *const reasons[] = { NULL, "no-pin", "blocked", "refused-kind", "full", "locked", "failed" };
  if (self->state != CHECKING)
    return;
  if (verdict == CV_PIN_ROOM) {
    rest (self);
    return;
  }
  if (verdict != CV_PIN_UNKNOWN) {
    cv_menu_end (self, reasons[verdict]);
    return;
  }
  say (self, "wrong-pin");
  if (tries == 0 || self->tries >= CV_MENU_MAX_TRIES) {
    go (self, OVER);
    self->reason = g_strdup ("no-pin");
    say (self, "goodbye");
    wind (self, CV_MENU_GOODBYE_MS);
    return;
  }
  self->asked = 0;
  self->deaf_until = cv_clock_now (self->clock) + wait_ms * (gint64) 1000;
  ask (self);
  wind (self, CV_MENU_FIRST_MS + wait_ms);
}

/* ---- Before and in the meeting ---- */

void
cv_menu_hold_on (CvMenu *self, CvWaitWhy why)
{
  static const char *const prompts[] = { "waiting-host", "lobby", "consent", NULL };
  if (self->state == OVER || self->state == SILENT)
    return;
  if (why == CV_WAIT_HOST || why == CV_WAIT_LOBBY)
    self->admitted = FALSE;
  rest (self);
  if (why == CV_WAIT_CONSENT)
    self->state = CONSENT;
  if (prompts[why] != NULL)
    self->funcs.loop (prompts[why], LOOP_PAUSE_MS, self->user_data);
}

void
cv_menu_admit (CvMenu *self, gboolean host, gboolean speaks)
{
  if (self->state == OVER || self->state == SILENT)
    return;
  self->admitted = TRUE;
  self->host = host;
  rest (self);
  hush (self);
  say (self, "tone-entry");
  say (self, speaks ? "joined" : "joined-listening");
}

void
cv_menu_say (CvMenu *self, const char *prompt)
{
  if (self->state != OVER)
    say (self, prompt);
}

void
cv_menu_tone (CvMenu *self, const char *tone)
{
  self->tone = NULL;
  if (self->state == IN && !self->saying)
    say (self, tone);
  else if (self->state == IN)
    self->tone = tone;
}

gboolean
cv_menu_is_in (CvMenu *self)
{
  return self->admitted && self->state != OVER;
}

static void
take_command (CvMenu *self, char digit)
{
  hush (self);
  if (digit == '6')
    self->funcs.key ("mute", self->user_data);
  else if (digit == '9')
    self->funcs.key ("hand", self->user_data);
  else if (digit == '5' && self->host)
    self->funcs.key ("host-mute-all", self->user_data);
  else if (digit == '8' && self->host) {
    self->confirming = TRUE;
    say (self, "confirm-end");
    wind (self, CV_MENU_CONFIRM_MS);
  } else if (digit == '0') {
    say (self, self->host ? "help-host" : "help");
    self->funcs.key ("help", self->user_data);
  }
}

static void
take_meeting_digit (CvMenu *self, char digit)
{
  gboolean star = self->star, confirming = self->confirming;
  self->star = digit == '*';
  self->confirming = FALSE;
  wind (self, self->star ? CV_MENU_NEXT_MS : 0);
  if (confirming && digit == '1')
    self->funcs.key ("host-end", self->user_data);
  else if (star && !self->star)
    take_command (self, digit);
}

/* The daemon says what became of it. Who is in the meeting already has its keys as well. */
static void
take_consent_digit (CvMenu *self, char digit)
{
  if (self->admitted && (digit == '*' || self->star || self->confirming)) {
    take_meeting_digit (self, digit);
    return;
  }
  if (digit != '1' && digit != '2')
    return;
  rest (self);
  hush (self);
  self->funcs.key (digit == '1' ? "consent-yes" : "consent-no", self->user_data);
}

void
cv_menu_digit (CvMenu *self, char digit)
{
  if (self->state == ASKING)
    take_pin_digit (self, digit);
  else if (self->state == CONSENT)
    take_consent_digit (self, digit);
  else if (self->state == IN)
    take_meeting_digit (self, digit);
}

void
cv_menu_said (CvMenu *self)
{
  self->saying = FALSE;
  if (self->state == OVER)
    finish (self);
  else if (self->tone != NULL)
    cv_menu_tone (self, self->tone);
}

static void
on_alarm (gpointer user_data)
{
  CvMenu *self = user_data;
  self->alarm = 0;
  self->star = self->confirming = FALSE;
  if (self->state == ASKING)
    urge (self);
  else if (self->state == CHECKING)
    cv_menu_end (self, "failed");
  else if (self->state == OVER)
    finish (self); /* the call may be gone afterwards, and the menu with it */
}

CvMenu *
cv_menu_new (CvClock *clock, const CvMenuFuncs *funcs, gpointer user_data)
{
  CvMenu *self = g_new0 (CvMenu, 1);
  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  self->user_data = user_data;
  return self;
}

void
cv_menu_free (CvMenu *self)
{
  cv_clock_cancel (self->clock, &self->alarm);
  forget_digits (self);
  g_free (self->reason);
  g_object_unref (self->clock);
  g_free (self);
}
