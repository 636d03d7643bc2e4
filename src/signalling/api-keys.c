/* See api-keys.h. */
#include "signalling/api-keys.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/http.h"
#include "signalling/protocol.h"

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define MAX_KEY_DAYS (10 * 366)

static void
add_key (JsonBuilder *builder, const CvKeyRow *key)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", key->id);
  cv_json_add_text (builder, "role", cv_account_role_get_name (key->role));
  cv_json_add_text (builder, "name", key->name);
  cv_json_add_int (builder, "created", key->created);
  cv_json_add_int (builder, "expires", key->expires);
  cv_json_add_int (builder, "revoked", key->revoked);
  json_builder_end_object (builder);
}

static CvKeyRow *
read_key (JsonObject *object, gint64 now, GError **error)
{
  g_autoptr (CvKeyRow) key = g_new0 (CvKeyRow, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  key->id = cv_id_new ("k");
  key->role =
    (CvAccountRole) (MAX (cv_json_reader_choice (&reader, "role", cv_account_roles), 0) + CV_ACCOUNT_PRODUCER);
  key->name = g_strdup (cv_text_read_name (&reader, "name", CV_NAME_MAX_CHARACTERS));
  cv_json_reader_bytes (&reader, "hash", key->hash, sizeof key->hash);
  gint64 days = cv_json_reader_int (&reader, "days", 0, MAX_KEY_DAYS);
  key->created = now;
  key->expires = days > 0 ? now + days * 24 * 3600 * 1000 : 0;
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&key) : NULL;
}

static void
answer_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvKeyRow *key = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_keys_insert_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_key (builder, key);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_notice (NULL, NULL, "key %s made: %s", key->id, cv_account_role_get_name (key->role));
}

void
cv_api_create_key (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvKeyRow *key = read_key (object, cv_clock_wall (self->clock), &error);
  if (key == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_created);
  pending->data = key;
  pending->free_data = (GDestroyNotify) cv_key_row_free;
  cv_api_audit_next (request, "key.create", key->id, cv_account_role_get_name (key->role));
  cv_keys_insert_async (self->store, key, cv_api_answer, pending);
}

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_keys_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "keys");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    add_key (builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_keys (const CvApiRequest *request)
{
  cv_keys_list_async (request->api->store, cv_api_answer, cv_api_pause (request, answer_listed));
}

static void
answer_revoked (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_keys_revoke_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  /* Who is in with it is out at once. */
  cv_access_end_key (pending->api->access, pending->request.id);
  cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  cv_notice (NULL, NULL, "key %s revoked", pending->request.id);
}

void
cv_api_revoke_key (const CvApiRequest *request)
{
  CvApi *self = request->api;
  cv_api_audit_next (request, "key.revoke", request->id, NULL);
  cv_keys_revoke_async (self->store, request->id, cv_clock_wall (self->clock), cv_api_answer,
                        cv_api_pause (request, answer_revoked));
}
