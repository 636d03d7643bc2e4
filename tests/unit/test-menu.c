/* Each way through the menu, by digits, by the daemon's words and by silence. */
#include "sip/menu.h"

typedef struct {
  CvClock *clock;
  CvMenu *menu;
  GString *did; /* what it asked for, in order */
} Fixture;

static void
note (gpointer user_data, const char *what, const char *which)
{
  Fixture *self = user_data;
  g_string_append_printf (self->did, "%s%s%s", self->did->len > 0 ? " " : "", what, which);
}

static void
on_say (const char *prompt, gpointer user_data)
{
  note (user_data, "", prompt);
}

static void
on_hush (gpointer user_data)
{
}

static void
on_loop (const char *prompt, guint pause_ms, gpointer user_data)
{
  if (prompt != NULL)
    note (user_data, "loop:", prompt);
}

static void
on_pin (const char *digits, gpointer user_data)
{
  note (user_data, "pin:", digits);
}

static void
on_key (const char *what, gpointer user_data)
{
  note (user_data, "key:", what);
}

static void
on_hang_up (const char *reason, gpointer user_data)
{
  Fixture *self = user_data;
  note (self, "hang-up:", reason);
  g_clear_pointer (&self->menu, cv_menu_free);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  static const CvMenuFuncs funcs = { on_say, on_hush, on_loop, on_pin, on_key, on_hang_up };
  self->clock = cv_clock_new_fake (0);
  self->menu = cv_menu_new (self->clock, &funcs, self);
  self->did = g_string_new (NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->menu, cv_menu_free);
  g_string_free (self->did, TRUE);
  g_object_unref (self->clock);
}

static void
press (Fixture *self, const char *digits)
{
  for (; *digits != '\0'; digits++)
    cv_menu_digit (self->menu, *digits);
}

static void
assert_did (Fixture *self, const char *expected)
{
  g_assert_cmpstr (self->did->str, ==, expected);
  g_string_truncate (self->did, 0);
}

static void
enter (Fixture *self, gboolean host, gboolean speaks)
{
  cv_menu_start (self->menu, NULL);
  press (self, "123456789#");
  cv_menu_pin_result (self->menu, CV_PIN_ROOM, 0, 3);
  cv_menu_admit (self->menu, host, speaks);
  g_string_truncate (self->did, 0);
}

static void
test_pin (Fixture *self, gconstpointer data)
{
  press (self, "1#"); /* nobody listens yet */
  cv_menu_start (self->menu, NULL);
  assert_did (self, "welcome enter-pin");
  press (self, "12A3*"); /* begins anew */
  assert_did (self, "enter-pin");
  press (self, "#12345678");
  assert_did (self, "");
  press (self, "9#");
  assert_did (self, "pin:123456789");
  press (self, "123#"); /* one at a time */
  assert_did (self, "");
  cv_menu_pin_result (self->menu, CV_PIN_ROOM, 0, 3);
  cv_menu_pin_result (self->menu, CV_PIN_UNKNOWN, 0, 3); /* was not asked */
  assert_did (self, "");
  cv_menu_admit (self->menu, FALSE, TRUE);
  g_assert_true (cv_menu_is_in (self->menu));
  assert_did (self, "tone-entry joined");
}

static void
test_twelve_digits (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  press (self, "123456789012");
  assert_did (self, "welcome enter-pin pin:123456789012");
}

static void
test_wrong_pins (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  press (self, "1#");
  cv_menu_pin_result (self->menu, CV_PIN_UNKNOWN, 3000, 2);
  assert_did (self, "welcome enter-pin pin:1 wrong-pin enter-pin");
  press (self, "2#"); /* too quick */
  assert_did (self, "");
  cv_clock_advance (self->clock, 3000);
  press (self, "2#");
  cv_menu_pin_result (self->menu, CV_PIN_UNKNOWN, 0, 0);
  assert_did (self, "pin:2 wrong-pin goodbye");
  press (self, "3#");
  cv_menu_said (self->menu);
  assert_did (self, "hang-up:no-pin");
}

static void
test_own_limit (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  for (guint i = 0; i < CV_MENU_MAX_TRIES; i++) {
    press (self, "1#");
    cv_menu_pin_result (self->menu, CV_PIN_UNKNOWN, 0, 9);
  }
  g_assert_true (g_str_has_suffix (self->did->str, "goodbye"));
}

static void
test_verdicts (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  press (self, "1#");
  cv_menu_pin_result (self->menu, CV_PIN_LOCKED, 0, 0);
  assert_did (self, "welcome enter-pin pin:1 locked");
  cv_menu_end (self->menu, "ended"); /* once is enough */
  cv_menu_admit (self->menu, FALSE, TRUE);
  cv_menu_say (self->menu, "muted");
  assert_did (self, "");
  cv_clock_advance (self->clock, CV_MENU_GOODBYE_MS); /* though nothing is heard */
  assert_did (self, "hang-up:locked");
}

static void
test_silence (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  cv_clock_advance (self->clock, CV_MENU_FIRST_MS);
  assert_did (self, "welcome enter-pin enter-pin");
  press (self, "12");
  cv_clock_advance (self->clock, CV_MENU_NEXT_MS);
  assert_did (self, "enter-pin");
  cv_clock_advance (self->clock, CV_MENU_FIRST_MS);
  assert_did (self, "goodbye");
}

static void
test_pin_without_end (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  press (self, "123456789");
  cv_clock_advance (self->clock, CV_MENU_NEXT_MS);
  assert_did (self, "welcome enter-pin pin:123456789");
  cv_clock_advance (self->clock, CV_MENU_ANSWER_MS); /* the daemon says nothing */
  assert_did (self, "failed");
}

static void
test_dialled_pin (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, "123456789");
  assert_did (self, "welcome pin:123456789");
}

static void
test_waiting (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  press (self, "1#");
  cv_menu_pin_result (self->menu, CV_PIN_ROOM, 0, 3);
  cv_menu_hold_on (self->menu, CV_WAIT_HOST);
  cv_menu_hold_on (self->menu, CV_WAIT_LOBBY);
  press (self, "*6");
  assert_did (self, "welcome enter-pin pin:1 loop:waiting-host loop:lobby");
  cv_clock_advance (self->clock, 3600 * 1000);
  assert_did (self, "");
  cv_menu_hold_on (self->menu, CV_WAIT_CONSENT);
  press (self, "3");
  assert_did (self, "loop:consent");
  press (self, "11");
  assert_did (self, "key:consent-yes");
  cv_menu_admit (self->menu, FALSE, FALSE);
  assert_did (self, "tone-entry joined-listening");
}

static void
test_consent_inside (Fixture *self, gconstpointer data)
{
  enter (self, FALSE, TRUE);
  cv_menu_hold_on (self->menu, CV_WAIT_CONSENT);
  g_assert_true (cv_menu_is_in (self->menu));
  press (self, "2");
  assert_did (self, "loop:consent key:consent-no");
  press (self, "*6");
  assert_did (self, "key:mute");
  cv_menu_hold_on (self->menu, CV_WAIT_CONSENT);
  cv_menu_hold_on (self->menu, CV_WAIT_ANSWERED);
  press (self, "1*9");
  assert_did (self, "loop:consent key:hand");
  cv_menu_hold_on (self->menu, CV_WAIT_LOBBY);
  g_assert_false (cv_menu_is_in (self->menu));
  press (self, "*6");
  assert_did (self, "loop:lobby");
}

static void
test_keys (Fixture *self, gconstpointer data)
{
  enter (self, FALSE, TRUE);
  press (self, "6*6**9*0");
  assert_did (self, "key:mute key:hand help key:help");
  press (self, "*5*81"); /* of hosts */
  assert_did (self, "");
  press (self, "*");
  cv_clock_advance (self->clock, CV_MENU_NEXT_MS);
  press (self, "6");
  assert_did (self, "");
}

/* Who is in the meeting goes on with its keys while they are asked. */
static void
test_keys_while_asked (Fixture *self, gconstpointer data)
{
  enter (self, TRUE, TRUE);
  cv_menu_hold_on (self->menu, CV_WAIT_CONSENT);
  press (self, "*6*8");
  assert_did (self, "loop:consent key:mute confirm-end");
  press (self, "1");
  assert_did (self, "key:host-end");
  press (self, "*91");
  assert_did (self, "key:hand key:consent-yes");
}

/* Of others, the latest once all is said. */
static void
test_tones (Fixture *self, gconstpointer data)
{
  cv_menu_start (self->menu, NULL);
  cv_menu_said (self->menu);
  cv_menu_tone (self->menu, "tone-entry");
  press (self, "1#");
  cv_menu_pin_result (self->menu, CV_PIN_ROOM, 0, 3);
  cv_menu_admit (self->menu, FALSE, TRUE);
  cv_menu_tone (self->menu, "tone-entry");
  assert_did (self, "welcome enter-pin pin:1 tone-entry joined");
  cv_menu_tone (self->menu, "tone-exit");
  cv_menu_said (self->menu);
  assert_did (self, "tone-exit");
  cv_menu_said (self->menu);
  assert_did (self, "");
  press (self, "*6");
  cv_menu_tone (self->menu, "tone-exit");
  assert_did (self, "key:mute tone-exit");
  cv_menu_tone (self->menu, "tone-entry");
  cv_menu_hold_on (self->menu, CV_WAIT_LOBBY);
  cv_menu_said (self->menu);
  cv_menu_tone (self->menu, "tone-exit");
  assert_did (self, "loop:lobby");
}

static void
test_host_keys (Fixture *self, gconstpointer data)
{
  enter (self, TRUE, TRUE);
  press (self, "*5*0");
  assert_did (self, "key:host-mute-all help-host key:help");
  press (self, "*82");
  press (self, "1");
  assert_did (self, "confirm-end");
  press (self, "*8");
  cv_clock_advance (self->clock, CV_MENU_CONFIRM_MS);
  press (self, "1");
  assert_did (self, "confirm-end");
  press (self, "*81");
  assert_did (self, "confirm-end key:host-end");
}

#define ADD(name, test) g_test_add ("/menu/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pin", test_pin);
  ADD ("twelve-digits", test_twelve_digits);
  ADD ("wrong-pins", test_wrong_pins);
  ADD ("own-limit", test_own_limit);
  ADD ("verdicts", test_verdicts);
  ADD ("silence", test_silence);
  ADD ("pin-without-end", test_pin_without_end);
  ADD ("dialled-pin", test_dialled_pin);
  ADD ("waiting", test_waiting);
  ADD ("consent-inside", test_consent_inside);
  ADD ("keys", test_keys);
  ADD ("keys-while-asked", test_keys_while_asked);
  ADD ("tones", test_tones);
  ADD ("host-keys", test_host_keys);
  return g_test_run ();
}
