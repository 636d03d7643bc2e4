/* See audit-commands.h. */
#include "ctl/audit-commands.h"

#include "base/json.h"
#include "store/audit-chain.h"

#include <stdio.h>

#define DATABASE "conclave.db"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)

/* Returns: (transfer full). */
static sqlite3 *
open_database (const CvCommandArguments *arguments, GError **error)
{
  g_autofree char *state = cv_command_find_state (arguments->options);
  g_autofree char *path = g_build_filename (state, DATABASE, NULL);

  return cv_audit_chain_open (path, error);
}

/* UTC to the second. Returns: (transfer full). */
static char *
print_time (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("?");
}

static void
print_line (const CvAuditEntry *entry)
{
  g_autofree char *time = print_time (entry->at);

  printf ("%6" G_GINT64_FORMAT "  %s  %-17s  %s%s%s%s%s\n", entry->n, time, entry->actor, entry->action,
          *entry->object != '\0' ? " " : "", entry->object, *entry->detail != '\0' ? " " : "", entry->detail);
}

static void
add_entry (JsonBuilder *builder, const CvAuditEntry *entry)
{
  json_builder_begin_object (builder);
  cv_json_add_int (builder, "n", entry->n);
  cv_json_add_int (builder, "at", entry->at);
  cv_json_add_text (builder, "actor", entry->actor);
  cv_json_add_text (builder, "action", entry->action);
  cv_json_add_text (builder, "object", entry->object);
  cv_json_add_text (builder, "detail", entry->detail);
  cv_json_add_text (builder, "previous", entry->previous);
  cv_json_add_text (builder, "hash", entry->hash);
  json_builder_end_object (builder);
}

static void
print_entries (GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "entries");
  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    add_entry (builder, entries->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  text = cv_json_builder_to_text (builder, NULL);
  puts (text);
}

gboolean
cv_audit_command_list (const CvCommandArguments *arguments, GError **error)
{
  g_autoptr (sqlite3) db = open_database (arguments, error);
  g_autoptr (GPtrArray) entries = NULL;
  gint64 since = 0;

  if (db == NULL)
    return FALSE;
  if (arguments->options->since != NULL)
    cv_options_read_date (arguments->options->since, &since);
  entries = cv_audit_chain_read (db, since, arguments->options->of, error);
  if (entries == NULL)
    return FALSE;
  if (arguments->options->json)
    print_entries (entries);
  for (guint i = 0; i < entries->len && !arguments->options->json; i++)
    print_line (entries->pdata[i]);
  return TRUE;
}

gboolean
cv_audit_command_verify (const CvCommandArguments *arguments, GError **error)
{
  g_autoptr (sqlite3) db = open_database (arguments, error);
  g_autoptr (GError) cause = NULL;
  gint64 count;

  if (db == NULL)
    return FALSE;
  if (cv_audit_chain_verify (db, arguments->options->head, &count, &cause)) {
    printf ("The audit is whole: %" G_GINT64_FORMAT " entries.\n", count);
    return TRUE;
  }
  if (g_error_matches (cause, CV_STORE_ERROR, CV_STORE_ERROR_CORRUPT))
    g_set_error (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, "The audit is not what was written: %s.",
                 cause->message);
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean
cv_audit_command_head (const CvCommandArguments *arguments, GError **error)
{
  g_autoptr (sqlite3) db = open_database (arguments, error);
  CvAuditMark head;

  if (db == NULL || !cv_audit_chain_get_head (db, &head, error))
    return FALSE;
  printf ("%" G_GINT64_FORMAT " %s\n", head.n, head.hash);
  return TRUE;
}
