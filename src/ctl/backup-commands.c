/* See backup-commands.h. */
#include "ctl/backup-commands.h"

#include "ctl/print.h"
#include "store/backup.h"
#include "store/recovery.h"

#include <stdio.h>

#define DATABASE "conclave.db"
#define BACKUPS "backups"
#define MS_PER_US 1000

/* ---- backup ---- */

/* `to`: a file, or a directory. Returns: (transfer full). */
static char *
find_target (const char *to, const char *name)
{
  return g_file_test (to, G_FILE_TEST_IS_DIR) ? g_build_filename (to, name, NULL) : g_strdup (to);
}

static void
print_made (const CvCommandArguments *arguments, JsonObject *answer, const char *path)
{
  g_autofree char *size = cv_print_size (json_object_get_int_member_with_default (answer, "bytes", 0));

  if (arguments->options->json)
    cv_command_print_json (answer);
  else
    printf ("%s (%s)\n", path, size);
}

gboolean
cv_backup_command_make (const CvCommandArguments *arguments, GError **error)
{
  g_autoptr (JsonObject) answer = NULL;
  g_autofree char *target = NULL;
  const char *path, *name;

  cv_client_set_patience (arguments->client, 0);
  answer = cv_client_call (arguments->client, "POST", "/api/v1/backup", NULL, error);
  if (answer == NULL)
    return FALSE;
  path = json_object_get_string_member_with_default (answer, "path", "");
  name = json_object_get_string_member_with_default (answer, "name", "");
  if (arguments->options->to != NULL) {
    target = find_target (arguments->options->to, name);
    if (!cv_backup_make (path, target, NULL, error))
      return FALSE;
    json_object_set_string_member (answer, "path", target);
  }
  print_made (arguments, answer, target != NULL ? target : path);
  return TRUE;
}

/* ---- restore ---- */

/* Returns: (transfer full), NULL with an error. */
static char *
find_backup (const char *state, const char *which, GError **error)
{
  g_autofree char *own = g_build_filename (state, BACKUPS, NULL);
  const char *directory = g_str_equal (which, "latest") ? own : which;
  g_autoptr (GPtrArray) names = NULL;

  if (directory == which && !g_file_test (which, G_FILE_TEST_IS_DIR))
    return g_strdup (which);
  names = cv_backup_list (directory);
  if (names->len > 0)
    return g_build_filename (directory, names->pdata[0], NULL);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there are no backups in %s", directory);
  return NULL;
}

static gboolean
restore (const CvCommandArguments *arguments, const char *state, GError **error)
{
  g_autofree char *database = g_build_filename (state, DATABASE, NULL);
  g_autofree char *backup = find_backup (state, arguments->id, error);
  g_autofree char *aside = NULL, *kept = NULL;

  if (backup == NULL)
    return FALSE;
  aside = cv_recovery_restore (database, backup, "replaced", "admin", g_get_real_time () / MS_PER_US, error);
  if (aside == NULL)
    return FALSE;
  kept = g_build_filename (state, aside, NULL);
  printf ("Restored: %s\n", backup);
  if (g_file_test (kept, G_FILE_TEST_EXISTS))
    printf ("What was there before is %s.\n", kept);
  return TRUE;
}

gboolean
cv_backup_command_restore (const CvCommandArguments *arguments, GError **error)
{
  return cv_command_run_alone (arguments, restore, error);
}
