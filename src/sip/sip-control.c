/* See sip-control.h. */
#include "sip/sip-control.h"

#include "ipc/hello.h"
#include "sandbox/sandbox.h"
#include "sip/phones.h"
#include "sip/user-agent.h"

#include <unistd.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

#define MAX_FDS 2
#define MAX_WAIT_MS 60000
#define MAX_TRIES 9
#define MAX_PROMPT 32

struct _CvSipControl {
  CvChannel *channel;
  CvClock *clock;
  gboolean sandboxed;
  CvSipControlFunc over;
  gpointer user_data;
  CvPhones *phones; /* NULL before `open` */
  guint alive;
  gboolean closing;
};

/* Handlers return FALSE where the message is not as agreed. */
typedef gboolean (*Handler) (CvSipControl *self, CvParcel *message, CvJsonReader *reader);

static const char *
read_call (CvJsonReader *reader)
{
  return cv_json_reader_id (reader, "call", "c", 12);
}

static const char *
read_room (CvJsonReader *reader)
{
  return cv_json_reader_id (reader, "room", "", 12);
}

static void
refuse_open (CvSipControl *self, gint64 id, const GError *error)
{
  gboolean tls = g_error_matches (error, CV_USER_AGENT_ERROR, CV_USER_AGENT_ERROR_TLS);
  cv_channel_send_error (self->channel, id, tls ? "bad-tls" : "not-bound", error->message);
}

/* Afterwards strangers may speak, and nothing but their sockets is within reach. */
static gboolean
handle_open (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  g_autoptr (GError) error = NULL;
  if (self->phones != NULL || message->n_fds < 1)
    return FALSE;
  CvSipConfig *config = cv_sip_config_read (reader);
  if (config == NULL || cv_sip_config_has_tls (config) != (message->n_fds == 2)) {
    g_clear_pointer (&config, cv_sip_config_free);
    return FALSE;
  }
  int prompts = cv_parcel_take_fd (message, 0), tls = cv_parcel_take_fd (message, 1);
  self->phones = cv_phones_new (config, self->channel, self->clock, prompts, tls, &error);
  close (prompts);
  if (tls >= 0)
    close (tls);
  if (self->phones == NULL) {
    refuse_open (self, message->id, error);
    return TRUE;
  }
  if (self->sandboxed && !cv_sandbox_enter_network (&error)) {
    cv_warning (NULL, NULL, "no sandbox: %s", error->message);
    return FALSE;
  }
  JsonBuilder *answer = cv_parcel_build_answer (message->id);
  cv_phones_add_listening (self->phones, answer);
  cv_channel_send (self->channel, answer, NULL, 0);
  cv_phones_start (self->phones);
  return TRUE;
}

static gboolean
handle_pin_result (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  static const char *const verdicts[] = {
    "room", "unknown", "blocked", "refused-kind", "full", "locked", "failed", NULL
  };
  const char *call = read_call (reader);
  int verdict = cv_json_reader_choice (reader, "verdict", verdicts);
  const char *room = cv_json_reader_null (reader, "room") ? NULL : read_room (reader);
  guint wait = (guint) cv_json_reader_int (reader, "wait", 0, MAX_WAIT_MS);
  guint tries = (guint) cv_json_reader_int (reader, "tries", 0, MAX_TRIES);
  if (reader->error != NULL || (room != NULL) != (verdict == CV_PIN_ROOM))
    return FALSE;
  cv_phones_pin_result (self->phones, call, (CvPinVerdict) verdict, room, wait, tries);
  return TRUE;
}

static gboolean
handle_bridge (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *room = read_room (reader);
  cv_json_reader_id (reader, "meeting", "m", 12);
  if (reader->error != NULL || message->n_fds != 1)
    return FALSE;
  cv_phones_bridge (self->phones, room, cv_parcel_take_fd (message, 0));
  return TRUE;
}

static gboolean
handle_unbridge (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *room = read_room (reader);
  if (reader->error != NULL)
    return FALSE;
  cv_phones_unbridge (self->phones, room);
  return TRUE;
}

static gboolean
handle_hold_on (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  static const char *const reasons[] = { "waiting-host", "lobby", "consent", "answered", NULL };
  const char *call = read_call (reader);
  int why = cv_json_reader_choice (reader, "why", reasons);
  if (reader->error != NULL)
    return FALSE;
  cv_phones_hold_on (self->phones, call, (CvWaitWhy) why);
  return TRUE;
}

static gboolean
handle_admit (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *call = read_call (reader);
  guint32 number = (guint32) cv_json_reader_int (reader, "number", 1, G_MAXUINT32);
  gboolean host = cv_json_reader_bool (reader, "host");
  gboolean speaks = cv_json_reader_bool (reader, "speaks");
  if (reader->error != NULL)
    return FALSE;
  cv_phones_admit (self->phones, call, number, host, speaks);
  return TRUE;
}

static gboolean
handle_say (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *call = read_call (reader);
  const char *prompt = cv_json_reader_text (reader, "prompt", 1, MAX_PROMPT, FALSE);
  if (reader->error != NULL)
    return FALSE;
  cv_phones_say (self->phones, call, prompt);
  return TRUE;
}

static gboolean
handle_mute (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  static const char *const who[] = { "self", "host", NULL };
  const char *call = read_call (reader);
  gboolean on = cv_json_reader_bool (reader, "on");
  gboolean by_host = cv_json_reader_choice (reader, "by", who) == 1;
  if (reader->error != NULL)
    return FALSE;
  cv_phones_mute (self->phones, call, on, by_host);
  return TRUE;
}

static gboolean
handle_stage (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *call = read_call (reader);
  gboolean speaks = cv_json_reader_bool (reader, "speaks");
  if (reader->error != NULL)
    return FALSE;
  cv_phones_stage (self->phones, call, speaks);
  return TRUE;
}

static gboolean
handle_hang_up (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  static const char *const reasons[] = { "ended",   "removed", "refused", "no-consent", "full", "locked",
                                         "blocked", "timeout", "failed",  "operator",   NULL };
  const char *call = read_call (reader);
  int reason = cv_json_reader_choice (reader, "reason", reasons);
  if (reader->error != NULL)
    return FALSE;
  cv_phones_hang_up (self->phones, call, reasons[reason]);
  return TRUE;
}

static gboolean
handle_password (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  const char *trunk = cv_json_reader_text (reader, "trunk", 1, CV_SIP_MAX_NAME, FALSE);
  const char *password = cv_json_reader_text (reader, "password", 0, CV_SIP_MAX_TEXT, FALSE);
  return reader->error == NULL && cv_phones_set_password (self->phones, trunk, password);
}

static void
on_closed_down (gpointer user_data)
{
  CvSipControl *self = user_data;
  self->over (FALSE, self->user_data);
}

static gboolean
handle_close (CvSipControl *self, CvParcel *message, CvJsonReader *reader)
{
  if (self->phones == NULL)
    self->over (FALSE, self->user_data);
  else if (!self->closing)
    cv_phones_close (self->phones, on_closed_down, self);
  self->closing = TRUE;
  return TRUE;
}

/* `opens`: may come before there are phones; `asks`: wants an answer. */
static const struct {
  const char *type;
  gboolean opens, asks;
  guint max_fds;
  Handler handle;
} handlers[] = {
  { "open", TRUE, TRUE, MAX_FDS, handle_open },   { "pin-result", FALSE, FALSE, 0, handle_pin_result },
  { "bridge", FALSE, FALSE, 1, handle_bridge },   { "unbridge", FALSE, FALSE, 0, handle_unbridge },
  { "hold-on", FALSE, FALSE, 0, handle_hold_on }, { "admit", FALSE, FALSE, 0, handle_admit },
  { "say", FALSE, FALSE, 0, handle_say },         { "mute", FALSE, FALSE, 0, handle_mute },
  { "stage", FALSE, FALSE, 0, handle_stage },     { "hang-up", FALSE, FALSE, 0, handle_hang_up },
  { "close", TRUE, FALSE, 0, handle_close },      { "password", FALSE, FALSE, 0, handle_password },
};

gboolean
cv_sip_control_handle (CvSipControl *self, CvParcel *message)
{
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++) {
    CvJsonReader reader;
    if (g_strcmp0 (handlers[i].type, message->type) != 0)
      continue;
    if ((self->phones == NULL && !handlers[i].opens) || (message->id > 0) != handlers[i].asks ||
        message->n_fds > handlers[i].max_fds)
      return FALSE;
    cv_json_reader_init (&reader, message->object);
    gboolean done = handlers[i].handle (self, message, &reader);
    return cv_json_reader_finish (&reader, NULL) && done;
  }
  return FALSE;
}

static void
on_channel_message (CvChannel *channel, CvParcel *message, gpointer user_data)
{
  CvSipControl *self = user_data;
  if (cv_sip_control_handle (self, message))
    return;
  cv_warning (NULL, NULL, "a message of the daemon was not understood: %s",
              message->type != NULL ? message->type : "an answer");
  self->over (TRUE, self->user_data);
}

static void
on_channel_closed (CvChannel *channel, guint why, const char *text, gpointer user_data)
{
  CvSipControl *self = user_data;
  self->over (why != CV_CHANNEL_END_EOF, self->user_data);
}

CvSipControl *
cv_sip_control_new (CvChannel *channel, CvClock *clock, gboolean sandboxed, CvSipControlFunc over, gpointer user_data)
{
  CvSipControl *self = g_new0 (CvSipControl, 1);
  self->channel = g_object_ref (channel);
  self->clock = g_object_ref (clock);
  self->sandboxed = sandboxed;
  self->over = over;
  self->user_data = user_data;
  g_signal_connect (channel, "message", G_CALLBACK (on_channel_message), self);
  g_signal_connect (channel, "closed", G_CALLBACK (on_channel_closed), self);
  self->alive = cv_hello_keep_alive (channel);
  return self;
}

void
cv_sip_control_free (CvSipControl *self)
{
  g_signal_handlers_disconnect_by_data (self->channel, self);
  g_source_remove (self->alive);
  g_clear_pointer (&self->phones, cv_phones_free);
  g_object_unref (self->channel);
  g_object_unref (self->clock);
  g_free (self);
}
