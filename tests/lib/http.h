/* A small HTTP server over what a test wants to answer, and requests byte by byte as the test writes them. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef void (*CvTestHttpHandler) (SoupServerMessage *message, const char *path, gpointer user_data);

typedef struct {
  SoupServer *server;
  guint16 port;
  CvTestHttpHandler handler;
  gpointer user_data;
} CvTestHttp;

/* Listens on a free port of the loopback. */
void cv_test_http_init (CvTestHttp *self, CvTestHttpHandler handler, gpointer user_data);
void cv_test_http_clear (CvTestHttp *self);

/* Sends `request` as it is to this port, and waits for the end of what comes back. Returns: (transfer full). */
char *cv_test_http_talk (guint16 port, const char *request);
/* The same over any open stream. */
char *cv_test_http_talk_over (GIOStream *stream, const char *request);
/* `head`: "GET /path"; `headers` each end in "\r\n". Closes afterwards. Returns: (transfer full). */
char *cv_test_http_ask (CvTestHttp *self, const char *head, const char *headers, const char *body);
/* What comes after the head; borrowed. */
const char *cv_test_http_body (const char *answer);

G_END_DECLS
