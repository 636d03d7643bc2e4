/* See http.h. */
#include "signalling/http.h"

#include "base/ids.h"
#include "base/json.h"
#include "base/tally.h"

#include <string.h>

void
cv_http_set_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cross-Origin-Opener-Policy", "same-origin");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "same-origin");
  soup_message_headers_replace (headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
}

void
cv_http_respond_json (SoupServerMessage *message, guint status, char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, body, strlen (body));
}

/* Writing them libsoup has forgotten that there is no body: it would take the end of the connection for that of the body, and close it
 * without a word. */
static void
on_message_wrote_headers (SoupServerMessage *message, gpointer user_data)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message), SOUP_ENCODING_NONE);
}

void
cv_http_respond_nothing (SoupServerMessage *message, guint status)
{
  soup_server_message_set_status (message, status, NULL);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (on_message_wrote_headers), NULL);
}

void
cv_http_respond_error (SoupServerMessage *message, guint status, const char *id, const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  json_builder_begin_object (builder);
  cv_json_add_text (builder, "error", id);
  cv_json_add_text (builder, "text", text);
  json_builder_end_object (builder);
  cv_http_respond_json (message, status, cv_json_builder_to_text (builder, NULL));
}

void
cv_http_respond_problem (SoupServerMessage *message, CvProblem problem)
{
  cv_tally_count_as (CV_TALLY_REFUSED, problem);
  cv_http_respond_error (message, cv_problem_get_status (problem), cv_problem_get_id (problem),
                         cv_problem_get_text (problem));
}

void
cv_http_respond_too_large (SoupServerMessage *message, goffset most)
{
  static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
  gsize unit = 0;
  cv_tally_count_as (CV_TALLY_REFUSED, CV_PROBLEM_TOO_LARGE);
  while (most > 0 && most % 1024 == 0 && unit + 1 < G_N_ELEMENTS (units)) {
    most /= 1024;
    unit++;
  }
  g_autofree char *text =
    g_strdup_printf ("This is too large: it can have up to %" G_GOFFSET_FORMAT " %s.", most, units[unit]);
  cv_http_respond_error (message, cv_problem_get_status (CV_PROBLEM_TOO_LARGE),
                         cv_problem_get_id (CV_PROBLEM_TOO_LARGE), text);
}

static const char *
get_request_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

char *
cv_http_get_host (SoupServerMessage *message)
{
  const char *host = get_request_header (message, "Host");
  if (host == NULL)
    return g_strdup ("");
  const char *end = strchr (host, host[0] == '[' ? ']' : ':');
  if (end != NULL && host[0] == '[')
    end++;
  char *name = end != NULL ? g_strndup (host, (gsize) (end - host)) : g_strdup (host);
  /* It goes into TURN URLs. */
  if (strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_[]:") != strlen (name))
    name[0] = '\0';
  return name;
}

gboolean
cv_http_has_our_origin (SoupServerMessage *message, const char *scheme, const char *public_url)
{
  const char *origin = get_request_header (message, "Origin");
  const char *host = get_request_header (message, "Host");
  if (origin == NULL)
    return FALSE;
  if (*public_url != '\0')
    return g_ascii_strcasecmp (origin, public_url) == 0;
  if (host == NULL)
    return FALSE;
  g_autofree char *ours = g_strdup_printf ("%s://%s", scheme, host);
  return g_ascii_strcasecmp (origin, ours) == 0;
}

gboolean
cv_http_comes_from_us (SoupServerMessage *message, const char *scheme, const char *public_url)
{
  const char *site = get_request_header (message, "Sec-Fetch-Site");
  return (site == NULL || g_ascii_strcasecmp (site, "same-origin") == 0) &&
         cv_http_has_our_origin (message, scheme, public_url);
}

gboolean
cv_http_get_cookie (SoupServerMessage *message, const char *name, guint8 *value, gsize n)
{
  const char *cookies = soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Cookie");
  g_auto (GStrv) pairs = g_strsplit_set (cookies != NULL ? cookies : "", ";,", -1);
  gsize length = strlen (name);
  for (guint i = 0; pairs[i] != NULL; i++) {
    const char *pair = g_strstrip (pairs[i]);
    if (strncmp (pair, name, length) == 0 && pair[length] == '=' && cv_base64url_decode (pair + length + 1, value, n))
      return TRUE;
  }
  return FALSE;
}

static void
set_cookie (SoupServerMessage *message, const char *name, const char *value, gint64 seconds, const char *sites)
{
  g_autofree char *text = g_strdup_printf ("%s=%s; Path=/; Max-Age=%" G_GINT64_FORMAT "; Secure; HttpOnly; SameSite=%s",
                                           name, value, seconds, sites);
  soup_message_headers_append (soup_server_message_get_response_headers (message), "Set-Cookie", text);
}

void
cv_http_set_cookie (SoupServerMessage *message, const char *name, const char *value, gint64 seconds)
{
  set_cookie (message, name, value, seconds, "Strict");
}

void
cv_http_set_lax_cookie (SoupServerMessage *message, const char *name, const char *value, gint64 seconds)
{
  set_cookie (message, name, value, seconds, "Lax");
}

void
cv_http_lead (SoupServerMessage *message, const char *where)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location", where);
  soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
}
