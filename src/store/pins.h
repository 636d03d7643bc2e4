/* Table `pin`: what callers type. All calls are answered in the main context. */
#pragma once

#include "store/store.h"

G_BEGIN_DECLS

/* of those that are drawn; 1 in 10,000,000,000 is right */
#define CV_PIN_DIGITS 10
/* of those that may be asked for */
#define CV_PIN_MIN_DIGITS 9
#define CV_PIN_MAX_DIGITS 12
/* So many first digits say whom a wrong one was aimed at. */
#define CV_PIN_AIM_DIGITS 5

typedef struct {
  char *room; /* NULL: there is no such PIN, or callers may not come in there now */
  gboolean host;
  GPtrArray *aimed; /* ids of the rooms that have one with the same first digits */
} CvPinMatch;

void cv_pin_match_free (CvPinMatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPinMatch, cv_pin_match_free)

/* Random digits. Returns: (transfer full). */
char *cv_pin_draw (void);
/* As many digits as a PIN has. */
gboolean cv_pin_is_valid (const char *pin);

/* `pin` is valid. It takes the same steps whether there is one or not. Returns: (transfer full). */
void cv_pins_find_async (CvStore *store, const char *pin, GAsyncReadyCallback callback, gpointer user_data);
CvPinMatch *cv_pins_find_finish (CvStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
