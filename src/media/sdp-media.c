/* One media section of an offer: its lines one after the other, then a verdict.
 *
 * Attributes may come in any order, so lines are only filed as they come; what they mean together is found at the
 * section's end. Whatever is kept of a line is a number, characters that were checked, or a span of the offer that does
 * not leave this file.
 */
#include "media/sdp-media.h"

#include <string.h>

#define TOKEN "!#$%&'*+-.^_`{|}~"
/* of a value of a format parameter that is repeated */
#define MAX_PARAMETER 17

enum { NACK = 1, PLI = 2, FIR = 4, TRANSPORT_CC = 8 };

static const struct {
  const char *name, *rtpmap;
  CvKind kind;
  const char *parameters[4]; /* those that an answer repeats */
} codecs[CV_N_CODECS] = {
  [CV_CODEC_OPUS] = { "opus", "opus/48000/2", CV_KIND_AUDIO, { "minptime", "useinbandfec", "usedtx" } },
  [CV_CODEC_VP8] = { "VP8", "VP8/90000", CV_KIND_VIDEO, { NULL } },
  [CV_CODEC_VP9] = { "VP9", "VP9/90000", CV_KIND_VIDEO, { "profile-id" } },
  [CV_CODEC_H264] = { "H264",
                      "H264/90000",
                      CV_KIND_VIDEO,
                      { "level-asymmetry-allowed", "packetization-mode", "profile-level-id" } },
};

static const char *const extension_uris[CV_N_EXTENSIONS] = {
  [CV_EXTENSION_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
  [CV_EXTENSION_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
  [CV_EXTENSION_REPAIRED_RID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
  [CV_EXTENSION_AUDIO_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
  [CV_EXTENSION_TWCC] = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
};

const char *
cv_codec_get_name (CvCodec codec)
{
  return codecs[codec].name;
}

CvKind
cv_codec_get_kind (CvCodec codec)
{
  return codecs[codec].kind;
}

const char *
cv_sdp_get_extension_uri (CvExtension extension)
{
  return extension_uris[extension];
}

static const char *
limit (CvSdpError *code, const char *what)
{
  *code = CV_SDP_ERROR_LIMIT;
  return what;
}

/* ---- The m-line ---- */

static const char *
read_types (CvSdpSection *self, CvSpan formats)
{
  while (formats.n > 0) {
    guint32 type;
    if (!cv_span_number (cv_span_until (&formats, ' '), CV_SDP_MAX_TYPES - 1, &type))
      return "a payload type is a number up to 127";
    if (self->types[type].listed)
      return "a payload type is listed twice";
    self->types[type].listed = TRUE;
    self->order[self->n_types++] = (guint8) type;
  }
  return NULL;
}

const char *
cv_sdp_section_begin (CvSdpSection *self, CvSpan m_line, CvSdpError *code)
{
  CvSdpMedia *media = &self->media;
  CvSpan kind = cv_span_until (&m_line, ' ');
  CvSpan port = cv_span_until (&m_line, ' ');
  CvSpan protocol = cv_span_until (&m_line, ' ');
  CvSpan formats = m_line;
  guint32 number;

  *code = CV_SDP_ERROR_SYNTAX;
  if (!cv_span_copy (kind, TOKEN, media->media, sizeof media->media))
    return "the kind of media is no token, or too long";
  if (!cv_span_number (cv_span_until (&port, '/'), 65535, &number))
    return "the port is a number up to 65535";
  if (!cv_span_copy (protocol, TOKEN "/", media->protocol, sizeof media->protocol))
    return "the protocol is no token, or too long";
  if (!cv_span_copy (cv_span_until (&m_line, ' '), TOKEN, media->format, sizeof media->format))
    return "the m-line lists no format, or one that is no token or too long";

  self->disabled = number == 0;
  media->kind = cv_span_is (kind, "video") ? CV_KIND_VIDEO : CV_KIND_AUDIO;
  self->usable =
    (media->kind == CV_KIND_VIDEO || cv_span_is (kind, "audio")) && cv_span_is (protocol, "UDP/TLS/RTP/SAVPF");
  return self->usable ? read_types (self, formats) : NULL;
}

/* ---- Attributes, filed as they come ---- */

/* "PT REST": the payload type, *value becomes the rest. */
static gboolean
read_type (CvSpan *value, guint32 *type)
{
  return cv_span_number (cv_span_until (value, ' '), CV_SDP_MAX_TYPES - 1, type);
}

static const char *
take_rtpmap (CvSdpSection *self, CvSpan value, CvSdpError *code G_GNUC_UNUSED)
{
  guint32 type;
  if (!read_type (&value, &type))
    return "a=rtpmap begins with a payload type, a number up to 127";
  if (self->types[type].rtpmap.at != NULL)
    return "a payload type has two a=rtpmap";
  self->types[type].rtpmap = value;
  self->types[type].meaning = CV_SDP_TYPE_FOREIGN;
  if (cv_span_is_nocase (value, "rtx/90000"))
    self->types[type].meaning = CV_SDP_TYPE_RTX;
  for (guint i = 0; i < CV_N_CODECS; i++)
    if (codecs[i].kind == self->media.kind && cv_span_is_nocase (value, codecs[i].rtpmap))
      self->types[type].meaning = (guint8) (i + 1);
  return NULL;
}

static const char *
take_fmtp (CvSdpSection *self, CvSpan value, CvSdpError *code G_GNUC_UNUSED)
{
  guint32 type;
  if (!read_type (&value, &type))
    return "a=fmtp begins with a payload type, a number up to 127";
  if (self->types[type].fmtp.at != NULL)
    return "a payload type has two a=fmtp";
  self->types[type].fmtp = value;
  return NULL;
}

static const char *
take_feedback (CvSdpSection *self, CvSpan value, CvSdpError *code G_GNUC_UNUSED)
{
  static const struct {
    const char *text;
    guint8 bit;
  } known[] = { { "nack", NACK }, { "nack pli", PLI }, { "ccm fir", FIR }, { "transport-cc", TRANSPORT_CC } };
  gboolean all = cv_span_skip (&value, "* ");
  guint32 type = 0;
  if (!all && !read_type (&value, &type))
    return "a=rtcp-fb begins with a payload type, a number up to 127, or *";
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (cv_span_is (value, known[i].text))
      *(all ? &self->feedback : &self->types[type].feedback) |= known[i].bit;
  return NULL;
}

static const char *
take_mid (CvSdpSection *self, CvSpan value, CvSdpError *code G_GNUC_UNUSED)
{
  if (self->media.mid[0] != '\0')
    return "two a=mid in a media section";
  if (!cv_span_copy (value, TOKEN, self->media.mid, sizeof self->media.mid))
    return "a mid is a token of 1 to 16 characters";
  return NULL;
}

static const char *
file_extension (CvSdpSection *self, CvExtension extension, guint id, gboolean sends, gboolean receives)
{
  CvSdpMedia *media = &self->media;
  /* an extension may be there twice, once for each direction: the first is taken */
  if (media->extension[extension] != 0 || (!sends && !receives))
    return NULL;
  media->extension[extension] = (guint8) id;
  media->extension_sends[extension] = sends;
  media->extension_receives[extension] = receives;
  self->extmap_meaning[id] = (guint8) (extension + 1);
  return NULL;
}

/* "ID[/DIRECTION] URI [ATTRIBUTES]", RFC 8285 §5 */
static const char *
take_extmap (CvSdpSection *self, CvSpan value, CvSdpError *code)
{
  CvSpan direction = cv_span_until (&value, ' ');
  CvSpan number = cv_span_until (&direction, '/');
  CvSpan uri = cv_span_until (&value, ' ');
  gboolean sends = TRUE, receives = TRUE;
  guint32 id;

  if (!cv_span_number (number, 4351, &id) || id == 0 || (id > 255 && id < 4096))
    return "the id of a header extension is a number from 1 to 255";
  if (direction.n > 0 && !cv_sdp_read_direction (direction, &sends, &receives))
    return "the direction of a header extension is none";
  for (guint i = 0; i < self->n_extmaps; i++)
    if (self->extmap_ids[i] == id)
      return "two header extensions have the same id";
  if (self->n_extmaps == CV_SDP_MAX_EXTMAPS)
    return limit (code, "too many header extensions");
  self->extmap_ids[self->n_extmaps++] = id;
  if (id >= G_N_ELEMENTS (self->extmap_meaning))
    return NULL; /* needs headers of the two-byte form, which we do not write */
  self->extmap_meaning[id] = CV_SDP_EXTENSION_FOREIGN;
  for (guint i = 0; i < CV_N_EXTENSIONS; i++)
    if (cv_span_is (uri, extension_uris[i]))
      return file_extension (self, (CvExtension) i, id, sends, receives);
  return NULL;
}

/* "ID send|recv [RESTRICTIONS]", RFC 8851 */
static const char *
take_rid (CvSdpSection *self, CvSpan value, CvSdpError *code)
{
  CvSpan id = cv_span_until (&value, ' ');
  CvSpan direction = cv_span_until (&value, ' ');

  if (self->n_rids == CV_SDP_MAX_RID_LINES)
    return limit (code, "too many a=rid");
  char *rid = self->rids[self->n_rids];
  if (!cv_span_copy (id, "-_", rid, sizeof self->rids[0]))
    return "a rid is 1 to 16 letters and digits";
  if (!cv_span_is (direction, "send") && !cv_span_is (direction, "recv"))
    return "the direction of a rid is send or recv";
  for (guint i = 0; i < self->n_rids; i++)
    if (strcmp (self->rids[i], rid) == 0)
      return "a rid is there twice";
  self->rid_sends[self->n_rids++] = cv_span_is (direction, "send");
  return NULL;
}

/* "send LIST" and "recv LIST", one of them or both, RFC 8853 */
static const char *
take_simulcast (CvSdpSection *self, CvSpan value, CvSdpError *code G_GNUC_UNUSED)
{
  gboolean seen[2] = { FALSE, FALSE };
  if (self->simulcast.at != NULL)
    return "two a=simulcast in a media section";
  cv_span_skip (&value, " "); /* an old draft has one there */
  self->simulcast = (CvSpan){ value.at, 0 };
  while (value.n > 0) {
    CvSpan direction = cv_span_until (&value, ' ');
    CvSpan list = cv_span_until (&value, ' ');
    gboolean send = cv_span_is (direction, "send");
    if ((!send && !cv_span_is (direction, "recv")) || list.n == 0 || seen[send])
      return "a=simulcast is send or recv, each once and with a list of rids";
    seen[send] = TRUE;
    if (send)
      self->simulcast = list;
  }
  return NULL;
}

static const char *
take_ssrc (CvSdpSection *self, CvSpan value, CvSdpError *code)
{
  guint32 ssrc;
  if (!cv_span_number (cv_span_until (&value, ' '), G_MAXUINT32, &ssrc) || ssrc == 0)
    return "an ssrc is a number from 1 to 4294967295";
  for (guint i = 0; i < self->n_ssrcs; i++)
    if (self->ssrcs[i] == ssrc)
      return NULL;
  if (self->n_ssrcs == CV_SDP_MAX_SSRC_LINES)
    return limit (code, "too many sources in a media section");
  self->ssrcs[self->n_ssrcs++] = ssrc;
  return NULL;
}

/* "FID SSRC RTX-SSRC", RFC 5576; other groups are passed over */
static const char *
take_ssrc_group (CvSdpSection *self, CvSpan value, CvSdpError *code)
{
  if (!cv_span_skip (&value, "FID "))
    return NULL;
  if (self->n_pairs == CV_SDP_MAX_SSRCS)
    return limit (code, "too many FID groups in a media section");
  CvSdpSource *pair = &self->pairs[self->n_pairs++];
  if (!cv_span_number (cv_span_until (&value, ' '), G_MAXUINT32, &pair->ssrc) || pair->ssrc == 0 ||
      !cv_span_number (value, G_MAXUINT32, &pair->rtx_ssrc) || pair->rtx_ssrc == 0)
    return "an FID group has two ssrcs";
  for (guint i = 0; i < self->n_pairs; i++) {
    const CvSdpSource *other = &self->pairs[i];
    if (pair->ssrc == other->rtx_ssrc || pair->rtx_ssrc == other->ssrc ||
        (pair != other && (pair->ssrc == other->ssrc || pair->rtx_ssrc == other->rtx_ssrc)))
      return "an ssrc has two places in FID groups";
  }
  return NULL;
}

gboolean
cv_sdp_read_direction (CvSpan name, gboolean *sends, gboolean *receives)
{
  static const char *const names[] = { "inactive", "sendonly", "recvonly", "sendrecv" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (!cv_span_is (name, names[i]))
      continue;
    *sends = (i & 1) != 0;
    *receives = (i & 2) != 0;
    return TRUE;
  }
  return FALSE;
}

const char *
cv_sdp_section_attribute (CvSdpSection *self, CvSpan name, CvSpan value, CvSdpError *code)
{
  static const struct {
    const char *name;
    const char *(*take) (CvSdpSection *self, CvSpan value, CvSdpError *code);
  } known[] = {
    { "rtpmap", take_rtpmap },    { "fmtp", take_fmtp },
    { "rtcp-fb", take_feedback }, { "extmap", take_extmap },
    { "rid", take_rid },          { "simulcast", take_simulcast },
    { "ssrc", take_ssrc },        { "ssrc-group", take_ssrc_group },
  };

  *code = CV_SDP_ERROR_SYNTAX;
  if (cv_span_is (name, "mid"))
    return take_mid (self, value, code);
  if (!self->usable || cv_sdp_read_direction (name, &self->media.sends, &self->media.receives))
    return NULL;
  if (cv_span_is (name, "rtcp-mux"))
    self->rtcp_mux = TRUE;
  else if (cv_span_is (name, "rtcp-rsize"))
    self->media.rsize = TRUE;
  else if (cv_span_is (name, "bundle-only"))
    self->bundle_only = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (cv_span_is (name, known[i].name))
      return known[i].take (self, value, code);
  return NULL;
}

/* ---- What it comes to ---- */

/* The value of a format parameter; at NULL where it is not there. */
static CvSpan
find_parameter (CvSpan fmtp, const char *name)
{
  while (fmtp.n > 0) {
    CvSpan value = cv_span_until (&fmtp, ';');
    while (cv_span_skip (&value, " "))
      ;
    CvSpan key = cv_span_until (&value, '=');
    if (cv_span_is_nocase (key, name))
      return value;
  }
  return (CvSpan){ NULL, 0 };
}

/* How well a payload type of a codec suits us; 0: not at all. Only what all browsers decode is forwarded. */
static guint
rate (CvCodec codec, const CvSdpType *type)
{
  CvSpan profile = find_parameter (type->fmtp, codec == CV_CODEC_VP9 ? "profile-id" : "profile-level-id");
  if (codec == CV_CODEC_VP9)
    return profile.at == NULL || cv_span_is (profile, "0");
  if (codec != CV_CODEC_H264)
    return 1;
  if (!cv_span_is (find_parameter (type->fmtp, "packetization-mode"), "1"))
    return 0;
  if (profile.n == 6 && g_ascii_strncasecmp (profile.at, "42e0", 4) == 0)
    return 3; /* constrained baseline */
  return profile.n == 6 && g_ascii_strncasecmp (profile.at, "42", 2) == 0 ? 2 : 1;
}

/* RFC 5761 §4: with its marker bit such a type looks like RTCP. */
static gboolean
collides_with_rtcp (guint type)
{
  return type >= 64 && type <= 95;
}

static void
keep_parameters (CvSdpMedia *media, CvCodec codec, CvSpan fmtp)
{
  char *text = media->fmtp[codec];
  gsize n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (codecs[codec].parameters) && codecs[codec].parameters[i] != NULL; i++) {
    const char *name = codecs[codec].parameters[i];
    char value[MAX_PARAMETER];
    if (cv_span_copy (find_parameter (fmtp, name), "", value, sizeof value))
      n += (gsize) g_snprintf (text + n, sizeof media->fmtp[codec] - n, "%s%s=%s", n > 0 ? ";" : "", name, value);
  }
}

static void
choose_codecs (CvSdpSection *self)
{
  CvSdpMedia *media = &self->media;
  guint best[CV_N_CODECS] = { 0 };
  for (guint i = 0; i < self->n_types; i++) {
    guint8 number = self->order[i];
    const CvSdpType *type = &self->types[number];
    if (type->meaning == 0 || type->meaning > CV_N_CODECS || number == 0 || collides_with_rtcp (number))
      continue;
    CvCodec codec = (CvCodec) (type->meaning - 1);
    guint rating = rate (codec, type);
    if (rating <= best[codec])
      continue;
    best[codec] = rating;
    media->payload_type[codec] = number;
  }
  for (guint i = 0; i < CV_N_CODECS; i++)
    if (media->payload_type[i] != 0)
      keep_parameters (media, (CvCodec) i, self->types[media->payload_type[i]].fmtp);
}

static void
choose_rtx (CvSdpSection *self)
{
  CvSdpMedia *media = &self->media;
  for (guint i = 0; i < self->n_types; i++) {
    guint8 number = self->order[i];
    CvSdpType *type = &self->types[number];
    guint32 apt;
    if (type->meaning != CV_SDP_TYPE_RTX ||
        !cv_span_number (find_parameter (type->fmtp, "apt"), CV_SDP_MAX_TYPES - 1, &apt))
      continue;
    type->apt = (guint8) apt;
    for (guint c = 0; c < CV_N_CODECS; c++)
      if (apt != 0 && media->payload_type[c] == apt && media->rtx_type[c] == 0 && !collides_with_rtcp (number))
        media->rtx_type[c] = number;
  }
}

static void
choose_feedback (CvSdpSection *self)
{
  CvSdpMedia *media = &self->media;
  guint8 bits = NACK | PLI | FIR | TRANSPORT_CC;
  for (guint i = 0; i < CV_N_CODECS; i++)
    if (media->payload_type[i] != 0)
      bits &= self->types[media->payload_type[i]].feedback | self->feedback;
  if (media->kind == CV_KIND_AUDIO)
    bits &= TRANSPORT_CC; /* what is lost of speech is not worth a second journey */
  media->nack = (bits & NACK) != 0;
  media->pli = (bits & PLI) != 0;
  media->fir = (bits & FIR) != 0;
  /* numbers without reports are of no use, nor the other way round */
  media->twcc = (bits & TRANSPORT_CC) != 0 && media->extension[CV_EXTENSION_TWCC] != 0;
  if (!media->twcc)
    media->extension[CV_EXTENSION_TWCC] = 0;
}

/* The first of the alternatives "a,~b" that is declared; NULL: none. */
static const char *
find_rid (CvSdpSection *self, CvSpan alternatives, gboolean *paused)
{
  while (alternatives.n > 0) {
    CvSpan id = cv_span_until (&alternatives, ',');
    *paused = cv_span_skip (&id, "~");
    for (guint i = 0; i < self->n_rids; i++)
      if (self->rid_sends[i] && cv_span_is (id, self->rids[i]))
        return self->rids[i];
  }
  return NULL;
}

static const char *
choose_rids (CvSdpSection *self)
{
  CvSdpMedia *media = &self->media;
  CvSpan list = self->simulcast;
  gboolean possible = media->sends && media->kind == CV_KIND_VIDEO && media->extension[CV_EXTENSION_RID] != 0 &&
                      media->extension_sends[CV_EXTENSION_RID];
  while (list.n > 0) {
    gboolean paused;
    const char *rid = find_rid (self, cv_span_until (&list, ';'), &paused);
    if (rid == NULL)
      continue; /* RFC 8853 §5.2: not declared, not there */
    for (guint i = 0; i < media->n_rids; i++)
      if (strcmp (media->rids[i], rid) == 0)
        return "a rid has two places in a=simulcast";
    if (!possible || media->n_rids == CV_SDP_MAX_RIDS)
      continue;
    media->rid_paused[media->n_rids] = paused;
    g_strlcpy (media->rids[media->n_rids++], rid, sizeof media->rids[0]);
  }
  return NULL;
}

static const char *
choose_sources (CvSdpSection *self, CvSdpError *code)
{
  CvSdpMedia *media = &self->media;
  for (guint i = 0; i < self->n_pairs; i++)
    media->sources[media->n_sources++] = self->pairs[i];
  for (guint i = 0; i < self->n_ssrcs; i++) {
    gboolean known = FALSE;
    for (guint k = 0; k < self->n_pairs && !known; k++)
      known = self->pairs[k].ssrc == self->ssrcs[i] || self->pairs[k].rtx_ssrc == self->ssrcs[i];
    if (known)
      continue;
    if (media->n_sources == CV_SDP_MAX_SSRCS)
      return limit (code, "too many sources in a media section");
    media->sources[media->n_sources++] = (CvSdpSource){ self->ssrcs[i], 0 };
  }
  return NULL;
}

/* Leaves of the extensions those that mean something for this kind of media. */
static void
choose_extensions (CvSdpSection *self)
{
  gboolean audio = self->media.kind == CV_KIND_AUDIO;
  if (!audio)
    self->media.extension[CV_EXTENSION_AUDIO_LEVEL] = 0;
  if (audio)
    self->media.extension[CV_EXTENSION_RID] = self->media.extension[CV_EXTENSION_REPAIRED_RID] = 0;
}

const char *
cv_sdp_section_end (CvSdpSection *self, CvSdpError *code)
{
  CvSdpMedia *media = &self->media;

  *code = CV_SDP_ERROR_SYNTAX;
  media->rejected = !self->usable || (self->disabled && !self->bundle_only);
  if (media->rejected)
    return NULL;
  choose_codecs (self);
  media->rejected = TRUE;
  for (guint i = 0; i < CV_N_CODECS; i++)
    if (media->payload_type[i] != 0)
      media->rejected = FALSE;
  if (media->rejected)
    return NULL;
  if (!self->rtcp_mux) {
    *code = CV_SDP_ERROR_UNSUPPORTED;
    return "a media section has no a=rtcp-mux";
  }
  choose_rtx (self);
  choose_extensions (self);
  choose_feedback (self);
  const char *problem = choose_rids (self);
  return problem != NULL ? problem : choose_sources (self, code);
}
