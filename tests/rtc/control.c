/* See control.h. */
#include "rtc/control.h"

#include "rtc/arguments.h"
#include "rtc/attack.h"
#include "rtc/clock.h"
#include "rtc/description.h"
#include "rtc/report.h"

#include <string.h>

#define MIN_PACKET 48
#define MAX_PACKET 1300
#define MIN_AUDIO 32
#define REAL_SOUND_BPS 32000
#define NO_FINGERPRINT "00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00"

typedef struct {
  const char *rid;
  guint width, height, bps;
} Layer;

/* As browsers divide 720p. */
static const Layer simulcast[] = { { "q", 320, 180, 150000 }, { "h", 640, 360, 500000 }, { "f", 1280, 720, 1500000 } };

static void
complain (CvRtcEngine *engine, guint id, const char *text)
{
  cv_rtc_emit_text (&engine->context, "error", id, "msg", text);
}

static void
agree (CvRtcEngine *engine, guint id)
{
  cv_rtc_emit (&engine->context, "{\"event\":\"ok\",\"id\":%u}", id);
}

/* ---- making peers ---- */

static CvRtcPeer *
make_peer (CvRtcEngine *engine, JsonObject *command, guint id, gboolean offers)
{
  const char *address = cv_rtc_argument_text (command, "ip");
  CvRtcPeer *peer =
    cv_rtc_peer_new (&engine->context, engine->identity, id, address[0] != '\0' ? address : engine->context.address,
                     offers, cv_rtc_argument_time (command, "t0"));
  if (peer == NULL) {
    complain (engine, id, "no socket");
    return NULL;
  }
  if (strcmp (cv_rtc_argument_text (command, "fingerprint"), "wrong") == 0)
    peer->fingerprint = NO_FINGERPRINT;
  peer->transport.mute = !cv_rtc_argument_flag (command, "dtls", TRUE);
  peer->transport.recording = cv_rtc_argument_flag (command, "record", FALSE);
  peer->transport.ice.consent_after = (guint64) (cv_rtc_argument_number (command, "consent", 30) * (double) CV_RTC_S);
  peer->transport.ice.check_every = (guint64) (cv_rtc_argument_number (command, "checks", 5) * (double) CV_RTC_S);
  cv_rtc_engine_add (engine, peer);
  return peer;
}

static void
set_extensions (CvRtcSender *sender, gboolean twcc)
{
  sender->ext[CV_RTC_EXT_MID] = 1; /* wanted; the answer says the id */
  sender->ext[CV_RTC_EXT_TWCC] = twcc;
  sender->ext[CV_RTC_EXT_LEVEL] = sender->kind == CV_RTC_AUDIO;
  sender->ext[CV_RTC_EXT_RID] = sender->ext[CV_RTC_EXT_REPAIRED_RID] = sender->rid[0] != '\0';
}

static void
set_audio (CvRtcSender *sender, JsonObject *command)
{
  sender->type = 111;
  sender->interval = 20 * CV_RTC_MS;
  sender->packet_bytes = (guint) CLAMP (cv_rtc_argument_number (command, "audio_bytes", 80), MIN_AUDIO, MAX_PACKET);
  sender->level = (guint) CLAMP (cv_rtc_argument_number (command, "level", 30), 0, 127);
  sender->dtx = cv_rtc_argument_flag (command, "dtx", FALSE);
  if (cv_rtc_argument_flag (command, "real", FALSE))
    sender->coder = cv_rtc_coder_new_sound (REAL_SOUND_BPS);
}

static void
set_video (CvRtcSender *sender, JsonObject *command, const Layer *layer)
{
  sender->type = 96;
  sender->rtx_type = cv_rtc_argument_flag (command, "rtx", TRUE) ? 97 : 0;
  sender->interval = (guint64) ((double) CV_RTC_S / CLAMP (cv_rtc_argument_number (command, "fps", 30), 1, 240));
  sender->frame_bytes = (guint) ((guint64) layer->bps * sender->interval / CV_RTC_S / 8);
  sender->packet_bytes = (guint) CLAMP (cv_rtc_argument_number (command, "pkt", 1100), MIN_PACKET, MAX_PACKET);
  sender->key_interval = (guint64) (cv_rtc_argument_number (command, "gop", 0) * (double) CV_RTC_S);
  sender->layers = (guint) cv_rtc_argument_number (command, "temporal", 1);
  sender->width = layer->width;
  sender->height = layer->height;
  if (!cv_rtc_argument_flag (command, "real", FALSE))
    return;
  /* What is decoded costs: half the size. */
  sender->layers = 1;
  sender->width /= 2;
  sender->height /= 2;
  sender->coder =
    cv_rtc_coder_new_picture (sender->width, sender->height, layer->bps, (double) CV_RTC_S / (double) sender->interval);
}

/* A sending m-line with its streams; `on`: something is attached to it. */
static void
add_source (CvRtcPeer *peer, JsonObject *command, CvRtcSource source, gboolean on)
{
  gboolean video = source == CV_RTC_CAMERA || source == CV_RTC_SCREEN;
  Layer single = { "", 1280, 720, (guint) cv_rtc_argument_number (command, "video_bps", 1e6) };
  JsonArray *rates = cv_rtc_argument_list (command, "simulcast");
  gboolean many = source == CV_RTC_CAMERA && (rates != NULL || cv_rtc_argument_flag (command, "simulcast", FALSE));
  if (source == CV_RTC_SCREEN)
    single = (Layer){ "", 1920, 1080, (guint) cv_rtc_argument_number (command, "screen_bps", 1e6) };
  CvRtcLine *line = cv_rtc_peer_add_line (peer, video ? CV_RTC_VIDEO : CV_RTC_AUDIO, TRUE, source);
  for (guint i = 0; line != NULL && i < (many ? G_N_ELEMENTS (simulcast) : 1); i++) {
    Layer layer = many ? simulcast[i] : single;
    if (many && rates != NULL && i < json_array_get_length (rates))
      layer.bps = (guint) json_array_get_double_element (rates, i);
    CvRtcSender *sender = cv_rtc_peer_add_sender (peer, line, layer.rid);
    if (sender == NULL)
      return;
    sender->encoding = i;
    sender->on = on;
    if (video)
      set_video (sender, command, &layer);
    else
      set_audio (sender, command);
    set_extensions (sender, cv_rtc_argument_flag (command, "twcc", TRUE));
  }
}

/* ---- commands ---- */

static void
do_publish (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *unused)
{
  CvRtcPeer *peer = make_peer (engine, command, id, TRUE);
  if (peer == NULL)
    return;
  if (cv_rtc_argument_flag (command, "audio", TRUE))
    add_source (peer, command, CV_RTC_MICROPHONE, TRUE);
  if (cv_rtc_argument_flag (command, "video", TRUE))
    add_source (peer, command, CV_RTC_CAMERA, TRUE);
  g_autofree char *sdp = cv_rtc_description_offer (peer);
  cv_rtc_emit_text (&engine->context, "offer", id, "sdp", sdp);
}

static void
do_join (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *unused)
{
  static const struct {
    const char *name;
    gboolean usual;
  } sources[] = { { "audio", TRUE }, { "video", TRUE }, { "screen", FALSE }, { "screen_audio", FALSE } };
  static const CvRtcSource order[] = { CV_RTC_MICROPHONE, CV_RTC_CAMERA, CV_RTC_SCREEN, CV_RTC_SCREEN_AUDIO };
  CvRtcPeer *peer = make_peer (engine, command, id, TRUE);
  guint n_sources = (guint) cv_rtc_argument_number (command, "sources", G_N_ELEMENTS (order));
  if (peer == NULL)
    return;
  for (guint i = 0; i < MIN (n_sources, G_N_ELEMENTS (order)); i++)
    add_source (peer, command, order[i], cv_rtc_argument_flag (command, sources[i].name, sources[i].usual));
  for (guint i = 0; i < (guint) cv_rtc_argument_number (command, "audio_slots", 6); i++)
    cv_rtc_peer_add_line (peer, CV_RTC_AUDIO, FALSE, 0);
  for (guint i = 0; i < (guint) cv_rtc_argument_number (command, "video_slots", 17); i++)
    cv_rtc_peer_add_line (peer, CV_RTC_VIDEO, FALSE, 0);
  g_autofree char *sdp = cv_rtc_description_offer (peer);
  cv_rtc_emit_text (&engine->context, "offer", id, "sdp", sdp);
}

static void
do_subscribe (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  if (peer != NULL && peer->offers) {
    complain (engine, id, "this one offers");
    return;
  }
  if (peer == NULL)
    peer = make_peer (engine, command, id, FALSE);
  if (peer == NULL)
    return;
  if (!cv_rtc_peer_set_remote (peer, cv_rtc_argument_text (command, "offer"))) {
    complain (engine, id, "bad offer");
    return;
  }
  g_autofree char *sdp = cv_rtc_description_answer (peer);
  cv_rtc_emit_text (&engine->context, "answer", id, "sdp", sdp);
}

static void
do_answer (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  if (!peer->offers || !cv_rtc_peer_set_remote (peer, cv_rtc_argument_text (command, "sdp")))
    complain (engine, id, "bad answer");
}

static void
do_candidate (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  const char *line = cv_rtc_argument_text (command, "candidate");
  if (peer->remote == NULL)
    return;
  cv_rtc_sdp_add_candidate (peer->remote, g_str_has_prefix (line, "a=") ? line + 2 : line);
  cv_rtc_ice_set_remote (&peer->transport.ice, peer->remote, cv_rtc_now ());
}

/* What is attached: `on` for a source, or for those of its encodings that `rids` lists. */
static void
do_send (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  const char *source = cv_rtc_argument_text (command, "source");
  JsonArray *rids = cv_rtc_argument_list (command, "rids");
  gboolean on = cv_rtc_argument_flag (command, "on", TRUE);
  for (guint i = 0; i < peer->n_senders; i++) {
    CvRtcSender *sender = &peer->senders[i];
    if (source[0] != '\0' && strcmp (source, cv_rtc_source_names[sender->source]) != 0)
      continue;
    gboolean before = sender->on;
    sender->on = rids != NULL && sender->rid[0] != '\0' ? on && cv_rtc_argument_lists (rids, sender->rid) : on;
    if (sender->on && !before)
      cv_rtc_sender_ask_key (sender);
  }
  agree (engine, id);
}

static void
do_level (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  for (guint i = 0; i < peer->n_senders; i++) {
    CvRtcSender *sender = &peer->senders[i];
    if (sender->source != CV_RTC_MICROPHONE)
      continue;
    sender->level = (guint) CLAMP (cv_rtc_argument_number (command, "dbov", sender->level), 0, 127);
    sender->dtx = cv_rtc_argument_flag (command, "dtx", sender->dtx);
  }
  agree (engine, id);
}

static void
do_keyframe (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  for (guint i = 0; i < peer->n_senders; i++)
    cv_rtc_sender_ask_key (&peer->senders[i]);
}

/* NAME_up and NAME_down, or NAME for both; what is not named becomes 0. */
static CvRtcLinkSettings
read_link (JsonObject *command, const char *direction)
{
  CvRtcLinkSettings settings = { 0 };
  const struct {
    const char *name;
    double *value;
  } members[] = {
    { "loss", &settings.loss },   { "reorder", &settings.reorder }, { "dup", &settings.duplicate },
    { "delay", &settings.delay }, { "jitter", &settings.jitter },   { "rate", &settings.rate },
    { "queue", &settings.queue },
  };
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autofree char *name = g_strdup_printf ("%s_%s", members[i].name, direction);
    *members[i].value = cv_rtc_argument_number (command, name, cv_rtc_argument_number (command, members[i].name, 0));
  }
  return settings;
}

static void
do_net (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *only)
{
  CvRtcLinkSettings up = read_link (command, "up"), down = read_link (command, "down");
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, engine->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    CvRtcPeer *peer = value;
    if (id != 0 && peer != only)
      continue;
    cv_rtc_link_set (&peer->transport.up, &up);
    cv_rtc_link_set (&peer->transport.down, &down);
  }
  agree (engine, id);
}

static void
do_move (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  if (cv_rtc_transport_move (&peer->transport, cv_rtc_argument_flag (command, "silent", FALSE)))
    agree (engine, id);
  else
    complain (engine, id, "no socket");
}

static void
do_attack (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  guint count = (guint) cv_rtc_argument_number (command, "count", 1);
  if (cv_rtc_attack (peer, cv_rtc_argument_text (command, "kind"), count,
                     cv_rtc_argument_flag (command, "elsewhere", FALSE)))
    agree (engine, id);
  else
    complain (engine, id, "unknown kind");
}

static void
do_close (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  cv_rtc_peer_end (peer, "asked");
}

static void
do_stats (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  cv_rtc_report (engine, id, cv_rtc_argument_flag (command, "detail", FALSE),
                 cv_rtc_argument_flag (command, "reset", FALSE));
}

static void
do_set (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer)
{
  CvRtcContext *context = &engine->context;
  const char *decrypt = cv_rtc_argument_text (command, "decrypt");
  if (decrypt[0] != '\0')
    context->decrypt = strcmp (decrypt, "all") == 0    ? CV_RTC_DECRYPT_ALL
                       : strcmp (decrypt, "none") == 0 ? CV_RTC_DECRYPT_NONE
                                                       : CV_RTC_DECRYPT_SAMPLE;
  context->sample = (guint) MAX (1, cv_rtc_argument_number (command, "sample", context->sample));
  context->pli = cv_rtc_argument_flag (command, "pli", context->pli);
  context->nack = cv_rtc_argument_flag (command, "nack", context->nack);
  agree (engine, id);
}

typedef enum { WITHOUT, WITH, EITHER } Needs;

static const struct {
  const char *name;
  Needs peer; /* whether the id must be that of a peer */
  void (*run) (CvRtcEngine *engine, JsonObject *command, guint id, CvRtcPeer *peer);
} commands[] = {
  { "publish", WITHOUT, do_publish }, { "join", WITHOUT, do_join },        { "subscribe", EITHER, do_subscribe },
  { "answer", WITH, do_answer },      { "candidate", WITH, do_candidate }, { "send", WITH, do_send },
  { "level", WITH, do_level },        { "keyframe", WITH, do_keyframe },   { "net", EITHER, do_net },
  { "move", WITH, do_move },          { "attack", WITH, do_attack },       { "close", WITH, do_close },
  { "stats", EITHER, do_stats },      { "set", EITHER, do_set },
};

gboolean
cv_rtc_control (CvRtcEngine *engine, const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = json_parser_load_from_data (parser, line, -1, NULL) ? json_parser_get_root (parser) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    complain (engine, 0, "bad json");
    return TRUE;
  }
  JsonObject *command = json_node_get_object (root);
  const char *name = cv_rtc_argument_text (command, "cmd");
  guint id = (guint) cv_rtc_argument_number (command, "id", 0);
  CvRtcPeer *peer = cv_rtc_engine_find (engine, id);
  if (strcmp (name, "quit") == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strcmp (commands[i].name, name) != 0)
      continue;
    if (commands[i].peer == WITH && peer == NULL)
      complain (engine, id, "no such id");
    else if (commands[i].peer == WITHOUT && (peer != NULL || id == 0))
      complain (engine, id, "id in use");
    else
      commands[i].run (engine, command, id, peer);
    return TRUE;
  }
  complain (engine, id, "unknown cmd");
  return TRUE;
}
