/* [sip] of the configuration: calls by phone. A value; config.c reads and frees it. What must fit together is known here, so that
 * conclave-sip does not get what it refuses. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* with [sip]'s own; as conclave-sip takes them */
#define CV_CONFIG_MAX_TRUNKS 16
#define CV_CONFIG_MAX_TRUNK_NAME 40
/* of all trunks */
#define CV_CONFIG_MAX_NUMBERS 16
/* the group of another trunk, with its name: [sip-trunk NAME] */
#define CV_CONFIG_TRUNK_GROUP "sip-trunk"
/* the trunk that [sip] is itself, if it says so */
#define CV_CONFIG_OWN_TRUNK "trunk"

/* From where calls come: what [sip] says of its own, or a group [sip-trunk NAME]. */
typedef struct {
  char *name;
  char **numbers;    /* what people dial, as invitations show it */
  char **registrars; /* sip: and sips: URIs, in the order in which they are tried */
  char *user;
  char *password_file;
  guint expires;    /* s */
  char **addresses; /* ADDRESS or ADDRESS/BITS; empty = whoever took the registration */
  guint max_calls;  /* 0: none but that of all */
  char *password;   /* from the file; NULL if there is none */
} CvConfigTrunk;

typedef struct {
  char **listen;     /* "udp:ADDRESS:PORT"; empty = nobody can call */
  CvConfigTrunk own; /* is none where it has neither registrars nor addresses */
  GPtrArray *trunks; /* of CvConfigTrunk, as the file has them; NULL = none */
  char *strangers;   /* "refuse" | "silent" */
  char *external;    /* "" = none */
  char *rtp_address; /* "" = the first of `listen` */
  char *rtp_ports;   /* "MIN-MAX" */
  char *security;    /* "off" | "prefer" | "require" */
  char *ca_file;
  gboolean pin_in_number;
  char *prompts; /* "" = where they are installed */
  guint max_calls;
  guint max_calls_per_source;
  guint max_calls_per_room;
  guint invites_per_second;
  guint keep_days; /* records of calls; 0: for ever */
} CvConfigSip;

/* Borrowed: a key, what it has, and what it must be. */
typedef struct {
  const CvConfigTrunk *trunk; /* whose key it is; NULL: that of [sip] */
  const char *key, *value, *allowed;
} CvConfigSipFault;

/* TRUE: that does not fit with the rest. Each value was looked at for itself before. */
gboolean cv_config_sip_find_fault (const CvConfigSip *self, CvConfigSipFault *fault);
/* All that calls come from, [sip]'s own first. Returns: (transfer container) of const CvConfigTrunk. */
GPtrArray *cv_config_sip_list_trunks (const CvConfigSip *self);
/* What people dial, of all of them. Returns: (transfer full). */
char **cv_config_sip_list_numbers (const CvConfigSip *self);
/* Of a group: 1 to CV_CONFIG_MAX_TRUNK_NAME of A-Z a-z 0-9 . _ - and not CV_CONFIG_OWN_TRUNK. */
gboolean cv_config_sip_is_trunk_name (const char *text);
/* Whether conclave-sip takes it. */
gboolean cv_config_sip_is_password (const char *text);

G_END_DECLS
