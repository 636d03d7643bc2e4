/* See protocol-media.h. */
#include "signalling/protocol-media.h"

#include "room/quality.h"
#include "signalling/protocol.h"

static void
add_texts (JsonBuilder *builder, const char *name, const char *const *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; *texts != NULL; texts++)
    json_builder_add_string_value (builder, *texts);
  json_builder_end_array (builder);
}

/* Four decimals: nobody reads more. */
static void
add_share (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, (double) (gint64) (value * 10000 + 0.5) / 10000);
}

GBytes *
cv_message_answer (guint64 re, const char *sdp)
{
  JsonBuilder *builder = cv_message_open ("answer");
  cv_json_add_int (builder, "re", (gint64) re);
  cv_json_add_text (builder, "sdp", sdp);
  return cv_message_close (builder);
}

GBytes *
cv_message_media (gboolean ready)
{
  JsonBuilder *builder = cv_message_open ("media");
  cv_json_add_text (builder, "state", ready ? "ready" : "lost");
  return cv_message_close (builder);
}

GBytes *
cv_message_slots (const CvMediaSlot *slots, guint n)
{
  JsonBuilder *builder = cv_message_open ("slots");
  json_builder_set_member_name (builder, "slots");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++) {
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "mid", slots[i].mid);
    cv_json_add_text (builder, "person", slots[i].person);
    cv_json_add_text (builder, "source", cv_media_sources[slots[i].source]);
    cv_json_add_bool (builder, "paused", slots[i].paused);
    if (slots[i].no_codec)
      cv_json_add_text (builder, "error", cv_problem_get_id (CV_PROBLEM_NO_CODEC));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return cv_message_close (builder);
}

GBytes *
cv_message_speakers (const char *const *people)
{
  JsonBuilder *builder = cv_message_open ("speakers");
  add_texts (builder, "people", people);
  return cv_message_close (builder);
}

GBytes *
cv_message_layers (CvMediaSource source, const char *const *rids)
{
  JsonBuilder *builder = cv_message_open ("layers");
  cv_json_add_text (builder, "source", cv_media_sources[source]);
  add_texts (builder, "rids", rids);
  return cv_message_close (builder);
}

GBytes *
cv_message_stats (const CvMediaStats *stats)
{
  JsonBuilder *builder = cv_message_open ("stats");
  add_share (builder, "cpu", stats->cpu);
  cv_json_add_int (builder, "rss", stats->rss);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < stats->n; i++) {
    const CvMediaPersonStats *person = &stats->people[i];
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "person", person->person);
    cv_json_add_int (builder, "up", person->up);
    cv_json_add_int (builder, "down", person->down);
    add_share (builder, "up_loss", person->up_loss);
    add_share (builder, "down_loss", person->down_loss);
    cv_json_add_int (builder, "rtt", person->rtt);
    cv_json_add_int (builder, "estimate", person->estimate);
    cv_json_add_int (builder, "width", person->width);
    cv_json_add_int (builder, "slots", person->slots);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return cv_message_close (builder);
}

GBytes *
cv_message_quality (const CvMediaPersonStats *people, guint n)
{
  JsonBuilder *builder = cv_message_open ("quality");
  json_builder_set_member_name (builder, "people");
  json_builder_begin_object (builder);
  for (guint i = 0; i < n; i++)
    cv_json_add_text (builder, people[i].person, cv_quality_to_text (cv_quality_of (&people[i])));
  json_builder_end_object (builder);
  return cv_message_close (builder);
}

GBytes *
cv_message_stopped (CvSendingPart part, const CvParticipant *by, const char *order)
{
  JsonBuilder *builder = cv_message_open ("stopped");
  cv_json_add_text (builder, "what", cv_sending_parts[part]);
  cv_json_add_text (builder, "by", by->id);
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_spotlight (const CvParticipant *participant, const char *order)
{
  JsonBuilder *builder = cv_message_open ("spotlight");
  cv_json_add_text (builder, "person", participant != NULL ? participant->id : NULL);
  cv_message_add_order (builder, order);
  return cv_message_close (builder);
}

GBytes *
cv_message_viewers (guint n)
{
  JsonBuilder *builder = cv_message_open ("viewers");
  cv_json_add_int (builder, "n", n);
  return cv_message_close (builder);
}
