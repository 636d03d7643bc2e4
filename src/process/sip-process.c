/* See sip-process.h. */
#include "process/sip-process.h"

#include "base/tally.h"
#include "process/sip-news.h"

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

#define PROGRAM "conclave-sip"
/* ms for an answer: names of registrars are not looked up before it */
#define OPEN_MS 10000
/* ms until the next attempt */
#define RETRY_MS 200
/* more at a time than the program may have */
#define MAX_CALLS 1000
/* MiB that it may ask for */
#define MEMORY_MIB 2048

typedef enum {
  STATE_WAITING, /* for a child, or for it to start */
  STATE_OPENING,
  STATE_UP,
  STATE_OVER, /* stopped */
} State;

struct _CvSipProcess {
  GObject parent_instance;
  CvSipOptions options;
  CvClock *clock;
  State state;
  CvChild *child;                             /* NULL: there is none now */
  guint timer;                                /* until the next attempt */
  gint64 crashes[CV_SIP_PROCESS_MAX_CRASHES]; /* µs; the next one goes to n_crashes % MAX */
  guint n_crashes;
  GHashTable *calls; /* ids of those that go on */
};

static void cv_sip_process_iface_init (CvTelephonyInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvSipProcess, cv_sip_process, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_TELEPHONY, cv_sip_process_iface_init))

static void start_child (gpointer user_data);

/* ---- what it is told ---- */

static void
add_texts (JsonBuilder *message, const char *name, const char *const *texts)
{
  json_builder_set_member_name (message, name);
  json_builder_begin_array (message);
  for (const char *const *text = texts; text != NULL && *text != NULL; text++)
    json_builder_add_string_value (message, *text);
  json_builder_end_array (message);
}

static void
add_listen (JsonBuilder *message, const CvSipOptions *options)
{
  json_builder_set_member_name (message, "listen");
  json_builder_begin_array (message);
  for (guint i = 0; i < options->n_listen; i++) {
    json_builder_begin_object (message);
    cv_json_add_text (message, "transport", options->listen[i].transport);
    cv_json_add_text (message, "address", options->listen[i].address);
    cv_json_add_int (message, "port", options->listen[i].port);
    json_builder_end_object (message);
  }
  json_builder_end_array (message);
}

static void
add_limits (JsonBuilder *message, const CvSipOptions *options)
{
  json_builder_set_member_name (message, "limits");
  json_builder_begin_object (message);
  cv_json_add_int (message, "calls", options->max_calls);
  cv_json_add_int (message, "calls_per_source", options->max_calls_per_source);
  cv_json_add_int (message, "invites_per_second", options->invites_per_second);
  json_builder_end_object (message);
}

static void
add_trunks (JsonBuilder *message, const CvSipOptions *options)
{
  json_builder_set_member_name (message, "trunks");
  json_builder_begin_array (message);
  for (guint i = 0; i < options->n_trunks; i++) {
    const CvSipTrunkOptions *trunk = &options->trunks[i];

    json_builder_begin_object (message);
    cv_json_add_text (message, "name", trunk->name);
    add_texts (message, "registrars", trunk->registrars);
    cv_json_add_text (message, "user", trunk->user);
    cv_json_add_text (message, "password", trunk->password);
    add_texts (message, "addresses", trunk->addresses);
    cv_json_add_int (message, "calls", trunk->max_calls);
    cv_json_add_int (message, "expires", trunk->expires);
    cv_json_add_text (message, "display", trunk->display);
    json_builder_end_object (message);
  }
  json_builder_end_array (message);
}

static JsonBuilder *
build_open (const CvSipOptions *options)
{
  JsonBuilder *message = cv_parcel_build ("open");

  cv_json_add_text (message, "language", options->language);
  add_listen (message, options);
  cv_json_add_text (message, "external", options->external);
  json_builder_set_member_name (message, "rtp");
  json_builder_begin_object (message);
  cv_json_add_text (message, "address", options->rtp_address);
  cv_json_add_int (message, "first", options->rtp_first);
  cv_json_add_int (message, "last", options->rtp_last);
  json_builder_end_object (message);
  cv_json_add_text (message, "security", options->security);
  cv_json_add_text (message, "unknown", options->silent ? "silent" : "refuse");
  cv_json_add_bool (message, "pin_in_uri", options->pin_in_uri);
  add_limits (message, options);
  add_trunks (message, options);
  return message;
}

static gboolean
cv_sip_process_is_up (CvTelephony *telephony)
{
  CvSipProcess *self = CV_SIP_PROCESS (telephony);

  return self->state == STATE_UP && !cv_child_is_ending (self->child);
}

static void
cv_sip_process_send (CvTelephony *telephony, JsonBuilder *message, int fd)
{
  CvSipProcess *self = CV_SIP_PROCESS (telephony);

  if (cv_sip_process_is_up (telephony))
    cv_channel_send (cv_child_get_channel (self->child), message, &fd, fd >= 0 ? 1 : 0);
  else
    g_object_unref (message);
}

static void
cv_sip_process_iface_init (CvTelephonyInterface *iface)
{
  iface->is_up = cv_sip_process_is_up;
  iface->send = cv_sip_process_send;
}

/* ---- what it tells ---- */

/* FALSE: it is about a call that is gone, or the child is accused. */
static gboolean
note_call (CvSipProcess *self, const CvSipNews *news)
{
  if (news->type != CV_SIP_NEWS_CALL)
    return g_hash_table_contains (self->calls, news->call);
  if (g_hash_table_size (self->calls) >= MAX_CALLS)
    cv_child_accuse (self->child, "has too many calls");
  else if (!g_hash_table_add (self->calls, g_strdup (news->call)))
    cv_child_accuse (self->child, "has a call twice");
  else
    return TRUE;
  return FALSE;
}

static void
on_child_message (CvChild *child, CvParcel *parcel, gpointer user_data)
{
  g_autoptr (CvSipProcess) self = g_object_ref (user_data);
  g_autoptr (GError) error = NULL;
  CvSipNews news;

  /* a trunk may speak up between the answer to `open` and our reading of it */
  if (self->state != STATE_UP && self->state != STATE_OPENING)
    cv_child_accuse (child, "speaks before it is open");
  else if (!cv_sip_news_parse (&news, parcel, &error))
    cv_child_accuse (child, error->message);
  else if (news.call == NULL || note_call (self, &news)) {
    if (news.type == CV_SIP_NEWS_GONE)
      g_hash_table_remove (self->calls, news.call);
    g_signal_emit_by_name (self, "news", &news);
  }
}

/* ---- its life ---- */

static void
drop_child (CvSipProcess *self)
{
  g_signal_handlers_disconnect_by_data (self->child, self);
  g_clear_object (&self->child);
}

/* ms until the next one may start. */
static guint
note_crash (CvSipProcess *self)
{
  gint64 now = cv_clock_now (self->clock);
  gint64 *oldest = &self->crashes[self->n_crashes % CV_SIP_PROCESS_MAX_CRASHES];
  gboolean too_many =
    self->n_crashes >= CV_SIP_PROCESS_MAX_CRASHES && now - *oldest < (gint64) CV_SIP_PROCESS_CRASH_MS * 1000;

  *oldest = now;
  self->n_crashes++;
  cv_tally_count (CV_TALLY_SIP_CRASHES);
  if (too_many)
    cv_warning (NULL, NULL, PROGRAM " went too often: the next one waits");
  return too_many ? CV_SIP_PROCESS_CRASH_MS : RETRY_MS;
}

static void
on_child_exited (CvChild *child, guint end, const char *text, gpointer user_data)
{
  g_autoptr (CvSipProcess) self = g_object_ref (user_data);
  gboolean was_up = self->state == STATE_UP;

  cv_warning (NULL, NULL, PROGRAM "[%s] is gone: %s", cv_child_get_identifier (child), text);
  drop_child (self);
  self->state = STATE_WAITING;
  g_hash_table_remove_all (self->calls);
  if (was_up)
    g_signal_emit_by_name (self, "down");
  if (self->state == STATE_WAITING)
    self->timer = cv_clock_after (self->clock, note_crash (self), start_child, self);
}

/* What it listens on is for the log: it may have been any port. */
static gboolean
log_listening (JsonObject *answer)
{
  CvJsonReader reader;
  JsonArray *list;

  cv_json_reader_init (&reader, answer);
  list = cv_json_reader_objects (&reader, "listening", 8);
  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++) {
    CvJsonReader one;
    const char *transport, *address;
    gint64 port;

    cv_json_reader_init (&one, json_array_get_object_element (list, i));
    transport = cv_json_reader_text (&one, "transport", 1, 8, FALSE);
    address = cv_json_reader_text (&one, "address", 1, 64, FALSE);
    port = cv_json_reader_int (&one, "port", 1, G_MAXUINT16);
    if (!cv_json_reader_finish (&one, NULL)) {
      cv_json_reader_finish (&reader, NULL);
      return FALSE;
    }
    cv_info (NULL, NULL, "callers come in at %s %s port %d", transport, address, (int) port);
  }
  return cv_json_reader_finish (&reader, NULL);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CvSipProcess) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_channel_request_finish (CV_CHANNEL (source), result, &error);

  if (self->state != STATE_OPENING || cv_child_get_channel (self->child) != CV_CHANNEL (source))
    return; /* of a child that is gone */
  if (object != NULL && log_listening (object)) {
    self->state = STATE_UP;
    g_signal_emit_by_name (self, "up");
    return;
  }
  if (!cv_child_is_ending (self->child))
    cv_child_accuse (self->child, error != NULL ? error->message : "answers `open` with nonsense");
}

static void
on_child_started (CvChild *child, gpointer user_data)
{
  CvSipProcess *self = user_data;
  const int fds[] = { self->options.prompts, self->options.tls };

  self->state = STATE_OPENING;
  cv_channel_request_async (cv_child_get_channel (child), build_open (&self->options), fds, fds[1] >= 0 ? 2 : 1,
                            OPEN_MS, on_opened, g_object_ref (self));
}

static void
start_child (gpointer user_data)
{
  CvSipProcess *self = user_data;
  const CvChildOptions options = { .program = PROGRAM, .path = self->options.program, .memory_mib = MEMORY_MIB };
  g_autoptr (GError) error = NULL;

  self->timer = 0;
  self->child = cv_child_spawn (&options, self->clock, &error);
  if (self->child == NULL) {
    cv_warning (NULL, NULL, "no " PROGRAM ": %s", error->message);
    self->timer = cv_clock_after (self->clock, CV_SIP_PROCESS_CRASH_MS, start_child, self);
    return;
  }
  g_signal_connect (self->child, "started", G_CALLBACK (on_child_started), self);
  g_signal_connect (self->child, "message", G_CALLBACK (on_child_message), self);
  g_signal_connect (self->child, "exited", G_CALLBACK (on_child_exited), self);
}

CvSipProcess *
cv_sip_process_new (const CvSipOptions *options, CvClock *clock)
{
  CvSipProcess *self = g_object_new (CV_TYPE_SIP_PROCESS, NULL);

  self->options = *options;
  self->clock = g_object_ref (clock);
  return self;
}

void
cv_sip_process_start (CvSipProcess *self)
{
  g_return_if_fail (CV_IS_SIP_PROCESS (self) && self->child == NULL);

  start_child (self);
}

void
cv_sip_process_renew (CvSipProcess *self, guint trunk)
{
  g_return_if_fail (CV_IS_SIP_PROCESS (self) && trunk < self->options.n_trunks);

  /* whoever starts later is told by `open` */
  if ((self->state != STATE_OPENING && self->state != STATE_UP) || cv_child_is_ending (self->child))
    return;
  JsonBuilder *message = cv_parcel_build ("password");
  cv_json_add_text (message, "trunk", self->options.trunks[trunk].name);
  cv_json_add_text (message, "password", self->options.trunks[trunk].password);
  cv_channel_send (cv_child_get_channel (self->child), message, NULL, 0);
}

void
cv_sip_process_stop (CvSipProcess *self)
{
  g_return_if_fail (CV_IS_SIP_PROCESS (self));

  self->state = STATE_OVER;
  cv_clock_cancel (self->clock, &self->timer);
  if (self->child == NULL)
    return;
  if (cv_child_is_started (self->child))
    cv_channel_send (cv_child_get_channel (self->child), cv_parcel_build ("close"), NULL, 0);
  g_signal_handlers_disconnect_by_data (self->child, self);
  cv_child_end (self->child);
  g_clear_object (&self->child);
}

static void
cv_sip_process_dispose (GObject *object)
{
  CvSipProcess *self = CV_SIP_PROCESS (object);

  if (self->clock != NULL)
    cv_sip_process_stop (self);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (cv_sip_process_parent_class)->dispose (object);
}

static void
cv_sip_process_finalize (GObject *object)
{
  g_hash_table_unref (CV_SIP_PROCESS (object)->calls);
  G_OBJECT_CLASS (cv_sip_process_parent_class)->finalize (object);
}

static void
cv_sip_process_class_init (CvSipProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cv_sip_process_dispose;
  G_OBJECT_CLASS (klass)->finalize = cv_sip_process_finalize;
}

static void
cv_sip_process_init (CvSipProcess *self)
{
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}
