/* See api-files.h. */
#include "signalling/api-files.h"

#include "signalling/archive.h"
#include "signalling/downloads.h"
#include "signalling/filenames.h"
#include "signalling/http.h"
#include "store/consents.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define TRACKS "tracks/"
/* Who may only watch gets what the page plays and shows; everybody else gets everything. */
static const char *const watchable[] = { "video", "audio", "poster", "thumbnails", "waveform", "chapters", NULL };
/* of the kind `timeline`, whose other file is for editors */
#define WATCHABLE_TIMELINE ".json"

/* ---- what may be had ---- */

static gboolean
is_visible (const CvApiRequest *request, const CvRecordingFileRow *file)
{
  if (request->downloads || g_strv_contains (watchable, file->kind))
    return TRUE;
  return g_str_equal (file->kind, "timeline") && g_str_has_suffix (file->name, WATCHABLE_TIMELINE);
}

void
cv_api_keep_visible (const CvApiRequest *request, GPtrArray *files)
{
  for (guint i = files->len; i > 0; i--)
    if (!is_visible (request, g_ptr_array_index (files, i - 1)))
      g_ptr_array_remove_index (files, i - 1);
}

/* The value of `name` in the query of the address. Returns: (transfer full), or NULL. */
static char *
get_parameter (SoupServerMessage *message, const char *name)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) members = query != NULL ? soup_form_decode (query) : NULL;
  return members != NULL ? g_strdup (g_hash_table_lookup (members, name)) : NULL;
}

static const CvRecordingFileRow *
find_file (const CvEntry *entry, const char *name)
{
  for (guint i = 0; i < entry->files->len; i++) {
    const CvRecordingFileRow *file = g_ptr_array_index (entry->files, i);
    if (g_str_equal (file->name, name))
      return file;
  }
  return NULL;
}

/* By person: the name under which they were recorded last. Returns: (transfer full). */
static GHashTable *
get_names (GPtrArray *consents)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < consents->len; i++) {
    const CvConsentRow *row = g_ptr_array_index (consents, i);
    g_hash_table_replace (names, g_strdup (row->person), g_strdup (row->name));
  }
  return names;
}

static char *
make_filename (const CvEntry *entry, const CvRecordingFileRow *file, GHashTable *names)
{
  return cv_filename_for (entry->row->title, file->name, file->person, g_hash_table_lookup (names, file->person));
}

/* ---- one file ---- */

static void
send_file (CvApiPending *pending, const CvEntry *entry, GHashTable *names)
{
  CvApi *api = pending->api;
  const CvRecordingFileRow *row = find_file (entry, pending->request.rest);
  g_autofree char *download = get_parameter (pending->message, "download");
  gboolean attachment = g_strcmp0 (download, "1") == 0;
  g_autoptr (GError) error = NULL;
  if (row == NULL) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  if (!is_visible (&pending->request, row) || (attachment && !pending->request.downloads)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_ALLOWED);
    return;
  }
  CvOpenedFile *file = cv_contents_open (api->recordings, row, &error);
  if (file == NULL) {
    cv_warning (entry->row->room, NULL, "a file of recording %s cannot be read: %s", entry->row->id, error->message);
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  g_autofree char *filename = make_filename (entry, row, names);
  cv_download_answer (&(CvDownload){ file, filename, attachment, api->accel_prefix }, api->bodies, pending->message);
}

static void
answer_file_named (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) consents = cv_consents_list_finish (source, result, &error);
  if (consents == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (GHashTable) names = get_names (consents);
  send_file (pending, pending->data, names);
}

/* Keeps the entry, and asks who is in it. FALSE with the problem answered. */
static gboolean
take_entry (CvApiPending *pending, gpointer source, GAsyncResult *result, CvApiAnswerFunc next)
{
  g_autoptr (GError) error = NULL;
  CvEntry *entry = cv_library_load_finish (source, result, &error);
  if (entry == NULL) {
    cv_api_respond_error (pending->message, error);
    return FALSE;
  }
  pending->data = entry;
  pending->free_data = (GDestroyNotify) cv_entry_free;
  cv_consents_list_async (pending->api->store, pending->request.id, cv_api_answer, cv_api_postpone (pending, next));
  return TRUE;
}

static void
answer_file_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  take_entry (pending, source, result, answer_file_named);
}

void
cv_api_send_file (const CvApiRequest *request)
{
  if (!cv_filename_is_valid (request->rest))
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_FOUND);
  else if (cv_bodies_is_full (request->api->bodies))
    cv_http_respond_problem (request->message, CV_PROBLEM_SERVER_FULL);
  else
    cv_library_load_async (request->api->library, request->id, cv_api_answer,
                           cv_api_pause (request, answer_file_loaded));
}

/* ---- an archive ---- */

static void
answer_prepared (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  SoupServerMessage *message = pending->message;
  if (!cv_archive_prepare_finish (result, &error)) {
    cv_warning (NULL, NULL, "no archive of recording %s: %s", pending->request.id, error->message);
    cv_http_respond_problem (message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  CvArchive *archive = g_steal_pointer (&pending->data);
  guint64 size = cv_archive_get_size (archive);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (g_str_equal (soup_server_message_get_method (message), "HEAD")) {
    SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
    soup_message_headers_set_content_length (headers, (goffset) size);
    cv_archive_free (archive);
    return;
  }
  cv_bodies_send (pending->api->bodies, message, size, cv_archive_next, archive, (GDestroyNotify) cv_archive_free);
}

/* FALSE where one of the names in `wanted` (may be NULL: all) is not there. */
static gboolean
fill_archive (CvArchive *archive, const CvEntry *entry, GHashTable *names, const char *wanted)
{
  g_auto (GStrv) list = wanted != NULL ? g_strsplit (wanted, ",", -1) : NULL;
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    if (find_file (entry, list[i]) == NULL)
      return FALSE;
  guint n = 0;
  for (guint i = 0; i < entry->files->len; i++) {
    const CvRecordingFileRow *file = g_ptr_array_index (entry->files, i);
    if (list != NULL && !g_strv_contains ((const char *const *) list, file->name))
      continue;
    g_autofree char *shown = make_filename (entry, file, names);
    g_autofree char *place = g_strconcat (g_str_has_prefix (file->name, TRACKS) ? "" : "files/", file->name, NULL);
    cv_archive_add (archive, place, shown);
    n++;
  }
  return n > 0 && n <= CV_ARCHIVE_MAX_FILES;
}

static void
answer_archive_named (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *api = pending->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) consents = cv_consents_list_finish (source, result, &error);
  if (consents == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (CvEntry) entry = g_steal_pointer (&pending->data);
  g_autoptr (GHashTable) names = get_names (consents);
  g_autofree char *wanted = get_parameter (pending->message, "files");
  g_autofree char *filename = g_strconcat (entry->row->title, ".zip", NULL);
  g_autoptr (CvArchive) archive = cv_archive_new (api->recordings, entry->row->id);
  pending->free_data = NULL;
  if (!fill_archive (archive, entry, names, wanted)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_NOT_FOUND);
    return;
  }
  cv_download_set_headers (pending->message, "application/zip", filename, TRUE);
  pending->data = g_steal_pointer (&archive);
  pending->free_data = (GDestroyNotify) cv_archive_free;
  CvApiPending *next = cv_api_postpone (pending, answer_prepared);
  cv_archive_prepare_async (next->data, cv_api_answer, next);
}

static void
answer_archive_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  take_entry (pending, source, result, answer_archive_named);
}

void
cv_api_send_archive (const CvApiRequest *request)
{
  if (!request->downloads)
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
  else if (cv_bodies_is_full (request->api->bodies))
    cv_http_respond_problem (request->message, CV_PROBLEM_SERVER_FULL);
  else
    cv_library_load_async (request->api->library, request->id, cv_api_answer,
                           cv_api_pause (request, answer_archive_loaded));
}
