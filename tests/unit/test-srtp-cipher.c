/* The vectors of RFC 3711 B.2 and B.3 and of RFC 7714 §16 and §17. */
#include "rtp/srtp-cipher.h"

#include <string.h>

#include "rtp/bytes.h"

static gsize
unhex (const char *text, guint8 *out)
{
  gsize n = strlen (text) / 2;
  for (gsize i = 0; i < n; i++)
    out[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
  return n;
}

static void
assert_hex (const guint8 *bytes, const char *text)
{
  guint8 wanted[256];
  gsize n = unhex (text, wanted);
  g_assert_cmpmem (bytes, n, wanted, n);
}

/* B.2: what the keystream is; its vector has SSRC 0, so does the head here. */
static void
test_keystream (void)
{
  CvSrtpSession session = { 0 };
  guint8 packet[12 + 0xff01 * 16] = { 0 }, tag[CV_SRTP_MAX_TAG];
  unhex ("2B7E151628AED2A6ABF7158809CF4F3C", session.key);
  unhex ("F0F1F2F3F4F5F6F7F8F9FAFBFCFD", session.salt);
  g_autoptr (CvSrtpCipher) cipher = cv_srtp_cipher_new (CV_SRTP_AES128_CM_SHA1_80, CV_SRTP_RTP, &session);
  g_assert_true (cv_srtp_cipher_seal (cipher, 0, packet, 12, packet + 12, sizeof packet - 12, tag));
  assert_hex (packet + 12, "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB"
                           "41E95B3BB0A2E8DD477901E4FCA894C0");
  assert_hex (packet + 12 + 0xfeff * 16, "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE");
}

static void
test_derivation (void)
{
  CvSrtpSession session;
  guint8 key[16], salt[14];
  unhex ("E1F97A0D3E018BE0D64FA32C06DE4139", key);
  unhex ("0EC675AD498AFEEBB6960B3AABE6", salt);
  cv_srtp_derive (CV_SRTP_AES128_CM_SHA1_80, CV_SRTP_RTP, key, salt, &session);
  assert_hex (session.key, "C61E7A93744F39EE10734AFE3FF7A087");
  assert_hex (session.salt, "30CBBC08863D8C85D49DB34A9AE1");
  assert_hex (session.auth, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
}

typedef struct {
  CvSrtpProfile profile;
  CvSrtpProtocol protocol;
  const char *sealed; /* what stands in the place of `plain`, and the tag */
} Vector;

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SALT "517569642070726f2071756f"
#define RTP                                                                                                            \
  "8040f17b8041f8d35501a0b2"                                                                                           \
  "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573"
#define RTCP                                                                                                           \
  "81c8000d4d617273"                                                                                                   \
  "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
#define RTCP_INDEX 0x5d4

static const Vector vectors[] = {
  { CV_SRTP_AEAD_AES_128_GCM, CV_SRTP_RTP,
    "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
    "899d7f27beb16a9152cf765ee4390cce" },
  { CV_SRTP_AEAD_AES_256_GCM, CV_SRTP_RTP,
    "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
    "7aa3db36dfffd6b0f9bb7878d7a76c13" },
  { CV_SRTP_AEAD_AES_128_GCM, CV_SRTP_RTCP,
    "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
    "c84aa45896cf4d2fc5abf87245d9eade" },
  { CV_SRTP_AEAD_AES_256_GCM, CV_SRTP_RTCP,
    "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad"
    "1d1eb30c4446839f57ff6f6cb26ac3be" },
};

static void
test_aead (gconstpointer data)
{
  const Vector *vector = data;
  CvSrtpSession session = { 0 };
  guint8 packet[128], plain[128];
  gboolean rtp = vector->protocol == CV_SRTP_RTP;
  gsize n = unhex (rtp ? RTP : RTCP, packet), head_n = rtp ? 12 : 8;
  guint64 index = rtp ? cv_read16 (packet + 2) : RTCP_INDEX;
  unhex (KEY, session.key);
  unhex (SALT, session.salt);
  memcpy (plain, packet, n);
  g_autoptr (CvSrtpCipher) cipher = cv_srtp_cipher_new (vector->profile, vector->protocol, &session);
  g_assert_true (cv_srtp_cipher_seal (cipher, index, packet, head_n, packet + head_n, n - head_n, packet + n));
  assert_hex (packet + head_n, vector->sealed);
  g_assert_true (cv_srtp_cipher_open (cipher, index, packet, head_n, n - head_n, packet + n));
  g_assert_cmpmem (packet, n, plain, n);

  /* an index that the tag was not made for */
  g_assert_true (cv_srtp_cipher_seal (cipher, index, packet, head_n, plain + head_n, n - head_n, packet + n));
  g_assert_false (cv_srtp_cipher_open (cipher, index + 0x10000, packet, head_n, n - head_n, packet + n));
}

static void
test_lengths (void)
{
  static const gsize wanted[][3] = { { 0, 0, 0 }, { 16, 14, 10 }, { 16, 12, 16 }, { 32, 12, 16 } };
  for (CvSrtpProfile profile = CV_SRTP_NONE; profile <= CV_SRTP_AEAD_AES_256_GCM; profile++) {
    g_assert_cmpuint (cv_srtp_key_length (profile), ==, wanted[profile][0]);
    g_assert_cmpuint (cv_srtp_salt_length (profile), ==, wanted[profile][1]);
    g_assert_cmpuint (cv_srtp_tag_length (profile), ==, wanted[profile][2]);
    g_assert_cmpuint (cv_srtp_tag_length (profile), <=, CV_SRTP_MAX_OVERHEAD - 4);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/srtp-cipher/rfc-3711-b-2", test_keystream);
  g_test_add_func ("/srtp-cipher/rfc-3711-b-3", test_derivation);
  g_test_add_data_func ("/srtp-cipher/rfc-7714-16-1", &vectors[0], test_aead);
  g_test_add_data_func ("/srtp-cipher/rfc-7714-16-2", &vectors[1], test_aead);
  g_test_add_data_func ("/srtp-cipher/rfc-7714-17-1", &vectors[2], test_aead);
  g_test_add_data_func ("/srtp-cipher/rfc-7714-17-2", &vectors[3], test_aead);
  g_test_add_func ("/srtp-cipher/lengths", test_lengths);
  return g_test_run ();
}
