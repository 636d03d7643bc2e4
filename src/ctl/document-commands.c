/* See document-commands.h. */
#include "ctl/document-commands.h"

#include "ctl/export.h"
#include "ctl/print.h"

#include <stdio.h>
#include <unistd.h>

gboolean
cv_document_command_list (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "GET", "/api/v1/meetings/", "/documents", cv_print_documents, error);
}

gboolean
cv_document_command_get (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *path = g_strconcat ("/api/v1/documents/", arguments->id, NULL);
  g_autofree char *about = g_strconcat (path, "/upload", NULL);
  g_autoptr (JsonObject) document = cv_client_call (arguments->client, "GET", about, NULL, error);
  g_autofree char *where = NULL;
  gint64 told = 0;

  if (document == NULL)
    return FALSE;
  const CvExport export = { .request = path,
                            .name = json_object_get_string_member_with_default (document, "name", arguments->id),
                            .bytes = json_object_get_int_member_with_default (document, "bytes", 0),
                            .sha256 = json_object_get_string_member_with_default (document, "sha256", NULL) };
  where = cv_export_run (&export, arguments->client, arguments->options->to,
                         isatty (STDERR_FILENO) ? cv_print_progress : NULL, &told, error);
  if (where == NULL)
    return FALSE;
  puts (where);
  return TRUE;
}

static char *
print_deleted (JsonObject *answer)
{
  return g_strdup ("The document is deleted.\n");
}

gboolean
cv_document_command_delete (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_call_of (arguments, "DELETE", "/api/v1/documents/", "", print_deleted, error);
}
