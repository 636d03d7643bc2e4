/* Entries of the library: see catalogue.h. */
#include "library/catalogue.h"

typedef struct {
  CvStore *store;
  CvRenderQueue *queue; /* NULL: none */
  CvRecordingsOrder order;
  guint limit;        /* of a list; 0: one is loaded */
  char *next;         /* of a list */
  GPtrArray *entries; /* of CvEntry: what has come together so far */
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_object_unref (self->store);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self->next);
  g_free (self);
}

static GTask *
search_new (CvStore *store, CvRenderQueue *queue, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->store = g_object_ref (store);
  search->queue = queue != NULL ? g_object_ref (queue) : NULL;
  search->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_entry_free);
  g_task_set_task_data (task, search, search_free);
  return task;
}

/* Takes `row` over. */
static void
add_entry (Search *search, CvRecordingRow *row)
{
  CvEntry *entry = g_new (CvEntry, 1);

  *entry = (CvEntry){ .row = row,
                      .files = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_recording_file_row_free),
                      .renders = g_ptr_array_new_with_free_func ((GDestroyNotify) cv_render_row_free) };
  g_ptr_array_add (search->entries, entry);
}

static CvEntry *
find_entry (Search *search, const char *recording)
{
  for (guint i = 0; i < search->entries->len; i++) {
    CvEntry *entry = search->entries->pdata[i];

    if (g_str_equal (entry->row->id, recording))
      return entry;
  }
  return NULL;
}

/* Returns: (transfer container), ids that the entries own. */
static const char **
list_ids (Search *search)
{
  const char **ids = g_new0 (const char *, search->entries->len + 1);

  for (guint i = 0; i < search->entries->len; i++)
    ids[i] = ((CvEntry *) search->entries->pdata[i])->row->id;
  return ids;
}

/* As it is now, where it is not over. */
static void
add_render (Search *search, const CvRenderRow *row)
{
  const CvRenderRow *live = search->queue != NULL ? cv_render_queue_find (search->queue, row->id) : NULL;
  CvEntry *entry = find_entry (search, row->recording);

  if (entry != NULL)
    g_ptr_array_add (entry->renders, cv_render_row_copy (live != NULL ? live : row));
}

static void
on_renders_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = cv_renders_list_finish (search->store, result, &error);

  if (rows == NULL) {
    g_task_return_error (task, error);
    return;
  }
  for (guint i = 0; i < rows->len; i++)
    add_render (search, rows->pdata[i]);
  g_task_return_boolean (task, TRUE);
}

static void
on_files_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = cv_recording_files_list_finish (search->store, result, &error);
  g_autofree const char **ids = list_ids (search);

  if (rows == NULL) {
    g_task_return_error (task, error);
    return;
  }
  for (guint i = 0; i < rows->len; i++) {
    const CvRecordingFileRow *row = rows->pdata[i];
    CvEntry *entry = find_entry (search, row->recording);

    if (entry != NULL)
      g_ptr_array_add (entry->files, cv_recording_file_row_copy (row));
  }
  cv_renders_list_async (search->store, ids, on_renders_listed, g_steal_pointer (&task));
}

/* With the rows that stand in the entries. */
static void
go_on (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autofree const char **ids = list_ids (search);

  cv_recording_files_list_async (search->store, ids, on_files_listed, task);
}

static void
on_row_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CvRecordingRow *row = cv_recordings_load_finish (CV_STORE (source), result, &error);

  if (row == NULL) {
    g_task_return_error (task, error);
    return;
  }
  add_entry (g_task_get_task_data (task), row);
  go_on (g_steal_pointer (&task));
}

/* One more than asked for says that there is another page. */
static void
on_rows_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = cv_recordings_list_finish (CV_STORE (source), result, &error);

  if (rows == NULL) {
    g_task_return_error (task, error);
    return;
  }
  for (guint i = 0; i < MIN (rows->len, search->limit); i++)
    add_entry (search, cv_recording_row_copy (rows->pdata[i]));
  if (rows->len > search->limit)
    search->next = cv_recording_row_to_cursor (rows->pdata[search->limit - 1], search->order);
  go_on (g_steal_pointer (&task));
}

void
cv_catalogue_load_async (CvStore *store, CvRenderQueue *queue, const char *recording, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  cv_recordings_load_async (store, recording, on_row_loaded, search_new (store, queue, callback, user_data));
}

CvEntry *
cv_catalogue_load_finish (GAsyncResult *result, GError **error)
{
  Search *search = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_ptr_array_steal_index (search->entries, 0);
}

void
cv_catalogue_list_async (CvStore *store, CvRenderQueue *queue, const CvRecordingsQuery *query,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = search_new (store, queue, callback, user_data);
  Search *search = g_task_get_task_data (task);
  CvRecordingsQuery more = *query;

  search->order = query->order;
  search->limit = CLAMP (query->limit, 1, CV_RECORDINGS_MAX_PAGE - 1);
  more.limit = search->limit + 1;
  cv_recordings_list_async (store, &more, on_rows_listed, task);
}

GPtrArray *
cv_catalogue_list_finish (GAsyncResult *result, char **next, GError **error)
{
  Search *search = g_task_get_task_data (G_TASK (result));

  *next = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *next = g_steal_pointer (&search->next);
  return g_steal_pointer (&search->entries);
}
