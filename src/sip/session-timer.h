/* What is agreed on about session timers (RFC 4028), as the one who is called. Values only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* s: what we take at the least, and propose where nobody says */
#define CV_SESSION_TIMER_MIN_S 90
#define CV_SESSION_TIMER_S 1800
#define CV_SESSION_TIMER_MAX_S 86400

/* What a request says. */
typedef struct {
  gboolean supported;    /* "timer" is among what it supports */
  guint interval;        /* Session-Expires; 0: none */
  guint min;             /* Min-SE; 0: none */
  const char *refresher; /* "uac", "uas" or NULL */
} CvSessionTimerAsked;

typedef struct {
  guint interval;  /* 0: no timer */
  gboolean we;     /* we refresh, else the phone does */
  gboolean refuse; /* 422: it is too short */
} CvSessionTimer;

void cv_session_timer_agree (CvSessionTimer *self, const CvSessionTimerAsked *asked);
/* The Session-Expires of our answer. Returns: (transfer full), NULL where there is no timer. */
char *cv_session_timer_print (const CvSessionTimer *self);
/* After how many ms we refresh, or take the phone for gone. */
guint cv_session_timer_get_ms (const CvSessionTimer *self);

G_END_DECLS
