/* The vectors of RFC 5769, requests that are cut, forged or not understood, and responses for each kind of address. */
#include "media/stun.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "rtp/bytes.h"

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"
#define TRANSACTION 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae

static const guint8 request[] = {
  0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, TRANSACTION, 0x80, 0x22, 0x00, 0x10, 'S',
  'T',  'U',  'N',  ' ',  't',  'e',  's',  't',  ' ',         'c',  'l',  'i',  'e',  'n',
  't',  0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff, /**/
  0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51,        0x26, 0x3b, 0x36, 0x00, 0x06,
  0x00, 0x09, 'e',  'v',  't',  'j',  ':',  'h',  '6',         'v',  'Y',  ' ',  ' ',  ' ', /**/
  0x00, 0x08, 0x00, 0x14, 0x9a, 0xea, 0xa7, 0x0c, 0xbf,        0xd8, 0xcb, 0x56, 0x78, 0x1e,
  0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49, 0xc1, 0xb5, 0x71,        0xa2, /**/
  0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};
static const guint8 response_4[] = {
  0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, TRANSACTION, 0x80, 0x22, 0x00, 0x0b,
  't',  'e',  's',  't',  ' ',  'v',  'e',  'c',  't',         'o',  'r',  ' ',  /**/
  0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1,        0x12, 0xa6, 0x43, /**/
  0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd,        0x9e, 0x90, 0xc3, 0x8c,
  0x74, 0x89, 0xf9, 0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b,        0xe7, 0xd7, /**/
  0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
};
static const guint8 response_6[] = {
  0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4, 0x42, TRANSACTION, 0x80, 0x22, 0x00, 0x0b,
  't',  'e',  's',  't',  ' ',  'v',  'e',  'c',  't',         'o',  'r',  ' ', /**/
  0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01,        0x13, 0xa9, 0xfa, 0xa5,
  0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2,        0xb9, 0xd9, /**/
  0x00, 0x08, 0x00, 0x14, 0xa3, 0x82, 0x95, 0x4e, 0x4b,        0xe6, 0x7b, 0xf1, 0x17,
  0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2, 0x75, 0xbf, 0xe3,        0xed, 0x41, /**/
  0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c,
};

/* --- a client's view, on its own feet: the vectors show that it is right ----------------------------------------- */

static guint32
crc (const guint8 *data, gsize n)
{
  guint32 value = 0xffffffff;
  for (gsize i = 0; i < n; i++) {
    value ^= data[i];
    for (guint k = 0; k < 8; k++)
      value = value >> 1 ^ ((value & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~value;
}

/* Puts MESSAGE-INTEGRITY and FINGERPRINT behind n bytes. */
static gsize
sign (guint8 *packet, gsize n, const char *password)
{
  cv_write16 (packet + 2, (guint16) (n + 24 - 20));
  cv_write32 (packet + n, 0x00080014);
  HMAC (EVP_sha1 (), password, (int) strlen (password), packet, n, packet + n + 4, NULL);
  cv_write16 (packet + 2, (guint16) (n + 32 - 20));
  cv_write32 (packet + n + 24, 0x80280004);
  cv_write32 (packet + n + 28, crc (packet, n + 24) ^ 0x5354554e);
  return n + 32;
}

/* The value of an attribute of a packet that is signed with `password` and answers the request above. */
static const guint8 *
find_in_response (const guint8 *packet, gsize n, guint16 wanted, gsize *value_n)
{
  static const guint8 transaction[] = { TRANSACTION };
  const guint8 *found = NULL;
  guint8 copy[256];
  g_assert_cmpuint (n, >=, 52);
  g_assert_cmpuint (cv_read16 (packet + 2), ==, n - 20);
  g_assert_cmpmem (packet + 8, 12, transaction, 12);
  memcpy (copy, packet, n - 32);
  g_assert_cmpuint (sign (copy, n - 32, PASSWORD), ==, n);
  g_assert_cmpmem (copy, n, packet, n);
  for (gsize at = 20; at < n; at += 4 + ((cv_read16 (packet + at + 2) + 3u) & ~3u)) {
    if (cv_read16 (packet + at) == wanted) {
      found = packet + at + 4;
      *value_n = cv_read16 (packet + at + 2);
    }
  }
  return found;
}

static void
assert_address (const guint8 *packet, gsize n, int family, const char *address, guint16 port)
{
  gsize value_n = 0, address_n = family == AF_INET ? 4 : 16;
  guint8 bytes[16], wanted[16];
  g_assert_cmphex (cv_read16 (packet), ==, 0x0101);
  const guint8 *value = find_in_response (packet, n, 0x0020, &value_n);
  g_assert_nonnull (value);
  g_assert_cmpuint (value_n, ==, 4 + address_n);
  g_assert_cmpuint (value[0], ==, 0);
  g_assert_cmpuint (value[1], ==, family == AF_INET ? 1 : 2);
  g_assert_cmpuint (cv_read16 (value + 2) ^ 0x2112, ==, port);
  for (gsize i = 0; i < address_n; i++)
    bytes[i] = value[4 + i] ^ packet[4 + i];
  g_assert_cmpint (inet_pton (family, address, wanted), ==, 1);
  g_assert_cmpmem (bytes, address_n, wanted, address_n);
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static void
test_vectors (void)
{
  CvStunRequest stun;
  char ufrag[8];
  g_assert_true (cv_stun_is (request, sizeof request));
  g_assert_true (cv_stun_parse_request (&stun, request, sizeof request));
  g_assert_cmpmem (stun.username, stun.username_n, "evtj:h6vY", 9);
  g_assert_cmphex (stun.priority, ==, 0x6e0001ff);
  g_assert_true (stun.controlled);
  g_assert_true (stun.fingerprint_ok);
  g_assert_false (stun.use_candidate);
  g_assert_true (cv_stun_verify (&stun, request, sizeof request, PASSWORD));
  g_assert_false (cv_stun_verify (&stun, request, sizeof request, "VOkJxbRl1RmTxUk/WvJxBT"));
  g_assert_false (cv_stun_verify (&stun, request, sizeof request, ""));
  g_assert_false (cv_stun_verify (&stun, request, stun.integrity_at + 23, PASSWORD));
  g_assert_true (cv_stun_copy_ufrag (&stun, ufrag, sizeof ufrag));
  g_assert_cmpstr (ufrag, ==, "evtj");
  g_assert_false (cv_stun_copy_ufrag (&stun, ufrag, 4));

  assert_address (response_4, sizeof response_4, AF_INET, "192.0.2.1", 32853);
  assert_address (response_6, sizeof response_6, AF_INET6, "2001:db8:1234:5678:11:2233:4455:6677", 32853);
  g_assert_true (cv_stun_is (response_4, sizeof response_4));
  g_assert_false (cv_stun_parse_request (&stun, response_4, sizeof response_4));
}

static void
test_responses (void)
{
  static const struct {
    const char *from;
    int family;
    const char *mapped;
  } cases[] = {
    { "192.0.2.1", AF_INET, "192.0.2.1" },
    { "2001:db8:1234:5678:11:2233:4455:6677", AF_INET6, "2001:db8:1234:5678:11:2233:4455:6677" },
    { "::ffff:192.0.2.1", AF_INET, "192.0.2.1" },
  };
  CvStunRequest stun;
  guint8 out[CV_STUN_MAX_RESPONSE];
  g_assert_true (cv_stun_parse_request (&stun, request, sizeof request));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons (32853) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons (32853) };
    const struct sockaddr *from = (const struct sockaddr *) &v4;
    if (inet_pton (AF_INET, cases[i].from, &v4.sin_addr) != 1) {
      g_assert_cmpint (inet_pton (AF_INET6, cases[i].from, &v6.sin6_addr), ==, 1);
      from = (const struct sockaddr *) &v6;
    }
    gsize n = cv_stun_write_response (out, sizeof out, &stun, from, PASSWORD);
    assert_address (out, n, cases[i].family, cases[i].mapped, 32853);
    g_assert_cmpuint (cv_stun_write_response (out, sizeof out - 1, &stun, from, PASSWORD), ==, 0);
  }
  struct sockaddr other = { .sa_family = AF_UNIX };
  g_assert_cmpuint (cv_stun_write_response (out, sizeof out, &stun, &other, PASSWORD), ==, 0);
}

static void
test_conflict (void)
{
  CvStunRequest stun;
  guint8 out[CV_STUN_MAX_RESPONSE];
  gsize value_n = 0;
  g_assert_true (cv_stun_parse_request (&stun, request, sizeof request));
  gsize n = cv_stun_write_conflict (out, sizeof out, &stun, PASSWORD);
  g_assert_cmphex (cv_read16 (out), ==, 0x0111);
  const guint8 *value = find_in_response (out, n, 0x0009, &value_n);
  g_assert_cmpmem (value, value_n, "\0\0\4\127Role Conflict", 17);
  g_assert_cmpuint (cv_stun_write_conflict (out, sizeof out - 1, &stun, PASSWORD), ==, 0);
}

/* Every bit counts, and every byte must be there. */
static void
test_tampered (void)
{
  CvStunRequest stun;
  for (gsize i = 0; i < sizeof request * 8; i++) {
    guint8 copy[sizeof request];
    memcpy (copy, request, sizeof request);
    copy[i / 8] ^= 1 << i % 8;
    /* the fingerprint tells, if it is not its own type that is another */
    g_assert_false (cv_stun_parse_request (&stun, copy, sizeof copy) && stun.fingerprint_ok);
    cv_write32 (copy + sizeof copy - 4, crc (copy, sizeof copy - 8) ^ 0x5354554e);
    gboolean in_fingerprint = i / 8 >= sizeof request - 8;
    g_assert_true (in_fingerprint || !cv_stun_parse_request (&stun, copy, sizeof copy) ||
                   !cv_stun_verify (&stun, copy, sizeof copy, PASSWORD));
  }
  for (gsize n = 0; n < sizeof request; n++) {
    g_autofree guint8 *copy = g_memdup2 (request, n);
    g_assert_false (cv_stun_is (copy, n));
    g_assert_false (cv_stun_parse_request (&stun, copy, n));
  }
}

/* A request with these attributes (hex, without integrity), signed. */
static gsize
make_request (guint8 *packet, const char *attributes)
{
  gsize n = 20;
  memcpy (packet, request, n);
  for (; *attributes != '\0'; attributes++)
    if (*attributes != ' ') {
      packet[n++] = (guint8) (g_ascii_xdigit_value (attributes[0]) << 4 | g_ascii_xdigit_value (attributes[1]));
      attributes++;
    }
  return sign (packet, n, PASSWORD);
}

#define NAME "00060009 6576746a 3a683676 59000000 " /* evtj:h6vY */

static void
test_attributes (void)
{
  static const struct {
    const char *attributes;
    gboolean good;
  } cases[] = {
    { NAME, TRUE },
    { NAME "00250000", TRUE },
    { NAME "00240004 6e0001ff c0570004 00000000 802a0008 00000000 00000000 ", TRUE },
    { NAME "00060004 61616161", TRUE }, /* the first counts */
    { "", FALSE },
    { "00060000", FALSE },
    { NAME "00250004 00000000", FALSE },
    { NAME "00240002 00000000", FALSE },
    { NAME "80290004 00000000", FALSE },
    { NAME "00140004 61616161", FALSE }, /* REALM: not understood */
    { NAME "7fff0000", FALSE },
    { NAME "80000000", TRUE },
    { NAME "8022ffff", FALSE },          /* longer than the packet */
    { NAME "80280004 00000000", FALSE }, /* a fingerprint that is not last */
    { NAME "0008000c 00000000 00000000 00000000", FALSE },
  };
  CvStunRequest stun;
  guint8 packet[512];
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize n = make_request (packet, cases[i].attributes);
    gboolean good = cv_stun_parse_request (&stun, packet, n);
    if (good != cases[i].good)
      g_error ("case %" G_GSIZE_FORMAT, i);
    if (good) {
      g_assert_cmpmem (stun.username, stun.username_n, "evtj:h6vY", 9);
      g_assert_true (cv_stun_verify (&stun, packet, n, PASSWORD));
      g_assert_true (stun.use_candidate == (i == 1));
      g_assert_false (stun.controlled);
    }
  }
  /* without a fingerprint; with something unsigned behind the signature; with no signature */
  gsize n = make_request (packet, NAME) - 8;
  cv_write16 (packet + 2, (guint16) (n - 20));
  g_assert_true (cv_stun_parse_request (&stun, packet, n));
  g_assert_false (stun.fingerprint_ok);
  g_assert_true (cv_stun_verify (&stun, packet, n, PASSWORD));
  cv_write32 (packet + n, 0x00250000);
  cv_write16 (packet + 2, (guint16) (n + 4 - 20));
  g_assert_true (cv_stun_parse_request (&stun, packet, n + 4));
  g_assert_false (stun.use_candidate);
  n -= 24;
  cv_write16 (packet + 2, (guint16) (n - 20));
  g_assert_false (cv_stun_parse_request (&stun, packet, n));
}

static void
test_ufrag (void)
{
  static const struct {
    const char *username, *ufrag;
  } cases[] = {
    { "abcd:efgh", "abcd" }, { "a+/9:", "a+/9" }, { "abc:efgh", NULL },  { "abcdefgh", NULL },
    { "ab-d:efgh", NULL },   { ":abcd", NULL },   { "ab d:efgh", NULL }, { "abcdefghi:x", NULL }, /* too long for us */
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    CvStunRequest stun = { .username = cases[i].username, .username_n = strlen (cases[i].username) };
    char ufrag[9] = "";
    g_assert_true (cv_stun_copy_ufrag (&stun, ufrag, sizeof ufrag) == (cases[i].ufrag != NULL));
    g_assert_cmpstr (ufrag, ==, cases[i].ufrag != NULL ? cases[i].ufrag : "");
  }
}

/* What stands behind the signature counts for nothing, but must be whole; behind the fingerprint nothing may stand. */
static void
test_behind (void)
{
  CvStunRequest stun;
  guint8 packet[512];
  gsize n = make_request (packet, NAME);
  cv_write32 (packet + n, 0x80220000);
  cv_write16 (packet + 2, (guint16) (n + 4 - 20));
  cv_write32 (packet + n - 4, crc (packet, n - 8) ^ 0x5354554e);
  g_assert_false (cv_stun_parse_request (&stun, packet, n + 4));

  n -= 8;
  cv_write16 (packet + 2, (guint16) (n + 4 - 20));
  cv_write32 (packet + n, 0x80220000);
  g_assert_true (cv_stun_parse_request (&stun, packet, n + 4));
  cv_write32 (packet + n, 0x80220001);
  g_assert_false (cv_stun_parse_request (&stun, packet, n + 4));
}

/* RFC 7983: neither DTLS nor RTP is taken for STUN. */
static void
test_demultiplexed (void)
{
  guint8 packet[sizeof request];
  memcpy (packet, request, sizeof request);
  for (guint first = 0; first < 256; first++) {
    packet[0] = (guint8) first;
    g_assert_true (cv_stun_is (packet, sizeof packet) == (first < 4));
  }
  packet[0] = 0;
  packet[7] ^= 1;
  g_assert_false (cv_stun_is (packet, sizeof packet));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/rfc-5769", test_vectors);
  g_test_add_func ("/stun/responses", test_responses);
  g_test_add_func ("/stun/conflict", test_conflict);
  g_test_add_func ("/stun/tampered", test_tampered);
  g_test_add_func ("/stun/attributes", test_attributes);
  g_test_add_func ("/stun/behind", test_behind);
  g_test_add_func ("/stun/ufrag", test_ufrag);
  g_test_add_func ("/stun/demultiplexed", test_demultiplexed);
  return g_test_run ();
}
