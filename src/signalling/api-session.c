/* See api-session.h. */
#include "signalling/api-session.h"

#include "base/json.h"
#include "signalling/http.h"
#include "store/audit.h"
#include "store/sign-in-codes.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

/* Far more than a login may have, for what people paste. */
#define MAX_TYPED 1000

/* ---- what there is ---- */

typedef struct {
  const char *role;
  const char *name;
  gint64 expires;
  const CvSignInRow *row; /* of an account; or NULL */
} Session;

static void
add_grants (JsonBuilder *builder, CvPass *pass)
{
  GPtrArray *grants = pass != NULL ? cv_pass_get_grants (pass) : NULL;
  json_builder_set_member_name (builder, "recordings");
  json_builder_begin_array (builder);
  for (guint i = 0; grants != NULL && i < grants->len; i++) {
    const CvGrant *grant = g_ptr_array_index (grants, i);
    json_builder_begin_object (builder);
    cv_json_add_text (builder, "id", grant->recording);
    cv_json_add_bool (builder, "downloads", grant->downloads);
    cv_json_add_int (builder, "expires", grant->expires);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_user (JsonBuilder *builder, const CvSignInRow *row)
{
  json_builder_set_member_name (builder, "user");
  if (row == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", row->user);
  cv_json_add_text (builder, "login", row->login);
  cv_json_add_text (builder, "name", row->name);
  json_builder_end_object (builder);
}

static void
respond_session (SoupServerMessage *message, const Session *session, CvPass *pass)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "role", session->role != NULL ? session->role : "guest");
  cv_json_add_text (builder, "name", session->name);
  cv_json_add_int (builder, "expires", session->expires);
  add_user (builder, session->row);
  add_grants (builder, pass);
  json_builder_end_object (builder);
  cv_api_respond_builder (message, SOUP_STATUS_OK, builder);
}

static void
respond_pass (SoupServerMessage *message, CvPass *pass)
{
  gboolean key = cv_pass_get_key (pass) != NULL;
  const Session session = { .role = cv_account_role_get_name (cv_pass_get_role (pass)),
                            .name = cv_pass_get_name (pass),
                            .expires = key ? cv_pass_get_expires (pass) : 0 };
  respond_session (message, &session, pass);
}

static void
respond_account (CvApi *api, SoupServerMessage *message, const CvSignInRow *row)
{
  const Session session = {
    .role = cv_account_role_get_name (row->role), .name = row->name, .expires = row->expires, .row = row
  };
  respond_session (message, &session, cv_access_find (api->access, message));
}

static void
answer_account (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSignInRow) row = cv_sign_ins_find_finish (source, result, &error);
  if (row != NULL)
    respond_account (pending->api, pending->message, row);
  else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    cv_http_respond_problem (pending->message, CV_PROBLEM_NO_SESSION);
  else
    cv_api_respond_error (pending->message, error);
}

void
cv_api_show_session (const CvApiRequest *request)
{
  CvApi *api = request->api;
  CvPass *pass = cv_access_find (api->access, request->message);
  CvSecretHash hash;
  if (request->sign_in != NULL && cv_accounts_read_cookie (request->message, &hash)) {
    cv_sign_ins_find_async (api->store, hash.bytes, cv_clock_wall (api->clock), cv_api_answer,
                            cv_api_pause (request, answer_account));
  } else if (request->admin || (request->role != CV_ACCOUNT_NOBODY && cv_access_has_bearer (request->message))) {
    const Session session = { .role = request->admin ? "admin" : cv_account_role_get_name (request->role) };
    respond_session (request->message, &session, NULL);
  } else if (pass != NULL) {
    respond_pass (request->message, pass);
  } else {
    cv_http_respond_problem (request->message, CV_PROBLEM_NO_SESSION);
  }
}

/* ---- signing in to an account ---- */

typedef struct {
  char *password;  /* or NULL: it is a code */
  CvUserRow *user; /* NULL: there is nobody of that name */
  CvSignInRow *row;
  char *secret; /* of the cookie */
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *self = data;
  cv_api_wipe_text (self->password);
  cv_api_wipe_text (self->secret);
  g_clear_pointer (&self->user, cv_user_row_free);
  g_clear_pointer (&self->row, cv_sign_in_row_free);
  g_free (self);
}

static void
refuse (CvApiPending *pending)
{
  const Attempt *attempt = pending->data;
  cv_accounts_note_refused (pending->api->accounts, attempt->user != NULL ? attempt->user->id : NULL,
                            attempt->password != NULL ? "password" : "code");
  if (attempt->password != NULL)
    cv_access_log_refused (pending->request.address);
  else
    cv_access_count_wrong (pending->api->access, pending->request.address);
  cv_http_respond_problem (pending->message, attempt->password != NULL ? CV_PROBLEM_BAD_LOGIN : CV_PROBLEM_GONE);
}

static void
answer_entered (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvApi *api = pending->api;
  Attempt *attempt = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_sign_ins_change_finish (source, result, &error)) {
    /* They were disabled, or deleted, in the meantime. */
    if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
      refuse (pending);
    else
      cv_api_respond_error (pending->message, error);
    return;
  }
  CvSignInRow *row = attempt->row;
  cv_accounts_end (api->accounts, pending->message);
  cv_access_drop_key (api->access, pending->message);
  cv_accounts_set_cookie (pending->message, attempt->secret);
  if (attempt->password == NULL)
    cv_accounts_set_fresh (api->accounts, row->id);
  row->role = attempt->user->role;
  row->login = g_strdup (attempt->user->login);
  row->name = g_strdup (attempt->user->name);
  respond_account (api, pending->message, row);
  cv_info (NULL, NULL, "signed in: user %s", row->user);
}

static void
enter (CvApiPending *pending)
{
  Attempt *attempt = pending->data;
  attempt->row =
    cv_accounts_make_sign_in (pending->api->accounts, pending->message, attempt->user->id, &attempt->secret);
  CvApiPending *next = cv_api_postpone (pending, answer_entered);
  cv_audit_note_with_next (next->api->store, next->api->clock, attempt->user->id,
                           attempt->password != NULL ? "sign-in.password" : "sign-in.code", NULL, NULL);
  cv_sign_ins_insert_async (next->api->store, attempt->row, cv_api_answer, next);
}

static void
answer_hashed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvUserRow *user = ((Attempt *) pending->data)->user;
  guint8 hash[CV_PASSWORD_HASH_BYTES];
  if (!cv_api_take_hash (pending, result, hash))
    return;
  gboolean known = user != NULL && user->has_password && user->disabled == 0;
  if (known && cv_bytes_equal (hash, user->password_hash, sizeof hash))
    enter (pending);
  else
    refuse (pending);
}

/* What a password costs is paid for everybody: how long it takes does not tell who has an account. */
static void
answer_user_found (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  static const guint8 nobodys_salt[CV_PASSWORD_SALT_BYTES] = { 0 };
  Attempt *attempt = pending->data;
  g_autoptr (GError) error = NULL;
  attempt->user = cv_users_load_finish (source, result, &error);
  if (attempt->user == NULL && !g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  gboolean has_password = attempt->user != NULL && attempt->user->has_password;
  CvApiPending *next = cv_api_postpone (pending, answer_hashed);
  cv_passwords_hash_async (next->api->passwords, attempt->password,
                           has_password ? attempt->user->password_salt : nobodys_salt, cv_api_answer, next);
}

static void
sign_in_by_password (const CvApiRequest *request, const char *login, const char *password)
{
  g_autofree char *normal = g_strstrip (cv_accounts_normalize (login));
  if (!cv_accounts_take_try (request->api->accounts, request->address, normal)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_user_found);
  Attempt *attempt = g_new0 (Attempt, 1);
  attempt->password = cv_accounts_normalize (password);
  pending->data = attempt;
  pending->free_data = attempt_free;
  cv_users_find_async (request->api->store, normal, cv_api_answer, pending);
}

static void
answer_code_taken (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  Attempt *attempt = pending->data;
  g_autoptr (GError) error = NULL;
  attempt->user = cv_sign_in_codes_take_finish (source, result, &error);
  if (attempt->user != NULL)
    enter (pending);
  else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING))
    refuse (pending);
  else
    cv_api_respond_error (pending->message, error);
}

static void
sign_in_by_code (const CvApiRequest *request, const guint8 code[CV_SECRET_BYTES])
{
  CvSecretHash hash = cv_secret_get_hash (code);
  CvApiPending *pending = cv_api_pause (request, answer_code_taken);
  pending->data = g_new0 (Attempt, 1);
  pending->free_data = attempt_free;
  cv_sign_in_codes_take_async (request->api->store, hash.bytes, cv_clock_wall (request->api->clock), cv_api_answer,
                               pending);
}

/* ---- signing in with a key ---- */

static void
answer_key_checked (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvAccess *access = pending->api->access;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKeyRow) key = cv_access_check_finish (access, result, pending->request.address, &error);
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_accounts_note_refused (pending->api->accounts, NULL, "key");
    cv_http_respond_problem (pending->message, CV_PROBLEM_BAD_KEY);
    return;
  }
  if (key == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  if (cv_accounts_end (pending->api->accounts, pending->message))
    cv_accounts_clear_cookie (pending->message);
  respond_pass (pending->message, cv_access_sign_in (access, pending->message, key));
  cv_audit_note (pending->api->store, pending->api->clock, key->id, "sign-in.key", NULL, NULL);
  cv_info (NULL, NULL, "signed in with key %s", key->id);
}

/* ---- which of them ---- */

/* People paste anything: what is no secret is a wrong one. */
static void
decode (const char *text, guint8 secret[CV_SECRET_BYTES])
{
  if (!cv_base64url_decode (text, secret, CV_SECRET_BYTES))
    memset (secret, 0, CV_SECRET_BYTES);
}

static void
sign_in_by_secret (const CvApiRequest *request, const char *key, const char *code)
{
  CvAccess *access = request->api->access;
  guint8 secret[CV_SECRET_BYTES];
  if (!cv_access_may_try (access, request->address)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  decode (key != NULL ? key : code, secret);
  if (key != NULL)
    cv_access_check_async (access, secret, cv_api_answer, cv_api_pause (request, answer_key_checked));
  else
    sign_in_by_code (request, secret);
  cv_wipe (secret, sizeof secret);
}

void
cv_api_sign_in (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  const char *login = NULL, *password = NULL, *key = NULL, *code = NULL;
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  if (cv_json_reader_has (&reader, "login")) {
    login = cv_json_reader_text (&reader, "login", 1, MAX_TYPED, FALSE);
    password = cv_json_reader_text (&reader, "password", 1, CV_PASSWORD_MAX_CHARACTERS, FALSE);
  } else if (cv_json_reader_has (&reader, "code")) {
    code = cv_json_reader_text (&reader, "code", 1, MAX_TYPED, FALSE);
  } else {
    key = cv_json_reader_text (&reader, "key", 1, MAX_TYPED, FALSE);
  }
  if (!cv_json_reader_finish (&reader, &error))
    cv_api_respond_error (request->message, error);
  else if (login != NULL)
    sign_in_by_password (request, login, password);
  else
    sign_in_by_secret (request, key, code);
}

void
cv_api_sign_out (const CvApiRequest *request)
{
  cv_access_sign_out (request->api->access, request->message);
  cv_accounts_end (request->api->accounts, request->message);
  cv_accounts_clear_cookie (request->message);
  cv_http_respond_nothing (request->message, SOUP_STATUS_NO_CONTENT);
}
