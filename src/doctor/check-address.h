/* What is really served at public-url: the judgement. */
#pragma once

#include "doctor/findings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *error;     /* NULL: it answered */
  gboolean broken; /* …and it is TLS that failed */
  GTlsCertificateFlags flags;
  GTlsProtocolVersion version;
  int days_left;
  guint status;      /* of GET /health */
  gboolean ours;     /* the answer is one of this server's */
  gboolean upgrades; /* a WebSocket can be opened */
} CvServed;

void cv_served_clear (CvServed *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvServed, cv_served_clear)

/* Asks `url` for /health, and of this server for a WebSocket; a few seconds at most for each. */
void cv_served_ask (CvServed *self, const char *url, guint seconds);
void cv_served_judge (const CvServed *self, const char *url, gboolean own, CvFindings *findings);

/* What is wrong with a certificate, the worst first; NULL: nothing. Returns: a static string. */
const char *cv_served_describe (GTlsCertificateFlags flags);

G_END_DECLS
