/* See api-users.h. */
#include "signalling/api-users.h"

#include "base/ids.h"
#include "signalling/api-account.h"
#include "signalling/http.h"
#include "signalling/protocol.h"
#include "store/sign-in-codes.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

#define HOUR_MS G_GINT64_CONSTANT (3600000)

static void
add_user (JsonBuilder *builder, const CvUserRow *user)
{
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "id", user->id);
  cv_json_add_text (builder, "login", user->login);
  cv_json_add_text (builder, "name", user->name);
  cv_json_add_text (builder, "role", cv_account_role_get_name (user->role));
  cv_json_add_int (builder, "created", user->created);
  cv_json_add_int (builder, "last_seen", user->seen);
  cv_json_add_bool (builder, "disabled", user->disabled != 0);
  cv_json_add_bool (builder, "password", user->has_password);
  json_builder_end_object (builder);
}

void
cv_api_respond_user (SoupServerMessage *message, guint status, const CvUserRow *user)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  add_user (builder, user);
  cv_api_respond_builder (message, status, builder);
}

/* ---- what there are ---- */

static void
answer_listed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = cv_users_list_finish (source, result, &error);
  if (rows == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "users");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    add_user (builder, g_ptr_array_index (rows, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cv_api_respond_builder (pending->message, SOUP_STATUS_OK, builder);
}

void
cv_api_list_users (const CvApiRequest *request)
{
  cv_users_list_async (request->api->store, cv_api_answer, cv_api_pause (request, answer_listed));
}

/* ---- a new one ---- */

static CvAccountRole
read_role (CvJsonReader *reader)
{
  return (CvAccountRole) (MAX (cv_json_reader_choice (reader, "role", cv_account_roles), 0) + CV_ACCOUNT_PRODUCER);
}

const char *
cv_api_read_new_password (CvJsonReader *reader)
{
  return cv_json_reader_text (reader, "password", CV_ACCOUNT_PASSWORD_MIN_CHARACTERS, CV_PASSWORD_MAX_CHARACTERS,
                              FALSE);
}

/* Without a name of their own they are called what they sign in with, as far as it fits. */
static CvUserRow *
read_user (JsonObject *object, gint64 now, GError **error)
{
  g_autoptr (CvUserRow) user = g_new0 (CvUserRow, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *login = cv_text_read_name (&reader, "login", CV_LOGIN_MAX_CHARACTERS);
  const char *name = cv_text_read_optional (&reader, "name", CV_NAME_MAX_CHARACTERS);
  user->role = read_role (&reader);
  if (!cv_json_reader_finish (&reader, error))
    return NULL;
  user->id = cv_id_new ("u");
  user->login = g_strstrip (cv_accounts_normalize (login));
  user->name = name != NULL
                 ? g_strdup (name)
                 : g_utf8_substring (user->login, 0, MIN (g_utf8_strlen (user->login, -1), CV_NAME_MAX_CHARACTERS));
  user->created = now;
  return g_steal_pointer (&user);
}

static void
answer_created (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const CvUserRow *user = pending->data;
  g_autoptr (GError) error = NULL;
  if (cv_users_insert_finish (source, result, &error)) {
    cv_api_respond_user (pending->message, SOUP_STATUS_CREATED, user);
    cv_notice (NULL, NULL, "user %s made: %s", user->id, cv_account_role_get_name (user->role));
  } else if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_EXISTS)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_LOGIN_TAKEN);
  } else {
    cv_api_respond_error (pending->message, error);
  }
}

void
cv_api_create_user (const CvApiRequest *request)
{
  CvApi *self = request->api;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvUserRow *user = read_user (object, cv_clock_wall (self->clock), &error);
  if (user == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, answer_created);
  pending->data = user;
  pending->free_data = (GDestroyNotify) cv_user_row_free;
  cv_users_insert_async (self->store, user, request->actor, cv_api_answer, pending);
}

/* ---- changes ---- */

/* What is to become of one; the texts are owned. */
typedef struct {
  char *name;
  CvAccountRole role;
  int disabled;
  char *password;
  guint8 salt[CV_PASSWORD_SALT_BYTES];
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;
  g_free (self->name);
  cv_api_wipe_text (self->password);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static Wish *
read_wish (JsonObject *object, GError **error)
{
  g_autoptr (Wish) wish = g_new0 (Wish, 1);
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  wish->disabled = CV_USER_SAME;
  wish->name = g_strdup (cv_text_read_optional (&reader, "name", CV_NAME_MAX_CHARACTERS));
  if (cv_json_reader_has (&reader, "role"))
    wish->role = read_role (&reader);
  if (cv_json_reader_has (&reader, "disabled"))
    wish->disabled = cv_json_reader_bool (&reader, "disabled");
  if (cv_json_reader_has (&reader, "password")) {
    const char *password = cv_api_read_new_password (&reader);
    wish->password = password != NULL ? cv_accounts_normalize (password) : NULL;
  }
  return cv_json_reader_finish (&reader, error) ? g_steal_pointer (&wish) : NULL;
}

static void
answer_changed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvUserRow) user = cv_users_load_finish (source, result, &error);
  if (user == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  cv_api_respond_user (pending->message, SOUP_STATUS_OK, user);
  cv_notice (NULL, NULL, "user %s changed", user->id);
}

/* `hash`: of the password, or NULL. */
static void
change (CvApiPending *pending, const guint8 *hash)
{
  const Wish *wish = pending->data;
  const CvUserChange what = { .id = pending->request.id,
                              .name = wish->name,
                              .role = wish->role,
                              .disabled = wish->disabled,
                              .password_salt = hash != NULL ? wish->salt : NULL,
                              .password_hash = hash,
                              .actor = pending->request.actor,
                              .at = cv_clock_wall (pending->api->clock) };
  cv_users_change_async (pending->api->store, &what, cv_api_answer, pending);
}

static void
answer_hashed (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  guint8 hash[CV_PASSWORD_HASH_BYTES];
  if (cv_api_take_hash (pending, result, hash))
    change (cv_api_postpone (pending, answer_changed), hash);
}

void
cv_api_change_user (const CvApiRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  Wish *wish = read_wish (object, &error);
  if (wish == NULL) {
    cv_api_respond_error (request->message, error);
    return;
  }
  CvApiPending *pending = cv_api_pause (request, wish->password != NULL ? answer_hashed : answer_changed);
  pending->data = wish;
  pending->free_data = wish_free;
  cv_random_bytes (wish->salt, sizeof wish->salt);
  if (wish->password != NULL)
    cv_passwords_hash_async (request->api->passwords, wish->password, wish->salt, cv_api_answer, pending);
  else
    change (pending, NULL);
}

static void
answer_deleted (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  if (!cv_users_delete_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  cv_http_respond_nothing (pending->message, SOUP_STATUS_NO_CONTENT);
  cv_notice (NULL, NULL, "user %s deleted", pending->request.id);
}

void
cv_api_delete_user (const CvApiRequest *request)
{
  CvApi *self = request->api;
  cv_users_delete_async (self->store, request->id, request->actor, cv_clock_wall (self->clock), cv_api_answer,
                         cv_api_pause (request, answer_deleted));
}

/* ---- links that sign in once ---- */

typedef struct {
  char *code;
  gint64 expires;
} Code;

static void
code_free (gpointer data)
{
  Code *self = data;
  cv_api_wipe_text (self->code);
  g_free (self);
}

static void
answer_code (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  const char *where = pending->api->url;
  const Code *code = pending->data;
  g_autoptr (GError) error = NULL;
  if (!cv_sign_in_codes_insert_finish (source, result, &error)) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  gboolean known = where != NULL && g_str_has_prefix (where, "http");
  char *url = known ? g_strconcat (where, "/sign-in#", code->code, NULL) : g_strdup ("");
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "code", code->code);
  cv_json_add_text (builder, "url", url);
  cv_json_add_int (builder, "expires", code->expires);
  json_builder_end_object (builder);
  cv_api_wipe_text (url);
  cv_api_respond_builder (pending->message, SOUP_STATUS_CREATED, builder);
  cv_notice (NULL, NULL, "user %s may sign in once with a link", pending->request.id);
}

/* The body may be left out. FALSE: the problem is answered. */
static gboolean
read_hours (const CvApiRequest *request, gint64 *hours)
{
  SoupMessageBody *body = soup_server_message_get_request_body (request->message);
  g_autoptr (GError) error = NULL;
  *hours = CV_CODE_MAX_HOURS;
  if (body->length == 0)
    return TRUE;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return FALSE;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  if (cv_json_reader_has (&reader, "hours"))
    *hours = cv_json_reader_int (&reader, "hours", 1, CV_CODE_MAX_HOURS);
  if (!cv_json_reader_finish (&reader, &error))
    cv_api_respond_error (request->message, error);
  return error == NULL;
}

void
cv_api_create_code (const CvApiRequest *request)
{
  CvApi *self = request->api;
  gint64 now = cv_clock_wall (self->clock);
  CvSecretHash hash;
  gint64 hours = 0;
  if (!read_hours (request, &hours))
    return;
  Code *code = g_new0 (Code, 1);
  code->code = cv_secret_draw (&hash);
  code->expires = now + hours * HOUR_MS;
  CvApiPending *pending = cv_api_pause (request, answer_code);
  pending->data = code;
  pending->free_data = code_free;
  cv_sign_in_codes_insert_async (self->store, hash.bytes, request->id, code->expires, request->actor, now,
                                 cv_api_answer, pending);
}
