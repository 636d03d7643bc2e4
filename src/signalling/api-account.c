/* See api-account.h. */
#include "signalling/api-account.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/api-users.h"
#include "signalling/http.h"
#include "signalling/protocol.h"

#define CV_LOG_TOPIC "api"
#include "base/log.h"

/* FALSE where there is no account; the problem is answered. */
static gboolean
has_account (const CvApiRequest *request)
{
  if (request->sign_in == NULL)
    cv_http_respond_problem (request->message, CV_PROBLEM_NOT_ALLOWED);
  return request->sign_in != NULL;
}

/* ---- the name ---- */

static void
answer_renamed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvUserRow) user = cv_users_load_finish (source, result, &error);
  if (user != NULL)
    cv_api_respond_user (pending->message, SOUP_STATUS_OK, user);
  else
    cv_api_respond_error (pending->message, error);
}

void
cv_api_change_account (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  if (!has_account (request))
    return;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *name = cv_text_read_name (&reader, "name", CV_NAME_MAX_CHARACTERS);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  const CvUserChange change = { .id = request->actor, .name = name, .disabled = CV_USER_SAME, .actor = request->actor };
  cv_users_change_async (request->api->store, &change, cv_api_answer, cv_api_pause (request, answer_renamed));
}

/* ---- the password ---- */

typedef struct {
  char *password;
  char *old; /* or NULL */
  CvUserRow *user;
  guint8 salt[CV_PASSWORD_SALT_BYTES];
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;
  cv_api_wipe_text (self->password);
  cv_api_wipe_text (self->old);
  g_clear_pointer (&self->user, cv_user_row_free);
  g_free (self);
}

static void
answer_set (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvUserRow) user = cv_users_load_finish (source, result, &error);
  if (user == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  cv_notice (NULL, NULL, "user %s has a new password", user->id);
}

static void
answer_new_hash (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const Wish *wish = pending->data;
  const CvApiRequest *request = &pending->request;
  guint8 hash[CV_PASSWORD_HASH_BYTES];
  if (!cv_api_take_hash (pending, result, hash))
    return;
  const CvUserChange change = { .id = request->actor,
                                .disabled = CV_USER_SAME,
                                .password_salt = wish->salt,
                                .password_hash = hash,
                                .keep = request->sign_in,
                                .actor = request->actor,
                                .at = cv_clock_wall (pending->api->clock) };
  CvApiPending *next = cv_api_postpone (pending, answer_set);
  cv_users_change_async (next->api->store, &change, cv_api_answer, next);
}

static void
set_password (CvApiPending *pending)
{
  Wish *wish = pending->data;
  cv_random_bytes (wish->salt, sizeof wish->salt);
  CvApiPending *next = cv_api_postpone (pending, answer_new_hash);
  cv_passwords_hash_async (next->api->passwords, wish->password, wish->salt, cv_api_answer, next);
}

static void
answer_old_hash (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvUserRow *user = ((Wish *) pending->data)->user;
  guint8 hash[CV_PASSWORD_HASH_BYTES];
  if (!cv_api_take_hash (pending, result, hash))
    return;
  if (cv_bytes_equal (hash, user->password_hash, sizeof hash)) {
    set_password (pending);
    return;
  }
  cv_access_log_refused (pending->request.address);
  cv_http_respond_problem (pending->message, CV_PROBLEM_WRONG_PASSWORD);
}

static void
answer_user_loaded (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *api = pending->api;
  const CvApiRequest *request = &pending->request;
  Wish *wish = pending->data;
  g_autoptr (GError) error = NULL;
  wish->user = cv_users_load_finish (source, result, &error);
  if (wish->user == NULL) {
    cv_api_respond_error (pending->message, error);
  } else if (!wish->user->has_password || cv_accounts_is_fresh (api->accounts, request->sign_in)) {
    set_password (pending);
  } else if (wish->old == NULL) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_WRONG_PASSWORD);
  } else if (!cv_accounts_take_try (api->accounts, request->address, wish->user->login)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_RATE_LIMITED);
  } else {
    CvApiPending *next = cv_api_postpone (pending, answer_old_hash);
    cv_passwords_hash_async (api->passwords, wish->old, wish->user->password_salt, cv_api_answer, next);
  }
}

void
cv_api_set_password (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  if (!has_account (request))
    return;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *password = cv_api_read_new_password (&reader);
  const char *old = NULL;
  if (cv_json_reader_has (&reader, "old") && !cv_json_reader_null (&reader, "old"))
    old = cv_json_reader_text (&reader, "old", 0, CV_PASSWORD_MAX_CHARACTERS, FALSE);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  Wish *wish = g_new0 (Wish, 1);
  wish->password = cv_accounts_normalize (password);
  wish->old = old != NULL ? cv_accounts_normalize (old) : NULL;
  CvApiPending *pending = cv_api_pause (request, answer_user_loaded);
  pending->data = wish;
  pending->free_data = wish_free;
  cv_users_load_async (request->api->store, request->actor, cv_api_answer, pending);
}

/* ---- where it is signed in ---- */

static void
add_sign_in (JsonBuilder *builder, const CvSignInRow *row, const char *current)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->id);
  cv_json_add_int (builder, "created", row->created);
  cv_json_add_int (builder, "seen", row->seen);
  cv_json_add_int (builder, "expires", row->expires);
  cv_json_add_text (builder, "agent", row->agent);
  cv_json_add_bool (builder, "current", g_str_equal (row->id, current));
  json_builder_end_object (builder);
}

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_sign_ins_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "sign_ins");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    add_sign_in (builder, g_ptr_array_index (rows, i), pending->request.sign_in);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_sign_ins (const CvApiRequest *request)
{
  CvApi *api = request->api;
  if (has_account (request))
    cv_sign_ins_list_async (api->store, request->actor, cv_clock_wall (api->clock), cv_api_answer,
                            cv_api_pause (request, answer_listed));
}

static void
answer_ended (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_sign_ins_change_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  if (g_strcmp0 (pending->request.id, pending->request.sign_in) == 0)
    cv_accounts_clear_cookie (pending->message);
  cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
}

void
cv_api_end_sign_in (const CvApiRequest *request)
{
  if (has_account (request))
    cv_sign_ins_delete_async (request->api->store, request->actor, request->id, cv_api_answer,
                              cv_api_pause (request, answer_ended));
}

void
cv_api_end_other_sign_ins (const CvApiRequest *request)
{
  if (has_account (request))
    cv_sign_ins_delete_others_async (request->api->store, request->actor, request->sign_in, cv_api_answer,
                                     cv_api_pause (request, answer_ended));
}
