/* A telephone without signalling, on loopback: says tones, keeps what it hears. Used with an exchange that is stopped: what
 * was sent is there at once, and nothing takes time. */
#pragma once

#include "rtp/srtp.h"
#include "sip/call-media.h"

G_BEGIN_DECLS

#define CV_TEST_PHONE_PCMU 0
#define CV_TEST_PHONE_DIGITS 101

typedef struct {
  int fd; /* of RTP */
  CvAddress address, call;
  CvPhoneCodec codec;
  guint8 type;
  CvCoder *coder;
  guint32 ssrc, timestamp;
  guint64 index;
  gsize said;    /* samples */
  GArray *heard; /* of gint16, 16 kHz */
  GString *keys; /* RTP events that came: a letter for each packet, upper case for the end */
  guint packets; /* that came */
  guint others;  /* of another type or not to be read */
  guint32 last_timestamp;
  CvSrtp *send, *receive;
  CvSrtpWindow sent, got;
} CvTestPhone;

/* `host`: of loopback, where it is. */
CvTestPhone *cv_test_phone_new (const char *host, CvPhoneCodec codec);
void cv_test_phone_free (CvTestPhone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTestPhone, cv_test_phone_free)

/* A socket of a call, bound to 127.0.0.1; where it is goes to `phone`, if that is not NULL. */
int cv_test_phone_socket (CvTestPhone *phone);
/* What an SDP of this phone comes to. */
void cv_test_phone_agreement (CvTestPhone *self, CvCallAgreement *agreement);
/* 20 ms of a tone; hertz 0: silence. */
void cv_test_phone_say (CvTestPhone *self, double hertz, double amplitude);
void cv_test_phone_send (CvTestPhone *self, guint8 type, gboolean marker, guint32 timestamp, const guint8 *payload,
                         gsize n);
/* A key, held for 60 ms, with its end three times. */
void cv_test_phone_press (CvTestPhone *self, guint8 event);
/* Takes what came. */
void cv_test_phone_listen (CvTestPhone *self);
/* dB of full scale of a tone in the last 100 ms that it heard. */
double cv_test_phone_hears (CvTestPhone *self, double hertz);

G_END_DECLS
