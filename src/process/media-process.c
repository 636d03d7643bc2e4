/* A meeting's media in a process of its own: see media-process.h. */
#include "process/media-process.h"

#include "base/tally.h"
#include "process/event.h"
#include "process/files.h"
#include "process/people.h"

#include <string.h>

#define CV_LOG_TOPIC "media"
#include "base/log.h"

/* the loudest who are heard */
#define LOUDEST 4
/* bytes */
#define MAX_OFFER (60 * 1024)
/* ms for an answer: who takes longer does not work, though it may say that it lives */
#define OPEN_MS 5000
#define JOIN_MS 10000
/* ms until the next attempt where no process could be made */
#define RETRY_MS 500

typedef enum {
  STATE_WAITING, /* for a child, or for it to start */
  STATE_OPENING,
  STATE_READY,
  STATE_OVER, /* closed or failed */
} State;

struct _CvMediaProcess {
  GObject parent_instance;
  GObject *owner;
  CvPorts *ports;   /* the owner's */
  CvSpares *spares; /* the owner's */
  CvClock *clock;
  char *room;
  char *meeting;
  State state;
  CvSockets sockets;
  CvChild *child;                               /* NULL: there is none now */
  guint timer;                                  /* until the next attempt */
  gint64 crashes[CV_MEDIA_PROCESS_MAX_CRASHES]; /* µs; the next one goes to n_crashes % MAX */
  guint n_crashes;
  CvPeople *people;
  CvFiles *files;
  char *spotlight;
  CvMediaLoad load;
};

static void cv_media_process_iface_init (CvMediaInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvMediaProcess, cv_media_process, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_MEDIA, cv_media_process_iface_init))

static void take_child (gpointer user_data);

/* ---- What it is told ---- */

static void
send_message (CvMediaProcess *self, JsonBuilder *message)
{
  cv_channel_send (cv_child_get_channel (self->child), message, NULL, 0);
}

static void
add_may (JsonBuilder *message, CvMediaMay may)
{
  cv_json_add_bool (message, "microphone", (may & CV_MEDIA_MAY_MICROPHONE) != 0);
  cv_json_add_bool (message, "camera", (may & CV_MEDIA_MAY_CAMERA) != 0);
  cv_json_add_bool (message, "screen", (may & CV_MEDIA_MAY_SCREEN) != 0);
}

static void
send_view (CvMediaProcess *self, const char *person)
{
  GArray *view = cv_people_get_view (self->people, person);
  JsonBuilder *message;

  if (view == NULL)
    return;
  message = cv_parcel_build ("view");
  cv_json_add_text (message, "person", person);
  json_builder_set_member_name (message, "tiles");
  json_builder_begin_array (message);
  for (guint i = 0; i < view->len; i++) {
    const CvMediaTile *tile = &g_array_index (view, CvMediaTile, i);

    json_builder_begin_object (message);
    cv_json_add_text (message, "person", tile->person);
    cv_json_add_text (message, "source", tile->source == CV_MEDIA_SCREEN ? "screen" : "camera");
    cv_json_add_int (message, "width", tile->width);
    json_builder_end_object (message);
  }
  json_builder_end_array (message);
  send_message (self, message);
}

static void
send_spotlight (CvMediaProcess *self)
{
  JsonBuilder *message = cv_parcel_build ("spotlight");

  cv_json_add_text (message, "person", self->spotlight);
  send_message (self, message);
}

static JsonBuilder *
build_open (CvMediaProcess *self)
{
  g_autoptr (GPtrArray) candidates = cv_ports_list_candidates (self->ports, &self->sockets);
  JsonBuilder *message = cv_parcel_build ("open");

  cv_json_add_text (message, "room", self->room);
  cv_json_add_text (message, "meeting", self->meeting);
  cv_json_add_int (message, "loudest", LOUDEST);
  json_builder_set_member_name (message, "candidates");
  json_builder_begin_array (message);
  for (guint i = 0; i < candidates->len; i++) {
    const CvCandidate *candidate = candidates->pdata[i];

    json_builder_begin_object (message);
    cv_json_add_text (message, "address", candidate->address);
    cv_json_add_int (message, "port", candidate->port);
    json_builder_end_object (message);
  }
  json_builder_end_array (message);
  return message;
}

/* ---- What it tells ---- */

/* Those who are still here, of what the child said; strangers end the child. FALSE: it is over. */
static gboolean
check_person (CvMediaProcess *self, const char *person, gboolean *here)
{
  CvAcquaintance acquaintance = cv_people_know (self->people, person);

  *here = acquaintance == CV_ACQUAINTANCE_HERE;
  if (acquaintance != CV_ACQUAINTANCE_STRANGER)
    return TRUE;
  cv_child_accuse (self->child, "speaks of a stranger");
  return FALSE;
}

static void
tell_slots (CvMediaProcess *self, CvEvent *event)
{
  for (guint i = 0; i < event->slots->len;) {
    gboolean here;

    if (!check_person (self, g_array_index (event->slots, CvMediaSlot, i).person, &here))
      return;
    if (here)
      i++;
    else
      g_array_remove_index (event->slots, i);
  }
  g_signal_emit_by_name (self, "slots", event->person, event->slots->data, event->slots->len);
}

static void
tell_speakers (CvMediaProcess *self, CvEvent *event)
{
  for (guint i = 0; i + 1 < event->people->len;) {
    gboolean here;

    if (!check_person (self, event->people->pdata[i], &here))
      return;
    if (here)
      i++;
    else
      g_ptr_array_remove_index (event->people, i);
  }
  g_signal_emit_by_name (self, "speakers", event->people->pdata);
}

static void
note_load (CvMediaProcess *self, const CvEvent *event)
{
  CvMediaLoad load = { .cpu = event->cpu, .rss = event->rss, .people = event->stats->len };

  for (guint i = 0; i < event->stats->len; i++) {
    const CvMediaPersonStats *stats = &g_array_index (event->stats, CvMediaPersonStats, i);

    load.up += stats->up;
    load.down += stats->down;
    load.up_loss += stats->up_loss;
    load.down_loss += stats->down_loss;
  }
  self->load = load;
}

void
cv_media_process_get_load (CvMediaProcess *self, CvMediaLoad *load)
{
  *load = self->load;
  load->alive = self->child != NULL && cv_child_is_started (self->child) && !cv_child_is_ending (self->child);
}

static void
tell_stats (CvMediaProcess *self, CvEvent *event)
{
  CvMediaStats stats;

  for (guint i = 0; i < event->stats->len;) {
    gboolean here;

    if (!check_person (self, g_array_index (event->stats, CvMediaPersonStats, i).person, &here))
      return;
    if (here)
      i++;
    else
      g_array_remove_index (event->stats, i);
  }
  note_load (self, event);
  stats = (CvMediaStats){ event->cpu, event->rss, (const CvMediaPersonStats *) event->stats->data, event->stats->len };
  g_signal_emit_by_name (self, "stats", &stats);
}

static void
tell_of_file (CvMediaProcess *self, CvEvent *event)
{
  if (!cv_files_note (self->files, event))
    cv_child_accuse (self->child, "speaks of a file out of turn");
  else if (event->type == CV_EVENT_TRACK)
    g_signal_emit_by_name (self, "track", event->file, &event->track);
  else if (event->type == CV_EVENT_CLOCK)
    g_signal_emit_by_name (self, "clock", event->file, event->pts, event->ntp);
  else
    g_signal_emit_by_name (self, "recorded", event->file, event->reason, event->bytes);
}

static void
tell (CvMediaProcess *self, CvEvent *event)
{
  gboolean here = TRUE;

  if (event->person != NULL && !check_person (self, event->person, &here))
    return;
  if (!here)
    return;
  switch (event->type) {
  case CV_EVENT_STATE:
    g_signal_emit_by_name (self, "state", event->person, event->state, event->reason);
    break;
  case CV_EVENT_SLOTS:
    tell_slots (self, event);
    break;
  case CV_EVENT_SPEAKERS:
    tell_speakers (self, event);
    break;
  case CV_EVENT_LAYERS:
    g_signal_emit_by_name (self, "layers", event->person, event->source, event->rids->pdata);
    break;
  case CV_EVENT_STATS:
    tell_stats (self, event);
    break;
  case CV_EVENT_TRACK:
  case CV_EVENT_CLOCK:
  case CV_EVENT_RECORDED:
    tell_of_file (self, event);
    break;
  }
}

static void
on_child_message (CvChild *child, CvParcel *parcel, gpointer user_data)
{
  g_autoptr (CvMediaProcess) self = g_object_ref (user_data);
  g_auto (CvEvent) event = { 0 };
  g_autoptr (GError) error = NULL;

  if (self->state != STATE_READY)
    cv_child_accuse (child, "speaks before it is open");
  else if (!cv_event_parse (&event, parcel, &error))
    cv_child_accuse (child, error->message);
  else
    tell (self, &event);
}

/* ---- Its life ---- */

static void
give_back_sockets (CvMediaProcess *self)
{
  cv_ports_give_back (self->ports, &self->sockets);
}

static void
drop_child (CvMediaProcess *self)
{
  g_signal_handlers_disconnect_by_data (self->child, self);
  g_clear_object (&self->child);
  self->load = (CvMediaLoad){ 0 };
}

/* Crashes too many in too short a time. */
static gboolean
note_crash (CvMediaProcess *self)
{
  gint64 now = cv_clock_now (self->clock);
  gint64 *oldest = &self->crashes[self->n_crashes % CV_MEDIA_PROCESS_MAX_CRASHES];
  gboolean too_many =
    self->n_crashes >= CV_MEDIA_PROCESS_MAX_CRASHES && now - *oldest < (gint64) CV_MEDIA_PROCESS_CRASH_MS * 1000;

  *oldest = now;
  self->n_crashes++;
  cv_tally_count (CV_TALLY_MEDIA_CRASHES);
  return too_many;
}

/* TRUE: there may be another one. */
static gboolean
survive_crash (CvMediaProcess *self)
{
  if (self->state == STATE_OVER) /* who heard of the loss closed it */
    return FALSE;
  if (!note_crash (self))
    return TRUE;
  cv_warning (self->room, NULL, "media crashed more than %d times in a minute: given up", CV_MEDIA_PROCESS_MAX_CRASHES);
  self->state = STATE_OVER;
  give_back_sockets (self);
  g_signal_emit_by_name (self, "failed");
  return FALSE;
}

static void
on_child_exited (CvChild *child, guint end, const char *text, gpointer user_data)
{
  g_autoptr (CvMediaProcess) self = g_object_ref (user_data);
  gboolean was_ready = self->state == STATE_READY;

  cv_warning (self->room, NULL, "conclave-media[%s] is gone: %s", cv_child_get_identifier (child), text);
  drop_child (self);
  self->state = STATE_WAITING;
  cv_people_forget (self->people);
  cv_files_forget (self->files);
  if (was_ready)
    g_signal_emit_by_name (self, "lost");
  if (survive_crash (self))
    take_child (self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvMediaProcess) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_channel_request_finish (CV_CHANNEL (source), result, &error);

  if (self->state != STATE_OPENING || cv_child_get_channel (self->child) != CV_CHANNEL (source))
    return; /* of a child that is gone, or the meeting is over */
  if (object != NULL && json_object_get_size (object) == 0) {
    self->state = STATE_READY;
    if (self->spotlight != NULL)
      send_spotlight (self);
    g_signal_emit_by_name (self, "ready");
    return;
  }
  if (!cv_child_is_ending (self->child))
    cv_child_accuse (self->child, error != NULL ? error->message : "opens with members");
}

static void
open_meeting (CvMediaProcess *self)
{
  self->state = STATE_OPENING;
  cv_channel_request_async (cv_child_get_channel (self->child), build_open (self), self->sockets.fds, self->sockets.n,
                            OPEN_MS, on_opened, g_object_ref (self));
}

static void
on_child_started (CvChild *child, gpointer user_data)
{
  open_meeting (user_data);
}

/* The spare where there is one, at the same ports. */
static void
take_child (gpointer user_data)
{
  CvMediaProcess *self = user_data;
  g_autoptr (GError) error = NULL;

  self->timer = 0;
  self->child = cv_spares_take (self->spares, &error);
  if (self->child == NULL) {
    cv_warning (self->room, NULL, "no media process: %s", error->message);
    if (survive_crash (self))
      self->timer = cv_clock_after (self->clock, RETRY_MS, take_child, self);
    return;
  }
  cv_tally_count (CV_TALLY_MEDIA_STARTS);
  cv_child_set_room (self->child, self->room);
  g_signal_connect (self->child, "started", G_CALLBACK (on_child_started), self);
  g_signal_connect (self->child, "message", G_CALLBACK (on_child_message), self);
  g_signal_connect (self->child, "exited", G_CALLBACK (on_child_exited), self);
  if (cv_child_is_started (self->child))
    open_meeting (self);
}

/* ---- Joining ---- */

typedef struct {
  GTask *task;
  CvChild *child;
  char *person;
} Join;

static void
join_free (Join *self)
{
  g_object_unref (self->task);
  g_object_unref (self->child);
  g_free (self->person);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Join, join_free)

static const char *const ERROR_IDS[] = { "bad-sdp", "no-codec", "too-many", NULL }; /* in the order of CvMediaError */

static gboolean
cv_media_process_is_ready (CvMedia *media)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);

  return self->state == STATE_READY && !cv_child_is_ending (self->child);
}

/* What the child said went wrong, or the daemon's own trouble with it. Returns: (transfer full), NULL: it makes no sense. */
static GError *
translate (const GError *error)
{
  const char *id = cv_channel_error_get_id (error);

  for (int i = 0; id != NULL && ERROR_IDS[i] != NULL; i++)
    if (g_str_equal (id, ERROR_IDS[i]))
      return g_error_new_literal (CV_MEDIA_ERROR, i, error->message);
  if (g_error_matches (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_TOO_LONG))
    return g_error_new_literal (CV_MEDIA_ERROR, CV_MEDIA_ERROR_BAD_SDP, "The offer is too long.");
  if (g_error_matches (error, CV_CHANNEL_ERROR, CV_CHANNEL_ERROR_CLOSED))
    return g_error_new_literal (CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "The media process is gone.");
  return NULL;
}

/* Returns: (transfer full), NULL where it is no answer. */
static char *
read_answer (JsonObject *object)
{
  CvJsonReader reader;
  g_autofree char *answer = NULL;

  cv_json_reader_init (&reader, object);
  answer = g_strdup (cv_json_reader_ascii (&reader, "answer", CV_PARCEL_MAX_BYTES));
  return cv_json_reader_finish (&reader, NULL) ? g_steal_pointer (&answer) : NULL;
}

static void
on_joined (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Join) join = user_data;
  CvMediaProcess *self = g_task_get_source_object (join->task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_channel_request_finish (CV_CHANNEL (source), result, &error);
  char *answer = object != NULL ? read_answer (object) : NULL;
  GError *failure = error != NULL ? translate (error) : NULL;

  if (answer == NULL && failure == NULL) {
    if (!cv_child_is_ending (join->child))
      cv_child_accuse (join->child, error != NULL ? error->message : "answers an offer with nonsense");
    failure = g_error_new_literal (CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "The media process is gone.");
  }
  if (self->child == join->child && self->state == STATE_READY && !cv_child_is_ending (join->child))
    cv_people_note_answer (self->people, join->person, answer != NULL);
  if (failure != NULL)
    g_task_return_error (join->task, failure);
  else
    g_task_return_pointer (join->task, answer, g_free);
}

/* The process takes other text, and longer one, for a daemon gone mad, and ends. */
static gboolean
is_plain (const char *offer)
{
  if (strlen (offer) > MAX_OFFER)
    return FALSE;
  while (g_ascii_isprint (*offer) || *offer == '\r' || *offer == '\n' || *offer == '\t')
    offer++;
  return *offer == '\0';
}

static void
cv_media_process_join (CvMedia *media, const char *person, const char *offer, CvMediaMay may, GTask *task)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);
  JsonBuilder *message;
  Join *join;

  if (!cv_media_process_is_ready (media)) {
    g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "The media process is not ready.");
    return;
  }
  if (!is_plain (offer)) {
    g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_BAD_SDP,
                             "The offer is too long, or not plain ASCII.");
    return;
  }
  cv_people_join (self->people, person);
  message = cv_parcel_build ("join");
  cv_json_add_text (message, "person", person);
  cv_json_add_text (message, "offer", offer);
  json_builder_set_member_name (message, "may");
  json_builder_begin_object (message);
  add_may (message, may);
  json_builder_end_object (message);
  join = g_new (Join, 1);
  *join = (Join){ g_object_ref (task), g_object_ref (self->child), g_strdup (person) };
  cv_channel_request_async (cv_child_get_channel (self->child), message, NULL, 0, JOIN_MS, on_joined, join);
  /* right behind it, so that the first picture is the right one */
  send_view (self, person);
}

/* ---- Recording ---- */

static void
cv_media_process_record (CvMedia *media, const char *person, CvMediaSource source, guint file, int fd, GTask *task)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);

  if (cv_media_process_is_ready (media))
    cv_files_record (self->files, self->child, person, source, file, fd, task);
  else
    g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "The media process is not ready.");
}

static void
cv_media_process_unrecord (CvMedia *media, guint file, GTask *task)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);

  if (cv_media_process_is_ready (media))
    cv_files_unrecord (self->files, self->child, file, task);
  else
    g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_LOST, "The media process is not ready.");
}

/* ---- The rest of the interface ---- */

static gboolean
is_here (CvMediaProcess *self, const char *person)
{
  return self->state == STATE_READY && cv_people_know (self->people, person) == CV_ACQUAINTANCE_HERE;
}

static void
cv_media_process_leave (CvMedia *media, const char *person)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);
  JsonBuilder *message;

  if (is_here (self, person)) {
    message = cv_parcel_build ("leave");
    cv_json_add_text (message, "person", person);
    send_message (self, message);
  }
  cv_people_leave (self->people, person);
}

static void
cv_media_process_set_may (CvMedia *media, const char *person, CvMediaMay may)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);
  JsonBuilder *message;

  if (!is_here (self, person))
    return;
  message = cv_parcel_build ("may");
  cv_json_add_text (message, "person", person);
  add_may (message, may);
  send_message (self, message);
}

static void
cv_media_process_set_view (CvMedia *media, const char *person, const CvMediaTile *tiles, guint n)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);

  if (!cv_people_set_view (self->people, person, tiles, n))
    return;
  if (is_here (self, person))
    send_view (self, person);
}

static void
cv_media_process_set_phones (CvMedia *media, int fd)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);

  if (cv_media_process_is_ready (media))
    cv_channel_send (cv_child_get_channel (self->child), cv_parcel_build ("phones"), &fd, 1);
}

static void
cv_media_process_add_phone (CvMedia *media, const char *person, guint32 number, CvMediaMay may)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);
  JsonBuilder *message;

  if (!cv_media_process_is_ready (media))
    return;
  cv_people_join (self->people, person);
  cv_people_note_answer (self->people, person, TRUE);
  message = cv_parcel_build ("phone");
  cv_json_add_text (message, "person", person);
  cv_json_add_int (message, "number", number);
  json_builder_set_member_name (message, "may");
  json_builder_begin_object (message);
  add_may (message, may);
  json_builder_end_object (message);
  send_message (self, message);
}

static void
cv_media_process_set_spotlight (CvMedia *media, const char *person)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);

  g_free (self->spotlight);
  self->spotlight = g_strdup (person);
  if (self->state == STATE_READY)
    send_spotlight (self);
}

typedef struct {
  GObject *owner;
  CvPorts *ports;
  CvSockets sockets;
} Leftover;

/* Only now are the sockets closed on both sides. */
static void
on_last_child_exited (CvChild *child, guint end, const char *text, gpointer user_data)
{
  Leftover *leftover = user_data;

  cv_ports_give_back (leftover->ports, &leftover->sockets);
}

static void
leftover_free (gpointer data, GClosure *closure)
{
  Leftover *leftover = data;

  g_object_unref (leftover->owner);
  g_free (leftover);
}

static void
cv_media_process_close (CvMedia *media)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (media);
  Leftover *leftover;

  if (self->state == STATE_OVER)
    return;
  self->state = STATE_OVER;
  cv_clock_cancel (self->clock, &self->timer);
  if (self->child == NULL) {
    give_back_sockets (self);
    return;
  }
  leftover = g_new (Leftover, 1);
  *leftover = (Leftover){ g_object_ref (self->owner), self->ports, self->sockets };
  self->sockets.n = 0;
  g_signal_connect_data (self->child, "exited", G_CALLBACK (on_last_child_exited), leftover, leftover_free, 0);
  send_message (self, cv_parcel_build ("close"));
  cv_child_end (self->child);
  drop_child (self);
}

static void
cv_media_process_iface_init (CvMediaInterface *iface)
{
  iface->is_ready = cv_media_process_is_ready;
  iface->join = cv_media_process_join;
  iface->leave = cv_media_process_leave;
  iface->set_may = cv_media_process_set_may;
  iface->set_view = cv_media_process_set_view;
  iface->set_spotlight = cv_media_process_set_spotlight;
  iface->set_phones = cv_media_process_set_phones;
  iface->add_phone = cv_media_process_add_phone;
  iface->record = cv_media_process_record;
  iface->unrecord = cv_media_process_unrecord;
  iface->close = cv_media_process_close;
}

CvMedia *
cv_media_process_new (GObject *owner, CvPorts *ports, CvSpares *spares, CvClock *clock, const char *room,
                      const char *meeting, GError **error)
{
  g_autoptr (CvMediaProcess) self = NULL;
  CvSockets sockets;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (CV_IS_SPARES (spares), NULL);

  if (!cv_ports_take (ports, &sockets, error))
    return NULL;
  self = g_object_new (CV_TYPE_MEDIA_PROCESS, NULL);
  self->owner = g_object_ref (owner);
  self->ports = ports;
  self->spares = spares;
  self->clock = g_object_ref (clock);
  self->room = g_strdup (room);
  self->meeting = g_strdup (meeting);
  self->sockets = sockets;
  take_child (self);
  return CV_MEDIA (g_steal_pointer (&self));
}

static void
cv_media_process_dispose (GObject *object)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (object);

  if (self->owner != NULL)
    cv_media_process_close (CV_MEDIA (self));
  g_clear_object (&self->owner);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_media_process_parent_class)->dispose (object);
}

static void
cv_media_process_finalize (GObject *object)
{
  CvMediaProcess *self = CV_MEDIA_PROCESS (object);

  cv_people_free (self->people);
  cv_files_unref (self->files);
  g_free (self->room);
  g_free (self->meeting);
  g_free (self->spotlight);
  G_OBJECT_CLASS (cv_media_process_parent_class)->finalize (object);
}

static void
cv_media_process_class_init (CvMediaProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_media_process_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_media_process_finalize;
}

static void
cv_media_process_init (CvMediaProcess *self)
{
  self->people = cv_people_new ();
  self->files = cv_files_new ();
}
