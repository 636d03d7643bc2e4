/* Our end of SIP: what listens, who may speak, and how often. Main thread.
 *
 * Owns sofia-sip's agent and its timers on our loop. Each request that belongs to no dialog comes here first, before anything
 * is kept of it: who is no trunk, too quick or asks for what we do not do is answered, or not, and forgotten.
 */
#pragma once

#include "sip/sip-config.h"

G_BEGIN_DECLS

#define CV_USER_AGENT_ERROR (cv_user_agent_error_quark ())
GQuark cv_user_agent_error_quark (void);
typedef enum { CV_USER_AGENT_ERROR_BIND, CV_USER_AGENT_ERROR_TLS } CvUserAgentError;

/* bytes of a message; what is longer is refused, or its connection closed */
#define CV_USER_AGENT_MAX_BYTES 16384
/* how many addresses are remembered, and requests of one of them besides INVITEs, a second */
#define CV_USER_AGENT_MAX_SOURCES 4096
#define CV_USER_AGENT_REQUESTS_PER_SECOND 50

struct nta_agent_s;
struct msg_s;
struct sip_s;

typedef struct _CvUserAgent CvUserAgent;

typedef struct {
  /* Which trunk speaks from there: its number, or -1. */
  int (*find_trunk) (const struct sockaddr *source, gpointer user_data);
  /* A trunk's INVITE that opens a dialog; for cv_dialog_new(), or cv_user_agent_refuse(): `msg` is taken by either. */
  void (*invite) (guint trunk, struct msg_s *msg, const struct sip_s *sip, gpointer user_data);
} CvUserAgentFuncs;

typedef struct {
  guint64 unknown, rate; /* what was refused, for whom it came from and how often */
} CvUserAgentStats;

/* `config` must outlive it. `tls`: a folder with agent.pem and cafile.pem, or -1. */
CvUserAgent *cv_user_agent_new (const CvSipConfig *config, int tls, const CvUserAgentFuncs *funcs, gpointer user_data,
                                GError **error);
void cv_user_agent_free (CvUserAgent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvUserAgent, cv_user_agent_free)

struct nta_agent_s *cv_user_agent_get_agent (CvUserAgent *self);
const CvUserAgentStats *cv_user_agent_get_stats (CvUserAgent *self);
/* What is listened on, with the ports that were found. */
const CvSipListener *cv_user_agent_get_listeners (CvUserAgent *self);
/* The address that people are told, and the Contact of a transport; NULL where nothing listens on it. */
const char *cv_user_agent_get_contact (CvUserAgent *self, CvSipTransport transport);
/* What a request came over. */
CvSipTransport cv_user_agent_get_transport (const struct sip_s *sip);
/* Answers with an error and forgets. */
void cv_user_agent_refuse (CvUserAgent *self, struct msg_s *msg, int status, const char *phrase);

G_END_DECLS
