/* One section by itself: what sip-sdp.c does not show. */
#include "sip/sip-sdp-section.h"

#include <string.h>

static const char *
begin (CvSipSection *self, const char *value)
{
  CvSipLine line;
  cv_sip_section_init (self);
  return cv_sip_section_begin (self, (CvSpan){ value, strlen (value) }, &line);
}

static const char *
add (CvSipSection *self, const char *value)
{
  return cv_sip_section_attribute (self, (CvSpan){ value, strlen (value) });
}

static void
test_formats (void)
{
  CvSipSection section;
  GString *value = g_string_new ("audio 4000 RTP/AVP");
  for (guint i = 0; i < CV_SIP_SECTION_MAX_FORMATS; i++)
    g_string_append_printf (value, " %u", i);
  g_assert_null (begin (&section, value->str));
  g_assert_cmpuint (section.n_formats, ==, CV_SIP_SECTION_MAX_FORMATS);
  g_string_append (value, " 99");
  g_assert_nonnull (begin (&section, value->str));
  g_string_free (value, TRUE);
}

static void
test_cryptos (void)
{
  CvSipSection section;
  g_assert_null (begin (&section, "audio 4000 RTP/SAVP 0"));
  for (guint i = 0; i < CV_SIP_SECTION_MAX_CRYPTOS; i++)
    g_assert_null (add (&section, "crypto:1 X inline:x"));
  g_assert_nonnull (add (&section, "crypto:1 X inline:x"));
  g_assert_false (section.has_crypto);
}

static void
test_agree (void)
{
  CvSipSection section;
  CvCallAgreement media;
  g_assert_null (begin (&section, "audio 4000 RTP/AVP 0"));
  g_assert_false (cv_sip_section_agree (&section, CV_SIP_OFF, FALSE, &media)); /* no address */
  g_assert_null (cv_sip_section_connection (&section, (CvSpan){ "IN IP4 192.0.2.1", 16 }));
  g_assert_true (cv_sip_section_agree (&section, CV_SIP_OFF, FALSE, &media));
  g_assert_true (media.sends && media.receives);
  g_assert_null (add (&section, "recvonly"));
  g_assert_true (cv_sip_section_agree (&section, CV_SIP_OFF, FALSE, &media));
  g_assert_false (media.sends);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip-sdp-section/formats", test_formats);
  g_test_add_func ("/sip-sdp-section/cryptos", test_cryptos);
  g_test_add_func ("/sip-sdp-section/agree", test_agree);
  return g_test_run ();
}
