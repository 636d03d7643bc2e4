/* What a server's files have for one host: texts from the examples that come along. Values; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *host;
  const char *address; /* of this machine, which is relayed from */
  const char *outside; /* the one that people reach, where a NAT passes ports on; NULL: the same */
  const char *secret;  /* shared with coturn */
  gboolean shared;     /* coturn is at turn.HOST on port 443, too */
} CvSite;

/* A name in the DNS, in small letters, or localhost. */
gboolean cv_site_is_host (const char *text);

/* conclave.conf: `old` with what this takes. Returns: (transfer full), like all others. */
char *cv_site_make_configuration (const CvSite *self, const char *old);
char *cv_site_make_nginx (const CvSite *self);
/* What shares port 443 out. */
char *cv_site_make_stream (const CvSite *self);
char *cv_site_make_coturn (const CvSite *self);
char *cv_site_make_firewall (const CvSite *self);
/* What certbot runs when there is a new certificate. */
char *cv_site_make_hook (const CvSite *self);

G_END_DECLS
