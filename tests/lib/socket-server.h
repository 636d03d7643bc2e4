/* An HTTP server on a Unix socket, in a thread of its own: for clients that block. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Runs on the server's thread; what it touches is the main thread's again once the server is gone. */
typedef void (*CvTestSocketFunc) (SoupServerMessage *message, const char *path, gpointer user_data);

typedef struct _CvTestSocketServer CvTestSocketServer;

CvTestSocketServer *cv_test_socket_server_new (CvTestSocketFunc func, gpointer user_data);
void cv_test_socket_server_free (CvTestSocketServer *self);
const char *cv_test_socket_server_get_path (CvTestSocketServer *self);

G_END_DECLS
