/* See api-session.h. */
#include "signalling/api-session.h"

#include "base/ids.h"
#include "base/json.h"
#include "signalling/http.h"

#include <string.h>

#define CV_LOG_TOPIC "api"
#include "base/log.h"

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

/* `pass` NULL: an administrator. */
static void
respond_session (SoupServerMessage *message, CvPass *pass)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  const char *role = pass != NULL ? cv_account_role_get_name (cv_pass_get_role (pass)) : "admin";
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "role", role != NULL ? role : "guest");
  cv_json_add_text (builder, "name", pass != NULL ? cv_pass_get_name (pass) : NULL);
  cv_json_add_int (builder, "expires", pass != NULL && cv_pass_get_key (pass) != NULL ? cv_pass_get_expires (pass) : 0);
  add_grants (builder, pass);
  json_builder_end_object (builder);
  cv_api_respond_builder (message, SOUP_STATUS_OK, builder);
}

void
cv_api_show_session (const CvApiRequest *request)
{
  CvPass *pass = cv_access_find (request->api->access, request->message);
  if (request->admin)
    respond_session (request->message, NULL);
  else if (pass != NULL)
    respond_session (request->message, pass);
  else
    cv_http_respond_problem (request->message, CV_PROBLEM_NO_SESSION);
}

static void
answer_signed_in (CvApiPending *pending, gpointer source, GAsyncResult *result)
{
  CvAccess *access = pending->api->access;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvKeyRow) key = cv_access_check_finish (access, result, pending->request.address, &error);
  if (g_error_matches (error, CV_STORE_ERROR, CV_STORE_ERROR_MISSING)) {
    cv_http_respond_problem (pending->message, CV_PROBLEM_BAD_KEY);
    return;
  }
  if (key == NULL) {
    cv_api_respond_error (pending->message, error);
    return;
  }
  respond_session (pending->message, cv_access_sign_in (access, pending->message, key));
  cv_info (NULL, NULL, "signed in with key %s", key->id);
}

void
cv_api_sign_in (const CvApiRequest *request)
{
  CvAccess *access = request->api->access;
  guint8 key[CV_ACCESS_KEY_BYTES];
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = cv_api_read_body (request);
  if (object == NULL)
    return;
  CvJsonReader reader;
  cv_json_reader_init (&reader, object);
  const char *text = cv_json_reader_text (&reader, "key", 1, 1000, FALSE);
  if (!cv_json_reader_finish (&reader, &error)) {
    cv_api_respond_error (request->message, error);
    return;
  }
  if (!cv_access_may_try (access, request->address)) {
    cv_http_respond_problem (request->message, CV_PROBLEM_RATE_LIMITED);
    return;
  }
  /* people paste anything: what is no key is a wrong one */
  if (!cv_base64url_decode (text, key, sizeof key))
    memset (key, 0, sizeof key);
  cv_access_check_async (access, key, cv_api_answer, cv_api_pause (request, answer_signed_in));
  cv_wipe (key, sizeof key);
}

void
cv_api_sign_out (const CvApiRequest *request)
{
  cv_access_sign_out (request->api->access, request->message);
  soup_server_message_set_status (request->message, SOUP_STATUS_NO_CONTENT, NULL);
}
