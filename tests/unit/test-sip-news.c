/* What a gateway tells: each kind, and what is none. */
#include "process/sip-news.h"

#include <string.h>

static gboolean
parse (CvSipNews *news, CvParcel **parcel, const char *line)
{
  *parcel = cv_parcel_parse (line, strlen (line), NULL);
  g_assert_nonnull (*parcel);
  return cv_sip_news_parse (news, *parcel, NULL);
}

static void
test_good (void)
{
  static const char *const lines[] = {
    "{\"type\":\"call\",\"call\":\"caaaaaaaaaaaa\",\"from\":\"…123\",\"trunk\":\"t\",\"source\":\"0123456789abcdef\"}",
    "{\"type\":\"ready\",\"call\":\"caaaaaaaaaaaa\",\"codec\":\"opus\",\"security\":\"dtls\"}",
    "{\"type\":\"pin\",\"call\":\"caaaaaaaaaaaa\",\"digits\":\"123456789012\"}",
    "{\"type\":\"key\",\"call\":\"caaaaaaaaaaaa\",\"what\":\"consent-no\"}",
    "{\"type\":\"held\",\"call\":\"caaaaaaaaaaaa\",\"on\":true}",
    "{\"type\":\"gone\",\"call\":\"caaaaaaaaaaaa\",\"reason\":\"hung-up\"}",
    "{\"type\":\"trunk\",\"trunk\":\"t\",\"state\":\"failed\",\"text\":\"403 Forbidden\"}",
    "{\"type\":\"stats\",\"cpu\":0.5,\"rss\":1,\"calls\":2,\"answered\":3,\"refused_unknown\":4,\"refused_rate\":5,"
    "\"refused_full\":6,\"refused_media\":7,\"trunks\":[{\"trunk\":\"t\",\"refused_full\":6,\"refused_media\":3},"
    "{\"trunk\":\"u\",\"refused_full\":0,\"refused_media\":4}]}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (CvParcel) parcel = NULL;
    CvSipNews news;
    g_assert_true (parse (&news, &parcel, lines[i]));
    g_assert_cmpint (news.type, ==, i);
    g_assert_cmpint (news.call != NULL, ==, i < 6);
    if (news.type == CV_SIP_NEWS_KEY)
      g_assert_cmpint (news.key, ==, CV_SIP_KEY_CONSENT_NO);
    if (news.type != CV_SIP_NEWS_STATS)
      continue;
    g_assert_cmpuint (news.stats.refused_media, ==, 7);
    g_assert_cmpuint (news.n_trunks, ==, 2);
    g_assert_cmpstr (news.trunks[1].trunk, ==, "u");
    g_assert_cmpuint (news.trunks[1].refused_media, ==, 4);
  }
}

static void
test_bad (void)
{
  static const char *const lines[] = {
    "{\"type\":\"boo\"}",
    "{\"re\":1}",
    "{\"type\":\"held\",\"id\":1,\"call\":\"caaaaaaaaaaaa\",\"on\":true}",
    "{\"type\":\"held\",\"fds\":1,\"call\":\"caaaaaaaaaaaa\",\"on\":true}",
    "{\"type\":\"held\",\"call\":\"paaaaaaaaaaaa\",\"on\":true}",
    "{\"type\":\"held\",\"call\":\"caaaaaaaaaaaa\",\"on\":true,\"x\":1}",
    "{\"type\":\"call\",\"call\":\"caaaaaaaaaaaa\",\"from\":\"+49301234567\",\"trunk\":\"t\",\"source\":"
    "\"0123456789abcdef\"}",
    "{\"type\":\"call\",\"call\":\"caaaaaaaaaaaa\",\"from\":\"\",\"trunk\":\"t\",\"source\":\"0123456789abcdeg\"}",
    "{\"type\":\"call\",\"call\":\"caaaaaaaaaaaa\",\"from\":\"\",\"trunk\":\"t\",\"source\":\"0123\"}",
    "{\"type\":\"pin\",\"call\":\"caaaaaaaaaaaa\",\"digits\":\"12*\"}",
    "{\"type\":\"pin\",\"call\":\"caaaaaaaaaaaa\",\"digits\":\"\"}",
    "{\"type\":\"pin\",\"call\":\"caaaaaaaaaaaa\",\"digits\":\"1234567890123\"}",
    "{\"type\":\"key\",\"call\":\"caaaaaaaaaaaa\",\"what\":\"boo\"}",
    "{\"type\":\"ready\",\"call\":\"caaaaaaaaaaaa\",\"codec\":\"mp3\",\"security\":\"dtls\"}",
    "{\"type\":\"gone\",\"call\":\"caaaaaaaaaaaa\",\"reason\":\"A\"}",
    "{\"type\":\"trunk\",\"trunk\":\"t\",\"state\":\"odd\",\"text\":\"\"}",
    "{\"type\":\"stats\",\"cpu\":-1,\"rss\":1,\"calls\":2,\"answered\":3,\"refused_unknown\":4,\"refused_rate\":5,"
    "\"refused_full\":6,\"refused_media\":7,\"trunks\":[]}",
    "{\"type\":\"stats\",\"cpu\":1,\"rss\":1,\"calls\":2,\"answered\":3,\"refused_unknown\":4,\"refused_rate\":5,"
    "\"refused_full\":6,\"refused_media\":7}",
    "{\"type\":\"stats\",\"cpu\":1,\"rss\":1,\"calls\":2,\"answered\":3,\"refused_unknown\":4,\"refused_rate\":5,"
    "\"refused_full\":6,\"refused_media\":7,\"trunks\":[{\"trunk\":\"t\",\"refused_full\":1}]}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (CvParcel) parcel = NULL;
    CvSipNews news;
    g_test_message ("%s", lines[i]);
    g_assert_false (parse (&news, &parcel, lines[i]));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sip-news/good", test_good);
  g_test_add_func ("/sip-news/bad", test_bad);
  return g_test_run ();
}
