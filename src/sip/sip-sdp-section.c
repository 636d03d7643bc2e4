/* See sip-sdp-section.h. */
#include "sip/sip-sdp-section.h"

#include "base/ids.h"

#include <arpa/inet.h>
#include <string.h>

#define TOKEN "!#$%&'*+-.^_`{|}~/"

enum { EVENT = CV_N_PHONE_CODECS + 1, FOREIGN };

static const CvSrtpProfile profiles[] = { CV_SRTP_AES128_CM_SHA1_80, CV_SRTP_AEAD_AES_128_GCM,
                                          CV_SRTP_AEAD_AES_256_GCM };

static const struct {
  const char *name;
  gboolean secure, dtls;
} protocols[] = {
  { "RTP/AVP", FALSE, FALSE },  { "RTP/AVPF", FALSE, FALSE },       { "RTP/SAVP", TRUE, FALSE },
  { "RTP/SAVPF", TRUE, FALSE }, { "UDP/TLS/RTP/SAVP", TRUE, TRUE }, { "UDP/TLS/RTP/SAVPF", TRUE, TRUE },
};

void
cv_sip_section_init (CvSipSection *self)
{
  memset (self, 0, sizeof *self);
  self->sends = self->receives = TRUE;
}

static const char *
read_formats (CvSipSection *self, CvSpan rest)
{
  while (rest.n > 0) {
    guint32 type;
    CvSpan word = cv_span_until (&rest, ' ');
    if (word.n == 0)
      continue;
    if (!cv_span_number (word, 127, &type))
      return "a payload type is a number up to 127";
    if (self->n_formats == CV_SIP_SECTION_MAX_FORMATS)
      return "too many payload types";
    self->formats[self->n_formats++] = (guint8) type;
  }
  return NULL;
}

const char *
cv_sip_section_begin (CvSipSection *self, CvSpan value, CvSipLine *line)
{
  guint32 port;
  CvSpan media = cv_span_until (&value, ' ');
  CvSpan ports = cv_span_until (&value, ' ');
  CvSpan protocol = cv_span_until (&value, ' ');
  CvSpan rest = value;
  if (!cv_span_copy (media, TOKEN, line->media, sizeof line->media) ||
      !cv_span_copy (protocol, TOKEN, line->protocol, sizeof line->protocol) ||
      !cv_span_copy (cv_span_until (&rest, ' '), TOKEN, line->format, sizeof line->format))
    return "a line of media has a medium, a port, a protocol and a format";
  if (!cv_span_number (cv_span_until (&ports, '/'), 65535, &port))
    return "a port is a number up to 65535";
  self->port = (guint16) port;
  if (!cv_span_is (media, "audio") || port == 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++) {
    if (!cv_span_is (protocol, protocols[i].name))
      continue;
    self->useful = TRUE;
    self->secure = protocols[i].secure;
    self->dtls = protocols[i].dtls;
    return read_formats (self, value);
  }
  return NULL;
}

/* "IN IP4 192.0.2.1/127". What is no number is a name, which is of no use to us. */
const char *
cv_sip_section_connection (CvSipSection *self, CvSpan value)
{
  guint8 bytes[16];
  CvSpan net = cv_span_until (&value, ' ');
  CvSpan family = cv_span_until (&value, ' ');
  gboolean six = cv_span_is (family, "IP6");
  if (!cv_span_is (net, "IN") || (!six && !cv_span_is (family, "IP4")))
    return "a connection is IN, IP4 or IP6, and an address";
  self->on_hold = FALSE;
  self->address[0] = '\0';
  if (!cv_span_copy (cv_span_until (&value, '/'), ":.-", self->address, sizeof self->address))
    return "a connection has an address";
  if (inet_pton (six ? AF_INET6 : AF_INET, self->address, bytes) != 1) {
    self->address[0] = '\0';
    return NULL;
  }
  static const guint8 zero[16];
  self->on_hold = memcmp (bytes, zero, six ? 16 : 4) == 0;
  /* not to many at once */
  if (six ? bytes[0] == 0xff : bytes[0] >= 224)
    self->address[0] = '\0';
  return NULL;
}

/* "101 telephone-event/8000" */
static const char *
take_rtpmap (CvSipSection *self, CvSpan value)
{
  guint32 type, rate;
  if (!cv_span_number (cv_span_until (&value, ' '), 127, &type))
    return "rtpmap begins with a payload type";
  CvSpan name = cv_span_until (&value, '/');
  if (!cv_span_number (cv_span_until (&value, '/'), 1000000, &rate))
    return "rtpmap has a name and a clock";
  self->meanings[type] = FOREIGN;
  if (cv_span_is_nocase (name, "telephone-event") && (rate == 8000 || rate == 48000)) {
    self->meanings[type] = EVENT;
    self->event_rates[type] = (guint16) rate;
  }
  for (guint i = 0; i < CV_N_PHONE_CODECS; i++)
    if (cv_span_is_nocase (name, cv_phone_codec_get_name (i)) && rate == cv_phone_codec_get_clock (i))
      self->meanings[type] = (guint8) (i + 1);
  return NULL;
}

/* "inline:KEY|2^20|1:4": one key, without an identifier. */
static gboolean
read_key (CvSpan value, CvSrtpProfile profile, guint8 *key)
{
  gsize n;
  if (!cv_span_skip (&value, "inline:"))
    return FALSE;
  g_autofree char *text = g_strndup (value.at, value.n);
  char *bar = strchr (text, '|');
  gboolean plain = strchr (text, ';') == NULL && (bar == NULL || strchr (bar, ':') == NULL);
  if (bar != NULL)
    *bar = '\0';
  guint8 *bytes = g_base64_decode (text, &n);
  gboolean fine = plain && n == cv_srtp_key_length (profile) + cv_srtp_salt_length (profile);
  if (fine)
    memcpy (key, bytes, n);
  cv_wipe (bytes, n);
  g_free (bytes);
  cv_wipe (text, strlen (text));
  return fine;
}

/* Session parameters that change what SRTP does are not for us. */
static gboolean
has_only_harmless (CvSpan parameters)
{
  while (parameters.n > 0) {
    CvSpan word = cv_span_until (&parameters, ' ');
    if (word.n > 0 && !cv_span_skip (&word, "WSH="))
      return FALSE;
  }
  return TRUE;
}

/* "1 AES_CM_128_HMAC_SHA1_80 inline:… [parameters]" */
static const char *
take_crypto (CvSipSection *self, CvSpan value)
{
  guint32 tag;
  if (++self->n_cryptos > CV_SIP_SECTION_MAX_CRYPTOS)
    return "too many keys";
  if (!cv_span_number (cv_span_until (&value, ' '), 999999999, &tag))
    return "crypto begins with a number";
  CvSpan name = cv_span_until (&value, ' ');
  CvSpan key = cv_span_until (&value, ' ');
  for (guint i = 0; i < G_N_ELEMENTS (profiles) && !self->has_crypto; i++) {
    if (!cv_span_is (name, cv_sip_suite_get_name (profiles[i])) || !has_only_harmless (value) ||
        !read_key (key, profiles[i], self->key))
      continue;
    self->has_crypto = TRUE;
    self->crypto_tag = tag;
    self->profile = profiles[i];
  }
  return NULL;
}

static const char *
take_fingerprint (CvSipSection *self, CvSpan value)
{
  if (!cv_span_is_nocase (cv_span_until (&value, ' '), "sha-256"))
    return NULL;
  if (value.n != 3 * sizeof self->fingerprint - 1)
    return "a SHA-256 fingerprint has 32 bytes";
  for (gsize i = 0; i < sizeof self->fingerprint; i++) {
    const char *at = value.at + 3 * i;
    int high = g_ascii_xdigit_value (at[0]), low = g_ascii_xdigit_value (at[1]);
    if (high < 0 || low < 0 || (i + 1 < sizeof self->fingerprint && at[2] != ':'))
      return "a fingerprint is hexadecimal numbers with colons between";
    self->fingerprint[i] = (guint8) (high << 4 | low);
  }
  self->has_fingerprint = TRUE;
  return NULL;
}

static gboolean
take_direction (CvSipSection *self, CvSpan name)
{
  static const struct {
    const char *name;
    gboolean sends, receives;
  } directions[] = {
    { "sendrecv", TRUE, TRUE }, { "sendonly", TRUE, FALSE }, { "recvonly", FALSE, TRUE }, { "inactive", FALSE, FALSE }
  };
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    if (!cv_span_is (name, directions[i].name))
      continue;
    self->sends = directions[i].sends;
    self->receives = directions[i].receives;
    return TRUE;
  }
  return FALSE;
}

const char *
cv_sip_section_attribute (CvSipSection *self, CvSpan value)
{
  guint32 port;
  CvSpan name = cv_span_until (&value, ':');
  if (take_direction (self, name))
    return NULL;
  if (cv_span_is (name, "rtpmap"))
    return take_rtpmap (self, value);
  if (cv_span_is (name, "crypto"))
    return take_crypto (self, value);
  if (cv_span_is (name, "fingerprint"))
    return take_fingerprint (self, value);
  if (cv_span_is (name, "setup"))
    self->passive = cv_span_is (value, "passive") || cv_span_is (value, "holdconn");
  else if (cv_span_is (name, "rtcp-mux"))
    self->rtcp_mux = TRUE;
  else if (cv_span_is (name, "rtcp") && cv_span_number (cv_span_until (&value, ' '), 65535, &port))
    self->rtcp_port = (guint16) port;
  return NULL;
}

/* What a payload type means, those of old without an rtpmap. */
static guint8
get_meaning (const CvSipSection *self, guint8 type)
{
  if (self->meanings[type] != 0)
    return self->meanings[type];
  return type == 0 ? CV_PHONE_PCMU + 1 : type == 8 ? CV_PHONE_PCMA + 1 : type == 9 ? CV_PHONE_G722 + 1 : FOREIGN;
}

static gboolean
choose_codec (const CvSipSection *self, CvCallAgreement *media)
{
  for (guint i = 0; i < self->n_formats; i++) {
    guint8 meaning = get_meaning (self, self->formats[i]);
    if (meaning > CV_N_PHONE_CODECS)
      continue;
    media->codec = meaning - 1;
    media->payload_type = self->formats[i];
    return TRUE;
  }
  return FALSE;
}

/* Digits with the clock of the codec, else with any. */
static void
choose_events (const CvSipSection *self, CvCallAgreement *media)
{
  guint rate = cv_phone_codec_get_clock (media->codec);
  for (guint i = 0; i < self->n_formats; i++) {
    guint8 type = self->formats[i];
    if (type == 0 || get_meaning (self, type) != EVENT)
      continue;
    if (media->digits_type != 0 && self->event_rates[type] != rate)
      continue;
    media->digits_type = type;
    media->digits_clock = self->event_rates[type];
    if (media->digits_clock == rate)
      return;
  }
}

/* What is offered besides plain RTP is taken too (RFC 8643), where it may be. */
static gboolean
choose_security (const CvSipSection *self, CvSipPolicy policy, gboolean sdes, CvCallAgreement *media)
{
  media->security = CV_CALL_PLAIN;
  if (policy != CV_SIP_OFF && self->has_fingerprint && !self->passive && (self->dtls || !self->secure))
    media->security = CV_CALL_DTLS;
  else if (policy != CV_SIP_OFF && sdes && self->has_crypto && !self->dtls)
    media->security = CV_CALL_SDES;
  if (media->security == CV_CALL_PLAIN)
    return !self->secure && policy != CV_SIP_REQUIRE;
  media->profile = self->profile;
  memcpy (media->their_key, self->key, sizeof self->key);
  memcpy (media->fingerprint, self->fingerprint, sizeof self->fingerprint);
  return TRUE;
}

gboolean
cv_sip_section_agree (const CvSipSection *self, CvSipPolicy policy, gboolean sdes, CvCallAgreement *media)
{
  memset (media, 0, sizeof *media);
  if (!self->useful || self->address[0] == '\0' || !choose_security (self, policy, sdes, media) ||
      !choose_codec (self, media))
    return FALSE;
  choose_events (self, media);
  media->rtcp_mux = self->rtcp_mux;
  guint16 rtcp_port = self->rtcp_mux         ? self->port
                      : self->rtcp_port != 0 ? self->rtcp_port
                                             : (guint16) MIN (self->port + 1, G_MAXUINT16);
  if (!self->on_hold && (!cv_address_parse (&media->remote, self->address, self->port) ||
                         !cv_address_parse (&media->remote_rtcp, self->address, rtcp_port)))
    return FALSE;
  media->sends = self->sends;
  media->receives = self->receives && !self->on_hold;
  return TRUE;
}
