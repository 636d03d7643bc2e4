/* See description.h. */
#include "rtc/description.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* Ids of header extensions in our offers. */
static const guint8 ext_ids[CV_RTC_N_EXTS] = {
  [CV_RTC_EXT_LEVEL] = 1, [CV_RTC_EXT_TWCC] = 3,          [CV_RTC_EXT_MID] = 4,
  [CV_RTC_EXT_RID] = 10,  [CV_RTC_EXT_REPAIRED_RID] = 11,
};

static void
write_session (CvRtcPeer *peer, GString *out)
{
  gboolean v6 = peer->transport.local.any.sa_family == AF_INET6;
  g_string_append_printf (out, "v=0\r\no=- 7%09u %u IN IP%s\r\ns=-\r\nt=0 0\r\na=group:BUNDLE", peer->id,
                          ++peer->version, v6 ? "6 ::1" : "4 127.0.0.1");
}

static void
write_transport (CvRtcPeer *peer, GString *out, const char *setup, gboolean first)
{
  const CvRtcTransport *transport = &peer->transport;
  char host[INET6_ADDRSTRLEN];
  g_string_append_printf (out,
                          "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=ice-options:trickle\r\na=fingerprint:sha-256 %s\r\n"
                          "a=setup:%s\r\na=rtcp-mux\r\n",
                          transport->ice.ufrag, transport->ice.pwd, peer->fingerprint, setup);
  if (!first)
    return;
  gboolean v6 = transport->local.any.sa_family == AF_INET6;
  inet_ntop (transport->local.any.sa_family,
             v6 ? (gconstpointer) &transport->local.v6.sin6_addr : (gconstpointer) &transport->local.v4.sin_addr, host,
             sizeof host);
  g_string_append_printf (out, "a=candidate:1 1 udp 2130706431 %s %u typ host\r\na=end-of-candidates\r\n", host,
                          cv_rtc_address_port (&transport->local));
}

static void
write_codec (GString *out, gboolean video, const CvRtcSender *sender)
{
  gboolean twcc = sender == NULL || sender->ext[CV_RTC_EXT_TWCC] != 0;
  gboolean rtx = sender == NULL || sender->rtx_type != 0;
  if (!video) {
    g_string_append (out, "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n");
    if (twcc)
      g_string_append (out, "a=rtcp-fb:111 transport-cc\r\n");
    return;
  }
  g_string_append (out, "a=rtcp-rsize\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 ccm fir\r\na=rtcp-fb:96 nack\r\n"
                        "a=rtcp-fb:96 nack pli\r\n");
  if (twcc)
    g_string_append (out, "a=rtcp-fb:96 transport-cc\r\n");
  if (rtx)
    g_string_append (out, "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
}

/* Announces a line's streams: by SSRC, or by rid where there are several. */
static void
write_senders (CvRtcPeer *peer, const CvRtcLine *line, GString *out)
{
  g_autoptr (GString) rids = g_string_new (NULL);
  for (guint i = 0; i < peer->n_senders; i++) {
    const CvRtcSender *sender = &peer->senders[i];
    if (strcmp (sender->mid, line->mid) != 0)
      continue;
    if (sender->rid[0] != '\0') {
      g_string_append_printf (out, "a=rid:%s send\r\n", sender->rid);
      g_string_append_printf (rids, "%s%s", rids->len > 0 ? ";" : "", sender->rid);
      continue;
    }
    if (sender->rtx_type != 0)
      g_string_append_printf (out, "a=ssrc-group:FID %u %u\r\na=ssrc:%u cname:c%u\r\n", sender->ssrc, sender->rtx_ssrc,
                              sender->rtx_ssrc, peer->id);
    g_string_append_printf (out, "a=ssrc:%u cname:c%u\r\na=ssrc:%u msid:s%u t%s\r\n", sender->ssrc, peer->id,
                            sender->ssrc, peer->id, line->mid);
  }
  if (rids->len > 0)
    g_string_append_printf (out, "a=simulcast:send %s\r\n", rids->str);
}

static const CvRtcSender *
first_sender (const CvRtcPeer *peer, const CvRtcLine *line)
{
  for (guint i = 0; i < peer->n_senders; i++)
    if (strcmp (peer->senders[i].mid, line->mid) == 0)
      return &peer->senders[i];
  return NULL;
}

static void
write_line (CvRtcPeer *peer, const CvRtcLine *line, gboolean first, GString *out)
{
  const CvRtcSender *sender = first_sender (peer, line);
  gboolean video = line->kind == CV_RTC_VIDEO, rtx = sender == NULL || sender->rtx_type != 0;
  g_string_append_printf (out, "m=%s 9 UDP/TLS/RTP/SAVPF %s\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n",
                          video ? "video" : "audio",
                          !video ? "111"
                          : rtx  ? "96 97"
                                 : "96");
  write_transport (peer, out, "actpass", first);
  g_string_append_printf (out, "a=mid:%s\r\n", line->mid);
  for (guint i = 0; i < CV_RTC_N_EXTS; i++) {
    gboolean wanted = sender != NULL ? sender->ext[i] != 0 : i != (video ? CV_RTC_EXT_LEVEL : CV_RTC_EXT_REPAIRED_RID);
    if (wanted)
      g_string_append_printf (out, "a=extmap:%u %s\r\n", ext_ids[i], cv_rtc_ext_uris[i]);
  }
  g_string_append_printf (out, "a=%s\r\n", line->sends ? "sendonly" : "recvonly");
  if (line->sends)
    g_string_append_printf (out, "a=msid:s%u t%s\r\n", peer->id, line->mid);
  write_codec (out, video, sender);
  write_senders (peer, line, out);
}

char *
cv_rtc_description_offer (CvRtcPeer *peer)
{
  GString *out = g_string_new (NULL);
  write_session (peer, out);
  for (guint i = 0; i < peer->n_lines; i++)
    g_string_append_printf (out, " %s", peer->lines[i].mid);
  g_string_append (out, "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS *\r\n");
  for (guint i = 0; i < peer->n_lines; i++)
    write_line (peer, &peer->lines[i], i == 0, out);
  return g_string_free (out, FALSE);
}

/* ---- answers ---- */

/* Lines of the offer that an answer says as well. */
static void
echo_section (const CvRtcSection *section, GString *out)
{
  g_auto (GStrv) lines = g_strsplit (section->text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++) {
    const char *line = lines[i];
    if (g_str_has_prefix (line, "a=rtpmap:") || g_str_has_prefix (line, "a=fmtp:") ||
        g_str_has_prefix (line, "a=rtcp-fb:") || strcmp (line, "a=rtcp-rsize") == 0)
      g_string_append_printf (out, "%s\r\n", line);
    else if (g_str_has_prefix (line, "a=rid:") && g_str_has_suffix (line, " send"))
      g_string_append_printf (out, "%.*s recv\r\n", (int) strlen (line) - 5, line);
    else if (g_str_has_prefix (line, "a=simulcast:send "))
      g_string_append_printf (out, "a=simulcast:recv %s\r\n", line + strlen ("a=simulcast:send "));
  }
  for (guint i = 0; i < CV_RTC_N_EXTS; i++)
    if (section->ext[i] != 0)
      g_string_append_printf (out, "a=extmap:%u %s\r\n", section->ext[i], cv_rtc_ext_uris[i]);
}

static void
write_answer_line (CvRtcPeer *peer, const CvRtcSection *section, gboolean first, GString *out)
{
  gboolean taken = section->kind != CV_RTC_OTHER;
  const char *port = strchr (section->text, ' '), *rest = port != NULL ? strchr (port + 1, ' ') : NULL;
  if (rest == NULL)
    return;
  g_string_append_printf (out, "%.*s %d%.*s\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\n", (int) (port - section->text),
                          section->text, taken ? 9 : 0, (int) strcspn (rest, "\n"), rest, section->mid);
  if (taken) {
    write_transport (peer, out, peer->transport.active ? "active" : "passive", first);
    echo_section (section, out);
  }
  g_string_append_printf (out, "a=%s\r\n", taken && section->sends ? "recvonly" : "inactive");
}

char *
cv_rtc_description_answer (CvRtcPeer *peer)
{
  GString *out = g_string_new (NULL);
  GArray *sections = peer->remote->sections;
  gboolean first = TRUE;
  write_session (peer, out);
  for (guint i = 0; i < sections->len; i++)
    if (g_array_index (sections, CvRtcSection, i).kind != CV_RTC_OTHER)
      g_string_append_printf (out, " %s", g_array_index (sections, CvRtcSection, i).mid);
  g_string_append (out, "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS *\r\n");
  for (guint i = 0; i < sections->len; i++) {
    const CvRtcSection *section = &g_array_index (sections, CvRtcSection, i);
    write_answer_line (peer, section, first, out);
    first = first && section->kind == CV_RTC_OTHER;
  }
  return g_string_free (out, FALSE);
}
