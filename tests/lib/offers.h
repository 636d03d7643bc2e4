/* Offers as our clients make them, for tests of the media process. */
#pragma once

#include "media/sdp.h"

G_BEGIN_DECLS

/* Microphone, camera (simulcast q, h, f), screen and screen audio, then slots. Parsed. Returns: (transfer full). */
CvSdpOffer *cv_offer_new (guint audio_slots, guint video_slots);
/* The text of it. `fingerprint`: 95 characters, hexadecimal with colons. Returns: (transfer full). */
char *cv_offer_text (const char *fingerprint, guint audio_slots, guint video_slots);

G_END_DECLS
