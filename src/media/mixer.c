/* See mixer.h. Owns its pads' state; knows nothing of RTP, of people or of who is allowed to speak.
 *
 * Threads: pads are requested and released by the application; samples come in on their upstreams' threads; the tick is a
 * GstTask of its own. `lock` protects everything below its name, the playouts included; it is held while a tick mixes
 * (some 0.1 ms) and never while anything is pushed; only locks of GStreamer's own that call nobody are taken under it.
 */
#include "media/mixer.h"

#include "rtp/playout.h"

#include <string.h>

#define TICK (20 * GST_MSECOND)
/* What was missed by more than that is left out: inputs hold no more anyway. */
#define MAX_LATE (CV_PLAYOUT_FRAMES * TICK)
#define FRAME_BYTES (CV_MIX_FRAME * sizeof (gint16))
#define DEFAULT_LOUDEST 4
/* Gains that differ by less are the same. */
#define SAME_GAIN 0.001f

typedef struct {
  GstPad parent;
  guint number;
  CvPlayout playout;
  CvMixVoice voice;
  gboolean was_heard;
  gboolean mixed;             /* this tick's frame is in the sum */
  gint16 frame[CV_MIX_FRAME]; /* as it was added */
} CvMixerSink;

typedef GstPadClass CvMixerSinkClass;

typedef struct {
  GstPad parent;
  guint number;
  CvMixerSink *own; /* of the same number, borrowed, or NULL */
  CvMixLimiter limiter;
  gboolean shares; /* hears the whole mix, as limited for all who do */
  gboolean begun;  /* tick's thread only: its stream has been announced */
} CvMixerSrc;

typedef GstPadClass CvMixerSrcClass;

struct _CvMixer {
  GstElement parent_instance;
  GstTask *task;
  GRecMutex task_lock;
  GstBufferPool *pool;
  GstCaps *caps;

  GMutex lock;
  GPtrArray *sinks; /* CvMixerSink, owned by the element */
  GPtrArray *srcs;  /* CvMixerSrc, likewise */
  guint loudest;
  gboolean playing;
  gboolean ending;  /* the task is about to be joined: pausing it now would undo that */
  GstClockID alarm; /* NULL: the next tick finds out when it is */
  CvMixLimiter limiter;
  gint32 tail; /* the last samples of who went while speaking: they fade away */

  /* The tick's thread only, room for the largest mix: a tick allocates nothing but buffers, and those from the pool. */
  guint64 next; /* running time of the next tick */
  gboolean gap; /* ticks were left out before it */
  guint n_outputs;
  CvMixerSrc *outputs[CV_MIXER_MAX_PADS];
  GstBuffer *buffers[CV_MIXER_MAX_PADS];
  CvMixVoice *voices[CV_MIXER_MAX_PADS];
  gint32 sum[CV_MIX_FRAME];
  gint32 rest[CV_MIX_FRAME];
};

GType cv_mixer_sink_get_type (void);
GType cv_mixer_src_get_type (void);
G_DEFINE_TYPE (CvMixer, cv_mixer, GST_TYPE_ELEMENT)
G_DEFINE_TYPE (CvMixerSink, cv_mixer_sink, GST_TYPE_PAD)
G_DEFINE_TYPE (CvMixerSrc, cv_mixer_src, GST_TYPE_PAD)

enum { SINK_LEVEL = 1, SINK_HEARD, SINK_DROPPED, SINK_ALWAYS };
enum { MIXER_LOUDEST = 1 };

static GstStaticPadTemplate sink_template =
  GST_STATIC_PAD_TEMPLATE ("sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (CV_MIXER_CAPS));
static GstStaticPadTemplate src_template =
  GST_STATIC_PAD_TEMPLATE ("src_%u", GST_PAD_SRC, GST_PAD_REQUEST, GST_STATIC_CAPS (CV_MIXER_CAPS));

/* ---- Sink pads: any thread, under the lock. ---- */

static void
sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  CvMixerSink *self = (CvMixerSink *) object;
  g_autoptr (GstElement) parent = gst_pad_get_parent_element (GST_PAD (object));
  GMutex *lock = parent != NULL ? &CV_MIXER (parent)->lock : NULL;
  if (lock != NULL)
    g_mutex_lock (lock);
  switch (id) {
  case SINK_LEVEL:
    g_value_set_double (value, cv_mix_decibels (self->voice.power));
    break;
  case SINK_HEARD:
    g_value_set_boolean (value, self->voice.chosen);
    break;
  case SINK_DROPPED:
    g_value_set_uint64 (value, self->playout.dropped);
    break;
  case SINK_ALWAYS:
    g_value_set_boolean (value, self->voice.always);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
  if (lock != NULL)
    g_mutex_unlock (lock);
}

static void
sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  CvMixerSink *self = (CvMixerSink *) object;
  g_autoptr (GstElement) parent = gst_pad_get_parent_element (GST_PAD (object));
  if (parent == NULL || id != SINK_ALWAYS)
    return;
  g_mutex_lock (&CV_MIXER (parent)->lock);
  self->voice.always = g_value_get_boolean (value);
  g_mutex_unlock (&CV_MIXER (parent)->lock);
}

static void
cv_mixer_sink_class_init (CvMixerSinkClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->get_property = sink_get_property;
  object_class->set_property = sink_set_property;
  g_object_class_install_property (
    object_class, SINK_LEVEL,
    g_param_spec_double ("level", NULL, NULL, -96, 0, -96, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
    object_class, SINK_HEARD,
    g_param_spec_boolean ("heard", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
    object_class, SINK_DROPPED,
    g_param_spec_uint64 ("dropped", NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
    object_class, SINK_ALWAYS,
    g_param_spec_boolean ("always", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
cv_mixer_sink_init (CvMixerSink *self)
{
  cv_playout_init (&self->playout, CV_MIX_FRAME);
}

static void
cv_mixer_src_class_init (CvMixerSrcClass *class)
{
}

static void
cv_mixer_src_init (CvMixerSrc *self)
{
  self->limiter.gain = 1.0f;
  self->shares = TRUE;
}

/* What comes in on one pad goes out on no particular other one. */
static GstIterator *
on_pad_links (GstPad *pad, GstObject *parent)
{
  return NULL;
}

static GstFlowReturn
on_sink_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  CvMixer *self = CV_MIXER (parent);
  GstMapInfo map;
  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_mutex_lock (&self->lock);
    cv_playout_push (&((CvMixerSink *) pad)->playout, (const gint16 *) (gconstpointer) map.data, map.size / 2);
    g_mutex_unlock (&self->lock);
    gst_buffer_unmap (buffer, &map);
  }
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static void
on_sink_gap (CvMixer *self, CvMixerSink *pad, GstEvent *event)
{
  GstClockTime at = 0, duration = 0;
  gst_event_parse_gap (event, &at, &duration);
  if (!GST_CLOCK_TIME_IS_VALID (duration))
    return;
  duration = MIN (duration, MAX_LATE);
  g_mutex_lock (&self->lock);
  cv_playout_push_silence (&pad->playout, gst_util_uint64_scale_int (duration, CV_MIX_RATE, GST_SECOND));
  g_mutex_unlock (&self->lock);
}

/* Streams begin and end for themselves: nothing of it goes on to the outputs. */
static gboolean
on_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  CvMixer *self = CV_MIXER (parent);
  CvMixerSink *sink = (CvMixerSink *) pad;
  if (GST_EVENT_TYPE (event) == GST_EVENT_GAP)
    on_sink_gap (self, sink, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP) {
    g_mutex_lock (&self->lock);
    cv_playout_init (&sink->playout, CV_MIX_FRAME);
    g_mutex_unlock (&self->lock);
  }
  gst_event_unref (event);
  return TRUE;
}

static gboolean
on_src_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gboolean ours = GST_EVENT_TYPE (event) != GST_EVENT_SEEK;
  gst_event_unref (event);
  return ours;
}

static gboolean
on_src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  gst_query_set_latency (query, TRUE, TICK, GST_CLOCK_TIME_NONE);
  return TRUE;
}

/* ---- The tick: its own thread. ---- */

/* Takes the next frame of each input and decides who is heard. */
static void
take_inputs (CvMixer *self)
{
  for (guint i = 0; i < self->sinks->len; i++) {
    CvMixerSink *sink = g_ptr_array_index (self->sinks, i);
    sink->mixed = cv_playout_take (&sink->playout, sink->frame);
    cv_mix_voice_hear (&sink->voice, sink->mixed ? cv_mix_power (sink->frame, CV_MIX_FRAME) : 0);
    self->voices[i] = &sink->voice;
  }
  cv_mix_choose (self->voices, self->sinks->len, self->loudest);
}

static void
sum_up (CvMixer *self)
{
  memset (self->sum, 0, sizeof self->sum);
  for (guint i = 0; i < self->sinks->len; i++) {
    CvMixerSink *sink = g_ptr_array_index (self->sinks, i);
    gboolean heard = sink->voice.chosen, was = sink->was_heard;
    sink->was_heard = heard;
    sink->mixed = sink->mixed && (heard || was);
    if (!sink->mixed)
      continue;
    if (heard && !was)
      cv_mix_fade_in (sink->frame, CV_MIX_FRAME);
    else if (!heard && was)
      cv_mix_fade_out (sink->frame, CV_MIX_FRAME);
    cv_mix_add (self->sum, sink->frame, CV_MIX_FRAME);
  }
  for (gint32 i = 0; self->tail != 0 && i < CV_MIX_FADE; i++)
    self->sum[i] += self->tail * (CV_MIX_FADE - i) / CV_MIX_FADE;
  self->tail = 0;
}

static GstBuffer *
limit (CvMixer *self, CvMixLimiter *limiter, const gint32 *sum)
{
  GstBuffer *buffer = NULL;
  GstMapInfo map;
  if (gst_buffer_pool_acquire_buffer (self->pool, &buffer, NULL) != GST_FLOW_OK)
    return NULL;
  if (!gst_buffer_map (buffer, &map, GST_MAP_WRITE)) {
    gst_buffer_unref (buffer);
    return NULL;
  }
  cv_mix_limit (limiter, sum, (gint16 *) (gpointer) map.data, CV_MIX_FRAME);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = self->next;
  GST_BUFFER_DURATION (buffer) = TICK;
  if (self->gap)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  return buffer;
}

/* The whole mix is limited once for all who hear it; who speaks hears something else, with a limiter that starts at the
 * common gain and is given up once it is back there. (transfer full) */
static GstBuffer *
mix_output (CvMixer *self, CvMixerSrc *src, float common, GstBuffer *whole)
{
  if (src->own != NULL && src->own->mixed) {
    if (src->shares)
      src->limiter.gain = common;
    src->shares = FALSE;
    cv_mix_minus (self->rest, self->sum, src->own->frame, CV_MIX_FRAME);
    return limit (self, &src->limiter, self->rest);
  }
  if (!src->shares) {
    GstBuffer *buffer = limit (self, &src->limiter, self->sum);
    float apart = src->limiter.gain - self->limiter.gain;
    src->shares = ABS (apart) < SAME_GAIN;
    return buffer;
  }
  return whole != NULL ? gst_buffer_ref (whole) : NULL;
}

static void
mix (CvMixer *self)
{
  float common = self->limiter.gain;
  take_inputs (self);
  self->n_outputs = self->srcs->len;
  if (self->n_outputs == 0)
    return;
  sum_up (self);
  g_autoptr (GstBuffer) whole = limit (self, &self->limiter, self->sum);
  for (guint i = 0; i < self->n_outputs; i++) {
    self->outputs[i] = gst_object_ref (g_ptr_array_index (self->srcs, i));
    self->buffers[i] = mix_output (self, self->outputs[i], common, whole);
  }
}

static void
begin_stream (CvMixer *self, CvMixerSrc *src)
{
  GstSegment segment;
  g_autofree char *id = g_strdup_printf ("cvmixer/%u", src->number);
  src->begun = TRUE;
  gst_pad_push_event (GST_PAD (src), gst_event_new_stream_start (id));
  gst_pad_push_event (GST_PAD (src), gst_event_new_caps (self->caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (GST_PAD (src), gst_event_new_segment (&segment));
}

/* What an output answers is its own matter: it may be unlinked, flushing or broken, the others go on. */
static void
push_outputs (CvMixer *self)
{
  for (guint i = 0; i < self->n_outputs; i++) {
    g_autoptr (GstPad) pad = GST_PAD (self->outputs[i]);
    GstBuffer *buffer = g_steal_pointer (&self->buffers[i]);
    if (!self->outputs[i]->begun)
      begin_stream (self, self->outputs[i]);
    if (buffer != NULL)
      gst_pad_push (pad, buffer);
  }
}

/* Under the lock. Sets when the next tick is; FALSE: there is no clock. */
static gboolean
set_alarm (CvMixer *self)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (GST_ELEMENT (self));
  if (clock == NULL)
    return FALSE;
  GstClockTime base = gst_element_get_base_time (GST_ELEMENT (self)), now = gst_clock_get_time (clock);
  GstClockTime running = now > base ? now - base : 0;
  if (self->alarm == NULL || running > self->next + MAX_LATE) {
    self->next = (running + TICK - 1) / TICK * TICK;
    self->gap = TRUE;
  }
  if (self->alarm == NULL)
    self->alarm = gst_clock_new_single_shot_id (clock, base + self->next);
  else if (!gst_clock_single_shot_id_reinit (clock, self->alarm, base + self->next))
    return FALSE;
  return TRUE;
}

static void
on_tick (gpointer user_data)
{
  CvMixer *self = user_data;
  GstClockID alarm = NULL;
  g_mutex_lock (&self->lock);
  if (self->playing && set_alarm (self))
    alarm = gst_clock_id_ref (self->alarm);
  else if (!self->ending)
    gst_task_pause (self->task);
  g_mutex_unlock (&self->lock);
  if (alarm == NULL)
    return;

  GstClockReturn woken = gst_clock_id_wait (alarm, NULL);
  gst_clock_id_unref (alarm);
  if (woken == GST_CLOCK_UNSCHEDULED)
    return;
  g_mutex_lock (&self->lock);
  mix (self);
  g_mutex_unlock (&self->lock);
  push_outputs (self);
  self->next += TICK;
  self->gap = FALSE;
}

/* ---- The application's thread. ---- */

static void
play (CvMixer *self)
{
  g_mutex_lock (&self->lock);
  self->playing = TRUE;
  g_mutex_unlock (&self->lock);
  gst_task_start (self->task);
}

/* Does not wait for the tick: a sink that is PAUSED may hold it until it plays again or is shut down. */
static void
stop_playing (CvMixer *self)
{
  g_mutex_lock (&self->lock);
  self->playing = FALSE;
  if (self->alarm != NULL) {
    gst_clock_id_unschedule (self->alarm);
    g_clear_pointer (&self->alarm, gst_clock_id_unref);
  }
  g_mutex_unlock (&self->lock);
}

/* After the pads are inactive, so that nothing holds the tick. */
static void
end_task (CvMixer *self)
{
  g_mutex_lock (&self->lock);
  self->ending = TRUE;
  g_mutex_unlock (&self->lock);
  gst_task_join (self->task);
  gst_buffer_pool_set_active (self->pool, FALSE);
  g_mutex_lock (&self->lock);
  self->ending = FALSE;
  for (guint i = 0; i < self->sinks->len; i++)
    cv_playout_init (&((CvMixerSink *) g_ptr_array_index (self->sinks, i))->playout, CV_MIX_FRAME);
  for (guint i = 0; i < self->srcs->len; i++)
    ((CvMixerSrc *) g_ptr_array_index (self->srcs, i))->begun = FALSE;
  g_mutex_unlock (&self->lock);
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  CvMixer *self = CV_MIXER (element);
  GstElementClass *parent = GST_ELEMENT_CLASS (cv_mixer_parent_class);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    gst_buffer_pool_set_active (self->pool, TRUE);
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    stop_playing (self);

  GstStateChangeReturn result = parent->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    end_task (self);
  if (result == GST_STATE_CHANGE_FAILURE)
    return result;
  switch (transition) {
  case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
    play (self);
    return result;
  case GST_STATE_CHANGE_READY_TO_PAUSED:
  case GST_STATE_CHANGE_PLAYING_TO_PAUSED:
    return GST_STATE_CHANGE_NO_PREROLL; /* as it is live, nobody may wait for its first buffer */
  default:
    return result;
  }
}

/* Pads of either kind begin alike up to their number. Under the lock. */
static gboolean
is_taken (GPtrArray *pads, gboolean sinks, guint number)
{
  for (guint i = 0; i < pads->len; i++) {
    gpointer pad = g_ptr_array_index (pads, i);
    if ((sinks ? ((CvMixerSink *) pad)->number : ((CvMixerSrc *) pad)->number) == number)
      return TRUE;
  }
  return FALSE;
}

/* Of "sink_7", 7; the lowest free one where no number is asked for. */
static gboolean
choose_number (GPtrArray *pads, gboolean sinks, const char *name, guint *number)
{
  guint64 parsed = 0;
  if (pads->len >= CV_MIXER_MAX_PADS)
    return FALSE;
  if (name == NULL || strchr (name, '%') != NULL) {
    for (*number = 0; is_taken (pads, sinks, *number); (*number)++)
      ;
    return TRUE;
  }
  const char *digits = strchr (name, '_');
  if (digits == NULL || !g_ascii_string_to_unsigned (digits + 1, 10, 0, G_MAXUINT32, &parsed, NULL))
    return FALSE;
  *number = (guint) parsed;
  return !is_taken (pads, sinks, *number);
}

static void
pair (CvMixer *self)
{
  for (guint i = 0; i < self->srcs->len; i++) {
    CvMixerSrc *src = g_ptr_array_index (self->srcs, i);
    src->own = NULL;
    for (guint j = 0; j < self->sinks->len; j++) {
      CvMixerSink *sink = g_ptr_array_index (self->sinks, j);
      if (sink->number == src->number)
        src->own = sink;
    }
  }
}

static GstPad *
make_pad (GstPadTemplate *template, gboolean sinks, guint number)
{
  g_autofree char *name = g_strdup_printf (sinks ? "sink_%u" : "src_%u", number);
  GType type = sinks ? cv_mixer_sink_get_type () : cv_mixer_src_get_type ();
  GstPad *pad =
    g_object_new (type, "name", name, "direction", sinks ? GST_PAD_SINK : GST_PAD_SRC, "template", template, NULL);
  gst_pad_set_iterate_internal_links_function (pad, on_pad_links);
  gst_pad_use_fixed_caps (pad);
  if (sinks) {
    ((CvMixerSink *) pad)->number = number;
    gst_pad_set_chain_function (pad, on_sink_buffer);
    gst_pad_set_event_function (pad, on_sink_event);
  } else {
    ((CvMixerSrc *) pad)->number = number;
    gst_pad_set_event_function (pad, on_src_event);
    gst_pad_set_query_function (pad, on_src_query);
  }
  return pad;
}

static GstPad *
request_new_pad (GstElement *element, GstPadTemplate *template, const char *name, const GstCaps *caps)
{
  CvMixer *self = CV_MIXER (element);
  gboolean sinks = GST_PAD_TEMPLATE_DIRECTION (template) == GST_PAD_SINK;
  GPtrArray *pads = sinks ? self->sinks : self->srcs;
  guint number = 0;
  GstPad *pad = NULL;

  g_mutex_lock (&self->lock);
  if (choose_number (pads, sinks, name, &number)) {
    pad = make_pad (template, sinks, number);
    g_ptr_array_add (pads, pad);
    pair (self);
  }
  g_mutex_unlock (&self->lock);
  if (pad == NULL)
    return NULL;
  gst_object_ref_sink (pad);
  gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (element, pad);
  gst_object_unref (pad);
  return pad;
}

static void
release_pad (GstElement *element, GstPad *pad)
{
  CvMixer *self = CV_MIXER (element);
  g_mutex_lock (&self->lock);
  if (GST_PAD_IS_SINK (pad) && ((CvMixerSink *) pad)->mixed)
    self->tail += ((CvMixerSink *) pad)->frame[CV_MIX_FRAME - 1];
  g_ptr_array_remove (GST_PAD_IS_SINK (pad) ? self->sinks : self->srcs, pad);
  pair (self);
  g_mutex_unlock (&self->lock);
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  CvMixer *self = CV_MIXER (object);
  if (id != MIXER_LOUDEST)
    return;
  g_mutex_lock (&self->lock);
  g_value_set_uint (value, self->loudest);
  g_mutex_unlock (&self->lock);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  CvMixer *self = CV_MIXER (object);
  if (id != MIXER_LOUDEST)
    return;
  g_mutex_lock (&self->lock);
  self->loudest = g_value_get_uint (value);
  g_mutex_unlock (&self->lock);
}

static void
finalize (GObject *object)
{
  CvMixer *self = CV_MIXER (object);
  gst_object_unref (self->task);
  gst_object_unref (self->pool);
  gst_caps_unref (self->caps);
  g_ptr_array_unref (self->sinks);
  g_ptr_array_unref (self->srcs);
  g_rec_mutex_clear (&self->task_lock);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (cv_mixer_parent_class)->finalize (object);
}

static void
cv_mixer_class_init (CvMixerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->finalize = finalize;
  g_object_class_install_property (object_class, MIXER_LOUDEST,
                                   g_param_spec_uint ("loudest", NULL, NULL, 1, CV_MIXER_MAX_PADS, DEFAULT_LOUDEST,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  element_class->change_state = change_state;
  element_class->request_new_pad = request_new_pad;
  element_class->release_pad = release_pad;
  gst_element_class_add_static_pad_template_with_gtype (element_class, &sink_template, cv_mixer_sink_get_type ());
  gst_element_class_add_static_pad_template_with_gtype (element_class, &src_template, cv_mixer_src_get_type ());
  gst_element_class_set_static_metadata (element_class, "Mix-minus", "Generic/Audio",
                                         "Mixes live voices, for each output without its own", "Conclave");
}

static void
cv_mixer_init (CvMixer *self)
{
  g_mutex_init (&self->lock);
  g_rec_mutex_init (&self->task_lock);
  self->task = gst_task_new (on_tick, self, NULL);
  gst_task_set_lock (self->task, &self->task_lock);
  self->sinks = g_ptr_array_sized_new (CV_MIXER_MAX_PADS);
  self->srcs = g_ptr_array_sized_new (CV_MIXER_MAX_PADS);
  self->loudest = DEFAULT_LOUDEST;
  self->limiter.gain = 1.0f;
  self->caps = gst_caps_from_string (CV_MIXER_CAPS);
  self->pool = gst_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (self->pool);
  gst_buffer_pool_config_set_params (config, self->caps, FRAME_BYTES, 0, 0);
  gst_buffer_pool_set_config (self->pool, config);
}

void
cv_mixer_register (void)
{
  if (!gst_element_register (NULL, "cvmixer", GST_RANK_NONE, CV_TYPE_MIXER))
    g_error ("the element cvmixer cannot be registered");
}
