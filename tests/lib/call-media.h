/* In place of a call's media, for tests of signalling: writes down what it is asked, and says what the test lets it. */
#pragma once

#include "sip/call-media.h"

G_BEGIN_DECLS

/* The one that was made last, or NULL. */
CvCallMedia *cv_test_call_media (void);
guint cv_test_call_media_count (void);
void cv_test_call_media_press (CvCallMedia *self, const char *digits);
void cv_test_call_media_lose (CvCallMedia *self, const char *reason);
const CvCallAgreement *cv_test_call_media_agreement (CvCallMedia *self);
/* What was said since the last time, the lengths of prompts in samples; each is said to its end at once, from the loop. */
guint cv_test_call_media_said (CvCallMedia *self);
gboolean cv_test_call_media_is_muted (CvCallMedia *self);
/* 0: not attached. */
guint32 cv_test_call_media_number (CvCallMedia *self);
gboolean cv_test_call_media_loops (CvCallMedia *self);

guint cv_test_bridge_count (void);
/* Of the last one that was made, as if its other end had gone. */
void cv_test_bridge_end (void);

G_END_DECLS
