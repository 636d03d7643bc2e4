/* Table `pin`.
 *
 * Owns nothing. The functions named `*_on_worker` run on the store's thread and touch only the connection and their data,
 * all others in the main context. Rows are written with their room: rooms.c.
 */
#include "store/pins.h"

#include "base/ids.h"

#include <string.h>

/* of those with the same first digits: with 100,000 rooms there are two */
#define MAX_AIMED 50

void
cv_pin_match_free (CvPinMatch *self)
{
  g_free (self->room);
  g_ptr_array_unref (self->aimed);
  g_free (self);
}

char *
cv_pin_draw (void)
{
  char *pin = g_malloc0 (CV_PIN_DIGITS + 1);

  for (guint i = 0; i < CV_PIN_DIGITS;) {
    guint8 byte;

    cv_random_bytes (&byte, 1);
    if (byte < 250) /* or the first digits would be likelier than the last */
      pin[i++] = (char) ('0' + byte % 10);
  }
  return pin;
}

gboolean
cv_pin_is_valid (const char *pin)
{
  gsize n = strspn (pin, "0123456789");

  return pin[n] == '\0' && n >= CV_PIN_MIN_DIGITS && n <= CV_PIN_MAX_DIGITS;
}

static gpointer
find_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const char *pin = data;
  g_autoptr (CvPinMatch) match = g_new0 (CvPinMatch, 1);
  g_autofree char *first = g_strndup (pin, CV_PIN_AIM_DIGITS);
  g_autofree char *last = g_strconcat (first, ":", NULL); /* what comes after '9' */
  g_autoptr (sqlite3_stmt) statement =
    cv_store_prepare (db, error,
                      "SELECT pin.pin, pin.room, pin.role = 'host' FROM pin JOIN room ON room.id = pin.room "
                      "WHERE room.dial_in = 1 AND pin.pin >= ? AND pin.pin < ? ORDER BY pin.pin = ? DESC LIMIT ?",
                      "sssi", first, last, pin, (gint64) MAX_AIMED);
  int step = SQLITE_DONE;

  match->aimed = g_ptr_array_new_with_free_func (g_free);
  while (statement != NULL && (step = sqlite3_step (statement)) == SQLITE_ROW) {
    const char *found = (const char *) sqlite3_column_text (statement, 0);

    if (found != NULL && strlen (found) == strlen (pin) &&
        cv_bytes_equal ((const guint8 *) found, (const guint8 *) pin, strlen (pin))) {
      match->room = cv_store_read_text (statement, 1);
      match->host = sqlite3_column_int (statement, 2) != 0;
    }
    g_ptr_array_add (match->aimed, cv_store_read_text (statement, 1));
  }
  if (statement != NULL && step != SQLITE_DONE)
    cv_store_set_error (error, db, "looking for a PIN");
  return statement != NULL && step == SQLITE_DONE ? g_steal_pointer (&match) : NULL;
}

void
cv_pins_find_async (CvStore *store, const char *pin, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (pin != NULL && cv_pin_is_valid (pin));

  cv_store_run_async (store, find_on_worker, g_strdup (pin), g_free, (GDestroyNotify) cv_pin_match_free, NULL, callback,
                      user_data);
}

CvPinMatch *
cv_pins_find_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return cv_store_run_finish (store, result, error);
}
