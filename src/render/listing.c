/* See listing.h. Times in ms of the composed timeline, as everywhere on the wire. */
#include "render/listing.h"

#include "base/json.h"
#include "render/chapters.h"

static void
add_time (JsonBuilder *out, const char *name, gint64 us)
{
  cv_json_add_double (out, name, (double) us / 1000);
}

static void
begin_list (JsonBuilder *out, const char *name)
{
  json_builder_set_member_name (out, name);
  json_builder_begin_array (out);
}

static void
add_period (JsonBuilder *out, const char *person, gint64 from, gint64 to)
{
  json_builder_begin_object (out);
  if (person != NULL)
    cv_json_add_text (out, "person", person);
  add_time (out, "from", from);
  add_time (out, "to", to);
  json_builder_end_object (out);
}

static void
add_spans (JsonBuilder *out, const CvProgramme *programme)
{
  begin_list (out, "spans");
  for (guint i = 0; i < programme->spans->spans->len; i++) {
    const CvSpan *span = &g_array_index (programme->spans->spans, CvSpan, i);
    json_builder_begin_object (out);
    add_time (out, "from", span->from);
    add_time (out, "to", span->to);
    add_time (out, "t", span->composed);
    json_builder_end_object (out);
  }
  json_builder_end_array (out);
  begin_list (out, "gaps");
  for (guint i = 0; i < programme->gaps->len; i++) {
    const CvPeriod *gap = &g_array_index (programme->gaps, CvPeriod, i);
    add_period (out, NULL, gap->from, gap->to);
  }
  json_builder_end_array (out);
}

static void
add_people (JsonBuilder *out, const CvProgramme *programme)
{
  begin_list (out, "people");
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    json_builder_begin_object (out);
    cv_json_add_text (out, "person", person->id);
    cv_json_add_text (out, "name", person->name);
    json_builder_end_object (out);
  }
  json_builder_end_array (out);
  begin_list (out, "speakers");
  for (guint i = 0; i < programme->people->len; i++) {
    const CvCharacter *person = g_ptr_array_index (programme->people, i);
    for (guint k = 0; k < person->speaking->len; k++) {
      const CvPeriod *period = &g_array_index (person->speaking, CvPeriod, k);
      add_period (out, person->id, period->from, period->to);
    }
  }
  json_builder_end_array (out);
}

static void
add_shares (JsonBuilder *out, const CvProgramme *programme)
{
  g_autoptr (GArray) shares = cv_chapters_find_shares (programme);
  begin_list (out, "shares");
  for (guint i = 0; i < shares->len; i++) {
    const CvShare *share = &g_array_index (shares, CvShare, i);
    add_period (out, share->person->id, share->from, share->to);
  }
  json_builder_end_array (out);
}

static void
add_chapters (JsonBuilder *out, const CvProgramme *programme)
{
  begin_list (out, "chapters");
  for (guint i = 0; i < programme->chapters->len; i++) {
    const CvChapter *chapter = &g_array_index (programme->chapters, CvChapter, i);
    json_builder_begin_object (out);
    add_time (out, "t", chapter->t);
    cv_json_add_text (out, "title", chapter->title);
    json_builder_end_object (out);
  }
  json_builder_end_array (out);
}

static void
add_tracks (JsonBuilder *out, const CvProgramme *programme)
{
  begin_list (out, "tracks");
  for (guint i = 0; i < programme->cuts->len; i++) {
    const CvCut *cut = g_ptr_array_index (programme->cuts, i);
    g_autofree char *file = g_build_filename ("tracks", cut->name, NULL);
    json_builder_begin_object (out);
    cv_json_add_text (out, "file", file);
    cv_json_add_text (out, "person", cut->person->id);
    cv_json_add_text (out, "source", cv_track_source_to_text (cut->source));
    add_time (out, "t", cut->from);
    add_time (out, "duration", cut->to - cut->from);
    json_builder_end_object (out);
  }
  json_builder_end_array (out);
}

char *
cv_listing_make (const CvProgramme *programme, gsize *n)
{
  g_autoptr (JsonBuilder) out = json_builder_new ();
  json_builder_begin_object (out);
  cv_json_add_int (out, "version", 1);
  add_time (out, "duration", programme->duration);
  add_spans (out, programme);
  add_people (out, programme);
  add_shares (out, programme);
  add_chapters (out, programme);
  add_tracks (out, programme);
  json_builder_end_object (out);
  return cv_json_builder_to_text (out, n);
}
