/* A router on loopback with people in it, and what it says of them as text, for tests. Default main context. */
#pragma once

#include "lib/rtc-client.h"
#include "media/router.h"

G_BEGIN_DECLS

typedef struct {
  CvDtlsIdentity *identity;
  CvRouter *router;
  guint16 port;
  /* What it said last, by "state PERSON", "slots PERSON", "speakers", "layers PERSON":
   * "connected", "failed fingerprint"; "7=PERSON/camera 8=PERSON/screen(paused)"; "PERSON PERSON"; "q h f" */
  GHashTable *news;
  guint n_slots_news;
} CvRtcRoom;

CvRtcRoom *cv_rtc_room_new (void);
void cv_rtc_room_free (CvRtcRoom *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRtcRoom, cv_rtc_room_free)

/* Lets `client` in, who may send everything, with an offer as of cv_offer_text(). */
void cv_rtc_room_join (CvRtcRoom *self, const char *person, CvRtcClient *client, guint audio, guint video);
/* The same and connects. Returns: (transfer full). */
CvRtcClient *cv_rtc_room_add (CvRtcRoom *self, const char *person, guint audio, guint video);
CvEndpoint *cv_rtc_room_get (CvRtcRoom *self, const char *person); /* or NULL */
/* "": it said nothing yet. */
const char *cv_rtc_room_get_news (CvRtcRoom *self, const char *what);

/* What a person sends: a layer of the camera (m-line "1"), the screen ("2") or sound ("0", "3"). */
typedef struct {
  CvRtcClient *client;
  const char *mid, *rid; /* rid: NULL without simulcast */
  guint32 ssrc, rtx_ssrc;
  guint64 index, rtx_index; /* the next ones */
  guint32 timestamp;
  guint16 picture;
  guint8 tl0;
  GHashTable *made; /* of what was made: index → CvRtcMade */
} CvRtcTrack;

/* The payload ends in the index (64 bits) and the SSRC that it was made for. */
#define CV_RTC_MARK 12

void cv_rtc_track_init (CvRtcTrack *self, CvRtcClient *client, const char *mid, const char *rid, guint32 ssrc);
void cv_rtc_track_clear (CvRtcTrack *self);
/* A picture of that many packets; `lost`: a bit for each of the first 32 that is not sent. */
void cv_rtc_track_frame (CvRtcTrack *self, gboolean keyframe, guint packets, guint lost);
/* A packet of sound. */
void cv_rtc_track_sound (CvRtcTrack *self, guint8 level);
/* Sends a packet that was made before: as it was, or over RTX. */
void cv_rtc_track_again (CvRtcTrack *self, guint64 index);
void cv_rtc_track_repair (CvRtcTrack *self, guint64 index);
/* How often a client got the packet, under the SSRC of one of its slots or over RTX. */
guint cv_rtc_track_count (const CvRtcTrack *self, const CvRtcClient *client, guint64 index);

G_END_DECLS
