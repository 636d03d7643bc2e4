/* What `open` says: CONTROL.md. Values; any thread. Knows no daemon's configuration file. */
#pragma once

#include "base/json.h"
#include "sip/sip-sdp.h"
#include "sip/sources.h"

G_BEGIN_DECLS

#define CV_SIP_MAX_TRUNKS 16
#define CV_SIP_MAX_REGISTRARS 4
#define CV_SIP_MAX_LISTENERS 8
#define CV_SIP_MAX_CALLS 1000
/* bytes, of a trunk's name; of names and passwords at registrars, and of addresses */
#define CV_SIP_MAX_NAME 40
#define CV_SIP_MAX_TEXT 120

typedef enum { CV_SIP_UDP, CV_SIP_TCP, CV_SIP_TLS } CvSipTransport;
const char *cv_sip_transport_get_name (CvSipTransport transport);

typedef struct {
  CvSipTransport transport;
  char address[46];
  guint16 port;
} CvSipListener;

typedef struct {
  char *name;
  char **registrars;     /* URIs, in order; may be empty */
  char *user, *password; /* "": none; the password is wiped with it */
  char *display;
  CvSources *sources; /* NULL: whoever took the registration */
  guint calls, expires;
} CvSipTrunkConfig;

typedef struct {
  char language[3];
  CvSipListener listeners[CV_SIP_MAX_LISTENERS];
  guint n_listeners;
  char external[46]; /* "": none */
  char rtp_address[46];
  guint16 rtp_first, rtp_last;
  CvSipPolicy security;
  gboolean silent; /* to whom is no trunk */
  gboolean pin_in_uri;
  guint calls, calls_per_source, invites_per_second;
  CvSipTrunkConfig trunks[CV_SIP_MAX_TRUNKS];
  guint n_trunks;
} CvSipConfig;

/* Reads the members from `reader`, where an error sticks. Returns: (transfer full), NULL where it is not as agreed. */
CvSipConfig *cv_sip_config_read (CvJsonReader *reader);
void cv_sip_config_free (CvSipConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSipConfig, cv_sip_config_free)
/* Whether something listens on TLS. */
gboolean cv_sip_config_has_tls (const CvSipConfig *self);

G_END_DECLS
