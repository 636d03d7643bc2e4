/* [sip] of the configuration: calls by phone. A value; config.c reads and frees it. What must fit together is known here, so that
 * conclave-sip does not get what it refuses. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char **listen;     /* "udp:ADDRESS:PORT"; empty = nobody can call */
  char **numbers;    /* what people dial, as invitations show it */
  char **registrars; /* sip: and sips: URIs, in the order in which they are tried */
  char *user;
  char *password_file;
  guint expires;          /* s */
  char **trunk_addresses; /* ADDRESS or ADDRESS/BITS; empty = whoever took the registration */
  char *strangers;        /* "refuse" | "silent" */
  char *external;         /* "" = none */
  char *rtp_address;      /* "" = the first of `listen` */
  char *rtp_ports;        /* "MIN-MAX" */
  char *security;         /* "off" | "prefer" | "require" */
  char *ca_file;
  gboolean pin_in_number;
  char *prompts; /* "" = where they are installed */
  guint max_calls;
  guint max_calls_per_source;
  guint max_calls_per_room;
  guint invites_per_second;
  guint keep_days; /* records of calls; 0: for ever */
  char *password;  /* from the file; NULL if there is none */
} CvConfigSip;

/* Borrowed: a key, what it has, and what it must be. */
typedef struct {
  const char *key, *value, *allowed;
} CvConfigSipFault;

/* TRUE: that does not fit with the rest. Each value was looked at for itself before. */
gboolean cv_config_sip_find_fault (const CvConfigSip *self, CvConfigSipFault *fault);
/* Whether conclave-sip takes it. */
gboolean cv_config_sip_is_password (const char *text);

G_END_DECLS
