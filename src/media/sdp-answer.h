/* Our answer to an offer: ICE-lite, DTLS passive, everything on one transport. Values only: no state, any thread. */
#pragma once

#include "media/sdp.h"

G_BEGIN_DECLS

/* What we send on an m-line that the client receives on. */
typedef struct {
  guint32 ssrc;     /* 0: not announced */
  guint32 rtx_ssrc; /* 0: none; written only where the client takes RTX */
  char msid[80];    /* "STREAM TRACK", "": none */
} CvSdpSlot;

typedef struct {
  const char *ufrag, *pwd;
  const guint8 *fingerprint;     /* SHA-256, 32 bytes */
  const char *const *candidates; /* "ADDRESS PORT" (UDP), the preferred one first */
  guint n_candidates;
  const char *cname;
  const CvSdpSlot *slots; /* one for each m-line of the offer, or NULL */
} CvSdpAnswer;

/* Returns: (transfer full), lines end in CRLF. */
char *cv_sdp_write_answer (const CvSdpOffer *offer, const CvSdpAnswer *answer);

G_END_DECLS
