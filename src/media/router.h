/* A meeting's media: everyone in it, one port, one clock.
 *
 * Owns the socket, the identity and all endpoints. Main thread, which is the only one. Knows nothing of how it is told
 * what to do, nor to whom its news go.
 */
#pragma once

#include "media/distribution.h"
#include "media/recorder.h"

G_BEGIN_DECLS

/* people in one meeting */
#define CV_ROUTER_MAX_PEOPLE 512
#define CV_ROUTER_MAX_CANDIDATES 16

#define CV_ROUTER_ERROR (cv_router_error_quark ())
GQuark cv_router_error_quark (void);
typedef enum { CV_ROUTER_ERROR_TOO_MANY } CvRouterError;

typedef struct _CvRouter CvRouter;

/* News; an endpoint may not be freed in there. */
typedef struct {
  /* connected, or gone: FAILED and LOST ones are removed afterwards. */
  void (*state) (const CvEndpoint *endpoint, gpointer user_data);
  /* What is in its slots, or what is paused, is another. */
  void (*slots) (const CvEndpoint *endpoint, gpointer user_data);
  /* Who speaks now, loudest first. */
  void (*speakers) (CvEndpoint *const *speaking, guint n, gpointer user_data);
  /* `source->wanted`: other layers are of use than before. */
  void (*layers) (const CvSource *source, gpointer user_data);
} CvRouterFuncs;

typedef struct {
  const int *fds; /* bound UDP sockets, taken over */
  guint n_fds;
  char **candidates;    /* "ADDRESS PORT", copied */
  guint loudest;        /* how many are heard at a time */
  CvRecorder *recorder; /* borrowed: gets the sources of whoever comes; NULL: nobody records */
} CvRouterOptions;

/* Fails where no certificate can be made. */
CvRouter *cv_router_new (CvDtlsIdentity *identity, const CvRouterOptions *options, const CvRouterFuncs *funcs,
                         gpointer user_data);
void cv_router_free (CvRouter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRouter, cv_router_free)

/* Takes a person in, in place of the same one's former endpoint. Returns the answer (transfer full); NULL with
 * CV_SDP_ERROR or CV_ROUTER_ERROR. */
char *cv_router_join (CvRouter *self, const char *person, const char *offer, gsize n, GError **error);
/* Each passes over people that are not there. */
void cv_router_leave (CvRouter *self, const char *person);
void cv_router_set_may (CvRouter *self, const char *person, gboolean microphone, gboolean camera, gboolean screen);
void cv_router_set_view (CvRouter *self, const char *person, const CvTile *tiles, guint n);
void cv_router_set_spotlight (CvRouter *self, const char *person);

/* A caller by phone: a person without a transport, who may send a microphone; what they say comes by cv_router_say(). FALSE:
 * there are too many people. */
gboolean cv_router_join_phone (CvRouter *self, const char *person);
/* `n` 0: only how loud they are. Noted until cv_router_flush(). `timestamp`: of 48 kHz. */
void cv_router_say (CvRouter *self, CvEndpoint *phone, guint8 level, guint32 timestamp, const guint8 *opus, gsize n,
                    gint64 now);
void cv_router_flush (CvRouter *self, gint64 now);
/* Gets the packets of sound that people with transports are heard with. NULL: nobody does. */
typedef void (*CvRouterListenFunc) (const CvSource *source, const CvPacket *packet, gpointer user_data);
void cv_router_listen (CvRouter *self, CvRouterListenFunc func, gpointer user_data);

/* NULL: not in. */
CvEndpoint *cv_router_find (CvRouter *self, const char *person);
/* Of CvEndpoint, in the order they came; borrowed. */
const GPtrArray *cv_router_get_endpoints (CvRouter *self);
const CvSocketCounts *cv_router_get_counts (CvRouter *self);

G_END_DECLS
