/* What the configuration has: a field for each key, as daemon/config.c reads it. Included through daemon/config.h. */
#pragma once

#include "daemon/config-sip.h"

G_BEGIN_DECLS

typedef struct {
  /* [server] */
  char *listen;           /* ADDRESS:PORT or localhost:PORT, port 0 = any; or unix:PATH */
  char *public_url;       /* https://HOST[:PORT], no path; "" = from the request's Host */
  char **embed_origins;   /* whose pages may show rooms within themselves, as browsers write origins */
  gboolean tls;           /* FALSE: plain HTTP, allowed on loopback and Unix sockets only (for a proxy) */
  char *certificate_file; /* a path that is not absolute was looked up among the service's credentials;
                             "" = STATE/tls/certificate.pem, made if missing */
  char *key_file;
  char *trusted_proxy; /* "none" | "loopback": whose X-Forwarded-For is believed */
  guint max_sockets;   /* WebSockets in all */
  guint max_connections_per_address;
  char **metrics_from; /* addresses and networks that may read /metrics */
  char *language;      /* of what the server writes: summaries, e-mails */
  char *log_level;     /* debug | info | notice | warning */
  guint drain_seconds; /* how long meetings go on after SIGTERM */
  /* [rooms] */
  gboolean anyone_may_create;
  guint seat_seconds;  /* how long a seat outlives its socket; 60 */
  guint empty_seconds; /* how long a meeting outlives its last person; 60 */
  /* [branding] */
  char *brand_name;                /* "" = Conclave */
  char *brand_logo_file;           /* "" = our own mark */
  char *brand_accent;              /* "#rrggbb", "" = our own */
  char *imprint, *privacy, *terms; /* https: or mailto:, "" = none */
  /* [turn] */
  char **servers;         /* turn: and turns: URLs; %h = the host of the request */
  char *secret_file;      /* shared with coturn (static-auth-secret) */
  guint lifetime_seconds; /* 60 … 3600 */
  gboolean relay_only;
  /* [media] */
  char **media_listen;     /* addresses, one of each family at most; empty = cv_config_get_media_addresses() */
  char **public_addresses; /* announced instead of this machine's, by family */
  char *ports;             /* "MIN-MAX", or "0" for any */
  guint warm_spares;
  CvConfigSip sip; /* [sip] */
  /* [recording] */
  char *recordings; /* directory; "" = STATE/recordings */
  guint keep_days;  /* 0: for ever */
  guint warn_below_percent, stop_below_percent, stop_below_bytes;
  guint renders;      /* at once */
  char *accel_prefix; /* "": files are not sent by a proxy */
  /* [documents] */
  char *documents;                      /* directory; "" = STATE/documents */
  guint document_bytes, document_quota; /* of one, of a meeting's */
  char **refused_names;                 /* ends of names that are not taken */
  char *scan;                           /* program; "" = none */
  guint scan_seconds;
  char *documents_accel_prefix;
  /* [content], [mail] */
  guint keep_content_days; /* 0: for ever */
  char *mail_server;       /* smtp://HOST[:PORT], smtps://HOST[:PORT]; "" = none */
  char *mail_from, *mail_username, *mail_password_file, *mail_ca_file;
  gboolean mail_plain;
  /* [backup] */
  char *backups;                   /* directory; "" = STATE/backups */
  guint backup_hours, backup_keep; /* 0 hours: none by itself */
  /* [audit] */
  guint keep_audit_days; /* 0: for ever */
  /* [webhooks] */
  char *webhooks_url, *webhooks_secret_file; /* "" = none */
  /* [api] */
  char *ticket_secret_file; /* "" = STATE/ticket.key */
  /* [oidc] */
  char *oidc_issuer; /* "" = nobody signs in elsewhere */
  char *oidc_client, *oidc_secret_file, *oidc_label, *oidc_scopes;
  char *oidc_login_claim, *oidc_groups_claim;
  char **oidc_groups, **oidc_domains;
  gboolean oidc_make_accounts;
  /* [limits] */
  guint joins_per_minute;    /* per address */
  guint sign_ins_per_minute; /* per address, and per account */
  guint messages_per_second; /* per socket */
  guint rooms_per_hour;      /* made per address */
  /* [development] */
  char **signalling_only_kinds; /* kinds opened without their media plane, for tests and benchmarks */
  /* in place of conclave-media …, for tests; "" = the ones of this build */
  char *media_program, *render_program, *sip_program;
  /* from files that the configuration names */
  char *turn_secret, *webhooks_secret, *ticket_secret, *mail_password, *oidc_secret; /* NULL if there is none */
  GBytes *logo;                                                                      /* NULL if there is none */
  const char *logo_type;                                                             /* static */
} CvConfig;

G_END_DECLS
