/* See api-shares.h. */
#include "signalling/api-shares.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/http.h"
#include "signalling/secret.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define MAX_SHARE_HOURS (10 * 366 * 24)

/* What a request about a share comes to. */
typedef struct {
  CvShareRow *row;
  char *secret;   /* of one that is made; it goes out with the answer, and nowhere else */
  char *password; /* NULL: none */
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;
  g_clear_pointer (&self->row, cv_share_row_free);
  cv_api_wipe_text (self->secret);
  cv_api_wipe_text (self->password);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static void
add_share (JsonBuilder *builder, const CvShareRow *share)
{
  cv_json_add_text (builder, "id", share->id);
  cv_json_add_text (builder, "recording", share->recording);
  cv_json_add_int (builder, "created", share->created);
  cv_json_add_int (builder, "expires", share->expires);
  cv_json_add_bool (builder, "downloads", share->downloads);
  cv_json_add_bool (builder, "password", share->has_password);
}

void
cv_api_add_shares (JsonBuilder *builder, GPtrArray *shares)
{
  json_builder_set_member_name (builder, "shares");
  json_builder_begin_array (builder);
  for (guint i = 0; i < shares->len; i++) {
    json_builder_begin_object (builder);
    add_share (builder, g_ptr_array_index (shares, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/* NULL where there is none; an empty one is none. Returns: (transfer full). */
static char *
read_password (CvJsonReader *reader)
{
  if (!cv_json_reader_has (reader, "password"))
    return NULL;
  const char *text = cv_json_reader_text (reader, "password", 0, CV_PASSWORD_MAX_CHARACTERS, FALSE);
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/* ---- a new one ---- */

static Wish *
read_share (JsonObject *object, const char *recording, gint64 now, GError **error)
{
  g_autoptr (Wish) wish = g_new0 (Wish, 1);
  CvShareRow *row = wish->row = g_new0 (CvShareRow, 1);
  CvSecretHash hash;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  row->id = cv_id_new ("s");
  row->recording = g_strdup (recording);
  gint64 hours = cv_json_reader_int (&reader, "hours", 0, MAX_SHARE_HOURS);
  row->downloads = cv_json_reader_bool (&reader, "downloads");
  wish->password = read_password (&reader);
  row->created = now;
  row->expires = hours > 0 ? now + hours * 3600 * 1000 : 0;
  row->has_password = wish->password != NULL;
  cv_random_bytes (row->password_salt, sizeof row->password_salt);
  wish->secret = cv_secret_draw (&hash);
  memcpy (row->hash, hash.bytes, sizeof row->hash);
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&wish) : NULL;
}

/* "" where people find the server is not known. Returns: (transfer full). */
static char *
make_url (const CvApi *api, const Wish *wish)
{
  if (api->url == NULL || !g_str_has_prefix (api->url, "http"))
    return g_strdup ("");
  return g_strconcat (api->url, "/s/", wish->row->id, "#", wish->secret, NULL);
}

static void
answer_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_shares_insert_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  char *url = make_url (pending->api, wish);
  json_builder_begin_object (builder);
  add_share (builder, wish->row);
  cv_json_add_text (builder, "secret", wish->secret);
  cv_json_add_text (builder, "url", url);
  json_builder_end_object (builder);
  cv_api_wipe_text (url);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_info (NULL, NULL, "recording %s shared: %s", wish->row->recording, wish->row->id);
}

static void
insert (CvApiPending *pending, const CvShareRow *row)
{
  CvApiPending *next = cv_api_postpone (pending, answer_created);
  cv_api_audit_next (&next->request, "recording.share", row->recording, NULL);
  cv_shares_insert_async (next->api->store, row, cv_api_answer, next);
}

static void
answer_new_hash (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvShareRow *row = ((Wish *) pending->data)->row;
  if (!cv_api_take_hash (pending, result, row->password_hash))
    return;
  insert (pending, row);
}

/* The recording is there, and stays? */
static void
answer_recording (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvEntry) entry = cv_library_load_finish (source, result, &error);
  if (entry == NULL) {
    cv_api_respond_error (pending->message, error);
  } else if (wish->password != NULL) {
    CvApiPending *next = cv_api_postpone (pending, answer_new_hash);
    cv_passwords_hash_async (next->api->passwords, wish->password, wish->row->password_salt, cv_api_answer, next);
  } else {
    insert (pending, wish->row);
  }
}

void
cv_api_create_share (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  Wish *wish = read_share (object, request->id, cv_clock_wall (self->clock), &error);
  if (wish == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_recording);
  pending->data = wish;
  pending->free_data = wish_free;
  cv_library_load_async (self->library, request->id, cv_api_answer, pending);
}

/* ---- one that is withdrawn ---- */

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_shares_delete_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  /* Who has it open is out at once. */
  cv_access_end_share (pending->api->access, pending->request.id);
  cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
}

void
cv_api_delete_share (const CvApiRequest *request)
{
  cv_api_audit_next (request, "recording.unshare", request->id, NULL);
  cv_shares_delete_async (request->api->store, request->id, cv_api_answer, cv_api_pause (request, answer_deleted));
}

/* ---- one that is opened ---- */

static void
let_in (CvApiPending *pending, const CvShareRow *share)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  cv_access_open_share (pending->api->access, pending->message, share);
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "recording", share->recording);
  cv_json_add_bool (builder, "downloads", share->downloads);
  cv_json_add_int (builder, "expires", share->expires);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

/* It may have been withdrawn while the password was looked at. */
static void
answer_still_there (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvShareRow) share = cv_shares_load_finish (source, result, &error);
  if (share != NULL)
    let_in (pending, share);
  else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_http_respond_problem (pending->message, CV_PROBLEM_GONE);
  else
    cv_api_respond_error (pending->message, error);
}

static void
answer_password (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvShareRow *share = ((Wish *) pending->data)->row;
  guint8 hash[CV_PASSWORD_HASH_BYTES];
  if (!cv_api_take_hash (pending, result, hash))
    return;
  if (!cv_bytes_equal (hash, share->password_hash, sizeof hash)) {
    cv_access_log_refused (pending->request.address);
    cv_http_respond_problem (pending->message, CV_PROBLEM_WRONG_PASSWORD);
    return;
  }
  CvApiPending *next = cv_api_postpone (pending, answer_still_there);
  cv_shares_load_async (next->api->store, share->id, cv_api_answer, next);
}

/* Only who has the link learns that it has expired, or has a password. */
static void
answer_share (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *api = pending->api;
  Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvShareRow) share = cv_shares_load_finish (source, result, &error);
  if (share == NULL && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
  } else if (share == NULL || !cv_bytes_equal (share->hash, wish->row->hash, sizeof share->hash)) {
    cv_access_count_wrong (api->access, pending->request.address);
    cv_http_respond_problem (pending->message, CV_PROBLEM_GONE);
  } else if (share->expires != 0 && share->expires <= cv_clock_wall (api->clock)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_GONE);
  } else if (!share->has_password) {
    let_in (pending, share);
  } else if (wish->password == NULL) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_WRONG_PASSWORD);
  } else if (!cv_access_take_try (api->access, pending->request.address)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_RATE_LIMITED);
  } else {
    cv_share_row_free (wish->row);
    wish->row = g_steal_pointer (&share);
    CvApiPending *next = cv_api_postpone (pending, answer_password);
    cv_passwords_hash_async (api->passwords, wish->password, wish->row->password_salt, cv_api_answer, next);
  }
}

void
cv_api_open_share (const CvApiRequest *request)
{
  CvApi *self = request->api;
  guint8 secret[CV_SECRET_BYTES];
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  g_autoptr (Wish) wish = g_new0 (Wish, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  gboolean known = cv_json_reader_bytes (&reader, "secret", secret, sizeof secret);
  wish->password = read_password (&reader);
  if (!cv_json_reader_finish (&reader, &error) || !known) {
    cv_api_respond_error (request->message, error);
    return;
  }
  if (!cv_access_may_try (self->access, request->address)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  CvSecretHash hash = cv_secret_get_hash (secret);
  cv_wipe (secret, sizeof secret);
  wish->row = g_new0 (CvShareRow, 1);
  memcpy (wish->row->hash, hash.bytes, sizeof wish->row->hash);
  CvApiPending *pending = cv_api_pause (request, answer_share);
  pending->data = g_steal_pointer (&wish);
  pending->free_data = wish_free;
  cv_shares_load_async (self->store, request->id, cv_api_answer, pending);
}
