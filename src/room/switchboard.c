/* See switchboard.h. */
#include "room/switchboard.h"

#define CV_LOG_TOPIC "switchboard"
#include "base/log.h"

/* what failed for good is tried again after so long */
#define REOPEN_MS 10000
/* how long an offer waits for media that are not ready yet: a process starts in a fraction of that */
#define WAIT_MS 5000

struct _CvSwitchboard {
  GObject parent_instance;
  char *room;
  CvMeeting *meeting; /* NULL once it has ended */
  CvMediaPool *pool;  /* NULL: there are no media */
  CvClock *clock;
  CvMedia *media; /* NULL: could not be opened, or failed */
  gboolean ready; /* as the last signal said */
  char **speakers;
  guint reopen_timer;
  GHashTable *joined; /* set of person ids, owned: whom the media know */
  guint files;        /* numbers that were drawn */
  guint holds;
  gboolean ended; /* the meeting is over, and it is held */
  GQueue waiting; /* of Offer, owned: they came before the media were ready, one of each person */
  guint wait_timer;
};

/* What one has offered, while it has no answer. */
typedef struct {
  GTask *task;
  char *person;
  char *sdp; /* NULL once it was passed on */
} Offer;

enum { MEDIA, JOINED, STATE, SLOTS, SPEAKERS, LAYERS, STATS, TRACK, CLOCK, RECORDED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvSwitchboard, cv_switchboard, G_TYPE_OBJECT)

static void
offer_free (Offer *self)
{
  g_object_unref (self->task);
  g_free (self->person);
  g_free (self->sdp);
  g_free (self);
}

static void
offer_fail (Offer *self)
{
  g_task_return_new_error (self->task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "there is no media process");
  offer_free (self);
}

static void
fail_waiting (CvSwitchboard *self)
{
  cv_clock_cancel (self->clock, &self->wait_timer);
  while (!g_queue_is_empty (&self->waiting))
    offer_fail (g_queue_pop_head (&self->waiting));
}

static void
drop_media (CvSwitchboard *self)
{
  g_autoptr (CvMedia) media = g_steal_pointer (&self->media);
  if (media == NULL)
    return;
  g_signal_handlers_disconnect_by_data (media, self);
  cv_media_close (media);
}

static void
close_switchboard (CvSwitchboard *self)
{
  if (self->meeting != NULL)
    g_signal_handlers_disconnect_by_data (self->meeting, self);
  g_clear_object (&self->meeting);
  if (self->clock != NULL) {
    cv_clock_cancel (self->clock, &self->reopen_timer);
    fail_waiting (self);
  }
  drop_media (self);
}

static void
cv_switchboard_dispose (GObject *object)
{
  CvSwitchboard *self = CV_SWITCHBOARD (object);
  close_switchboard (self);
  g_clear_object (&self->pool);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_switchboard_parent_class)->dispose (object);
}

static void
cv_switchboard_finalize (GObject *object)
{
  CvSwitchboard *self = CV_SWITCHBOARD (object);
  g_strfreev (self->speakers);
  g_hash_table_unref (self->joined);
  g_free (self->room);
  G_OBJECT_CLASS (cv_switchboard_parent_class)->finalize (object);
}

/* `n` types of parameters follow. */
static guint
add_signal (const char *name, guint n, ...)
{
  va_list types;
  va_start (types, n);
  guint id =
    g_signal_new_valist (name, CV_TYPE_SWITCHBOARD, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL, G_TYPE_NONE, n, types);
  va_end (types);
  return id;
}

static void
cv_switchboard_class_init (CvSwitchboardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_switchboard_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_switchboard_finalize;
  signals[MEDIA] = add_signal ("media", 1, G_TYPE_BOOLEAN);
  signals[JOINED] = add_signal ("joined", 1, G_TYPE_POINTER);
  signals[STATE] = add_signal ("state", 3, G_TYPE_POINTER, G_TYPE_UINT, G_TYPE_STRING);
  signals[SLOTS] = add_signal ("slots", 3, G_TYPE_POINTER, G_TYPE_POINTER, G_TYPE_UINT);
  signals[SPEAKERS] = add_signal ("speakers", 1, G_TYPE_STRV);
  signals[LAYERS] = add_signal ("layers", 3, G_TYPE_POINTER, G_TYPE_UINT, G_TYPE_STRV);
  signals[STATS] = add_signal ("stats", 1, G_TYPE_POINTER);
  signals[TRACK] = add_signal ("track", 2, G_TYPE_UINT, G_TYPE_POINTER);
  signals[CLOCK] = add_signal ("clock", 3, G_TYPE_UINT, G_TYPE_INT64, G_TYPE_INT64);
  signals[RECORDED] = add_signal ("recorded", 3, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_UINT64);
}

static void
cv_switchboard_init (CvSwitchboard *self)
{
  self->speakers = g_new0 (char *, 1);
  self->joined = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->waiting);
}

/* ---- offers ---- */

/* What they say that they send, which is nothing where they may not publish, or only listen. */
static CvMediaMay
get_may (const CvParticipant *participant)
{
  CvSending heard = cv_participant_get_heard (participant);
  return (heard.microphone ? CV_MEDIA_MAY_MICROPHONE : 0) | (heard.camera ? CV_MEDIA_MAY_CAMERA : 0) |
         (heard.screen ? CV_MEDIA_MAY_SCREEN : 0);
}

static void
on_media_joined (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Offer *offer = user_data;
  GError *error = NULL;
  CvSwitchboard *self = g_task_get_source_object (offer->task);
  char *answer = cv_media_join_finish (CV_MEDIA (source), result, &error);
  CvParticipant *participant = self->meeting != NULL ? cv_meeting_find (self->meeting, offer->person) : NULL;
  /* They may have left while they were being joined. */
  if (self->meeting != NULL && participant == NULL)
    cv_media_leave (CV_MEDIA (source), offer->person);
  if (answer != NULL && participant != NULL && self->media == CV_MEDIA (source)) {
    g_hash_table_add (self->joined, g_strdup (participant->id));
    g_signal_emit (self, signals[JOINED], 0, participant);
  }
  if (answer != NULL)
    g_task_return_pointer (offer->task, answer, g_free);
  else
    g_task_return_error (offer->task, error);
  offer_free (offer);
}

static void
pass_on (CvSwitchboard *self, Offer *offer)
{
  const CvParticipant *participant = cv_meeting_find (self->meeting, offer->person);
  g_autofree char *sdp = g_steal_pointer (&offer->sdp);
  if (participant != NULL)
    cv_media_join_async (self->media, participant->id, sdp, get_may (participant), on_media_joined, offer);
  else
    offer_fail (offer);
}

static void
pass_waiting (CvSwitchboard *self)
{
  cv_clock_cancel (self->clock, &self->wait_timer);
  while (!g_queue_is_empty (&self->waiting))
    pass_on (self, g_queue_pop_head (&self->waiting));
}

static void
on_wait_timeout (gpointer user_data)
{
  CvSwitchboard *self = user_data;
  self->wait_timer = 0;
  fail_waiting (self);
}

static void
wait_for_media (CvSwitchboard *self, Offer *offer)
{
  for (GList *item = self->waiting.head; item != NULL; item = item->next)
    if (g_str_equal (((Offer *) item->data)->person, offer->person)) {
      Offer *before = item->data;
      g_queue_delete_link (&self->waiting, item);
      offer_fail (before); /* which calls back at once */
      break;
    }
  g_queue_push_tail (&self->waiting, offer);
  if (self->wait_timer == 0)
    self->wait_timer = cv_clock_after (self->clock, WAIT_MS, on_wait_timeout, self);
}

/* ---- what the media say ---- */

static void
on_media_state (CvMedia *media, const char *person, CvMediaState state, const char *reason, CvSwitchboard *self)
{
  static const char *const texts[] = { "connected", "failed", "lost" };
  CvParticipant *participant = cv_meeting_find (self->meeting, person);
  if (participant == NULL)
    return;
  cv_info (self->room, person, "media %s%s%s", texts[state], *reason != '\0' ? ": " : "", reason);
  g_signal_emit (self, signals[STATE], 0, participant, state, reason);
}

static void
on_media_slots (CvMedia *media, const char *person, const CvMediaSlot *slots, guint n, CvSwitchboard *self)
{
  CvParticipant *participant = cv_meeting_find (self->meeting, person);
  if (participant != NULL)
    g_signal_emit (self, signals[SLOTS], 0, participant, slots, n);
}

static void
set_speakers (CvSwitchboard *self, char **people)
{
  g_strfreev (self->speakers);
  self->speakers = people;
}

static void
on_media_speakers (CvMedia *media, char **people, CvSwitchboard *self)
{
  set_speakers (self, g_strdupv (people));
  g_signal_emit (self, signals[SPEAKERS], 0, people);
}

static void
on_media_layers (CvMedia *media, const char *person, CvMediaSource source, char **rids, CvSwitchboard *self)
{
  CvParticipant *participant = cv_meeting_find (self->meeting, person);
  if (participant != NULL)
    g_signal_emit (self, signals[LAYERS], 0, participant, source, rids);
}

static void
on_media_stats (CvMedia *media, const CvMediaStats *stats, CvSwitchboard *self)
{
  g_signal_emit (self, signals[STATS], 0, stats);
}

static void
on_media_track (CvMedia *media, guint file, const CvMediaTrack *track, CvSwitchboard *self)
{
  g_signal_emit (self, signals[TRACK], 0, file, track);
}

static void
on_media_clock (CvMedia *media, guint file, gint64 pts, gint64 ntp, CvSwitchboard *self)
{
  g_signal_emit (self, signals[CLOCK], 0, file, pts, ntp);
}

static void
on_media_recorded (CvMedia *media, guint file, const char *reason, guint64 bytes, CvSwitchboard *self)
{
  g_signal_emit (self, signals[RECORDED], 0, file, reason, bytes);
}

static void
set_ready (CvSwitchboard *self, gboolean ready)
{
  if (self->ready == ready)
    return;
  self->ready = ready;
  g_hash_table_remove_all (self->joined);
  if (ready)
    pass_waiting (self);
  else
    set_speakers (self, g_new0 (char *, 1));
  g_signal_emit (self, signals[MEDIA], 0, ready);
}

static void
on_media_lost (CvMedia *media, CvSwitchboard *self)
{
  cv_warning (self->room, NULL, "the media process is gone");
  set_ready (self, FALSE);
}

static void
on_media_ready (CvMedia *media, CvSwitchboard *self)
{
  set_ready (self, TRUE);
}

static void open_media (CvSwitchboard *self);

static void
on_reopen_timeout (gpointer user_data)
{
  CvSwitchboard *self = user_data;
  self->reopen_timer = 0;
  open_media (self);
}

static void
on_media_failed (CvMedia *media, CvSwitchboard *self)
{
  cv_warning (self->room, NULL, "the media process was lost too often");
  drop_media (self);
  set_ready (self, FALSE);
  self->reopen_timer = cv_clock_after (self->clock, REOPEN_MS, on_reopen_timeout, self);
}

static void
open_media (CvSwitchboard *self)
{
  g_autoptr (GError) error = NULL;
  self->media = cv_media_pool_open (self->pool, self->room, cv_meeting_get_id (self->meeting), &error);
  if (self->media == NULL) {
    cv_warning (self->room, NULL, "no media for a meeting: %s", error->message);
    self->reopen_timer = cv_clock_after (self->clock, REOPEN_MS, on_reopen_timeout, self);
    return;
  }
  g_signal_connect (self->media, "state", G_CALLBACK (on_media_state), self);
  g_signal_connect (self->media, "slots", G_CALLBACK (on_media_slots), self);
  g_signal_connect (self->media, "speakers", G_CALLBACK (on_media_speakers), self);
  g_signal_connect (self->media, "layers", G_CALLBACK (on_media_layers), self);
  g_signal_connect (self->media, "stats", G_CALLBACK (on_media_stats), self);
  g_signal_connect (self->media, "track", G_CALLBACK (on_media_track), self);
  g_signal_connect (self->media, "clock", G_CALLBACK (on_media_clock), self);
  g_signal_connect (self->media, "recorded", G_CALLBACK (on_media_recorded), self);
  g_signal_connect (self->media, "lost", G_CALLBACK (on_media_lost), self);
  g_signal_connect (self->media, "ready", G_CALLBACK (on_media_ready), self);
  g_signal_connect (self->media, "failed", G_CALLBACK (on_media_failed), self);
  const CvParticipant *spotlight = cv_meeting_get_spotlight (self->meeting);
  if (spotlight != NULL)
    cv_media_set_spotlight (self->media, spotlight->id);
  if (cv_media_is_ready (self->media))
    on_media_ready (self->media, self);
}

/* ---- what the meeting says ---- */

static void
on_meeting_participant_changed (CvMeeting *meeting, CvParticipant *participant, CvSwitchboard *self)
{
  if (self->media != NULL)
    cv_media_set_may (self->media, participant->id, get_may (participant));
}

static void
on_meeting_participant_staged (CvMeeting *meeting, CvParticipant *participant, gboolean on, CvSwitchboard *self)
{
  on_meeting_participant_changed (meeting, participant, self);
}

static void
on_meeting_participant_left (CvMeeting *meeting, CvParticipant *participant, CvLeaving leaving, CvSwitchboard *self)
{
  g_hash_table_remove (self->joined, participant->id);
  if (self->media != NULL)
    cv_media_leave (self->media, participant->id);
}

static void
on_meeting_spotlight (CvMeeting *meeting, CvParticipant *participant, CvSwitchboard *self)
{
  if (self->media != NULL)
    cv_media_set_spotlight (self->media, participant != NULL ? participant->id : NULL);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, CvSwitchboard *self)
{
  self->ended = self->holds > 0;
  if (!self->ended)
    close_switchboard (self);
}

CvSwitchboard *
cv_switchboard_new (const char *room, CvMeeting *meeting, CvMediaPool *pool, CvClock *clock)
{
  CvSwitchboard *self = g_object_new (CV_TYPE_SWITCHBOARD, NULL);
  self->room = g_strdup (room);
  self->meeting = g_object_ref (meeting);
  self->clock = g_object_ref (clock);
  g_set_object (&self->pool, pool);
  g_signal_connect (meeting, "participant-changed", G_CALLBACK (on_meeting_participant_changed), self);
  g_signal_connect (meeting, "participant-staged", G_CALLBACK (on_meeting_participant_staged), self);
  g_signal_connect (meeting, "participant-left", G_CALLBACK (on_meeting_participant_left), self);
  g_signal_connect (meeting, "spotlight", G_CALLBACK (on_meeting_spotlight), self);
  g_signal_connect (meeting, "ended", G_CALLBACK (on_meeting_ended), self);
  if (pool != NULL)
    open_media (self);
  return self;
}

gboolean
cv_switchboard_is_ready (CvSwitchboard *self)
{
  return self->ready;
}

CvMedia *
cv_switchboard_get_media (CvSwitchboard *self)
{
  return self->media;
}

gboolean
cv_switchboard_has_joined (CvSwitchboard *self, const CvParticipant *participant)
{
  return g_hash_table_contains (self->joined, participant->id);
}

guint
cv_switchboard_draw_file (CvSwitchboard *self)
{
  return self->files++ % CV_MEDIA_MAX_FILE + 1;
}

void
cv_switchboard_hold (CvSwitchboard *self)
{
  self->holds++;
}

void
cv_switchboard_release (CvSwitchboard *self)
{
  g_return_if_fail (self->holds > 0);

  self->holds--;
  if (self->holds == 0 && self->ended)
    close_switchboard (self);
}

const char *const *
cv_switchboard_get_speakers (CvSwitchboard *self)
{
  return (const char *const *) self->speakers;
}

/* ---- what people say ---- */

void
cv_switchboard_offer_async (CvSwitchboard *self, CvParticipant *participant, const char *sdp,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  Offer *offer = g_new (Offer, 1);
  *offer = (Offer){ g_task_new (self, NULL, callback, user_data), g_strdup (participant->id), g_strdup (sdp) };
  if (self->media == NULL)
    offer_fail (offer);
  else if (self->ready)
    pass_on (self, offer);
  else
    wait_for_media (self, offer);
}

char *
cv_switchboard_offer_finish (CvSwitchboard *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cv_switchboard_set_view (CvSwitchboard *self, CvParticipant *participant, const CvMediaTile *tiles, guint n)
{
  CvMediaTile known[CV_MEDIA_MAX_TILES];
  guint n_known = 0;
  g_return_if_fail (n <= CV_MEDIA_MAX_TILES);
  if (self->media == NULL)
    return;
  /* Somebody may have left whom the client still shows. */
  for (guint i = 0; i < n; i++)
    if (cv_meeting_find (self->meeting, tiles[i].person) != NULL)
      known[n_known++] = tiles[i];
  cv_media_set_view (self->media, participant->id, known, n_known);
}

/* ---- phones ---- */

void
cv_switchboard_set_phones (CvSwitchboard *self, int fd)
{
  if (self->media != NULL && self->ready)
    cv_media_set_phones (self->media, fd);
}

void
cv_switchboard_add_phone (CvSwitchboard *self, CvParticipant *participant, guint32 number)
{
  if (self->media == NULL || !self->ready)
    return;
  cv_media_add_phone (self->media, participant->id, number, get_may (participant));
  if (g_hash_table_add (self->joined, g_strdup (participant->id)))
    g_signal_emit (self, signals[JOINED], 0, participant);
}
