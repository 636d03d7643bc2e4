/* See otio.h. Times are in ms, as rational times of rate 1000: exact, whatever frame rate an editor chooses. */
#include "render/otio.h"

#include "base/json.h"

#define RATE 1000

static void
add_schema (JsonBuilder *out, const char *schema)
{
  json_builder_begin_object (out);
  cv_json_add_text (out, "OTIO_SCHEMA", schema);
}

static void
add_time (JsonBuilder *out, const char *name, gint64 ms)
{
  json_builder_set_member_name (out, name);
  add_schema (out, "RationalTime.1");
  cv_json_add_double (out, "rate", RATE);
  cv_json_add_double (out, "value", (double) ms);
  json_builder_end_object (out);
}

static void
add_range (JsonBuilder *out, const char *name, gint64 start, gint64 duration)
{
  json_builder_set_member_name (out, name);
  add_schema (out, "TimeRange.1");
  add_time (out, "start_time", start);
  add_time (out, "duration", duration);
  json_builder_end_object (out);
}

static void
add_empty (JsonBuilder *out)
{
  json_builder_set_member_name (out, "metadata");
  json_builder_begin_object (out);
  json_builder_end_object (out);
  json_builder_set_member_name (out, "effects");
  json_builder_begin_array (out);
  json_builder_end_array (out);
  json_builder_set_member_name (out, "markers");
  json_builder_begin_array (out);
  json_builder_end_array (out);
}

static void
add_gap (JsonBuilder *out, gint64 duration)
{
  if (duration <= 0)
    return;
  add_schema (out, "Gap.1");
  cv_json_add_text (out, "name", "");
  add_range (out, "source_range", 0, duration);
  add_empty (out);
  json_builder_end_object (out);
}

static void
add_clip (JsonBuilder *out, const CvCut *cut, gint64 start, gint64 duration)
{
  g_autofree char *file = g_build_filename ("tracks", cut->name, NULL);
  add_schema (out, "Clip.1");
  cv_json_add_text (out, "name", cut->name);
  add_range (out, "source_range", start, duration);
  json_builder_set_member_name (out, "media_reference");
  add_schema (out, "ExternalReference.1");
  cv_json_add_text (out, "target_url", file);
  add_range (out, "available_range", 0, cut->footage->duration / 1000);
  json_builder_end_object (out);
  add_empty (out);
  json_builder_end_object (out);
}

static void
add_track (JsonBuilder *out, const CvProgramme *programme, const CvCut *cut)
{
  gboolean sound = cut->source == CV_TRACK_MICROPHONE || cut->source == CV_TRACK_SCREEN_AUDIO;
  g_autofree char *name = g_strdup_printf ("%s, %s", cut->person->name, cv_track_source_to_text (cut->source));
  gint64 from = cut->from / 1000, to = cut->to / 1000, start = MAX (cv_cut_find_pts (cut, cut->from) / 1000, 0);
  add_schema (out, "Track.1");
  cv_json_add_text (out, "name", name);
  cv_json_add_text (out, "kind", sound ? "Audio" : "Video");
  json_builder_set_member_name (out, "children");
  json_builder_begin_array (out);
  add_gap (out, from);
  add_clip (out, cut, start, to - from);
  add_gap (out, programme->duration / 1000 - to);
  json_builder_end_array (out);
  add_empty (out);
  json_builder_end_object (out);
}

char *
cv_otio_make (const CvProgramme *programme, gsize *n)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  add_schema (out, "Timeline.1");
  cv_json_add_text (out, "name", programme->title);
  add_time (out, "global_start_time", 0);
  json_builder_set_member_name (out, "tracks");
  add_schema (out, "Stack.1");
  cv_json_add_text (out, "name", "tracks");
  json_builder_set_member_name (out, "children");
  json_builder_begin_array (out);
  for (guint i = 0; i < programme->cuts->len; i++)
    add_track (out, programme, g_ptr_array_index (programme->cuts, i));
  json_builder_end_array (out);
  add_empty (out);
  json_builder_end_object (out);
  json_builder_set_member_name (out, "metadata");
  json_builder_begin_object (out);
  json_builder_end_object (out);
  json_builder_end_object (out);
  return cv_json_builder_to_text (out, n);
}
