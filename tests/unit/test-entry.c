/* A recording as JSON: what the REST interface and webhooks say of it. */
#include "library/entry.h"

static CvEntry *
make_entry (void)
{
  CvEntry *entry = g_new (CvEntry, 1);
  CvRecordingRow row = { .id = (char *) "rabcdefghijkm",
                         .room = (char *) "abcdefghijkm",
                         .meeting = (char *) "mabcdefghijkm",
                         .title = (char *) "Tea",
                         .started = 1000,
                         .status = CV_RECORDING_PROCESSING,
                         .bytes = 12,
                         .people = 2 };
  CvRecordingFileRow file = { .recording = row.id,
                              .name = (char *) "meeting.mp4",
                              .kind = (char *) "video",
                              .bytes = 12,
                              .sha256 = (char *) "abc",
                              .person = (char *) "",
                              .source = (char *) "",
                              .duration = 60 };
  CvRecordingFileRow track = { .recording = row.id,
                               .name = (char *) "tracks/x.mkv",
                               .kind = (char *) "track",
                               .sha256 = (char *) "",
                               .person = (char *) "pabcdefghijkm",
                               .source = (char *) "camera" };
  CvRenderRow render = { .id = (char *) "jabcdefghijkm",
                         .recording = row.id,
                         .created = 2000,
                         .parameters = (char *) "{\"layout\":\"grid\",\"suffix\":\"\"}",
                         .status = CV_RENDER_QUEUED,
                         .stage = (char *) "",
                         .error = (char *) "" };
  *entry = (CvEntry){ cv_recording_row_copy (&row),
                      g_ptr_array_new_with_free_func ((GDestroyNotify) cv_recording_file_row_free),
                      g_ptr_array_new_with_free_func ((GDestroyNotify) cv_render_row_free) };
  g_ptr_array_add (entry->files, cv_recording_file_row_copy (&file));
  g_ptr_array_add (entry->files, cv_recording_file_row_copy (&track));
  g_ptr_array_add (entry->renders, cv_render_row_copy (&render));
  return entry;
}

static void
assert_json (const CvEntry *entry, CvEntryParts parts, const char *expected)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  cv_entry_add (entry, builder, parts);
  json_builder_end_object (builder);
  text = cv_json_builder_to_text (builder, NULL);
  g_assert_cmpstr (text, ==, expected);
}

#define ROW                                                                                                            \
  "\"id\":\"rabcdefghijkm\",\"room\":\"abcdefghijkm\",\"meeting\":\"mabcdefghijkm\",\"title\":\"Tea\","                \
  "\"started\":1000,"

static void
test_json (void)
{
  g_autoptr (CvEntry) entry = make_entry ();
  CvRenderRow *render = entry->renders->pdata[0];

  assert_json (entry, CV_ENTRY_PLAIN,
               "{" ROW "\"ended\":null,\"status\":\"processing\",\"error\":null,\"duration\":0,\"bytes\":12,"
               "\"expires\":null,\"people\":2,\"progress\":{\"stage\":\"queued\",\"done\":0.0}}");
  render->status = CV_RENDER_RUNNING;
  render->done = 0.5;
  g_free (render->stage);
  render->stage = g_strdup ("composing");
  entry->row->ended = 5000;
  entry->row->expires = 9000;
  g_free (entry->row->error);
  entry->row->error = g_strdup ("no-log");
  assert_json (
    entry, CV_ENTRY_FILES | CV_ENTRY_RENDERS,
    "{" ROW "\"ended\":5000,\"status\":\"processing\",\"error\":\"no-log\",\"duration\":0,\"bytes\":12,"
    "\"expires\":9000,\"people\":2,\"progress\":{\"stage\":\"composing\",\"done\":0.5},"
    "\"files\":[{\"name\":\"meeting.mp4\",\"kind\":\"video\",\"bytes\":12,\"sha256\":\"abc\",\"person\":null,"
    "\"source\":null,\"t\":0,\"duration\":60,\"type\":\"video/mp4\"},"
    "{\"name\":\"tracks/x.mkv\",\"kind\":\"track\",\"bytes\":0,\"sha256\":null,\"person\":\"pabcdefghijkm\","
    "\"source\":\"camera\",\"t\":0,\"duration\":0,\"type\":\"video/x-matroska\"}],"
    "\"renders\":[{\"id\":\"jabcdefghijkm\",\"status\":\"running\",\"progress\":{\"stage\":\"composing\","
    "\"done\":0.5},\"created\":2000,\"error\":null,\"layout\":\"grid\",\"suffix\":\"\"}]}");
  render->status = CV_RENDER_DONE;
  g_assert_null (cv_entry_get_open_render (entry));
}

/* What runs is before what waits, and what waited longest before the others. */
static void
test_open_render (void)
{
  g_autoptr (CvEntry) entry = make_entry ();
  CvRenderRow *first = entry->renders->pdata[0];
  CvRenderRow *second = cv_render_row_copy (first);

  g_ptr_array_add (entry->renders, second);
  g_assert_true (cv_entry_get_open_render (entry) == first);
  second->status = CV_RENDER_RUNNING;
  g_assert_true (cv_entry_get_open_render (entry) == second);
  first->status = CV_RENDER_FAILED;
  second->status = CV_RENDER_QUEUED;
  g_assert_true (cv_entry_get_open_render (entry) == second);
}

static void
test_media_types (void)
{
  static const struct {
    const char *name;
    const char *type;
  } types[] = {
    { "meeting-2.mp4", "video/mp4" },
    { "audio.m4a", "audio/mp4" },
    { "audio.opus", "audio/ogg" },
    { "x.flac", "audio/flac" },
    { "x.wav", "audio/wav" },
    { "poster.jpg", "image/jpeg" },
    { "chapters.vtt", "text/vtt" },
    { "x.json", "application/json" },
    { "tracks/x.mkv", "video/x-matroska" },
    { "x.html", "application/octet-stream" },
    { "", "application/octet-stream" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_cmpstr (cv_entry_get_media_type (types[i].name), ==, types[i].type);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry/json", test_json);
  g_test_add_func ("/entry/open-render", test_open_render);
  g_test_add_func ("/entry/media-types", test_media_types);
  return g_test_run ();
}
