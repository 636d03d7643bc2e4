/* See revision.h. */
#include "summary/revision.h"

#include "base/json.h"
#include "store/summaries.h"
#include "summary/summary.h"

#include <string.h>

typedef struct {
  char *meeting;
  GBytes *parts;
  char *actor;
  gint64 now;
} Order;

static const char *const PARTS[] = { "title", "attendance", "agenda", "minutes", "polls", "chat", "captions", NULL };

static void
order_free (gpointer data)
{
  Order *self = data;

  g_free (self->meeting);
  g_bytes_unref (self->parts);
  g_free (self->actor);
  g_free (self);
}

/* ---- on the store's worker ---- */

/* 0: there is none. */
static guint
get_issue (JsonObject *parts)
{
  JsonNode *node = json_object_get_member (parts, "issue");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return (guint) CLAMP (json_node_get_int (node), 0, G_MAXINT32);
}

static gboolean
check_members (JsonObject *parts, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (parts);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_str_equal (member->data, "issue") && !g_strv_contains (PARTS, member->data)) {
      g_set_error (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "this is not to be changed");
      return FALSE;
    }
  if (get_issue (parts) > 0)
    return TRUE;
  g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "which issue was changed is not said");
  return FALSE;
}

/* Returns: (transfer full), NULL with an error. */
static JsonObject *
read_parts (GBytes *bytes, GError **error)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  JsonObject *parts = cv_json_parse_long (length > 0 ? text : "", length, CV_SUMMARY_MAX_BYTES, error);

  if (parts != NULL && !check_members (parts, error))
    g_clear_pointer (&parts, json_object_unref);
  return parts;
}

/* The text of what was there with the parts in it. Returns: (transfer full), NULL with an error. */
static char *
revise (const char *body, JsonObject *parts, GError **error)
{
  g_autoptr (JsonObject) object = cv_json_parse_long (body, strlen (body), CV_SUMMARY_MAX_BYTES, error);
  g_autoptr (CvSummary) summary = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  for (guint i = 0; object != NULL && PARTS[i] != NULL; i++) {
    JsonNode *part = json_object_get_member (parts, PARTS[i]);

    if (part != NULL)
      json_object_set_member (object, PARTS[i], json_node_copy (part));
  }
  summary = object != NULL ? cv_summary_read (object, error) : NULL;
  if (summary == NULL)
    return NULL;
  node = cv_summary_to_json (summary);
  text = cv_json_to_text (node, &length);
  if (length <= CV_SUMMARY_MAX_BYTES)
    return g_steal_pointer (&text);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the summary would be too long");
  return NULL;
}

static gpointer
make_on_worker (sqlite3 *db, gpointer data, GError **error)
{
  const Order *order = data;
  g_autoptr (JsonObject) parts = read_parts (order->parts, error);
  g_autoptr (CvSummaryRow) row = NULL;
  g_autofree char *body = NULL;
  guint issue;

  if (parts == NULL)
    return NULL;
  row = cv_summary_read_last (db, order->meeting, error);
  if (row == NULL)
    return NULL;
  if (row->issue != get_issue (parts)) {
    g_set_error (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS, "issue %u is there already", row->issue);
    return NULL;
  }
  body = revise (row->body, parts, error);
  if (body == NULL)
    return NULL;
  const CvSummaryRow next = { .meeting = order->meeting, .made = order->now, .actor = order->actor, .body = body };
  issue = cv_summary_add (db, &next, error);
  return issue > 0 ? GUINT_TO_POINTER (issue) : NULL;
}

/* ---- in the main context ---- */

void
cv_revision_make_async (CvStore *store, const char *meeting, GBytes *parts, const char *actor, gint64 now,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  Order *order = g_new (Order, 1);

  *order = (Order){ g_strdup (meeting), g_bytes_ref (parts), g_strdup (actor), now };
  cv_store_run_async (store, make_on_worker, order, order_free, NULL, NULL, callback, user_data);
}

guint
cv_revision_make_finish (CvStore *store, GAsyncResult *result, GError **error)
{
  return GPOINTER_TO_UINT (cv_store_run_finish (store, result, error));
}
