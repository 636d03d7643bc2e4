/* See phone-mix.h. */
#include "media/phone-mix.h"

#include "base/bucket.h"
#include "media/ear.h"
#include "rtp/bridge-frame.h"

#include <errno.h>
#include <glib-unix.h>
#include <opus/opus.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CV_LOG_TOPIC "phones"
#include "base/log.h"

#define FRAME CV_MIX_PHONE_FRAME
#define RATE 16000
#define BPS 24000
#define COMPLEXITY 0    /* a third less than 2; telephones have no more to lose */
#define MAX_OPUS 400    /* bytes of a packet */
#define OPUS_TICK 960   /* of Opus' clock, whatever is in it */
#define MAX_EARS 32     /* sources that are decoded */
#define EAR_GONE 250    /* ticks without a packet */
#define MAX_MESSAGES 16 /* read at once */
/* what is more is passed over: it would be somebody who wants us busy */
#define TICKS_PER_S 60.0
#define TICKS_AT_ONCE 100.0

/* Whoever may be in the mix. */
typedef struct {
  CvMixVoice voice;
  gint16 frame[FRAME];
  gboolean says, mixed; /* in this tick; in the last one */
  gboolean summed;      /* it is in the sum */
} Input;

typedef struct {
  Input input;
  char person[16];
  guint32 number;
  guint8 level;
  CvMixLimiter limiter;
  OpusEncoder *encoder; /* NULL: never needed yet */
  guint32 timestamp;
} Caller;

typedef struct {
  Input input;
  CvEar *ear;
  guint idle; /* ticks */
} Listened;

struct _CvPhoneMix {
  CvRouter *router; /* borrowed */
  int fd;           /* -1: the other end is gone */
  guint source;
  guint loudest;
  CvBucket ticks;
  GPtrArray *callers;    /* of Caller, owned */
  GHashTable *by_number; /* borrowed */
  GHashTable *ears;      /* CvSource, never looked into → Listened, owned */
  GPtrArray *voices;     /* of CvMixVoice, for the length of a tick */
  CvMixLimiter limiter;
  gint32 sum[FRAME];
  CvBridgeWriter writer;
};

static void
caller_free (gpointer data)
{
  Caller *caller = data;
  g_clear_pointer (&caller->encoder, opus_encoder_destroy);
  g_free (caller);
}

static void
listened_free (gpointer data)
{
  Listened *listened = data;
  cv_ear_free (listened->ear);
  g_free (listened);
}

/* ---- from the forwarder ---- */

static void
on_sound (const CvSource *source, const CvPacket *packet, gpointer user_data)
{
  CvPhoneMix *self = user_data;
  Listened *listened = g_hash_table_lookup (self->ears, source);
  if (listened == NULL) {
    if (g_hash_table_size (self->ears) >= MAX_EARS)
      return;
    listened = g_new0 (Listened, 1);
    listened->ear = cv_ear_new ();
    g_hash_table_insert (self->ears, (gpointer) source, listened);
  }
  listened->input.voice.always = source->type == CV_SOURCE_SCREEN_AUDIO;
  listened->idle = 0;
  cv_ear_put (listened->ear, packet);
}

/* The forwarder is bothered only while somebody calls. */
static void
update_listening (CvPhoneMix *self)
{
  gboolean needed = self->fd >= 0 && self->callers->len > 0;
  cv_router_listen (self->router, needed ? on_sound : NULL, self);
  if (!needed)
    g_hash_table_remove_all (self->ears);
}

static void
end (CvPhoneMix *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  update_listening (self);
}

/* ---- a tick ---- */

static void
consider (CvPhoneMix *self, Input *input)
{
  cv_mix_voice_hear (&input->voice, input->says ? cv_mix_power (input->frame, FRAME) : 0);
  g_ptr_array_add (self->voices, &input->voice);
}

static void
hear_ears (CvPhoneMix *self)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->ears);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Listened *listened = value;
    if (listened->idle++ > EAR_GONE) {
      g_hash_table_iter_remove (&iter);
      continue;
    }
    listened->input.says = cv_ear_take (listened->ear, listened->input.frame);
    consider (self, &listened->input);
  }
}

/* Whose sound begins or ends in the middle comes and goes softly. */
static void
add (CvPhoneMix *self, Input *input)
{
  gboolean mixed = input->says && input->voice.chosen;
  gint16 faded[FRAME];
  const gint16 *frame = input->frame;
  input->summed = input->says && (mixed || input->mixed);
  if (input->summed && mixed != input->mixed) {
    memcpy (faded, frame, sizeof faded);
    if (mixed)
      cv_mix_fade_in (faded, FRAME);
    else
      cv_mix_fade_out (faded, FRAME);
    memcpy (input->frame, faded, sizeof faded);
  }
  if (input->summed)
    cv_mix_add (self->sum, input->frame, FRAME);
  input->mixed = mixed;
}

/* Returns how many are in the sum. */
static guint
sum_up (CvPhoneMix *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;
  memset (self->sum, 0, sizeof self->sum);
  g_hash_table_iter_init (&iter, self->ears);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    add (self, &((Listened *) value)->input);
    n += ((Listened *) value)->input.summed;
  }
  for (guint i = 0; i < self->callers->len; i++) {
    Caller *caller = g_ptr_array_index (self->callers, i);
    add (self, &caller->input);
    n += caller->input.summed;
  }
  return n;
}

static gboolean
send_message (CvPhoneMix *self)
{
  if (send (self->fd, self->writer.data, self->writer.n, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
    return TRUE;
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS && errno != EINTR)
    end (self);
  return FALSE;
}

static gboolean
give (CvPhoneMix *self, guint32 number, const gint32 *sum, CvMixLimiter *limiter)
{
  gint16 out[FRAME];
  guint8 level = 127;
  if (sum != NULL) {
    cv_mix_limit (limiter, sum, out, FRAME);
    double decibels = cv_mix_decibels (cv_mix_power (out, FRAME));
    level = (guint8) CLAMP (-decibels, 0, 127);
  }
  const gint16 *samples = sum != NULL ? out : NULL;
  if (cv_bridge_writer_add (&self->writer, number, level, samples))
    return TRUE;
  if (!send_message (self))
    return FALSE;
  cv_bridge_writer_init (&self->writer);
  return cv_bridge_writer_add (&self->writer, number, level, samples);
}

/* Everybody who only listens gets the same; whoever is in it gets it without themselves. */
static void
answer (CvPhoneMix *self, guint n)
{
  cv_bridge_writer_init (&self->writer);
  if (!give (self, CV_BRIDGE_EVERYBODY, n > 0 ? self->sum : NULL, &self->limiter))
    return;
  for (guint i = 0; i < self->callers->len; i++) {
    Caller *caller = g_ptr_array_index (self->callers, i);
    gint32 rest[FRAME];
    if (!caller->input.summed)
      continue;
    cv_mix_minus (rest, self->sum, caller->input.frame, FRAME);
    if (!give (self, caller->number, n > 1 ? rest : NULL, &caller->limiter))
      return;
  }
  cv_bridge_writer_set_last (&self->writer);
  send_message (self);
}

static gsize
encode (Caller *caller, guint8 *out)
{
  int error = 0;
  if (caller->encoder == NULL) {
    caller->encoder = opus_encoder_create (RATE, 1, OPUS_APPLICATION_VOIP, &error);
    if (caller->encoder == NULL)
      return 0;
    opus_encoder_ctl (caller->encoder, OPUS_SET_BITRATE (BPS));
    opus_encoder_ctl (caller->encoder, OPUS_SET_COMPLEXITY (COMPLEXITY));
    opus_encoder_ctl (caller->encoder, OPUS_SET_SIGNAL (OPUS_SIGNAL_VOICE));
  }
  opus_int32 n = opus_encode (caller->encoder, caller->input.frame, FRAME, out, MAX_OPUS);
  return (gsize) MAX (n, 0);
}

static gboolean
may_speak (CvPhoneMix *self, const Caller *caller)
{
  const CvEndpoint *endpoint = cv_router_find (self->router, caller->person);
  return endpoint != NULL && endpoint->transport == NULL && endpoint->sources[CV_SOURCE_MICROPHONE]->may;
}

/* What a caller says, to everybody who has a browser. Before it is mixed: fades are the mix's. */
static void
pass_on (CvPhoneMix *self, Caller *caller, gint64 now)
{
  guint8 opus[MAX_OPUS];
  CvEndpoint *endpoint = cv_router_find (self->router, caller->person);
  gsize n = cv_source_is_used (endpoint->sources[CV_SOURCE_MICROPHONE]) ? encode (caller, opus) : 0;
  cv_router_say (self->router, endpoint, caller->level, caller->timestamp, opus, n, now);
}

static void
tick (CvPhoneMix *self, gint64 now)
{
  g_ptr_array_set_size (self->voices, 0);
  hear_ears (self);
  for (guint i = 0; i < self->callers->len; i++) {
    Caller *caller = g_ptr_array_index (self->callers, i);
    caller->timestamp += OPUS_TICK;
    caller->input.says = caller->input.says && may_speak (self, caller);
    consider (self, &caller->input);
    if (caller->input.says)
      pass_on (self, caller, now);
  }
  cv_router_flush (self->router, now);
  cv_mix_choose ((CvMixVoice *const *) self->voices->pdata, self->voices->len, self->loudest);
  answer (self, sum_up (self));
  for (guint i = 0; i < self->callers->len; i++)
    ((Caller *) g_ptr_array_index (self->callers, i))->input.says = FALSE;
}

/* ---- the bridge ---- */

static void
take_entry (CvPhoneMix *self, const CvBridgeEntry *entry)
{
  Caller *caller = g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (entry->call));
  if (caller == NULL || entry->silent)
    return;
  caller->input.says = TRUE;
  caller->level = entry->level;
  cv_bridge_entry_copy (entry, caller->input.frame);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  static guint8 message[CV_BRIDGE_MAX_MESSAGE + 1];
  CvPhoneMix *self = user_data;
  for (guint i = 0; i < MAX_MESSAGES && self->fd >= 0; i++) {
    CvBridgeReader reader;
    CvBridgeEntry entry;
    ssize_t n = recv (fd, message, sizeof message, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
      return G_SOURCE_CONTINUE;
    if (n <= 0 || !cv_bridge_reader_init (&reader, message, (gsize) n)) {
      if (n > 0)
        cv_warning (NULL, NULL, "what came over the bridge of phones was not understood");
      self->source = 0;
      end (self);
      return G_SOURCE_REMOVE;
    }
    while (cv_bridge_reader_next (&reader, &entry))
      take_entry (self, &entry);
    gint64 now = g_get_monotonic_time ();
    if (reader.last && cv_bucket_take (&self->ticks, TICKS_PER_S, TICKS_AT_ONCE, now))
      tick (self, now);
  }
  return G_SOURCE_CONTINUE;
}

/* ---- who calls ---- */

CvPhoneMix *
cv_phone_mix_new (CvRouter *router, int fd, guint loudest)
{
  CvPhoneMix *self = g_new0 (CvPhoneMix, 1);
  self->router = router;
  self->fd = fd;
  self->loudest = loudest;
  self->limiter = (CvMixLimiter) CV_MIX_LIMITER_INIT;
  self->callers = g_ptr_array_new_with_free_func (caller_free);
  self->by_number = g_hash_table_new (NULL, NULL);
  self->ears = g_hash_table_new_full (NULL, NULL, NULL, listened_free);
  self->voices = g_ptr_array_new ();
  cv_bucket_init (&self->ticks, TICKS_AT_ONCE, g_get_monotonic_time ());
  self->source = g_unix_fd_add (fd, G_IO_IN, on_readable, self);
  return self;
}

void
cv_phone_mix_free (CvPhoneMix *self)
{
  end (self);
  cv_router_listen (self->router, NULL, NULL);
  for (guint i = 0; i < self->callers->len; i++)
    cv_router_leave (self->router, ((Caller *) g_ptr_array_index (self->callers, i))->person);
  g_hash_table_unref (self->by_number);
  g_hash_table_unref (self->ears);
  g_ptr_array_unref (self->callers);
  g_ptr_array_unref (self->voices);
  g_free (self);
}

static void
forget (CvPhoneMix *self, Caller *caller)
{
  g_hash_table_remove (self->by_number, GUINT_TO_POINTER (caller->number));
  g_ptr_array_remove (self->callers, caller); /* which frees it */
  update_listening (self);
}

gboolean
cv_phone_mix_add (CvPhoneMix *self, const char *person, guint32 number)
{
  Caller *before = g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (number));
  if (before != NULL && strcmp (before->person, person) != 0)
    cv_router_leave (self->router, before->person);
  if (before != NULL)
    forget (self, before);
  cv_phone_mix_forget (self, person);
  if (!cv_router_join_phone (self->router, person))
    return FALSE;
  Caller *caller = g_new0 (Caller, 1);
  g_strlcpy (caller->person, person, sizeof caller->person);
  caller->number = number;
  caller->limiter = (CvMixLimiter) CV_MIX_LIMITER_INIT;
  caller->timestamp = g_random_int ();
  g_ptr_array_add (self->callers, caller);
  g_hash_table_insert (self->by_number, GUINT_TO_POINTER (number), caller);
  update_listening (self);
  return TRUE;
}

void
cv_phone_mix_forget (CvPhoneMix *self, const char *person)
{
  for (guint i = 0; i < self->callers->len; i++) {
    Caller *caller = g_ptr_array_index (self->callers, i);
    if (strcmp (caller->person, person) == 0) {
      forget (self, caller);
      return;
    }
  }
}

gboolean
cv_phone_mix_is_open (CvPhoneMix *self)
{
  return self->fd >= 0;
}
