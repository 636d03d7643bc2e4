/* See report.h. */
#include "rtc/report.h"

#include "rtc/clock.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>

static void
add_count (JsonBuilder *out, const char *name, guint64 value)
{
  json_builder_set_member_name (out, name);
  json_builder_add_int_value (out, (gint64) value);
}

static void
add_text (JsonBuilder *out, const char *name, const char *value)
{
  json_builder_set_member_name (out, name);
  json_builder_add_string_value (out, value);
}

static void
add_number (JsonBuilder *out, const char *name, double value)
{
  json_builder_set_member_name (out, name);
  json_builder_add_double_value (out, round (value * 1e4) / 1e4);
}

static void
add_flag (JsonBuilder *out, const char *name, gboolean value)
{
  json_builder_set_member_name (out, name);
  json_builder_add_boolean_value (out, value);
}

static void
add_histogram (JsonBuilder *out, const char *name, const CvRtcHistogram *histogram)
{
  json_builder_set_member_name (out, name);
  json_builder_begin_object (out);
  add_count (out, "n", histogram->n);
  add_number (out, "mean_us", histogram->n > 0 ? (double) histogram->sum / 1e3 / (double) histogram->n : 0);
  add_number (out, "p50_us", cv_rtc_histogram_quantile (histogram, 0.5) / 1e3);
  add_number (out, "p90_us", cv_rtc_histogram_quantile (histogram, 0.9) / 1e3);
  add_number (out, "p99_us", cv_rtc_histogram_quantile (histogram, 0.99) / 1e3);
  add_number (out, "max_us", (double) histogram->max / 1e3);
  json_builder_end_object (out);
}

static const char *
kind_name (CvRtcKind kind)
{
  return kind == CV_RTC_VIDEO ? "video" : kind == CV_RTC_AUDIO ? "audio" : kind == CV_RTC_RTX ? "rtx" : "other";
}

/* ---- parts ---- */

/* What frames of a stream were like; also the sum over many. */
static void
add_frames (JsonBuilder *out, const CvRtcPlayoutCounts *counts)
{
  add_count (out, "frames", counts->frames);
  add_count (out, "complete", counts->complete);
  add_count (out, "decodable", counts->decodable);
  add_count (out, "key_frames", counts->keyframes);
  add_count (out, "given_up", counts->given_up);
  add_count (out, "timestamp_errors", counts->timestamps);
  add_count (out, "picture_errors", counts->pictures);
  add_count (out, "tl0_errors", counts->tl0);
  add_count (out, "picture_jumps", counts->jumps);
  add_count (out, "cut", counts->cut);
  add_number (out, "longest_gap_ms", (double) counts->longest_gap / 1e6);
}

static void
sum_frames (CvRtcPlayoutCounts *sum, const CvRtcPlayoutCounts *counts)
{
  sum->frames += counts->frames;
  sum->complete += counts->complete;
  sum->decodable += counts->decodable;
  sum->keyframes += counts->keyframes;
  sum->given_up += counts->given_up;
  sum->timestamps += counts->timestamps;
  sum->pictures += counts->pictures;
  sum->tl0 += counts->tl0;
  sum->jumps += counts->jumps;
  sum->cut += counts->cut;
  sum->longest_gap = MAX (sum->longest_gap, counts->longest_gap);
}

static void
add_stream (JsonBuilder *out, const CvRtcPeer *peer, const CvRtcStream *stream, guint64 now)
{
  gint64 expected = cv_rtc_stream_expected (stream) - stream->window_expected;
  guint64 received = stream->received - stream->window_received,
          recovered = stream->recovered - stream->window_recovered;
  json_builder_begin_object (out);
  add_count (out, "id", peer->id);
  add_count (out, "ssrc", stream->ssrc);
  add_text (out, "mid", stream->mid);
  add_text (out, "rid", stream->rid);
  add_text (out, "kind", kind_name (stream->kind));
  add_count (out, "expected", (guint64) expected);
  add_count (out, "received", received);
  add_count (out, "recovered", recovered);
  add_number (out, "lost", (double) expected - (double) received - (double) recovered);
  add_count (out, "duplicates", stream->duplicates);
  add_count (out, "padding", stream->padding);
  add_count (out, "report_errors", stream->bad_reports);
  add_flag (out, "first", stream->first);
  add_number (out, "jitter", stream->jitter);
  add_number (out, "idle_ms", (double) (gint64) (now - stream->last_packet) / 1e6);
  if (stream->has_stamp) {
    add_count (out, "from", stream->stamp.peer);
    add_text (out, "source", cv_rtc_source_names[stream->stamp.source]);
    add_count (out, "encoding", stream->stamp.encoding);
  }
  if (stream->kind == CV_RTC_AUDIO)
    add_number (out, "level", stream->level);
  if (stream->kind == CV_RTC_VIDEO) {
    add_count (out, "width", stream->playout.width);
    add_count (out, "height", stream->playout.height);
    add_frames (out, &stream->playout.counts);
  }
  json_builder_end_object (out);
}

static void
add_sender (JsonBuilder *out, const CvRtcPeer *peer, const CvRtcSender *sender)
{
  json_builder_begin_object (out);
  add_count (out, "id", peer->id);
  add_text (out, "source", cv_rtc_source_names[sender->source]);
  add_text (out, "mid", sender->mid);
  add_text (out, "rid", sender->rid);
  add_count (out, "ssrc", sender->ssrc);
  add_flag (out, "negotiated", sender->negotiated);
  add_flag (out, "on", sender->on);
  add_count (out, "packets", sender->packets);
  add_count (out, "repeated", sender->repeated);
  json_builder_end_object (out);
}

static void
add_peer (JsonBuilder *out, const CvRtcPeer *peer)
{
  const CvRtcDepartures *departures = &peer->transport.departures;
  json_builder_begin_object (out);
  add_count (out, "id", peer->id);
  add_flag (out, "up", cv_rtc_transport_is_up (&peer->transport));
  add_number (out, "rtt_ms", (double) peer->transport.ice.rtt / 1e6);
  add_count (out, "twcc_sent", departures->next);
  add_count (out, "twcc_received", departures->received);
  add_count (out, "twcc_lost", departures->lost);
  add_count (out, "up_dropped", peer->transport.up.dropped);
  add_count (out, "down_dropped", peer->transport.down.dropped);
  json_builder_end_object (out);
}

static void
add_details (JsonBuilder *out, CvRtcEngine *engine, guint id)
{
  GHashTableIter iter;
  gpointer value;
  guint64 now = cv_rtc_now ();
  for (int part = 0; part < 3; part++) {
    json_builder_set_member_name (out, part == 0 ? "peers" : part == 1 ? "streams" : "senders");
    json_builder_begin_array (out);
    g_hash_table_iter_init (&iter, engine->peers);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
      const CvRtcPeer *peer = value;
      if (id != 0 && peer->id != id)
        continue;
      if (part == 0)
        add_peer (out, peer);
      for (guint i = 0; part == 1 && i < peer->receiver.capacity; i++)
        if (peer->receiver.streams[i] != NULL)
          add_stream (out, peer, peer->receiver.streams[i], now);
      for (guint i = 0; part == 2 && i < peer->n_senders; i++)
        add_sender (out, peer, &peer->senders[i]);
    }
    json_builder_end_array (out);
  }
}

/* ---- totals ---- */

static void
add_traffic (JsonBuilder *out, const CvRtcTotals *totals)
{
  const struct {
    const char *name;
    guint64 value;
  } counts[] = {
    { "tx_pkts", totals->tx_packets },
    { "tx_bytes", totals->tx_bytes },
    { "tx_rtx", totals->tx_rtx },
    { "tx_errors", totals->tx_errors },
    { "rx_audio", totals->rx_packets[0] },
    { "rx_video", totals->rx_packets[1] },
    { "rx_bytes", totals->rx_bytes },
    { "rx_rtx", totals->rx_rtx },
    { "rx_padding", totals->rx_padding },
    { "rx_other", totals->rx_other },
    { "decrypted", totals->decrypted },
    { "bad_srtp", totals->bad_srtp },
    { "bad_srtcp", totals->bad_srtcp },
    { "bad_rtcp", totals->bad_rtcp },
    { "sock_drops", totals->socket_drops },
    { "recovered", totals->recovered },
    { "needless", totals->needless },
    { "duplicates", totals->duplicates },
    { "late", totals->late },
    { "reordered", totals->reordered },
    { "seq_resets", totals->resets },
    { "keyframes", totals->keyframes },
    { "pli_rx", totals->pli_rx },
    { "fir_rx", totals->fir_rx },
    { "nack_rx", totals->nack_rx },
    { "nacked", totals->nacked },
    { "twcc_rx", totals->twcc_rx },
    { "rr_rx", totals->rr_rx },
    { "sr_rx", totals->sr_rx },
    { "remb_rx", totals->remb_rx },
    { "bye_rx", totals->bye_rx },
    { "pli_tx", totals->pli_tx },
    { "nack_tx", totals->nack_tx },
    { "nacks", totals->nacks },
    { "rr_tx", totals->rr_tx },
    { "twcc_tx", totals->twcc_tx },
  };
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    add_count (out, counts[i].name, counts[i].value);
  add_histogram (out, "lat_audio", &totals->latency[0]);
  add_histogram (out, "lat_video", &totals->latency[1]);
}

/* What is summed up over peers and their streams. */
static void
add_sums (JsonBuilder *out, CvRtcEngine *engine)
{
  GHashTableIter iter;
  gpointer value;
  gint64 expected = 0;
  guint64 received = 0, recovered = 0, up = 0, twcc_bad = 0, twcc_gaps = 0, bad_stun = 0, report_errors = 0;
  CvRtcPlayoutCounts frames = { 0 };
  g_hash_table_iter_init (&iter, engine->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const CvRtcPeer *peer = value;
    up += cv_rtc_transport_is_up (&peer->transport);
    twcc_bad += peer->transport.departures.bad;
    twcc_gaps += peer->transport.departures.gaps;
    bad_stun += peer->transport.ice.bad;
    for (guint i = 0; i < peer->receiver.capacity; i++) {
      const CvRtcStream *stream = peer->receiver.streams[i];
      if (stream == NULL || stream->kind == CV_RTC_RTX)
        continue;
      expected += cv_rtc_stream_expected (stream) - stream->window_expected;
      received += stream->received - stream->window_received;
      recovered += stream->recovered - stream->window_recovered;
      report_errors += stream->bad_reports;
      sum_frames (&frames, &stream->playout.counts);
    }
  }
  add_count (out, "clients", g_hash_table_size (engine->peers));
  add_count (out, "up", up);
  add_number (out, "expected", (double) expected);
  add_number (out, "lost", (double) expected - (double) received);
  add_number (out, "unrepaired", (double) expected - (double) received - (double) recovered);
  add_count (out, "twcc_bad", twcc_bad);
  add_count (out, "twcc_gaps", twcc_gaps);
  add_count (out, "bad_stun", bad_stun);
  add_count (out, "report_errors", report_errors);
  add_frames (out, &frames);
}

static void
reset_all (CvRtcEngine *engine)
{
  GHashTableIter iter;
  gpointer value;
  memset (&engine->context.totals, 0, sizeof engine->context.totals);
  engine->context.reset_at = cv_rtc_now ();
  g_hash_table_iter_init (&iter, engine->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    CvRtcPeer *peer = value;
    for (guint i = 0; i < peer->receiver.capacity; i++)
      if (peer->receiver.streams[i] != NULL)
        cv_rtc_stream_reset (peer->receiver.streams[i]);
  }
}

void
cv_rtc_report (CvRtcEngine *engine, guint id, gboolean detail, gboolean reset)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  json_builder_begin_object (out);
  add_text (out, "event", "stats");
  add_number (out, "secs", (double) (cv_rtc_now () - engine->context.reset_at) / 1e9);
  add_number (out, "cpu_s",
              (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
  add_sums (out, engine);
  add_traffic (out, &engine->context.totals);
  if (detail)
    add_details (out, engine, id);
  json_builder_end_object (out);
  g_autoptr (JsonNode) root = json_builder_get_root (out);
  g_autofree char *line = json_to_string (root, FALSE);
  engine->context.emit (line);
  if (reset)
    reset_all (engine);
}
