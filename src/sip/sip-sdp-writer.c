/* What we say: answers and offers. See sip-sdp.h. */
#include "sip/sip-sdp.h"

#include "base/ids.h"

#include <string.h>

/* what an offer of ours calls what has no fixed number */
#define EVENT_TYPE 101

const char *
cv_sip_suite_get_name (CvSrtpProfile profile)
{
  switch (profile) {
  case CV_SRTP_AES128_CM_SHA1_80:
    return "AES_CM_128_HMAC_SHA1_80";
  case CV_SRTP_AEAD_AES_128_GCM:
    return "AEAD_AES_128_GCM";
  case CV_SRTP_AEAD_AES_256_GCM:
    return "AEAD_AES_256_GCM";
  default:
    return "";
  }
}

static void
write_head (GString *out, const CvSipEnd *end)
{
  const char *family = strchr (end->address, ':') != NULL ? "IP6" : "IP4";
  g_string_append_printf (out, "v=0\r\no=- %u %u IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n", end->id, end->version,
                          family, end->address, family, end->address);
}

static void
write_codec (GString *out, CvPhoneCodec codec, guint type)
{
  g_string_append_printf (out, "a=rtpmap:%u %s/%u%s\r\n", type, cv_phone_codec_get_name (codec),
                          cv_phone_codec_get_clock (codec), codec == CV_PHONE_OPUS ? "/2" : "");
  if (codec == CV_PHONE_OPUS)
    g_string_append_printf (out, "a=fmtp:%u maxplaybackrate=16000;sprop-maxcapturerate=16000;useinbandfec=1\r\n", type);
}

static void
write_events (GString *out, guint type, guint rate)
{
  g_string_append_printf (out, "a=rtpmap:%u telephone-event/%u\r\na=fmtp:%u 0-15\r\n", type, rate, type);
}

static void
write_crypto (GString *out, const CvSipSdp *sdp)
{
  CvSrtpProfile profile = sdp->media.profile;
  g_autofree char *key =
    g_base64_encode (sdp->media.our_key, cv_srtp_key_length (profile) + cv_srtp_salt_length (profile));
  g_string_append_printf (out, "a=crypto:%u %s inline:%s\r\n", sdp->crypto_tag, cv_sip_suite_get_name (profile), key);
  cv_wipe (key, strlen (key));
}

static void
write_fingerprint (GString *out, const CvSipEnd *end)
{
  g_string_append (out, "a=fingerprint:sha-256 ");
  for (guint i = 0; i < 32; i++)
    g_string_append_printf (out, "%s%02X", i > 0 ? ":" : "", end->fingerprint[i]);
  g_string_append (out, "\r\na=setup:passive\r\n");
}

static void
write_direction (GString *out, const CvCallAgreement *media, gboolean hold)
{
  gboolean sends = media->receives && !hold, receives = media->sends && !hold;
  g_string_append_printf (out, "a=%s\r\n",
                          sends && receives ? "sendrecv"
                          : sends           ? "sendonly"
                          : receives        ? "recvonly"
                                            : "inactive");
}

static void
write_agreed (GString *out, const CvSipSdp *sdp, const CvSipEnd *end, const char *protocol)
{
  const CvCallAgreement *media = &sdp->media;
  g_string_append_printf (out, "m=audio %u %s %u", end->port, protocol, media->payload_type);
  if (media->digits_type != 0)
    g_string_append_printf (out, " %u", media->digits_type);
  g_string_append (out, "\r\n");
  write_codec (out, media->codec, media->payload_type);
  if (media->digits_type != 0)
    write_events (out, media->digits_type, media->digits_clock);
  if (media->security == CV_CALL_SDES)
    write_crypto (out, sdp);
  if (media->security == CV_CALL_DTLS)
    write_fingerprint (out, end);
  if (media->rtcp_mux)
    g_string_append (out, "a=rtcp-mux\r\n");
  g_string_append (out, "a=ptime:20\r\n");
  write_direction (out, media, end->hold);
}

char *
cv_sip_sdp_write_answer (const CvSipSdp *self, const CvSipEnd *end)
{
  GString *out = g_string_sized_new (1024);
  write_head (out, end);
  for (guint i = 0; i < self->n_lines; i++) {
    const CvSipLine *line = &self->lines[i];
    if (i == self->chosen)
      write_agreed (out, self, end, line->protocol);
    else
      g_string_append_printf (out, "m=%s 0 %s %s\r\n", line->media, line->protocol, line->format);
  }
  return g_string_free (out, FALSE);
}

static const char *
get_protocol (CvCallSecurity security)
{
  static const char *const names[] = { "RTP/AVP", "RTP/SAVP", "UDP/TLS/RTP/SAVP" };
  return names[security];
}

char *
cv_sip_sdp_write_offer (const CvSipSdp *self, const CvSipEnd *end)
{
  GString *out = g_string_sized_new (1024);
  write_head (out, end);
  if (self != NULL) {
    write_agreed (out, self, end, get_protocol (self->media.security));
    return g_string_free (out, FALSE);
  }
  g_string_append_printf (out, "m=audio %u RTP/AVP 9 8 0 %u\r\n", end->port, EVENT_TYPE);
  write_codec (out, CV_PHONE_G722, 9);
  write_codec (out, CV_PHONE_PCMA, 8);
  write_codec (out, CV_PHONE_PCMU, 0);
  write_events (out, EVENT_TYPE, 8000);
  g_string_append (out, "a=ptime:20\r\na=sendrecv\r\n");
  return g_string_free (out, FALSE);
}
