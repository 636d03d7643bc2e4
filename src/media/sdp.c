/* The parser of offers: walks over the lines, reads what belongs to the whole session, and compares the media sections
 * with each other; sdp-media.c reads what stands in one of them.
 */
#include "media/sdp.h"

#include "media/sdp-media.h"

#include <string.h>

#define FINGERPRINT_BYTES 32
/* header extensions that stand above all media sections */
#define MAX_COMMON 16
/* RFC 8839 §5.4 */
#define ICE_CHARACTERS "+/"
#define MIN_UFRAG 4
#define MIN_PWD 22

G_DEFINE_QUARK (cv_sdp_error, cv_sdp_error)

typedef struct {
  GError **error;
  guint line; /* the one that is read, from 1 */
  CvSdpOffer *offer;
  CvSdpSection *section; /* NULL: before the first m-line */
  CvSdpSection common;   /* what the session says for all its sections; never an m-line of its own */
  CvSpan extmaps[MAX_COMMON];
  guint n_extmaps;
  gboolean has_fingerprint;
  char (*bundle)[17];
  guint n_bundle;
  gboolean has_bundle;
  guint accepted;
  /* what payload types and extension ids mean in the sections so far, which share one transport */
  guint16 types[CV_SDP_MAX_TYPES];
  guint8 ids[15];
  guint8 extensions[CV_N_EXTENSIONS];
} Parser;

static gboolean
fail_at (Parser *p, guint line, CvSdpError code, const char *what)
{
  g_set_error (p->error, CV_SDP_ERROR, (gint) code, "line %u: %s", line, what);
  return FALSE;
}

static gboolean
fail (Parser *p, CvSdpError code, const char *what)
{
  return fail_at (p, p->line, code, what);
}

/* What is wrong with the offer as a whole stands in no line. */
static gboolean
fail_whole (Parser *p, CvSdpError code, const char *what)
{
  g_set_error_literal (p->error, CV_SDP_ERROR, (gint) code, what);
  return FALSE;
}

/* ---- The transport: one value of each for the whole offer, wherever it stands ---- */

/* Of ICE: `out` takes the first value, any later one must be the same. */
static gboolean
take_credential (Parser *p, CvSpan value, gsize min, char *out, gsize size, const char *malformed, const char *differs)
{
  g_autofree char *copy = g_malloc0 (size);
  if (value.n < min || !cv_span_copy (value, ICE_CHARACTERS, copy, size))
    return fail (p, CV_SDP_ERROR_SYNTAX, malformed);
  if (out[0] != '\0' && strcmp (out, copy) != 0)
    return fail (p, CV_SDP_ERROR_SYNTAX, differs);
  g_strlcpy (out, copy, size);
  return TRUE;
}

/* "sha-256 AB:CD:…"; other hashes are passed over */
static gboolean
take_fingerprint (Parser *p, CvSpan value)
{
  guint8 bytes[FINGERPRINT_BYTES];
  if (!cv_span_is_nocase (cv_span_until (&value, ' '), "sha-256"))
    return TRUE;
  if (value.n != 3 * sizeof bytes - 1)
    return fail (p, CV_SDP_ERROR_SYNTAX, "a SHA-256 fingerprint has 32 bytes");
  for (gsize i = 0; i < sizeof bytes; i++) {
    const char *at = value.at + 3 * i;
    int high = g_ascii_xdigit_value (at[0]), low = g_ascii_xdigit_value (at[1]);
    if (high < 0 || low < 0 || (i + 1 < sizeof bytes && at[2] != ':'))
      return fail (p, CV_SDP_ERROR_SYNTAX, "a fingerprint is hexadecimal numbers with colons between");
    bytes[i] = (guint8) (high << 4 | low);
  }
  if (p->has_fingerprint && memcmp (bytes, p->offer->fingerprint, sizeof bytes) != 0)
    return fail (p, CV_SDP_ERROR_SYNTAX, "the offer has two different SHA-256 fingerprints");
  memcpy (p->offer->fingerprint, bytes, sizeof bytes);
  p->has_fingerprint = TRUE;
  return TRUE;
}

static gboolean
take_setup (Parser *p, CvSpan value)
{
  if (cv_span_is (value, "actpass") || cv_span_is (value, "active"))
    return TRUE;
  if (cv_span_is (value, "passive") || cv_span_is (value, "holdconn"))
    return fail (p, CV_SDP_ERROR_UNSUPPORTED, "a=setup must be actpass or active: the client begins the handshake");
  return fail (p, CV_SDP_ERROR_SYNTAX, "a=setup is actpass, active, passive or holdconn");
}

/* TRUE: `name` was one of the transport's attributes; *fine says whether it was in order. */
static gboolean
take_transport (Parser *p, CvSpan name, CvSpan value, gboolean *fine)
{
  CvSdpOffer *offer = p->offer;
  if (cv_span_is (name, "ice-ufrag"))
    *fine = take_credential (p, value, MIN_UFRAG, offer->ufrag, sizeof offer->ufrag,
                             "an ice-ufrag is 4 to 256 letters, digits, + and /", "the offer has two ice-ufrags");
  else if (cv_span_is (name, "ice-pwd"))
    *fine = take_credential (p, value, MIN_PWD, offer->pwd, sizeof offer->pwd,
                             "an ice-pwd is 22 to 256 letters, digits, + and /", "the offer has two ice-pwds");
  else if (cv_span_is (name, "fingerprint"))
    *fine = take_fingerprint (p, value);
  else if (cv_span_is (name, "setup"))
    *fine = take_setup (p, value);
  else if (cv_span_is (name, "ice-lite"))
    *fine = fail (p, CV_SDP_ERROR_UNSUPPORTED, "the client may not be ICE-lite: the server is");
  else
    return FALSE;
  return TRUE;
}

/* ---- The session ---- */

static gboolean
take_group (Parser *p, CvSpan value)
{
  if (!cv_span_is (cv_span_until (&value, ' '), "BUNDLE"))
    return TRUE;
  if (p->has_bundle)
    return fail (p, CV_SDP_ERROR_UNSUPPORTED, "the offer has two BUNDLE groups");
  p->has_bundle = TRUE;
  while (value.n > 0) {
    if (p->n_bundle == CV_SDP_MAX_SECTIONS)
      return fail (p, CV_SDP_ERROR_LIMIT, "too many mids in the BUNDLE group");
    char *mid = p->bundle[p->n_bundle];
    if (!cv_span_copy (cv_span_until (&value, ' '), "!#$%&'*+-.^_`{|}~", mid, sizeof p->bundle[0]))
      return fail (p, CV_SDP_ERROR_SYNTAX, "a mid is a token of 1 to 16 characters");
    for (guint i = 0; i < p->n_bundle; i++)
      if (strcmp (p->bundle[i], mid) == 0)
        return fail (p, CV_SDP_ERROR_SYNTAX, "a mid is twice in the BUNDLE group");
    p->n_bundle++;
  }
  return TRUE;
}

static gboolean
take_session_attribute (Parser *p, CvSpan name, CvSpan value)
{
  if (cv_span_is (name, "group"))
    return take_group (p, value);
  if (cv_sdp_read_direction (name, &p->common.media.sends, &p->common.media.receives))
    return TRUE;
  if (!cv_span_is (name, "extmap"))
    return TRUE;
  if (p->n_extmaps == MAX_COMMON)
    return fail (p, CV_SDP_ERROR_LIMIT, "too many header extensions");
  p->extmaps[p->n_extmaps++] = value;
  return TRUE;
}

/* ---- Sections among each other ---- */

static gboolean
compare_mids (Parser *p, const CvSdpMedia *media)
{
  for (guint i = 0; media->mid[0] != '\0' && i + 1 < p->offer->n_media; i++)
    if (strcmp (p->offer->media[i].mid, media->mid) == 0)
      return FALSE;
  return TRUE;
}

static gboolean
compare_types (Parser *p, const CvSdpSection *section)
{
  for (guint i = 0; i < CV_SDP_MAX_TYPES; i++) {
    const CvSdpType *type = &section->types[i];
    if (!type->listed || type->meaning == 0)
      continue;
    guint16 meaning = (guint16) (type->meaning << 8 | type->apt);
    if (p->types[i] != 0 && p->types[i] != meaning)
      return FALSE;
    p->types[i] = meaning;
  }
  return TRUE;
}

static gboolean
compare_extensions (Parser *p, const CvSdpSection *section)
{
  for (guint i = 1; i < G_N_ELEMENTS (p->ids); i++) {
    guint8 meaning = section->extmap_meaning[i];
    if (meaning == 0)
      continue;
    if (p->ids[i] != 0 && p->ids[i] != meaning)
      return FALSE;
    p->ids[i] = meaning;
    if (meaning == CV_SDP_EXTENSION_FOREIGN)
      continue;
    if (p->extensions[meaning - 1] != 0 && p->extensions[meaning - 1] != i)
      return FALSE;
    p->extensions[meaning - 1] = (guint8) i;
  }
  return TRUE;
}

static gboolean
has_ssrc (const CvSdpMedia *media, guint32 ssrc)
{
  for (guint i = 0; i < media->n_sources; i++)
    if (media->sources[i].ssrc == ssrc || media->sources[i].rtx_ssrc == ssrc)
      return TRUE;
  return FALSE;
}

static gboolean
compare_sources (Parser *p, const CvSdpMedia *media)
{
  for (guint i = 0; i < media->n_sources; i++)
    for (guint k = 0; k + 1 < p->offer->n_media; k++) {
      const CvSdpSource *source = &media->sources[i];
      const CvSdpMedia *other = &p->offer->media[k];
      if (has_ssrc (other, source->ssrc) || (source->rtx_ssrc != 0 && has_ssrc (other, source->rtx_ssrc)))
        return FALSE;
    }
  return TRUE;
}

/* At the end of a section. */
static gboolean
file_section (Parser *p)
{
  CvSdpSection *section = p->section;
  if (section == NULL)
    return TRUE;
  CvSdpError code;
  const char *problem = cv_sdp_section_end (section, &code);
  if (problem != NULL)
    return fail_at (p, section->line, code, problem);

  CvSdpMedia *media = &p->offer->media[p->offer->n_media++];
  *media = section->media;
  if (!compare_mids (p, media))
    return fail_at (p, section->line, CV_SDP_ERROR_SYNTAX, "two media sections have the same mid");
  if (media->rejected)
    return TRUE;
  if (++p->accepted > CV_SDP_MAX_MEDIA)
    return fail_at (p, section->line, CV_SDP_ERROR_LIMIT, "more than 64 media sections that could be used");
  if (!compare_types (p, section))
    return fail_at (p, section->line, CV_SDP_ERROR_SYNTAX, "a payload type stands for another codec than before");
  if (!compare_extensions (p, section))
    return fail_at (p, section->line, CV_SDP_ERROR_SYNTAX,
                    "the id of a header extension stands for another than before");
  if (!compare_sources (p, media))
    return fail_at (p, section->line, CV_SDP_ERROR_SYNTAX, "an ssrc belongs to an earlier media section already");
  return TRUE;
}

static gboolean
begin_section (Parser *p, CvSpan m_line)
{
  if (!file_section (p))
    return FALSE;
  if (p->offer->n_media == CV_SDP_MAX_SECTIONS)
    return fail (p, CV_SDP_ERROR_LIMIT, "more than 128 media sections");
  g_free (p->section);
  p->section = g_new (CvSdpSection, 1);
  *p->section = p->common;
  p->section->line = p->line;
  CvSdpError code;
  const char *problem = cv_sdp_section_begin (p->section, m_line, &code);
  for (guint i = 0; i < p->n_extmaps && problem == NULL; i++)
    problem = cv_sdp_section_attribute (p->section, (CvSpan){ "extmap", 6 }, p->extmaps[i], &code);
  return problem == NULL || fail (p, code, problem);
}

/* ---- Lines ---- */

static gboolean
take_attribute (Parser *p, CvSpan attribute)
{
  CvSpan name = cv_span_until (&attribute, ':');
  gboolean fine;
  CvSdpError code;
  if (take_transport (p, name, attribute, &fine))
    return fine;
  if (p->section == NULL)
    return take_session_attribute (p, name, attribute);
  const char *problem = cv_sdp_section_attribute (p->section, name, attribute, &code);
  return problem == NULL || fail (p, code, problem);
}

static gboolean
take_line (Parser *p, CvSpan line)
{
  if (line.n > CV_SDP_MAX_LINE)
    return fail (p, CV_SDP_ERROR_LIMIT, "a line of more than 4096 bytes");
  for (gsize i = 0; i < line.n; i++)
    if ((guint8) line.at[i] < 0x20 && line.at[i] != '\t')
      return fail (p, CV_SDP_ERROR_SYNTAX, "a control character");
  if (p->line == 1 && !cv_span_is (line, "v=0"))
    return fail (p, CV_SDP_ERROR_SYNTAX, "an offer begins with v=0");
  if (line.n < 2 || !g_ascii_islower (line.at[0]) || line.at[1] != '=')
    return fail (p, CV_SDP_ERROR_SYNTAX, "a line is a letter, = and a value");
  if (cv_span_skip (&line, "m="))
    return begin_section (p, line);
  return !cv_span_skip (&line, "a=") || take_attribute (p, line);
}

static gboolean
take_lines (Parser *p, CvSpan text)
{
  while (text.n > 0) {
    CvSpan line = cv_span_until (&text, '\n');
    if (line.n > 0 && line.at[line.n - 1] == '\r')
      line.n--;
    if (line.n == 0 && text.n == 0)
      break; /* an empty line at the end harms nobody */
    if (++p->line > CV_SDP_MAX_LINES)
      return fail (p, CV_SDP_ERROR_LIMIT, "more than 4096 lines");
    if (!take_line (p, line))
      return FALSE;
  }
  return file_section (p);
}

/* ---- The whole ---- */

static const CvSdpMedia *
find_mid (const CvSdpOffer *offer, const char *mid)
{
  for (guint i = 0; i < offer->n_media; i++)
    if (strcmp (offer->media[i].mid, mid) == 0)
      return &offer->media[i];
  return NULL;
}

static gboolean
is_bundled (Parser *p, const CvSdpMedia *media)
{
  for (guint i = 0; i < p->n_bundle; i++)
    if (strcmp (p->bundle[i], media->mid) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
judge_bundle (Parser *p)
{
  CvSdpOffer *offer = p->offer;
  for (guint i = 0; i < p->n_bundle; i++)
    if (find_mid (offer, p->bundle[i]) == NULL)
      return fail_whole (p, CV_SDP_ERROR_SYNTAX, "a mid of the BUNDLE group belongs to no media section");
  offer->bundled = p->has_bundle;
  if (!p->has_bundle && p->accepted == 1)
    return TRUE;
  for (guint i = 0; i < offer->n_media; i++)
    if (!offer->media[i].rejected && !is_bundled (p, &offer->media[i]))
      return fail_whole (p, CV_SDP_ERROR_UNSUPPORTED,
                         "a media section is not in the BUNDLE group: all share one transport");
  return TRUE;
}

static gboolean
judge (Parser *p)
{
  if (p->line == 0)
    return fail_whole (p, CV_SDP_ERROR_SYNTAX, "an offer begins with v=0");
  if (p->accepted == 0)
    return fail_whole (p, CV_SDP_ERROR_NO_CODEC, "no media section has a codec that is spoken here");
  if (!p->has_fingerprint)
    return fail_whole (p, CV_SDP_ERROR_SYNTAX, "the offer has no SHA-256 fingerprint");
  if (p->offer->ufrag[0] == '\0' || p->offer->pwd[0] == '\0')
    return fail_whole (p, CV_SDP_ERROR_SYNTAX, "the offer has no ice-ufrag or no ice-pwd");
  return judge_bundle (p);
}

CvSdpOffer *
cv_sdp_parse_offer (const char *text, gsize n, GError **error)
{
  g_autoptr (CvSdpOffer) offer = g_new0 (CvSdpOffer, 1);
  Parser p = { .error = error, .offer = offer };

  if (n > CV_SDP_MAX_BYTES) {
    fail_whole (&p, CV_SDP_ERROR_LIMIT, "an offer of more than 64 KiB");
    return NULL;
  }
  offer->media = g_new0 (CvSdpMedia, CV_SDP_MAX_SECTIONS);
  p.bundle = g_malloc0_n (CV_SDP_MAX_SECTIONS, sizeof p.bundle[0]);
  p.common.media.sends = p.common.media.receives = TRUE;
  gboolean fine = take_lines (&p, (CvSpan){ text, n }) && judge (&p);
  g_free (p.section);
  g_free (p.bundle);
  if (!fine)
    return NULL;
  offer->media = g_renew (CvSdpMedia, offer->media, offer->n_media);
  return g_steal_pointer (&offer);
}

void
cv_sdp_offer_free (CvSdpOffer *self)
{
  g_free (self->media);
  g_free (self);
}
