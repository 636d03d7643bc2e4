/* A recording as the library shows it: see entry.h. */
#include "library/entry.h"

#include <string.h>

static const struct {
  const char *ending;
  const char *type;
} MEDIA_TYPES[] = {
  { ".mp4", "video/mp4" },         { ".m4a", "audio/mp4" }, { ".opus", "audio/ogg" },
  { ".mkv", "video/x-matroska" },  { ".wav", "audio/wav" }, { ".flac", "audio/flac" },
  { ".jpg", "image/jpeg" },        { ".vtt", "text/vtt" },  { ".json", "application/json" },
  { ".otio", "application/json" },
};

const char *
cv_entry_get_media_type (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (MEDIA_TYPES); i++)
    if (g_str_has_suffix (name, MEDIA_TYPES[i].ending))
      return MEDIA_TYPES[i].type;
  return "application/octet-stream";
}

void
cv_entry_free (CvEntry *self)
{
  g_clear_pointer (&self->row, cv_recording_row_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->renders, g_ptr_array_unref);
  g_free (self);
}

const CvRenderRow *
cv_entry_get_open_render (const CvEntry *self)
{
  const CvRenderRow *open = NULL;

  for (guint i = 0; i < self->renders->len; i++) {
    const CvRenderRow *render = self->renders->pdata[i];

    if (render->status == CV_RENDER_RUNNING)
      return render;
    if (render->status == CV_RENDER_QUEUED && open == NULL)
      open = render;
  }
  return open;
}

/* NULL text and a time of 0 mean that there is none. */
static void
add_time (JsonBuilder *builder, const char *name, gint64 ms)
{
  if (ms > 0)
    cv_json_add_int (builder, name, ms);
  else
    cv_json_add_text (builder, name, NULL);
}

static void
add_progress (JsonBuilder *builder, const CvRenderRow *render)
{
  if (render == NULL || (render->status != CV_RENDER_RUNNING && render->status != CV_RENDER_QUEUED)) {
    cv_json_add_text (builder, "progress", NULL);
    return;
  }
  json_builder_set_member_name (builder, "progress");
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "stage", render->status == CV_RENDER_QUEUED ? "queued" : render->stage);
  cv_json_add_double (builder, "done", render->done);
  json_builder_end_object (builder);
}

static void
add_file (JsonBuilder *builder, const CvRecordingFileRow *file)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "name", file->name);
  cv_json_add_text (builder, "kind", file->kind);
  cv_json_add_int (builder, "bytes", file->bytes);
  cv_json_add_text (builder, "sha256", *file->sha256 != '\0' ? file->sha256 : NULL);
  cv_json_add_text (builder, "person", *file->person != '\0' ? file->person : NULL);
  cv_json_add_text (builder, "source", *file->source != '\0' ? file->source : NULL);
  cv_json_add_int (builder, "t", file->begins);
  cv_json_add_int (builder, "duration", file->duration);
  cv_json_add_text (builder, "type", cv_entry_get_media_type (file->name));
  json_builder_end_object (builder);
}

void
cv_entry_add_render (const CvRenderRow *render, JsonBuilder *builder)
{
  g_autoptr (JsonNode) parameters = json_from_string (render->parameters, NULL);

  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", render->id);
  cv_json_add_text (builder, "status", cv_render_status_to_text (render->status));
  add_progress (builder, render);
  cv_json_add_int (builder, "created", render->created);
  cv_json_add_text (builder, "error", *render->error != '\0' ? render->error : NULL);
  /* as they were checked when they were written */
  if (parameters != NULL && JSON_NODE_HOLDS_OBJECT (parameters)) {
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    json_object_iter_init_ordered (&iter, json_node_get_object (parameters));
    while (json_object_iter_next_ordered (&iter, &name, &value)) {
      json_builder_set_member_name (builder, name);
      json_builder_add_value (builder, json_node_copy (value));
    }
  }
  json_builder_end_object (builder);
}

static void
add_row (JsonBuilder *builder, const CvRecordingRow *row)
{
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_text (builder, "room", row->room);
  cv_json_add_text (builder, "meeting", row->meeting);
  cv_json_add_text (builder, "title", row->title);
  cv_json_add_int (builder, "started", row->started);
  add_time (builder, "ended", row->ended);
  cv_json_add_text (builder, "status", cv_recording_statuses[row->status]);
  cv_json_add_text (builder, "error", *row->error != '\0' ? row->error : NULL);
  cv_json_add_int (builder, "duration", row->duration);
  cv_json_add_int (builder, "bytes", row->bytes);
  add_time (builder, "expires", row->expires);
  cv_json_add_int (builder, "people", row->people);
}

void
cv_entry_add (const CvEntry *self, JsonBuilder *builder, CvEntryParts parts)
{
  add_row (builder, self->row);
  add_progress (builder, cv_entry_get_open_render (self));
  if (parts & CV_ENTRY_FILES) {
    json_builder_set_member_name (builder, "files");
    json_builder_begin_array (builder);
    for (guint i = 0; i < self->files->len; i++)
      add_file (builder, self->files->pdata[i]);
    json_builder_end_array (builder);
  }
  if (parts & CV_ENTRY_RENDERS) {
    json_builder_set_member_name (builder, "renders");
    json_builder_begin_array (builder);
    for (guint i = 0; i < self->renders->len; i++)
      cv_entry_add_render (self->renders->pdata[i], builder);
    json_builder_end_array (builder);
  }
}
