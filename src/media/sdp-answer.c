/* See sdp-answer.h. Nothing here can fail: what an offer holds was checked when it was parsed. */
#include "media/sdp-answer.h"

#include "media/sdp-media.h"

/* RFC 8445 §5.1.2: a host candidate's type preference, and component 1 */
#define HOST_PREFERENCE 126u
#define MAX_CANDIDATES 16

static void
write_candidates (GString *out, const CvSdpAnswer *answer)
{
  for (guint i = 0; i < MIN (answer->n_candidates, MAX_CANDIDATES); i++)
    g_string_append_printf (out, "a=candidate:%u 1 udp %u %s typ host\r\n", i + 1,
                            HOST_PREFERENCE << 24 | (65535 - i) << 8 | 255, answer->candidates[i]);
  g_string_append (out, "a=end-of-candidates\r\n");
}

static void
write_transport (GString *out, const CvSdpAnswer *answer)
{
  g_string_append_printf (out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 ", answer->ufrag, answer->pwd);
  for (guint i = 0; i < 32; i++)
    g_string_append_printf (out, "%s%02X", i > 0 ? ":" : "", answer->fingerprint[i]);
  g_string_append (out, "\r\na=setup:passive\r\na=rtcp-mux\r\n");
}

static void
write_extension (GString *out, const CvSdpMedia *media, CvExtension extension)
{
  const char *direction = "";
  if (media->extension[extension] == 0)
    return;
  if (!media->extension_receives[extension])
    direction = "/recvonly";
  else if (!media->extension_sends[extension])
    direction = "/sendonly";
  g_string_append_printf (out, "a=extmap:%u%s %s\r\n", media->extension[extension], direction,
                          cv_sdp_get_extension_uri (extension));
}

static void
write_extensions (GString *out, const CvSdpMedia *media)
{
  write_extension (out, media, CV_EXTENSION_MID);
  write_extension (out, media, CV_EXTENSION_AUDIO_LEVEL);
  write_extension (out, media, CV_EXTENSION_TWCC);
  if (media->n_rids == 0)
    return;
  write_extension (out, media, CV_EXTENSION_RID);
  write_extension (out, media, CV_EXTENSION_REPAIRED_RID);
}

static void
write_codec (GString *out, const CvSdpMedia *media, CvCodec codec)
{
  guint type = media->payload_type[codec];
  g_string_append_printf (out, "a=rtpmap:%u %s%s\r\n", type, cv_codec_get_name (codec),
                          codec == CV_CODEC_OPUS ? "/48000/2" : "/90000");
  if (media->fmtp[codec][0] != '\0')
    g_string_append_printf (out, "a=fmtp:%u %s\r\n", type, media->fmtp[codec]);
  if (media->twcc)
    g_string_append_printf (out, "a=rtcp-fb:%u transport-cc\r\n", type);
  if (media->fir)
    g_string_append_printf (out, "a=rtcp-fb:%u ccm fir\r\n", type);
  if (media->nack)
    g_string_append_printf (out, "a=rtcp-fb:%u nack\r\n", type);
  if (media->pli)
    g_string_append_printf (out, "a=rtcp-fb:%u nack pli\r\n", type);
  if (media->rtx_type[codec] != 0)
    g_string_append_printf (out, "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", media->rtx_type[codec],
                            media->rtx_type[codec], type);
}

static void
write_simulcast (GString *out, const CvSdpMedia *media)
{
  if (media->n_rids == 0)
    return;
  for (guint i = 0; i < media->n_rids; i++)
    g_string_append_printf (out, "a=rid:%s recv\r\n", media->rids[i]);
  g_string_append (out, "a=simulcast:recv ");
  for (guint i = 0; i < media->n_rids; i++)
    g_string_append_printf (out, "%s%s%s", i > 0 ? ";" : "", media->rid_paused[i] ? "~" : "", media->rids[i]);
  g_string_append (out, "\r\n");
}

static gboolean
takes_rtx (const CvSdpMedia *media)
{
  for (guint i = 0; i < CV_N_CODECS; i++)
    if (media->rtx_type[i] != 0)
      return TRUE;
  return FALSE;
}

static void
write_slot (GString *out, const CvSdpMedia *media, const CvSdpSlot *slot, const char *cname)
{
  gboolean rtx = slot->rtx_ssrc != 0 && takes_rtx (media);
  if (slot->msid[0] != '\0')
    g_string_append_printf (out, "a=msid:%s\r\n", slot->msid);
  if (slot->ssrc == 0)
    return;
  if (rtx)
    g_string_append_printf (out, "a=ssrc-group:FID %u %u\r\n", slot->ssrc, slot->rtx_ssrc);
  g_string_append_printf (out, "a=ssrc:%u cname:%s\r\n", slot->ssrc, cname);
  if (rtx)
    g_string_append_printf (out, "a=ssrc:%u cname:%s\r\n", slot->rtx_ssrc, cname);
}

static void
write_rejected (GString *out, const CvSdpMedia *media)
{
  g_string_append_printf (out, "m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\n", media->media, media->protocol, media->format);
  if (media->mid[0] != '\0')
    g_string_append_printf (out, "a=mid:%s\r\n", media->mid);
  g_string_append (out, "a=inactive\r\n");
}

/* Who sends and receives is listened to: nothing is sent on a line that brings us something. */
static const char *
get_direction (const CvSdpMedia *media)
{
  if (media->sends)
    return "recvonly";
  return media->receives ? "sendonly" : "inactive";
}

static void
write_media (GString *out, const CvSdpMedia *media, const CvSdpAnswer *answer, const CvSdpSlot *slot, gboolean first)
{
  g_string_append_printf (out, "m=%s 9 %s", media->media, media->protocol);
  for (guint i = 0; i < CV_N_CODECS; i++) {
    if (media->payload_type[i] != 0)
      g_string_append_printf (out, " %u", media->payload_type[i]);
    if (media->rtx_type[i] != 0)
      g_string_append_printf (out, " %u", media->rtx_type[i]);
  }
  g_string_append (out, "\r\nc=IN IP4 0.0.0.0\r\n");
  if (media->mid[0] != '\0')
    g_string_append_printf (out, "a=mid:%s\r\n", media->mid);
  write_transport (out, answer);
  if (media->rsize)
    g_string_append (out, "a=rtcp-rsize\r\n");
  g_string_append_printf (out, "a=%s\r\n", get_direction (media));
  write_extensions (out, media);
  for (guint i = 0; i < CV_N_CODECS; i++)
    if (media->payload_type[i] != 0)
      write_codec (out, media, (CvCodec) i);
  write_simulcast (out, media);
  if (slot != NULL && !media->sends && media->receives)
    write_slot (out, media, slot, answer->cname);
  if (first)
    write_candidates (out, answer);
}

char *
cv_sdp_write_answer (const CvSdpOffer *offer, const CvSdpAnswer *answer)
{
  GString *out = g_string_new (NULL);
  gboolean first = TRUE;

  /* the session's id must only be a number that another session hardly has */
  g_string_append_printf (out, "v=0\r\no=- %u 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n",
                          g_str_hash (answer->ufrag));
  if (offer->bundled) {
    g_string_append (out, "a=group:BUNDLE");
    for (guint i = 0; i < offer->n_media; i++)
      if (!offer->media[i].rejected)
        g_string_append_printf (out, " %s", offer->media[i].mid);
    g_string_append (out, "\r\n");
  }
  for (guint i = 0; i < offer->n_media; i++) {
    const CvSdpMedia *media = &offer->media[i];
    if (media->rejected) {
      write_rejected (out, media);
      continue;
    }
    write_media (out, media, answer, answer->slots != NULL ? &answer->slots[i] : NULL, first);
    first = FALSE;
  }
  return g_string_free (out, FALSE);
}
