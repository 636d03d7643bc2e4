/* The signalling of a phone, over one UDP socket of loopback and in the test's own main loop; and what a conclave-sip is opened
 * with.
 */
#pragma once

#include "sip/sip-config.h"

G_BEGIN_DECLS

#define CV_TEST_SIP_SDP                                                                                                \
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"                                          \
  "m=audio 40000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"

/* As `open` says it, without descriptors; `trunks`: the members of one trunk that are not as usual, ending in a comma. */
char *cv_test_sip_open (const char *unknown, guint calls, guint invites_per_second, const char *trunk);
/* The same as a configuration. (transfer full) */
CvSipConfig *cv_test_sip_config (const char *unknown, guint calls, guint invites_per_second, const char *trunk);

typedef struct {
  int fd;
  guint16 port, target;
  const char *number;           /* that it dials */
  char *call_id, *tag, *to_tag; /* NULL: no dialog yet */
  guint seq;
  char *branch;  /* of the last request */
  char *request; /* the last one that came */
  char *last;    /* whatever came last */
} CvTestSipPhone;

CvTestSipPhone *cv_test_sip_phone_new (guint16 target);
void cv_test_sip_phone_free (CvTestSipPhone *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvTestSipPhone, cv_test_sip_phone_free)

/* `headers`: whole lines, or "". `body`: SDP if it begins with v=, else dtmf-relay; or "". */
void cv_test_sip_phone_send (CvTestSipPhone *self, const char *method, const char *headers, const char *body);
/* Sends, and waits for the final answer: its status. The tag of To is kept. */
guint cv_test_sip_phone_ask (CvTestSipPhone *self, const char *method, const char *headers, const char *body);
/* INVITE, 200, ACK. */
void cv_test_sip_phone_call (CvTestSipPhone *self, const char *headers);
void cv_test_sip_phone_ack (CvTestSipPhone *self, const char *body);
/* What comes next; the phone's until the next one. */
const char *cv_test_sip_phone_receive (CvTestSipPhone *self);
/* The next request of that method, which is not answered yet. */
const char *cv_test_sip_phone_expect (CvTestSipPhone *self, const char *method);
/* Answers it. */
void cv_test_sip_phone_answer (CvTestSipPhone *self, const char *status, const char *headers, const char *body);
gboolean cv_test_sip_phone_has (CvTestSipPhone *self);
/* A line of a message. (transfer full), NULL. */
char *cv_test_sip_get (const char *message, const char *name);

G_END_DECLS
