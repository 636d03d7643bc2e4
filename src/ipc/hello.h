/* The first message of a child: who it is, and which version of the protocol it speaks. Owns nothing. */
#pragma once

#include "ipc/channel.h"

G_BEGIN_DECLS

#define CV_HELLO_VERSION 1
/* how often a child says `alive`, and how long it may be silent; ms */
#define CV_HELLO_ALIVE_MS 500
#define CV_HELLO_SILENT_MS 2000

#define CV_HELLO_ERROR (cv_hello_error_quark ())
GQuark cv_hello_error_quark (void);
typedef enum {
  CV_HELLO_ERROR_INVALID, /* no hello, or not one of this program */
  CV_HELLO_ERROR_VERSION, /* another version: what is installed does not fit together */
} CvHelloError;

/* Child: says who it is (`program`: "conclave-media"). */
void cv_hello_send (CvChannel *channel, const char *program);
/* Child: says from now on that it is alive. Returns the source, to be removed before the channel goes. */
guint cv_hello_keep_alive (CvChannel *channel);
/* Parent: whether the message is a hello of this program in our version. */
gboolean cv_hello_check (const CvParcel *message, const char *program, GError **error);

G_END_DECLS
