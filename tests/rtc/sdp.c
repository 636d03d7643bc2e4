/* See sdp.h. */
#include "rtc/sdp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const cv_rtc_ext_uris[CV_RTC_N_EXTS] = {
  [CV_RTC_EXT_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
  [CV_RTC_EXT_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
  [CV_RTC_EXT_REPAIRED_RID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
  [CV_RTC_EXT_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
  [CV_RTC_EXT_TWCC] = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
};

static void
clear_section (gpointer data)
{
  CvRtcSection *section = data;
  g_free (section->text);
}

void
cv_rtc_sdp_free (CvRtcSdp *self)
{
  g_array_unref (self->sections);
  g_array_unref (self->ssrcs);
  g_free (self);
}

gboolean
cv_rtc_sdp_add_candidate (CvRtcSdp *self, const char *line)
{
  char protocol[8], host[64], type[16];
  int component;
  guint port, priority;
  CvRtcAddress address;
  if (sscanf (line, "candidate:%*s %d %7s %u %63s %u typ %15s", &component, protocol, &priority, host, &port, type) !=
      6)
    return FALSE;
  if (component != 1 || g_ascii_strcasecmp (protocol, "udp") != 0 || !cv_rtc_address_parse (&address, host, port))
    return FALSE;
  for (guint i = 0; i < self->n_candidates; i++)
    if (cv_rtc_address_equal (&self->candidates[i], &address))
      return TRUE;
  if (self->n_candidates == CV_RTC_MAX_CANDIDATES)
    return FALSE;
  self->candidates[self->n_candidates++] = address;
  return TRUE;
}

const CvRtcSection *
cv_rtc_sdp_find (const CvRtcSdp *self, const char *mid)
{
  for (guint i = 0; i < self->sections->len; i++) {
    const CvRtcSection *section = &g_array_index (self->sections, CvRtcSection, i);
    if (strcmp (section->mid, mid) == 0)
      return section;
  }
  return NULL;
}

guint8
cv_rtc_sdp_rtx_type (const CvRtcSdp *self, const CvRtcSection *section, guint8 type)
{
  for (guint i = 0; i < section->n_types; i++) {
    guint8 other = section->types[i];
    if (self->kinds[other] == CV_RTC_RTX && self->associated[other] == type)
      return other;
  }
  return 0;
}

/* ---- lines ---- */

static void
read_m_line (CvRtcSdp *self, const char *line)
{
  CvRtcSection section = { .sends = TRUE, .receives = TRUE };
  int port = 0;
  section.kind = g_str_has_prefix (line, "m=audio")   ? CV_RTC_AUDIO
                 : g_str_has_prefix (line, "m=video") ? CV_RTC_VIDEO
                                                      : CV_RTC_OTHER;
  sscanf (line, "m=%*s %d", &port);
  section.rejected = port == 0;
  const char *at = strstr (line, "SAVPF");
  for (at = at != NULL ? strchr (at, ' ') : NULL; at != NULL; at = strchr (at + 1, ' ')) {
    int type = atoi (at + 1);
    if (type < 0 || type > 127)
      continue;
    if (section.n_types < G_N_ELEMENTS (section.types))
      section.types[section.n_types++] = (guint8) type;
    if (self->kinds[type] == CV_RTC_OTHER)
      self->kinds[type] = (guint8) section.kind;
  }
  g_array_append_val (self->sections, section);
}

static gboolean
read_fingerprint (CvRtcSdp *self, const char *hex)
{
  for (int i = 0; i < 32; i++, hex += 3) {
    guint byte;
    if (sscanf (hex, "%2x", &byte) != 1)
      return FALSE;
    self->fingerprint[i] = (guint8) byte;
  }
  return TRUE;
}

/* Lines that may stand anywhere. Returns whether it was one. */
static gboolean
read_common (CvRtcSdp *self, const char *line)
{
  if (g_str_has_prefix (line, "a=ice-ufrag:"))
    g_strlcpy (self->ufrag, line + strlen ("a=ice-ufrag:"), sizeof self->ufrag);
  else if (g_str_has_prefix (line, "a=ice-pwd:"))
    g_strlcpy (self->pwd, line + strlen ("a=ice-pwd:"), sizeof self->pwd);
  else if (strcmp (line, "a=ice-lite") == 0)
    self->lite = TRUE;
  else if (strcmp (line, "a=rtcp-rsize") == 0)
    self->reduced = TRUE;
  else if (g_str_has_prefix (line, "a=setup:"))
    g_strlcpy (self->setup, line + strlen ("a=setup:"), sizeof self->setup);
  else if (g_ascii_strncasecmp (line, "a=fingerprint:sha-256 ", 22) == 0)
    self->has_fingerprint = read_fingerprint (self, line + 22);
  else if (g_str_has_prefix (line, "a=candidate:"))
    cv_rtc_sdp_add_candidate (self, line + 2);
  else
    return FALSE;
  return TRUE;
}

static void
read_extmap (CvRtcSection *section, const char *line)
{
  int id = atoi (line + strlen ("a=extmap:"));
  const char *uri = strchr (line, ' '); /* "a=extmap:3/sendonly URI ATTRIBUTES" */
  if (uri == NULL || id < 1 || id > 14)
    return;
  gsize n = strcspn (++uri, " ");
  for (guint i = 0; i < CV_RTC_N_EXTS; i++)
    if (n == strlen (cv_rtc_ext_uris[i]) && strncmp (uri, cv_rtc_ext_uris[i], n) == 0)
      section->ext[i] = (guint8) id;
}

static void
read_simulcast (CvRtcSection *section, const char *line)
{
  const char *at = strstr (line, "recv ");
  if (at == NULL)
    return;
  g_autofree char *list = g_strndup (at + 5, strcspn (at + 5, " "));
  g_auto (GStrv) rids = g_strsplit (list, ";", CV_RTC_MAX_RIDS + 1);
  for (guint i = 0; rids[i] != NULL && i < CV_RTC_MAX_RIDS; i++)
    g_strlcpy (section->rids[section->n_rids++], rids[i][0] == '~' ? rids[i] + 1 : rids[i], 17);
}

static CvRtcSsrc *
ssrc_of (CvRtcSdp *self, guint32 ssrc)
{
  for (guint i = 0; i < self->ssrcs->len; i++) {
    CvRtcSsrc *known = &g_array_index (self->ssrcs, CvRtcSsrc, i);
    if (known->ssrc == ssrc || known->rtx == ssrc)
      return known;
  }
  CvRtcSsrc fresh = { .ssrc = ssrc, .section = self->sections->len - 1 };
  g_array_append_val (self->ssrcs, fresh);
  return &g_array_index (self->ssrcs, CvRtcSsrc, self->ssrcs->len - 1);
}

static void
read_payload (CvRtcSdp *self, const char *line)
{
  int type, other;
  char codec[32];
  if (sscanf (line, "a=rtpmap:%d %31s", &type, codec) == 2 && type >= 0 && type < 128) {
    if (g_ascii_strncasecmp (codec, "rtx/", 4) == 0)
      self->kinds[type] = CV_RTC_RTX;
    else if (g_ascii_strncasecmp (codec, "ulpfec/", 7) == 0 || g_ascii_strncasecmp (codec, "red/", 4) == 0)
      self->kinds[type] = CV_RTC_OTHER;
  } else if (sscanf (line, "a=fmtp:%d apt=%d", &type, &other) == 2 && type >= 0 && type < 128) {
    self->associated[type] = (guint8) other;
  }
}

static void
read_media_line (CvRtcSdp *self, CvRtcSection *section, const char *line)
{
  guint32 ssrc, rtx;
  if (g_str_has_prefix (line, "a=mid:"))
    g_strlcpy (section->mid, line + strlen ("a=mid:"), sizeof section->mid);
  else if (strcmp (line, "a=bundle-only") == 0)
    section->rejected = FALSE;
  else if (strcmp (line, "a=inactive") == 0)
    section->sends = section->receives = FALSE;
  else if (strcmp (line, "a=sendonly") == 0)
    section->receives = FALSE;
  else if (strcmp (line, "a=recvonly") == 0)
    section->sends = FALSE;
  else if (g_str_has_prefix (line, "a=extmap:"))
    read_extmap (section, line);
  else if (g_str_has_prefix (line, "a=simulcast:"))
    read_simulcast (section, line);
  else if (sscanf (line, "a=ssrc-group:FID %u %u", &ssrc, &rtx) == 2)
    ssrc_of (self, ssrc)->rtx = rtx;
  else if (sscanf (line, "a=ssrc:%u ", &ssrc) == 1)
    ssrc_of (self, ssrc);
  else
    read_payload (self, line);
}

CvRtcSdp *
cv_rtc_sdp_parse (const char *text)
{
  g_autoptr (CvRtcSdp) self = g_new0 (CvRtcSdp, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  self->sections = g_array_new (FALSE, FALSE, sizeof (CvRtcSection));
  self->ssrcs = g_array_new (FALSE, FALSE, sizeof (CvRtcSsrc));
  g_array_set_clear_func (self->sections, clear_section);
  g_autoptr (GString) section_text = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strchomp (lines[i]);
    guint n = self->sections->len;
    CvRtcSection *section = n > 0 ? &g_array_index (self->sections, CvRtcSection, n - 1) : NULL;
    if (g_str_has_prefix (line, "m=")) {
      read_m_line (self, line);
      g_string_truncate (section_text, 0);
      section = &g_array_index (self->sections, CvRtcSection, n);
    } else if (!read_common (self, line) && section != NULL) {
      read_media_line (self, section, line);
    }
    if (section != NULL) {
      g_string_append_printf (section_text, "%s\n", line);
      if (lines[i + 1] == NULL || g_str_has_prefix (lines[i + 1], "m="))
        section->text = g_strdup (section_text->str);
    }
  }
  if (self->ufrag[0] == '\0' || self->pwd[0] == '\0' || !self->has_fingerprint || self->sections->len == 0)
    return NULL;
  return g_steal_pointer (&self);
}
