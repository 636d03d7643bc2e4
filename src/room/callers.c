/* See callers.h. */
#include "room/callers.h"

#include "store/pins.h"

#include <string.h>

#define CV_LOG_TOPIC "caller"
#include "base/log.h"

#define PRUNE_MS (60 * 60 * 1000)
#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define MAX_TRUNKS 16

struct _CvCallers {
  GObject parent_instance;
  CvSwitchroom switchroom; /* holds what it points to */
  guint max_per_room;
  guint keep_days;
  CvPinGuard *guard;
  GHashTable *all;  /* id → CvCaller, owned */
  guint look_timer; /* to see who need not wait any more */
  guint prune_timer;
  GHashTable *trunks; /* name → Trunk, owned */
  CvSipStats stats;
};

typedef struct {
  char *name, *state, *text;
  guint64 answered, refused_full, refused_media;
} Trunk;

static void
trunk_free (Trunk *self)
{
  g_free (self->name);
  g_free (self->state);
  g_free (self->text);
  g_free (self);
}

enum { ALERT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvCallers, cv_callers, G_TYPE_OBJECT)

/* Not from within what a meeting tells: others hear of the host first. */
static void
on_look_timeout (gpointer user_data)
{
  CvCallers *self = user_data;
  g_autoptr (GList) all = g_hash_table_get_values (self->all);
  self->look_timer = 0;
  for (GList *item = all; item != NULL; item = item->next)
    if (((CvCaller *) item->data)->state == CV_CALLER_WAITING)
      cv_caller_proceed (item->data);
}

static void
look (CvCallers *self)
{
  if (self->look_timer == 0)
    self->look_timer = cv_clock_after (self->switchroom.clock, 0, on_look_timeout, self);
}

static void
on_meeting_participant_joined (CvMeeting *meeting, CvParticipant *participant, CvCallers *self)
{
  look (self);
}

static void
on_meeting_participant_role (CvMeeting *meeting, CvParticipant *participant, CvRole before, CvCallers *self)
{
  look (self);
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room, CvCallers *self)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_signal_connect_object (meeting, "participant-joined", G_CALLBACK (on_meeting_participant_joined), self, 0);
  g_signal_connect_object (meeting, "participant-role", G_CALLBACK (on_meeting_participant_role), self, 0);
}

static void
on_registry_room_deleted (CvRegistry *registry, const char *room, CvCallers *self)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->all);
  for (GList *item = all; item != NULL; item = item->next) {
    CvCaller *caller = item->data;
    if (caller->state == CV_CALLER_WAITING && g_str_equal (caller->row->room, room))
      cv_caller_hang_up (caller, "ended");
  }
}

/* Switched off: who is in stays, nobody else comes in. */
static void
on_registry_room_changed (CvRegistry *registry, const CvRoomRow *row, CvCallers *self)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->all);
  for (GList *item = row->dial_in ? NULL : all; item != NULL; item = item->next) {
    CvCaller *caller = item->data;
    if (caller->room == NULL || !g_str_equal (cv_room_get_row (caller->room)->id, row->id))
      continue;
    if (caller->state == CV_CALLER_CHECKING)
      caller->verdict = CV_SIP_PIN_UNKNOWN; /* as for whoever types it from now on */
    else if (caller->state == CV_CALLER_WAITING || caller->state == CV_CALLER_LOBBY)
      cv_caller_refuse (caller, "refused");
  }
}

/* ---- PINs ---- */

static guint
count_in_room (CvCallers *self, const char *room)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;
  g_hash_table_iter_init (&iter, self->all);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const CvCaller *caller = value;
    n += caller->state >= CV_CALLER_WAITING && caller->state <= CV_CALLER_IN && g_str_equal (caller->row->room, room);
  }
  return n;
}

/* All of them get the same answer at the same time: only then is anything done. */
static void
on_answer_timeout (gpointer user_data)
{
  CvCaller *self = user_data;
  CvTelephony *telephony = self->switchroom->telephony;
  self->timer = 0;
  self->state = CV_CALLER_MENU;
  if (self->verdict == CV_SIP_PIN_ROOM) {
    self->row->room = g_strdup (cv_room_get_row (self->room)->id);
    cv_caller_store (self);
    cv_telephony_pin_result (telephony, self->row->id, CV_SIP_PIN_ROOM, self->row->room, 0, 0);
    cv_caller_proceed (self);
    return;
  }
  guint left = self->verdict == CV_SIP_PIN_UNKNOWN ? CV_PIN_GUARD_TRIES - self->tries : 0;
  if (left == 0)
    self->state = CV_CALLER_ENDING;
  cv_telephony_pin_result (telephony, self->row->id, self->verdict, NULL, 0, left);
}

/* When what is known now is said. */
static void
answer_in_time (CvCaller *self, CvSipVerdict verdict)
{
  CvClock *clock = self->switchroom->clock;
  guint elapsed = (guint) ((cv_clock_now (clock) - self->asked) / 1000);
  /* a disk that is slow must not tell either which of the two it was */
  while (self->delay < elapsed)
    self->delay += CV_PIN_GUARD_ANSWER_MS;
  self->verdict = verdict;
  self->timer = cv_clock_after (clock, self->delay - elapsed, on_answer_timeout, self);
}

static void
alert_rooms (CvCallers *self, CvPinAlert alert, GPtrArray *aimed)
{
  for (guint i = 0; alert == CV_PIN_ALERT_AIMED && i < aimed->len; i++) {
    const char *id = g_ptr_array_index (aimed, i);
    CvRoom *live = cv_registry_peek (self->switchroom.registry, id);
    cv_warning (id, NULL, "somebody tries PINs of this room by phone");
    if (live != NULL)
      g_signal_emit (self, signals[ALERT], 0, live);
  }
  if (alert != CV_PIN_ALERT_ALL)
    return;
  cv_warning (NULL, NULL, "somebody tries PINs by phone: %d wrong ones in a short time", CV_PIN_GUARD_ALL);
  g_autoptr (GPtrArray) rooms = cv_registry_list_live (self->switchroom.registry);
  for (guint i = 0; i < rooms->len; i++)
    if (cv_room_get_row (rooms->pdata[i])->dial_in)
      g_signal_emit (self, signals[ALERT], 0, rooms->pdata[i]);
}

static void
note_wrong (CvCallers *callers, CvCaller *self, const char *digits, GPtrArray *aimed)
{
  g_autofree char *aim = g_strndup (digits, CV_PIN_AIM_DIGITS);
  gboolean hits = aimed != NULL && aimed->len > 0;
  CvPinAlert alert = cv_pin_guard_note (callers->guard, cv_caller_has_number (self) ? self->source : NULL, aim, hits);
  self->tries++;
  answer_in_time (self, CV_SIP_PIN_UNKNOWN);
  alert_rooms (callers, alert, aimed);
}

static CvSipVerdict
find_verdict (CvCallers *callers, CvCaller *self)
{
  const CvRoomRow *row = cv_room_get_row (self->room);
  CvRoom *live = cv_registry_peek (callers->switchroom.registry, row->id);
  CvMeeting *meeting = live != NULL ? cv_room_get_meeting (live) : NULL;
  gboolean marked = FALSE;
  if (!cv_room_get_policy (self->room)->may_dial_in)
    return CV_SIP_PIN_REFUSED_KIND;
  if (!cv_registry_is_available (callers->switchroom.registry, cv_room_get_policy (self->room)))
    return CV_SIP_PIN_FAILED;
  if (count_in_room (callers, row->id) >= callers->max_per_room)
    return CV_SIP_PIN_FULL;
  if (meeting != NULL && cv_meeting_get_size (meeting) >= cv_room_get_policy (self->room)->max_people)
    return CV_SIP_PIN_FULL;
  if (self->host || meeting == NULL)
    return CV_SIP_PIN_ROOM;
  if (cv_caller_is_removed (self, meeting, &marked))
    return CV_SIP_PIN_BLOCKED;
  return cv_meeting_is_locked (meeting) ? CV_SIP_PIN_LOCKED : CV_SIP_PIN_ROOM;
}

/* A question about a call that may be gone when the answer comes. */
typedef struct {
  CvCallers *callers;
  char *call;
  char *digits;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->callers);
  g_free (self->call);
  g_free (self->digits);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* NULL: they are gone. */
static CvCaller *
find_asker (const Question *question)
{
  CvCaller *caller = g_hash_table_lookup (question->callers->all, question->call);
  return caller != NULL && caller->state == CV_CALLER_CHECKING ? caller : NULL;
}

static void
on_room_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvRoom) room = cv_registry_load_finish (CV_REGISTRY (source), result, &error);
  CvCaller *caller = find_asker (question);
  if (caller == NULL)
    return;
  g_set_object (&caller->room, room);
  if (room == NULL)
    cv_warning (NULL, NULL, "a caller's room cannot be loaded: %s", error->message);
  answer_in_time (caller, room != NULL ? find_verdict (question->callers, caller) : CV_SIP_PIN_FAILED);
}

static void
on_pin_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvPinMatch) match = cv_pins_find_finish (CV_STORE (source), result, &error);
  CvCaller *caller = find_asker (question);
  if (caller == NULL)
    return;
  if (match == NULL) {
    cv_warning (NULL, NULL, "PINs cannot be looked up: %s", error->message);
    answer_in_time (caller, CV_SIP_PIN_FAILED);
  } else if (match->room == NULL) {
    note_wrong (question->callers, caller, question->digits, match->aimed);
  } else {
    CvRegistry *registry = question->callers->switchroom.registry;
    caller->host = match->host;
    cv_registry_load_async (registry, match->room, on_room_loaded, g_steal_pointer (&question));
  }
}

static void
check_pin (CvCallers *callers, CvCaller *self, const char *digits)
{
  g_autofree char *aim = g_strndup (digits, CV_PIN_AIM_DIGITS);
  if (self->state != CV_CALLER_MENU)
    return; /* they type into the answer */
  self->state = CV_CALLER_CHECKING;
  self->asked = cv_clock_now (callers->switchroom.clock);
  self->delay = cv_pin_guard_get_delay (callers->guard, aim);
  if (cv_pin_guard_is_blocked (callers->guard, cv_caller_has_number (self) ? self->source : NULL)) {
    answer_in_time (self, CV_SIP_PIN_BLOCKED);
    return;
  }
  if (!cv_pin_is_valid (digits)) {
    note_wrong (callers, self, digits, NULL);
    return;
  }
  Question *question = g_new (Question, 1);
  *question = (Question){ g_object_ref (callers), g_strdup (self->row->id), g_strdup (digits) };
  cv_pins_find_async (callers->switchroom.store, digits, on_pin_found, question);
}

/* ---- what the telephone's side says ---- */

/* NULL: there are too many. */
static Trunk *
ensure_trunk (CvCallers *self, const char *name)
{
  Trunk *trunk = g_hash_table_lookup (self->trunks, name);
  if (trunk != NULL || g_hash_table_size (self->trunks) >= MAX_TRUNKS)
    return trunk;
  trunk = g_new0 (Trunk, 1);
  trunk->name = g_strdup (name);
  trunk->state = g_strdup ("registering"); /* a call may come before it has said anything */
  trunk->text = g_strdup ("");
  g_hash_table_insert (self->trunks, trunk->name, trunk);
  return trunk;
}

static void
add_caller (CvCallers *self, const CvSipNews *news)
{
  Trunk *trunk = ensure_trunk (self, news->trunk);
  if (trunk != NULL)
    trunk->answered++;
  CvCaller *caller = cv_caller_new (&self->switchroom, news);
  g_hash_table_replace (self->all, caller->row->id, caller);
  cv_caller_store (caller);
}

static void
note_ready (CvCaller *self, const CvSipNews *news)
{
  g_free (self->row->codec);
  g_free (self->row->security);
  self->row->codec = g_strdup (news->codec);
  self->row->security = g_strdup (news->security);
  if (self->row->answered == 0)
    self->row->answered = cv_clock_wall (self->switchroom->clock);
  cv_caller_store (self);
}

static void
finish (CvCallers *callers, CvCaller *self, const char *reason)
{
  gboolean left = g_str_equal (reason, "hung-up");
  cv_caller_give_seat_up (self, left ? CV_LEAVING_LEFT : CV_LEAVING_LOST);
  self->row->ended = MAX (self->row->started, cv_clock_wall (self->switchroom->clock));
  g_free (self->row->reason);
  self->row->reason = g_strdup (reason);
  cv_caller_store (self);
  g_hash_table_remove (callers->all, self->row->id);
}

static void
note_trunk (CvCallers *self, const CvSipNews *news)
{
  Trunk *trunk = ensure_trunk (self, news->trunk);
  if (trunk == NULL)
    return;
  cv_notice (NULL, NULL, "trunk %s is %s%s%s", news->trunk, news->state, *news->text != '\0' ? ": " : "", news->text);
  g_free (trunk->state);
  g_free (trunk->text);
  trunk->state = g_strdup (news->state);
  trunk->text = g_strdup (news->text);
}

static void
note_stats (CvCallers *self, const CvSipNews *news)
{
  self->stats = news->stats;
  for (guint i = 0; i < news->n_trunks; i++) {
    Trunk *trunk = ensure_trunk (self, news->trunks[i].trunk);
    if (trunk == NULL)
      continue;
    trunk->refused_full = news->trunks[i].refused_full;
    trunk->refused_media = news->trunks[i].refused_media;
  }
}

static void
tell (CvCallers *callers, CvCaller *self, const CvSipNews *news)
{
  if (news->type == CV_SIP_NEWS_READY)
    note_ready (self, news);
  else if (news->type == CV_SIP_NEWS_PIN)
    check_pin (callers, self, news->digits);
  else if (news->type == CV_SIP_NEWS_KEY && self->line != NULL)
    cv_line_press (self->line, news->key);
  else if (news->type == CV_SIP_NEWS_HELD && self->line != NULL)
    cv_meeting_set_away (cv_line_get_meeting (self->line), cv_line_get_participant (self->line), news->on);
  else if (news->type == CV_SIP_NEWS_GONE)
    finish (callers, self, news->reason);
}

static void
on_telephony_news (CvTelephony *telephony, const CvSipNews *news, CvCallers *self)
{
  CvCaller *caller = news->call != NULL ? g_hash_table_lookup (self->all, news->call) : NULL;
  if (news->type == CV_SIP_NEWS_CALL)
    add_caller (self, news);
  else if (news->type == CV_SIP_NEWS_TRUNK)
    note_trunk (self, news);
  else if (news->type == CV_SIP_NEWS_STATS)
    note_stats (self, news);
  else if (caller != NULL)
    tell (self, caller, news);
}

static void
on_telephony_down (CvTelephony *telephony, CvCallers *self)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->all);
  for (GList *item = all; item != NULL; item = item->next)
    finish (self, item->data, "crash");
  g_hash_table_remove_all (self->trunks);
  self->stats = (CvSipStats){ 0 };
}

/* ---- records ---- */

static void
on_pruned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (cv_calls_count_finish (CV_STORE (source), result, &error) < 0)
    cv_warning (NULL, NULL, "records of calls: %s", error->message);
}

static void
on_prune_timeout (gpointer user_data)
{
  CvCallers *self = user_data;
  if (self->keep_days > 0)
    cv_calls_prune_async (self->switchroom.store, cv_clock_wall (self->switchroom.clock) - self->keep_days * DAY_MS,
                          on_pruned, NULL);
  self->prune_timer = cv_clock_after (self->switchroom.clock, PRUNE_MS, on_prune_timeout, self);
}

/* ---- for others ---- */

void
cv_callers_set_keep_days (CvCallers *self, guint days)
{
  g_return_if_fail (CV_IS_CALLERS (self));

  self->keep_days = days;
}

void
cv_callers_remove (CvCallers *self, const CvParticipant *participant)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->all);
  for (GList *item = all; item != NULL; item = item->next) {
    CvCaller *caller = item->data;
    if (caller->line == NULL || cv_line_get_participant (caller->line) != participant)
      continue;
    cv_caller_hang_up (caller, "removed");
    cv_caller_give_seat_up (caller, CV_LEAVING_REMOVED);
    return;
  }
}

gboolean
cv_callers_hang_up (CvCallers *self, const char *call)
{
  CvCaller *caller = g_hash_table_lookup (self->all, call);
  if (caller == NULL)
    return FALSE;
  cv_caller_refuse (caller, "operator");
  cv_caller_give_seat_up (caller, CV_LEAVING_LOST);
  return TRUE;
}

static int
compare_views (gconstpointer a, gconstpointer b)
{
  const CvCallRow *left = ((const CvCallView *) a)->row, *right = ((const CvCallView *) b)->row;
  if (left->started != right->started)
    return left->started < right->started ? -1 : 1;
  return strcmp (left->id, right->id);
}

GArray *
cv_callers_list (CvCallers *self)
{
  static const char *const states[] = { "menu", "menu", "waiting", "lobby", "in", "ending" };
  GArray *views = g_array_new (FALSE, FALSE, sizeof (CvCallView));
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->all);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const CvCaller *caller = value;
    CvCallView view = { caller->row, states[caller->state] };
    g_array_append_val (views, view);
  }
  g_array_sort (views, compare_views);
  return views;
}

gboolean
cv_callers_is_up (CvCallers *self)
{
  return cv_telephony_is_up (self->switchroom.telephony);
}

const CvSipStats *
cv_callers_get_stats (CvCallers *self)
{
  return &self->stats;
}

static int
compare_trunks (gconstpointer a, gconstpointer b)
{
  return strcmp (((const CvTrunkView *) a)->name, ((const CvTrunkView *) b)->name);
}

static guint
count_on_trunk (CvCallers *self, const char *trunk)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;
  g_hash_table_iter_init (&iter, self->all);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += g_str_equal (((CvCaller *) value)->row->trunk, trunk);
  return n;
}

GArray *
cv_callers_list_trunks (CvCallers *self)
{
  GArray *views = g_array_new (FALSE, FALSE, sizeof (CvTrunkView));
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->trunks);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Trunk *trunk = value;
    CvTrunkView view = { .name = trunk->name,
                         .state = trunk->state,
                         .text = trunk->text,
                         .calls = count_on_trunk (self, trunk->name),
                         .answered = trunk->answered,
                         .refused_full = trunk->refused_full,
                         .refused_media = trunk->refused_media };
    g_array_append_val (views, view);
  }
  g_array_sort (views, compare_trunks);
  return views;
}

guint
cv_callers_count_wrong_pins (CvCallers *self)
{
  return cv_pin_guard_count (self->guard);
}

/* ---- life ---- */

CvCallers *
cv_callers_new (const CvCallersOptions *options)
{
  CvCallers *self = g_object_new (CV_TYPE_CALLERS, NULL);
  self->switchroom.registry = g_object_ref (options->registry);
  self->switchroom.store = g_object_ref (options->store);
  self->switchroom.knocks = g_object_ref (options->knocks);
  self->switchroom.telephony = g_object_ref (options->telephony);
  self->switchroom.clock = g_object_ref (options->clock);
  self->max_per_room = options->max_per_room;
  self->keep_days = options->keep_days;
  self->guard = cv_pin_guard_new (self->switchroom.clock);
  self->switchroom.bridges = cv_bridges_new (self->switchroom.telephony);
  g_signal_connect (self->switchroom.telephony, "news", G_CALLBACK (on_telephony_news), self);
  g_signal_connect (self->switchroom.telephony, "down", G_CALLBACK (on_telephony_down), self);
  g_signal_connect_object (self->switchroom.registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), self,
                           0);
  g_signal_connect_object (self->switchroom.registry, "room-changed", G_CALLBACK (on_registry_room_changed), self, 0);
  g_signal_connect_object (self->switchroom.registry, "room-deleted", G_CALLBACK (on_registry_room_deleted), self, 0);
  cv_calls_close_open_async (self->switchroom.store, cv_clock_wall (self->switchroom.clock), on_pruned, NULL);
  on_prune_timeout (self);
  return self;
}

static void
cv_callers_dispose (GObject *object)
{
  CvCallers *self = CV_CALLERS (object);
  if (self->switchroom.telephony != NULL) {
    g_signal_handlers_disconnect_by_data (self->switchroom.telephony, self);
    on_telephony_down (self->switchroom.telephony, self);
    cv_clock_cancel (self->switchroom.clock, &self->look_timer);
    cv_clock_cancel (self->switchroom.clock, &self->prune_timer);
  }
  g_clear_pointer (&self->switchroom.bridges, cv_bridges_free);
  g_clear_pointer (&self->guard, cv_pin_guard_free);
  g_clear_object (&self->switchroom.telephony);
  g_clear_object (&self->switchroom.registry);
  g_clear_object (&self->switchroom.store);
  g_clear_object (&self->switchroom.knocks);
  g_clear_object (&self->switchroom.clock);
  G_OBJECT_CLASS (cv_callers_parent_class)->dispose (object);
}

static void
cv_callers_finalize (GObject *object)
{
  CvCallers *self = CV_CALLERS (object);
  g_hash_table_unref (self->all);
  g_hash_table_unref (self->trunks);
  G_OBJECT_CLASS (cv_callers_parent_class)->finalize (object);
}

static void
cv_callers_class_init (CvCallersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_callers_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_callers_finalize;
  signals[ALERT] =
    g_signal_new ("alert", CV_TYPE_CALLERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
cv_callers_init (CvCallers *self)
{
  self->all = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) cv_caller_free);
  self->trunks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) trunk_free);
}
