/* How a child of conclaved starts, and what it runs until it is over. */
#pragma once

#include "ipc/channel.h"

G_BEGIN_DECLS

/* The socket that conclaved hands over. */
#define CV_START_CHANNEL_FD 3

/* Before anything else. Returns -1, or with what the program is to end at once: it was asked for its version, or nobody who
 * started it is at the other end (64, EX_USAGE). */
int cv_start_check (int argc, char *argv[], const char *program);

/* A main loop that ends with a status. */
typedef struct {
  GMainLoop *loop;
  gboolean failed;
} CvRun;

#define CV_RUN_INIT ((CvRun){ g_main_loop_new (NULL, FALSE), FALSE })

/* It is over. `user_data`: a CvRun. */
void cv_run_end (gboolean failed, gpointer user_data);
/* Runs until then, and frees the loop. Returns the program's status. */
int cv_run (CvRun *self);

G_END_DECLS
