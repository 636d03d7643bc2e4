/* See api-backup.h. */
#include "signalling/api-backup.h"

#include "base/json.h"
#include "signalling/http.h"
#include "store/backup.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static void
answer_made (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = cv_backups_make_finish (source, result, &error);
  if (path == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autofree char *name = g_path_get_basename (path);
  GStatBuf info = { 0 };
  g_stat (path, &info);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "name", name);
  cv_json_add_text (builder, "path", path);
  cv_json_add_int (builder, "created", cv_backup_get_time (name));
  cv_json_add_int (builder, "bytes", info.st_size);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
}

void
cv_api_back_up (const CvApiRequest *request)
{
  CvApiPending *pending = cv_api_pause (request, answer_made);
  cv_api_take_time (pending);
  cv_api_audit (request, "database.backup", NULL, NULL);
  cv_backups_make_async (request->api->backups, cv_api_answer, pending);
}
