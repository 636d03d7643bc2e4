/* STUN binding requests of ICE-lite (RFC 8489, RFC 8445). No state; any thread; borrows from the packet. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

#define CV_STUN_HEADER 20
/* longer requests are none of ours */
#define CV_STUN_MAX_PACKET 1500
/* RFC 8489 §14.3 */
#define CV_STUN_MAX_USERNAME 508
/* room that a response needs at most */
#define CV_STUN_MAX_RESPONSE 128

typedef struct {
  guint8 transaction[12];
  const char *username; /* "OURS:THEIRS", in the packet, not ended by a NUL */
  gsize username_n;
  gsize integrity_at; /* where MESSAGE-INTEGRITY begins */
  guint32 priority;
  gboolean use_candidate;
  gboolean controlled;     /* the peer wants us to be the controlling end, which lite ends never are */
  gboolean fingerprint_ok; /* FALSE: there is none; a wrong one is no request */
} CvStunRequest;

/* A cheap test for demultiplexing (RFC 7983): type, cookie and length fit. */
gboolean cv_stun_is (const guint8 *packet, gsize n);

/* A binding request with USERNAME and MESSAGE-INTEGRITY, and nothing in it that must be understood and is not. */
gboolean cv_stun_parse_request (CvStunRequest *self, const guint8 *packet, gsize n);

/* The first half of the username, which is the ufrag that we gave out, ended by a NUL. FALSE: there is none (RFC 8839 §5.4:
 * 4 to 256 letters, digits, + and /), or it does not fit. */
gboolean cv_stun_copy_ufrag (const CvStunRequest *self, char *out, gsize size);

/* MESSAGE-INTEGRITY, with the password of our ufrag. Does not write to the packet. */
gboolean cv_stun_verify (const CvStunRequest *self, const guint8 *packet, gsize n, const char *password);

/* Success response: XOR-MAPPED-ADDRESS (an IPv4 address mapped into IPv6 becomes IPv4), MESSAGE-INTEGRITY, FINGERPRINT.
 * Returns its length; 0: `size` is too small, or `from` is no IP address. */
gsize cv_stun_write_response (guint8 *out, gsize size, const CvStunRequest *request, const struct sockaddr *from,
                              const char *password);

/* Error 487 (Role Conflict), for a request that says `controlled`. Same return value. */
gsize cv_stun_write_conflict (guint8 *out, gsize size, const CvStunRequest *request, const char *password);

G_END_DECLS
