/* Transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01), both ends. Main thread.
 *
 * CvTwccReceiver notes when the packets of a publisher came and writes feedback to it. CvTwccSender numbers what goes to a
 * subscriber and reads its feedback. Neither knows a socket, a clock or what the results are used for.
 */
#pragma once

#include "rtp/rtcp.h"

G_BEGIN_DECLS

/* Packets that a sender remembers; feedback on older ones is ignored. */
#define CV_TWCC_RING 4096
/* Results that one feedback has in practice: room for these is enough. */
#define CV_TWCC_RESULTS 512
/* A feedback packet is never longer. */
#define CV_TWCC_MAX_BYTES 1100

typedef struct _CvTwccReceiver CvTwccReceiver;
CvTwccReceiver *cv_twcc_receiver_new (void);
void cv_twcc_receiver_free (CvTwccReceiver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTwccReceiver, cv_twcc_receiver_free)
/* A packet with that transport-wide number came at `arrival_us` (monotonic, ≥ 0). */
void cv_twcc_receiver_add (CvTwccReceiver *self, guint16 seq, gint64 arrival_us);
/* Appends one feedback packet about what is not reported yet. FALSE: nothing to say, or no room and nothing written. What
 * does not fit one packet is left for the next call: call until FALSE, every 50 to 100 ms. */
gboolean cv_twcc_receiver_write (CvTwccReceiver *self, CvRtcpWriter *writer, guint32 sender, guint32 media);

typedef struct {
  gint64 sent_us;
  gint64 arrival_us; /* by the other's clock, monotonic over feedbacks; 0 where lost */
  guint bytes;
  guint probe;   /* as given to cv_twcc_sender_sent() */
  gboolean lost; /* said once for each packet */
  gboolean late; /* came although an earlier feedback called it lost */
} CvTwccResult;

typedef struct _CvTwccSender CvTwccSender;
CvTwccSender *cv_twcc_sender_new (void);
void cv_twcc_sender_free (CvTwccSender *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTwccSender, cv_twcc_sender_free)
/* Returns the number to write into the packet that leaves now. `bytes` ≤ 65535; `probe`: 0, or a probe's number (1…255). */
guint16 cv_twcc_sender_sent (CvTwccSender *self, gint64 now_us, gsize bytes, guint probe);
/* `fci`: what follows the two SSRCs of the RTCP packet, from a stranger. Fills `results` in order of sequence and returns
 * how many; 0 where it is malformed, has nothing new or is about packets never sent. What does not fit `max` is forgotten. */
guint cv_twcc_sender_feedback (CvTwccSender *self, const guint8 *fci, gsize n, CvTwccResult *results, guint max);
/* For how long packets were sent without any feedback, µs: from the first after the last feedback to the last. */
gint64 cv_twcc_sender_get_silence (CvTwccSender *self);
/* What was sent so far went somewhere else: there are no results of it. Numbers go on. */
void cv_twcc_sender_forget (CvTwccSender *self);

G_END_DECLS
