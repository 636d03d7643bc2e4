/* See ice.h. STUN is RFC 8489. */
#include "rtc/ice.h"

#include "rtp/bytes.h"
#include "rtc/clock.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu
#define CHECK_INTERVAL (50 * CV_RTC_MS)
#define CONSENT_INTERVAL (5 * CV_RTC_S)
#define TIMEOUT (15 * CV_RTC_S)
#define MAX_MESSAGE 1024

enum { REQUEST = 0x0001, RESPONSE = 0x0101, ERROR_RESPONSE = 0x0111 };
enum {
  USERNAME = 0x0006,
  MESSAGE_INTEGRITY = 0x0008,
  ERROR_CODE = 0x0009,
  XOR_MAPPED_ADDRESS = 0x0020,
  PRIORITY = 0x0024,
  USE_CANDIDATE = 0x0025,
  FINGERPRINT = 0x8028,
  ICE_CONTROLLED = 0x8029,
  ICE_CONTROLLING = 0x802a,
};

typedef struct {
  guint type, error;
  const guint8 *username, *role;
  gsize username_n;
  guint role_type;
  gboolean use_candidate;
  gsize integrity_at; /* 0: none, or a wrong one */
} Message;

/* ---- writing ---- */

static guint32
crc32 (const guint8 *data, gsize n)
{
  guint32 crc = ~0u;
  for (gsize i = 0; i < n; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

static void
integrity (const guint8 *data, gsize n, const char *key, guint8 out[20])
{
  guint length = 20;
  HMAC (EVP_sha1 (), key, (int) strlen (key), data, n, out, &length);
}

static gsize
begin (guint8 *out, guint type, const guint8 transaction[12])
{
  cv_write16 (out, (guint16) type);
  cv_write32 (out + 4, COOKIE);
  memcpy (out + 8, transaction, 12);
  return 20;
}

static gsize
add (guint8 *out, gsize at, guint type, gconstpointer value, gsize n)
{
  cv_write16 (out + at, (guint16) type);
  cv_write16 (out + at + 2, (guint16) n);
  if (n > 0)
    memcpy (out + at + 4, value, n);
  for (at += 4 + n; at % 4 != 0; at++)
    out[at] = 0;
  return at;
}

/* MESSAGE-INTEGRITY and FINGERPRINT. */
static gsize
seal (guint8 *out, gsize at, const char *key)
{
  guint8 mac[20], crc[4];
  cv_write16 (out + 2, (guint16) (at + 24 - 20));
  integrity (out, at, key, mac);
  at = add (out, at, MESSAGE_INTEGRITY, mac, sizeof mac);
  cv_write16 (out + 2, (guint16) (at + 8 - 20));
  cv_write32 (crc, crc32 (out, at) ^ FINGERPRINT_XOR);
  return add (out, at, FINGERPRINT, crc, sizeof crc);
}

static void
send_check (CvRtcIce *self, const CvRtcAddress *to, guint64 now)
{
  guint8 out[MAX_MESSAGE], transaction[12], priority[4];
  char username[600];
  memcpy (transaction, self->transaction, sizeof self->transaction);
  cv_write32 (transaction + 8, ++self->counter);
  self->sent_at[self->counter % G_N_ELEMENTS (self->sent_at)] = now;
  gsize n = begin (out, REQUEST, transaction);
  int length = snprintf (username, sizeof username, "%s:%s", self->remote->ufrag, self->ufrag);
  n = add (out, n, USERNAME, username, (gsize) length);
  cv_write32 (priority, 110u << 24 | 65535u << 8 | 255);
  n = add (out, n, PRIORITY, priority, sizeof priority);
  n = add (out, n, self->controlling ? ICE_CONTROLLING : ICE_CONTROLLED, self->tie_breaker, 8);
  if (self->controlling) /* aggressive nomination */
    n = add (out, n, USE_CANDIDATE, NULL, 0);
  self->funcs->send (self->user_data, to, out, seal (out, n, self->remote->pwd));
}

static void
send_response (CvRtcIce *self, const guint8 *request, const CvRtcAddress *from)
{
  guint8 out[256], mapped[20] = { 0, from->any.sa_family == AF_INET6 ? 2 : 1 };
  gsize n = begin (out, RESPONSE, request + 8), length = from->any.sa_family == AF_INET6 ? 20 : 8;
  cv_write16 (mapped + 2, (guint16) (cv_rtc_address_port (from) ^ (COOKIE >> 16)));
  memcpy (mapped + 4, length == 20 ? (gconstpointer) &from->v6.sin6_addr : (gconstpointer) &from->v4.sin_addr,
          length - 4);
  for (gsize i = 4; i < length; i++)
    mapped[i] ^= request[i]; /* cookie and transaction follow each other there, too */
  n = add (out, n, XOR_MAPPED_ADDRESS, mapped, length);
  self->funcs->send (self->user_data, from, out, seal (out, n, self->pwd));
}

static void
send_role_conflict (CvRtcIce *self, const guint8 *request, const CvRtcAddress *from)
{
  static const guint8 code[] = { 0, 0, 4, 87, 'R', 'o', 'l', 'e' };
  guint8 out[256];
  gsize n = begin (out, ERROR_RESPONSE, request + 8);
  n = add (out, n, ERROR_CODE, code, sizeof code);
  self->funcs->send (self->user_data, from, out, seal (out, n, self->pwd));
}

/* ---- reading ---- */

static gboolean
read_message (Message *message, const guint8 *packet, gsize n)
{
  *message = (Message){ 0 };
  if (n < 20 || n > MAX_MESSAGE || cv_read32 (packet + 4) != COOKIE || cv_read16 (packet + 2) + 20u != n)
    return FALSE;
  message->type = cv_read16 (packet);
  for (gsize at = 20; at + 4 <= n;) {
    guint type = cv_read16 (packet + at);
    gsize length = cv_read16 (packet + at + 2);
    const guint8 *value = packet + at + 4;
    if (at + 4 + length > n)
      return FALSE;
    if (type == USERNAME) {
      message->username = value;
      message->username_n = length;
    } else if (type == MESSAGE_INTEGRITY && length == 20) {
      message->integrity_at = at;
    } else if (type == USE_CANDIDATE) {
      message->use_candidate = TRUE;
    } else if ((type == ICE_CONTROLLING || type == ICE_CONTROLLED) && length == 8) {
      message->role = value;
      message->role_type = type;
    } else if (type == ERROR_CODE && length >= 4) {
      message->error = value[2] * 100u + value[3];
    }
    at += 4 + (length + 3) / 4 * 4;
  }
  return TRUE;
}

static gboolean
is_authentic (const Message *message, const guint8 *packet, const char *key)
{
  guint8 copy[MAX_MESSAGE], mac[20];
  gsize at = message->integrity_at;
  if (at == 0)
    return FALSE;
  memcpy (copy, packet, at);
  cv_write16 (copy + 2, (guint16) (at + 24 - 20));
  integrity (copy, at, key, mac);
  return CRYPTO_memcmp (mac, packet + at + 4, sizeof mac) == 0;
}

/* ---- state ---- */

void
cv_rtc_ice_init (CvRtcIce *self, const CvRtcIceFuncs *funcs, gpointer user_data, guint64 now)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
  memset (self, 0, sizeof *self);
  self->funcs = funcs;
  self->user_data = user_data;
  self->started = now;
  self->consent_after = 30 * CV_RTC_S;
  self->check_every = CONSENT_INTERVAL;
  for (guint i = 0; i < sizeof self->ufrag - 1; i++)
    self->ufrag[i] = letters[g_random_int () & 63];
  for (guint i = 0; i < sizeof self->pwd - 1; i++)
    self->pwd[i] = letters[g_random_int () & 63];
  for (guint i = 0; i < 8; i += 4) {
    cv_write32 (self->transaction + i, g_random_int ());
    cv_write32 (self->tie_breaker + i, g_random_int ());
  }
}

void
cv_rtc_ice_set_remote (CvRtcIce *self, CvRtcSdp *remote, guint64 now)
{
  if (self->remote == NULL)
    self->started = now;
  self->remote = remote;
  if (!self->connected)
    self->next_check = 0;
}

static void
select_peer (CvRtcIce *self, const CvRtcAddress *address, guint64 now)
{
  gboolean again = self->connected;
  self->peer = *address;
  self->has_peer = self->connected = TRUE;
  if (again)
    return;
  self->next_check = now + self->check_every;
  self->last_answer = now;
  self->funcs->selected (self->user_data);
}

void
cv_rtc_ice_check (CvRtcIce *self, guint64 now)
{
  if (self->has_peer && self->remote != NULL)
    send_check (self, &self->peer, now);
}

void
cv_rtc_ice_tick (CvRtcIce *self, guint64 now)
{
  if (self->remote == NULL || now < self->next_check)
    return;
  if (self->connected) {
    self->next_check = now + self->check_every;
    if (self->consent_after != 0 && now - self->last_answer > self->consent_after)
      self->funcs->failed (self->user_data, "consent lost");
    else
      send_check (self, &self->peer, now);
    return;
  }
  if (now - self->started > TIMEOUT) {
    self->funcs->failed (self->user_data, "ice timeout");
    return;
  }
  self->next_check = now + CHECK_INTERVAL;
  for (guint i = 0; i < self->remote->n_candidates; i++)
    send_check (self, &self->remote->candidates[i], now);
}

/* The number of that candidate; a new one is peer reflexive. -1: there are too many. */
static int
candidate_of (CvRtcIce *self, const CvRtcAddress *address, gboolean learn)
{
  CvRtcSdp *remote = self->remote;
  if (remote == NULL)
    return -1;
  for (guint i = 0; i < remote->n_candidates; i++)
    if (cv_rtc_address_equal (&remote->candidates[i], address))
      return (int) i;
  if (!learn || remote->n_candidates == CV_RTC_MAX_CANDIDATES)
    return -1;
  remote->candidates[remote->n_candidates] = *address;
  return (int) remote->n_candidates++;
}

static void
take_request (CvRtcIce *self, const Message *message, const guint8 *packet, const CvRtcAddress *from, guint64 now)
{
  gsize n = strlen (self->ufrag);
  if (message->username == NULL || message->username_n <= n || memcmp (message->username, self->ufrag, n) != 0 ||
      message->username[n] != ':') {
    self->bad++;
    return;
  }
  if (message->role != NULL && (message->role_type == ICE_CONTROLLING) == self->controlling) { /* RFC 8445 §7.3.1.1 */
    gboolean larger = memcmp (self->tie_breaker, message->role, 8) >= 0;
    if (larger == self->controlling) {
      send_role_conflict (self, packet, from);
      return;
    }
    self->controlling = !self->controlling;
  }
  send_response (self, packet, from);
  int i = candidate_of (self, from, TRUE);
  if (i >= 0 && message->use_candidate && !self->controlling) {
    self->nominated[i] = TRUE;
    if (self->connected)
      select_peer (self, from, now);
  }
  if (!self->connected && self->remote != NULL)
    send_check (self, from, now);
}

static void
take_response (CvRtcIce *self, const guint8 *packet, const CvRtcAddress *from, guint64 now)
{
  if (memcmp (packet + 8, self->transaction, sizeof self->transaction) != 0)
    return;
  guint32 counter = cv_read32 (packet + 16);
  if (self->counter - counter < G_N_ELEMENTS (self->sent_at))
    self->rtt = now - self->sent_at[counter % G_N_ELEMENTS (self->sent_at)];
  self->last_answer = now;
  int i = candidate_of (self, from, FALSE);
  if (i >= 0 && !self->connected && (self->controlling || self->nominated[i]))
    select_peer (self, from, now);
}

void
cv_rtc_ice_receive (CvRtcIce *self, const guint8 *packet, gsize n, const CvRtcAddress *from, guint64 now)
{
  Message message;
  if (!read_message (&message, packet, n))
    return;
  gboolean is_request = message.type == REQUEST;
  if (!is_request && self->remote == NULL)
    return;
  if (!is_authentic (&message, packet, is_request ? self->pwd : self->remote->pwd)) {
    if (message.type != ERROR_RESPONSE)
      self->bad++;
    return;
  }
  if (is_request) {
    take_request (self, &message, packet, from, now);
  } else if (message.type == RESPONSE) {
    take_response (self, packet, from, now);
  } else if (message.type == ERROR_RESPONSE && message.error == 487) {
    self->controlling = !self->controlling;
    self->next_check = 0;
  }
}
