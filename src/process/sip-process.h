/* The telephone gateway in a process of its own: conclave-sip over a CvChannel (sip/CONTROL.md).
 *
 * Owns the child, and starts another one where it goes: at once, or after a while where it went too often. Main thread. Believes
 * nothing that it says: one that breaks a rule is killed. Is a CvTelephony.
 */
#pragma once

#include "process/child.h"
#include "process/telephony.h"

G_BEGIN_DECLS

/* crashes in CV_SIP_PROCESS_CRASH_MS after which the next one has to wait for as long */
#define CV_SIP_PROCESS_MAX_CRASHES 5
#define CV_SIP_PROCESS_CRASH_MS 30000

typedef struct {
  const char *transport; /* "udp", "tcp", "tls" */
  char *address;
  guint port;
} CvSipListen;

typedef struct {
  const char *name;
  const char *const *registrars; /* ends in NULL */
  const char *user, *password;   /* "": none */
  const char *const *addresses;  /* ends in NULL */
  guint expires;                 /* s */
  guint max_calls;
  const char *display; /* what people dial; "": nothing that is known */
} CvSipTrunkOptions;

/* Borrowed, all of it, for as long as the process lives. */
typedef struct {
  const char *program; /* its path */
  const char *language;
  const CvSipListen *listen;
  guint n_listen;
  const char *external; /* "": none */
  const char *rtp_address;
  guint rtp_first, rtp_last;
  const char *security; /* "off", "prefer", "require" */
  gboolean silent;      /* to whom is no trunk */
  gboolean pin_in_uri;
  guint max_calls, max_calls_per_source, invites_per_second;
  const CvSipTrunkOptions *trunks;
  guint n_trunks;
  int prompts; /* a folder */
  int tls;     /* a folder; -1: none is needed */
} CvSipOptions;

#define CV_TYPE_SIP_PROCESS (cv_sip_process_get_type ())
G_DECLARE_FINAL_TYPE (CvSipProcess, cv_sip_process, CV, SIP_PROCESS, GObject)

/* `options` is copied, what it points to is not. */
CvSipProcess *cv_sip_process_new (const CvSipOptions *options, CvClock *clock);
/* Starts it; not before somebody listens. */
void cv_sip_process_start (CvSipProcess *self);
/* The options of this trunk have another password now: it registers anew with it, and calls go on. */
void cv_sip_process_renew (CvSipProcess *self, guint trunk);
/* All calls end; no signal comes any more. */
void cv_sip_process_stop (CvSipProcess *self);

G_END_DECLS
