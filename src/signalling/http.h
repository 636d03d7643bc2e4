/* Answers over HTTP: JSON, problems, and the headers that every answer carries. Main thread. */
#pragma once

#include "signalling/problem.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Headers for every answer; where nothing else was set, nothing may be loaded or framed. */
void cv_http_set_headers (SoupServerMessage *message);
/* `body` (transfer full) is JSON. Not cached. */
void cv_http_respond_json (SoupServerMessage *message, guint status, char *body);
/* A status that has no body (204, 304). */
void cv_http_respond_nothing (SoupServerMessage *message, guint status);
void cv_http_respond_error (SoupServerMessage *message, guint status, const char *id, const char *text);
void cv_http_respond_problem (SoupServerMessage *message, CvProblem problem);
/* CV_PROBLEM_TOO_LARGE, for what is no message: how many bytes it may have stands in the sentence. */
void cv_http_respond_too_large (SoupServerMessage *message, goffset most);

/* The Host header without its port ("[::1]" stays in brackets), or "". Returns: (transfer full). */
char *cv_http_get_host (SoupServerMessage *message);
/* The value of the cookie `name` as `n` bytes. FALSE where there is none like that. */
gboolean cv_http_get_cookie (SoupServerMessage *message, const char *name, guint8 *value, gsize n);
/* One that pages cannot read and that comes back from pages of ours only, for so long. `name` begins with "__Host-". */
void cv_http_set_cookie (SoupServerMessage *message, const char *name, const char *value, gint64 seconds);
/* The same for one that also comes when another site sends its browser here. */
void cv_http_set_lax_cookie (SoupServerMessage *message, const char *name, const char *value, gint64 seconds);
/* Sends the browser on, to a path of ours or an address (302). */
void cv_http_lead (SoupServerMessage *message, const char *where);

/* Is the Origin that of `public_url` ("https://HOST[:PORT]", may be ""), or `scheme`://Host? No Origin is not ours. */
gboolean cv_http_has_our_origin (SoupServerMessage *message, const char *scheme, const char *public_url);
/* The same, and the browser, where it says so, agrees that a page of ours asks. */
gboolean cv_http_comes_from_us (SoupServerMessage *message, const char *scheme, const char *public_url);

G_END_DECLS
