/* Fuzz target of the offers' parser, and of the answers to what it accepts (libFuzzer).
 *
 * Either an offer or an error, whose sentence is plain text. Of an offer each value is within its bounds, and the same offer
 * comes where lines end otherwise. An answer has as many m-lines as the offer, and lines of the one form that there is.
 */
#include "media/sdp-answer.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static gboolean
is_plain (const char *text)
{
  for (; *text != '\0'; text++)
    if (*text < 0x20 || *text > 0x7e)
      return FALSE;
  return TRUE;
}

static void
check_media (const CvSdpMedia *media)
{
  g_assert_true (is_plain (media->mid) && is_plain (media->media) && is_plain (media->protocol) &&
                 is_plain (media->format));
  if (media->rejected)
    return;
  guint codecs = 0;
  for (guint i = 0; i < CV_N_CODECS; i++) {
    guint type = media->payload_type[i], rtx = media->rtx_type[i];
    codecs += type != 0;
    g_assert_true (type < 128 && (type < 64 || type > 95) && rtx < 128 && (rtx < 64 || rtx > 95));
    g_assert_true (type == 0 || (type != rtx && cv_codec_get_kind ((CvCodec) i) == media->kind));
    g_assert_true (type != 0 || (rtx == 0 && media->fmtp[i][0] == '\0'));
    g_assert_true (strlen (media->fmtp[i]) < sizeof media->fmtp[i] && is_plain (media->fmtp[i]));
  }
  g_assert_cmpuint (codecs, >, 0);
  for (guint i = 0; i < CV_N_EXTENSIONS; i++)
    g_assert_cmpuint (media->extension[i], <=, 14);
  g_assert_cmpuint (media->n_rids, <=, CV_SDP_MAX_RIDS);
  for (guint i = 0; i < media->n_rids; i++)
    g_assert_true (media->rids[i][0] != '\0' && is_plain (media->rids[i]));
  g_assert_cmpuint (media->n_sources, <=, CV_SDP_MAX_SSRCS);
  for (guint i = 0; i < media->n_sources; i++)
    g_assert_true (media->sources[i].ssrc != 0 && media->sources[i].ssrc != media->sources[i].rtx_ssrc);
}

/* Returns: (transfer full) the answer, after a look at its form. */
static char *
answer (const CvSdpOffer *offer)
{
  static const guint8 fingerprint[32];
  static const char *const candidates[] = { "192.0.2.1 5000" };
  CvSdpSlot slots[CV_SDP_MAX_SECTIONS];
  CvSdpAnswer with = { "ours", "password", fingerprint, candidates, 1, "cname", slots };
  guint sections = 0;

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    slots[i] = (CvSdpSlot){ i + 1, i + 1000, "s t" };
  char *text = cv_sdp_write_answer (offer, &with);
  for (const char *line = text; *line != '\0';) {
    const char *end = strstr (line, "\r\n");
    g_assert_nonnull (end);
    g_assert_true (g_ascii_islower (line[0]) && line[1] == '=');
    for (const char *c = line; c < end; c++)
      g_assert_true (*c >= 0x20 && *c <= 0x7e);
    sections += g_str_has_prefix (line, "m=");
    line = end + 2;
  }
  g_assert_cmpuint (sections, ==, offer->n_media);
  return text;
}

/* Lines that end in CR LF, if they do not, end in LF, and the other way round. */
static GString *
swap_line_ends (const guint8 *data, gsize n)
{
  GString *out = g_string_new_len ((const char *) data, (gssize) n);
  gboolean crlf = n > 0 && memchr (data, '\r', n) != NULL;
  g_string_replace (out, crlf ? "\r\n" : "\n", crlf ? "\n" : "\r\n", 0);
  return out;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CvSdpOffer) offer = cv_sdp_parse_offer ((const char *) data, n, &error);

  g_assert_true ((offer == NULL) == (error != NULL));
  if (offer == NULL) {
    g_assert_true (is_plain (error->message));
    return 0;
  }
  g_assert_true (offer->n_media > 0 && offer->n_media <= CV_SDP_MAX_SECTIONS);
  g_assert_true (strlen (offer->ufrag) >= 4 && strlen (offer->pwd) >= 22);
  for (guint i = 0; i < offer->n_media; i++)
    check_media (&offer->media[i]);
  g_autofree char *first = answer (offer);
  if (memchr (data, '\0', n) != NULL)
    return 0;
  g_autoptr (GString) swapped = swap_line_ends (data, n);
  g_autoptr (CvSdpOffer) again = cv_sdp_parse_offer (swapped->str, swapped->len, NULL);
  if (again == NULL)
    return 0; /* longer than may be, or only some of its lines had a CR */
  g_autofree char *second = answer (again);
  g_assert_cmpstr (first, ==, second);
  return 0;
}
