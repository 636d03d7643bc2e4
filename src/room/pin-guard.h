/* Who guesses PINs, and at which rooms: decides how long an answer takes, which numbers are not answered, and when hosts are told.
 *
 * Owns counts and nothing else; they are forgotten after CV_PIN_GUARD_MEMORY_MS. Main thread. Nobody can lock a room: a right PIN is taken
 * however many wrong ones there were, only later, and just as late as a wrong one. Knows no PIN.
 */
#pragma once

#include "base/clock.h"

G_BEGIN_DECLS

/* wrong ones of one caller, after which their number is not answered until they are forgotten */
#define CV_PIN_GUARD_TRIES 3
#define CV_PIN_GUARD_MEMORY_MS (10 * 60 * 1000)
/* for an answer, where nothing is wrong; each wrong one adds as much, up to the most */
#define CV_PIN_GUARD_ANSWER_MS 1000
#define CV_PIN_GUARD_MOST_MS 8000
/* wrong ones aimed at a room, and at no room in particular, after which hosts are told */
#define CV_PIN_GUARD_AIMED 10
#define CV_PIN_GUARD_ALL 100
/* of each kind of thing that is counted */
#define CV_PIN_GUARD_MAX_COUNTS 10000

typedef enum {
  CV_PIN_ALERT_NONE,
  CV_PIN_ALERT_AIMED, /* hosts of the rooms that it was aimed at are to be told */
  CV_PIN_ALERT_ALL,   /* all hosts are */
} CvPinAlert;

typedef struct _CvPinGuard CvPinGuard;

CvPinGuard *cv_pin_guard_new (CvClock *clock);
void cv_pin_guard_free (CvPinGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPinGuard, cv_pin_guard_free)

/* `source`: who calls; NULL where that is everybody without a number, which is never blocked. */
gboolean cv_pin_guard_is_blocked (CvPinGuard *self, const char *source);
/* How long the answer about digits with this beginning takes, ms. */
guint cv_pin_guard_get_delay (CvPinGuard *self, const char *aim);
/* A wrong one. `aim`: how it begins; `hits`: rooms' PINs begin like that. Says who is to be told, once in CV_PIN_GUARD_MEMORY_MS. */
CvPinAlert cv_pin_guard_note (CvPinGuard *self, const char *source, const char *aim, gboolean hits);
/* Of the last CV_PIN_GUARD_MEMORY_MS. */
guint cv_pin_guard_count (CvPinGuard *self);

G_END_DECLS
