/* The parser: walks over the lines, hands what belongs to a media section to sip-sdp-section.c, and chooses one of them. */
#include "sip/sip-sdp.h"

#include "base/ids.h"
#include "sip/sip-sdp-section.h"

#include <string.h>

G_DEFINE_QUARK (cv_sip_sdp_error, cv_sip_sdp_error)

typedef struct {
  GError **error;
  guint line;
  CvSipSdp *sdp;
  CvSipSection common;   /* what stands above all sections */
  CvSipSection *section; /* NULL: above them */
  CvSipSection sections[CV_SIP_SDP_MAX_MEDIA];
} Parser;

void
cv_sip_sdp_wipe (CvSipSdp *self)
{
  cv_wipe (self->media.their_key, sizeof self->media.their_key);
  cv_wipe (self->media.our_key, sizeof self->media.our_key);
}

static gboolean
fail (Parser *p, CvSipSdpError code, const char *what)
{
  g_set_error (p->error, CV_SIP_SDP_ERROR, (gint) code, "line %u: %s", p->line, what);
  return FALSE;
}

static gboolean
take_media (Parser *p, CvSpan value)
{
  if (p->sdp->n_lines == CV_SIP_SDP_MAX_MEDIA)
    return fail (p, CV_SIP_SDP_ERROR_LIMIT, "too many lines of media");
  CvSipLine *line = &p->sdp->lines[p->sdp->n_lines];
  p->section = &p->sections[p->sdp->n_lines++];
  *p->section = p->common;
  const char *problem = cv_sip_section_begin (p->section, value, line);
  return problem == NULL || fail (p, CV_SIP_SDP_ERROR_SYNTAX, problem);
}

static gboolean
take_line (Parser *p, CvSpan line)
{
  CvSipSection *section = p->section != NULL ? p->section : &p->common;
  if (line.n < 2 || line.at[1] != '=')
    return fail (p, CV_SIP_SDP_ERROR_SYNTAX, "a line is a letter, =, and a value");
  char type = line.at[0];
  CvSpan value = { line.at + 2, line.n - 2 };
  if (p->line == 1)
    return (type == 'v' && cv_span_is (value, "0")) || fail (p, CV_SIP_SDP_ERROR_SYNTAX, "the first line is v=0");
  if (type == 'm')
    return take_media (p, value);
  const char *problem = NULL;
  if (type == 'c')
    problem = cv_sip_section_connection (section, value);
  else if (type == 'a')
    problem = cv_sip_section_attribute (section, value);
  return problem == NULL || fail (p, CV_SIP_SDP_ERROR_SYNTAX, problem);
}

static gboolean
take_lines (Parser *p, CvSpan text)
{
  while (text.n > 0) {
    CvSpan line = cv_span_until (&text, '\n');
    if (line.n > 0 && line.at[line.n - 1] == '\r')
      line.n--;
    if (++p->line > CV_SIP_SDP_MAX_LINES)
      return fail (p, CV_SIP_SDP_ERROR_LIMIT, "too many lines");
    if (line.n == 0 && text.n == 0)
      break;
    if (!take_line (p, line))
      return FALSE;
  }
  return TRUE;
}

/* The first secured section that is of use, else the first plain one, as far as the policy goes. */
static gboolean
choose (Parser *p, CvSipPolicy policy, gboolean sdes)
{
  int chosen = -1;
  for (guint i = 0; i < p->sdp->n_lines; i++) {
    CvCallAgreement media;
    if (!cv_sip_section_agree (&p->sections[i], policy, sdes, &media))
      continue;
    gboolean better = chosen < 0 || (media.security != CV_CALL_PLAIN && p->sdp->media.security == CV_CALL_PLAIN);
    if (better) {
      p->sdp->media = media;
      p->sdp->chosen = i;
      p->sdp->crypto_tag = p->sections[i].crypto_tag;
      chosen = (int) i;
    }
    cv_wipe (&media, sizeof media);
  }
  if (chosen >= 0)
    return TRUE;
  g_set_error_literal (p->error, CV_SIP_SDP_ERROR, CV_SIP_SDP_ERROR_NO_MEDIA,
                       "no sound in it that we can do under this security");
  return FALSE;
}

gboolean
cv_sip_sdp_parse (CvSipSdp *self, const char *text, gsize n, CvSipPolicy policy, gboolean sdes, GError **error)
{
  Parser p = { .error = error, .sdp = self };
  memset (self, 0, sizeof *self);
  if (n > CV_SIP_SDP_MAX_BYTES)
    return fail (&p, CV_SIP_SDP_ERROR_LIMIT, "too long");
  cv_sip_section_init (&p.common);
  gboolean fine = take_lines (&p, (CvSpan){ text, n }) && choose (&p, policy, sdes);
  cv_wipe (p.sections, sizeof p.sections);
  return fine;
}
