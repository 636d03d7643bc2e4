/* All peers of a process and the loop that runs them: epoll, and a timer of 1 ms. One thread. */
#pragma once

#include "rtc/peer.h"

G_BEGIN_DECLS

typedef struct {
  CvRtcContext context;
  CvRtcIdentity *identity;
  GHashTable *peers; /* by id */
  int timer;
} CvRtcEngine;

typedef void (*CvRtcInput) (gpointer user_data);

/* `profiles`, `ciphers`: see cv_rtc_identity_new(). NULL: they are bad. */
CvRtcEngine *cv_rtc_engine_new (const char *profiles, const char *ciphers, void (*emit) (const char *line));
void cv_rtc_engine_free (CvRtcEngine *self);
/* Waits for something to do, and does it. `input` is called where `fd` is readable. */
void cv_rtc_engine_iterate (CvRtcEngine *self, int fd, CvRtcInput input, gpointer user_data);
/* Watches `fd` for cv_rtc_engine_iterate(). */
void cv_rtc_engine_watch (CvRtcEngine *self, int fd);
/* NULL: there is none, or it has ended. */
CvRtcPeer *cv_rtc_engine_find (CvRtcEngine *self, guint id);
void cv_rtc_engine_add (CvRtcEngine *self, CvRtcPeer *peer);

G_END_DECLS
