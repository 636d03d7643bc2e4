/* SRTP against libsrtp in both directions, over rollovers, with loss and reordering; replays, tampering, reuse, wiping. */
#define _GNU_SOURCE /* memmem */
#include "rtp/srtp.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <srtp2/srtp.h>
#include <string.h>

#include "rtp/bytes.h"
#include "rtp/srtp-cipher.h"

#define SSRC 0xcafebabe
#define MAX_PACKET 1600

static const guint8 key[CV_SRTP_MAX_KEY] = "an example of a master key, 256b";
static const guint8 salt[CV_SRTP_MAX_SALT] = "master salt 14";

typedef struct {
  CvSrtpProfile profile;
  void (*policy) (srtp_crypto_policy_t *);
} Case;

static const Case cases[] = {
  { CV_SRTP_AES128_CM_SHA1_80, srtp_crypto_policy_set_rtp_default },
  { CV_SRTP_AEAD_AES_128_GCM, srtp_crypto_policy_set_aes_gcm_128_16_auth },
  { CV_SRTP_AEAD_AES_256_GCM, srtp_crypto_policy_set_aes_gcm_256_16_auth },
};

typedef struct {
  guint64 index;
  gsize header_n, n; /* plain */
  guint8 plain[MAX_PACKET];
  guint8 sealed[MAX_PACKET]; /* by libsrtp */
  gsize sealed_n;
} Packet;

/* --- what is sent ------------------------------------------------------------------------------------------------ */

/* A packet with some contributing sources, sometimes an extension, and a payload of any length. */
static void
make_packet (Packet *packet, guint64 index)
{
  guint sources = g_test_rand_int_range (0, 3);
  gboolean extended = g_test_rand_bit ();
  guint8 *p = packet->plain;
  packet->index = index;
  packet->header_n = 12 + 4 * sources + (extended ? 12 : 0);
  packet->n = packet->header_n + g_test_rand_int_range (0, 1200);
  for (gsize i = 0; i < packet->n; i++)
    p[i] = (guint8) (index * 31 + i * 7);
  p[0] = (guint8) (0x80 | sources | (extended ? 0x10 : 0));
  p[1] = 96;
  cv_write16 (p + 2, (guint16) index);
  cv_write32 (p + 8, SSRC);
  if (extended)
    cv_write32 (p + 12 + 4 * sources, 0xbede0002);
}

static srtp_t
new_peer (const Case *c, srtp_ssrc_type_t type)
{
  guint8 both[CV_SRTP_MAX_KEY + CV_SRTP_MAX_SALT];
  srtp_policy_t policy = { .ssrc = { type, 0 }, .key = both, .window_size = CV_SRTP_WINDOW };
  srtp_t peer;
  memcpy (both, key, cv_srtp_key_length (c->profile));
  memcpy (both + cv_srtp_key_length (c->profile), salt, cv_srtp_salt_length (c->profile));
  c->policy (&policy.rtp);
  c->policy (&policy.rtcp);
  g_assert_cmpint (srtp_create (&peer, &policy), ==, srtp_err_status_ok);
  return peer;
}

static void
shuffle (Packet **packets, guint n)
{
  for (guint i = n - 1; i > 0; i--) {
    guint k = g_test_rand_int_range (0, i + 1);
    Packet *other = packets[i];
    packets[i] = packets[k];
    packets[k] = other;
  }
}

/* --- against libsrtp --------------------------------------------------------------------------------------------- */

typedef struct {
  CvSrtp *ours;
  CvSrtpWindow sent, received;
  srtp_t sender, receiver;
} Pair;

static void
exchange (Pair *pair, Packet *packet)
{
  guint8 sealed[MAX_PACKET], theirs[MAX_PACKET];
  memcpy (sealed, packet->plain, packet->header_n);
  gsize n = cv_srtp_protect_rtp (pair->ours, &pair->sent, packet->index, sealed, packet->header_n,
                                 packet->plain + packet->header_n, packet->n - packet->header_n);
  g_assert_cmpmem (sealed, n, packet->sealed, packet->sealed_n);
  int their_n = (int) n;
  memcpy (theirs, sealed, n);
  g_assert_cmpint (srtp_unprotect (pair->receiver, theirs, &their_n), ==, srtp_err_status_ok);
  g_assert_cmpmem (theirs, their_n, packet->plain, packet->n);

  guint64 index = 0;
  g_assert_true (
    cv_srtp_unprotect_rtp (pair->ours, &pair->received, packet->sealed, packet->header_n, &packet->sealed_n, &index));
  g_assert_cmpuint (index, ==, packet->index);
  g_assert_cmpmem (packet->sealed, packet->sealed_n, packet->plain, packet->n);
  g_assert_false (cv_srtp_unprotect_rtp (pair->ours, &pair->received, sealed, packet->header_n, &n, &index));
}

/* More than four rollovers; nine of ten are lost; sixteen at a time arrive in any order. */
static void
test_rtp (gconstpointer data)
{
  enum { BATCH = 16, BATCHES = 2000 };
  const Case *c = data;
  Pair pair = { .ours = cv_srtp_new (c->profile, key, salt) };
  g_autofree Packet *packets = g_new0 (Packet, BATCH);
  Packet *order[BATCH];
  guint64 index = 30000;
  pair.sender = new_peer (c, ssrc_any_outbound);
  pair.receiver = new_peer (c, ssrc_any_inbound);
  for (guint k = 0; k < BATCHES; k++) {
    for (guint i = 0; i < BATCH; i++) {
      int n;
      make_packet (&packets[i], index);
      index += g_test_rand_int_range (1, 20);
      order[i] = &packets[i];
      n = (int) packets[i].n;
      memcpy (packets[i].sealed, packets[i].plain, packets[i].n);
      g_assert_cmpint (srtp_protect (pair.sender, packets[i].sealed, &n), ==, srtp_err_status_ok);
      packets[i].sealed_n = (gsize) n;
    }
    if (k > 0) /* the first to come sets where the window begins */
      shuffle (order, BATCH);
    for (guint i = 0; i < BATCH; i++)
      exchange (&pair, order[i]);
  }
  g_assert_cmpuint (index >> 16, >=, 4);
  srtp_dealloc (pair.sender);
  srtp_dealloc (pair.receiver);
  cv_srtp_free (pair.ours);
}

static gsize
make_report (guint8 *packet, guint32 ssrc)
{
  gsize n = 8 + 4 * (gsize) g_test_rand_int_range (0, 20);
  for (gsize i = 8; i < n; i++)
    packet[i] = (guint8) g_test_rand_int ();
  cv_write32 (packet, 0x81c90000 | (guint32) (n / 4 - 1));
  cv_write32 (packet + 4, ssrc);
  return n;
}

/* libsrtp counts the SRTCP index for each SSRC that sends, we count one for all. */
static void
test_rtcp (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (CvSrtp) ours = cv_srtp_new (c->profile, key, salt);
  srtp_t sender = new_peer (c, ssrc_any_outbound), receiver = new_peer (c, ssrc_any_inbound);
  for (guint i = 0; i < 2000; i++) {
    guint8 plain[256], packet[256], again[256];
    gsize n = make_report (plain, 70 + i % 10), sealed_n;
    int their_n = (int) n;
    memcpy (packet, plain, n);
    g_assert_cmpint (srtp_protect_rtcp (sender, packet, &their_n), ==, srtp_err_status_ok);
    sealed_n = (gsize) their_n;
    memcpy (again, packet, sealed_n);
    g_assert_true (cv_srtp_unprotect_rtcp (ours, packet, &sealed_n));
    g_assert_cmpmem (packet, sealed_n, plain, n);
    sealed_n = (gsize) their_n;
    g_assert_false (cv_srtp_unprotect_rtcp (ours, again, &sealed_n));

    memcpy (packet, plain, n);
    their_n = (int) cv_srtp_protect_rtcp (ours, packet, n);
    g_assert_cmpint (their_n, >, (int) n);
    g_assert_cmpint (their_n, <=, (int) n + CV_SRTP_MAX_OVERHEAD);
    g_assert_cmpint (srtp_unprotect_rtcp (receiver, packet, &their_n), ==, srtp_err_status_ok);
    g_assert_cmpmem (packet, their_n, plain, n);
  }
  srtp_dealloc (sender);
  srtp_dealloc (receiver);
}

/* --- what is refused --------------------------------------------------------------------------------------------- */

/* Each bit of one byte after the other is another than it was, then a byte after the other is missing. */
static void
test_tampered (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (CvSrtp) ours = cv_srtp_new (c->profile, key, salt);
  CvSrtpWindow sent = { 0 }, window = { 0 }, before;
  Packet packet;
  guint8 sealed[MAX_PACKET], copy[MAX_PACKET];
  guint64 index;
  make_packet (&packet, 40000);
  memcpy (sealed, packet.plain, packet.n);
  gsize header_n = packet.header_n, n;
  gsize sealed_n =
    cv_srtp_protect_rtp (ours, &sent, packet.index, sealed, header_n, sealed + header_n, packet.n - header_n);
  g_assert_cmpuint (sealed_n, >, 0);
  before = window;
  for (gsize i = 0; i < sealed_n * 8; i++) {
    memcpy (copy, sealed, sealed_n);
    copy[i / 8] ^= 1 << i % 8;
    n = sealed_n;
    g_assert_false (cv_srtp_unprotect_rtp (ours, &window, copy, header_n, &n, &index));
    g_assert_cmpuint (n, ==, sealed_n);
  }
  for (gsize i = 0; i < sealed_n; i++) {
    memcpy (copy, sealed, sealed_n);
    n = i;
    g_assert_false (cv_srtp_unprotect_rtp (ours, &window, copy, header_n, &n, &index));
  }
  g_assert_cmpmem (&window, sizeof window, &before, sizeof before);
  n = sealed_n;
  g_assert_true (cv_srtp_unprotect_rtp (ours, &window, sealed, header_n, &n, &index));
  g_assert_cmpmem (sealed, n, packet.plain, packet.n);
}

static void
test_tampered_rtcp (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (CvSrtp) ours = cv_srtp_new (c->profile, key, salt);
  guint8 sealed[256], copy[256];
  gsize n = make_report (sealed, 7), sealed_n = cv_srtp_protect_rtcp (ours, sealed, n);
  g_assert_cmpuint (sealed_n, >, n);
  for (gsize i = 0; i < sealed_n * 8; i++) {
    memcpy (copy, sealed, sealed_n);
    copy[i / 8] ^= 1 << i % 8;
    n = sealed_n;
    g_assert_false (cv_srtp_unprotect_rtcp (ours, copy, &n));
  }
  for (gsize i = 0; i < sealed_n; i++) {
    memcpy (copy, sealed, sealed_n);
    n = i;
    g_assert_false (cv_srtp_unprotect_rtcp (ours, copy, &n));
  }
  n = sealed_n;
  g_assert_true (cv_srtp_unprotect_rtcp (ours, sealed, &n));
  n = 7;
  g_assert_cmpuint (cv_srtp_protect_rtcp (ours, sealed, n), ==, 0);
}

static gsize
send (CvSrtp *self, CvSrtpWindow *sent, guint64 index)
{
  guint8 packet[64] = { 0x80, 96 };
  cv_write16 (packet + 2, (guint16) index);
  return cv_srtp_protect_rtp (self, sent, index, packet, 12, packet + 12, 20);
}

/* No index leaves twice, nor one of which it is no longer known whether it left. */
static void
test_reuse (void)
{
  g_autoptr (CvSrtp) ours = cv_srtp_new (CV_SRTP_AEAD_AES_128_GCM, key, salt);
  CvSrtpWindow sent = { 0 };
  guint8 packet[64] = { 0x80, 96, 0, 1 };
  g_assert_cmpuint (send (ours, &sent, 5000), ==, 12 + 20 + 16);
  g_assert_cmpuint (send (ours, &sent, 5000), ==, 0);
  g_assert_cmpuint (send (ours, &sent, 4999), >, 0);
  g_assert_cmpuint (send (ours, &sent, 4999), ==, 0);
  g_assert_cmpuint (send (ours, &sent, 5000 - CV_SRTP_WINDOW), ==, 0);
  g_assert_cmpuint (send (ours, &sent, 5001 - CV_SRTP_WINDOW), >, 0);
  g_assert_cmpuint (send (ours, &sent, 5000 + CV_SRTP_WINDOW - 1), >, 0);
  g_assert_cmpuint (send (ours, &sent, 5000), ==, 0); /* the oldest that is known */
  g_assert_cmpuint (send (ours, &sent, 5001), >, 0);
  g_assert_cmpuint (send (ours, &sent, 70000), >, 0); /* forgets all */
  g_assert_cmpuint (send (ours, &sent, 69999), >, 0);
  g_assert_cmpuint (send (ours, &sent, 69999), ==, 0);
  /* the same sequence number of the next round is another index */
  g_assert_cmpuint (send (ours, &sent, 70000 + 65536), >, 0);
  g_assert_cmpuint (send (ours, &sent, (G_GUINT64_CONSTANT (1) << 48) - 1), >, 0);
  g_assert_cmpuint (send (ours, &sent, G_GUINT64_CONSTANT (1) << 48), ==, 0);

  CvSrtpWindow other = { 0 };
  g_assert_cmpuint (cv_srtp_protect_rtp (ours, &other, 2, packet, 12, packet + 12, 20), ==, 0); /* says 1 */
  g_assert_cmpuint (cv_srtp_protect_rtp (ours, &other, 1, packet, 11, packet + 12, 20), ==, 0);
  g_assert_cmpuint (cv_srtp_protect_rtp (ours, &other, 1, packet, 12, packet + 12, 70000), ==, 0);
  g_assert_cmpuint (cv_srtp_protect_rtp (ours, &other, 1, packet, 12, packet + 12, 0), ==, 12 + 16);
}

static void
test_guess (void)
{
  static const struct {
    guint64 top;
    guint16 seq;
    guint64 index;
  } guesses[] = {
    { 0x00005, 0x0006, 0x00006 }, { 0x0ffff, 0x0000, 0x10000 },
    { 0x10000, 0xffff, 0x0ffff }, { 0x18000, 0x0000, 0x10000 },
    { 0x18001, 0x0000, 0x20000 }, { 0x17fff, 0xffff, 0x1ffff },
    { 0x17ffe, 0xffff, 0x0ffff }, { 0x00005, 0xfff0, 0x0fff0 },
    { 0x2fff0, 0x0010, 0x30010 }, { 0xffffffff0000, 0xffff, 0xfffffffeffff },
  };
  CvSrtpWindow window = { 0 };
  g_assert_cmpuint (cv_srtp_window_guess (&window, 65000), ==, 65000);
  window.started = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (guesses); i++) {
    window.top = guesses[i].top;
    g_assert_cmphex (cv_srtp_window_guess (&window, guesses[i].seq), ==, guesses[i].index);
  }
}

/* Too old, replayed: for the receiver too; a bounded number of SSRCs send RTCP, each with a window of its own. */
static void
test_replay (void)
{
  g_autoptr (CvSrtp) ours = cv_srtp_new (CV_SRTP_AES128_CM_SHA1_80, key, salt);
  CvSrtpWindow sent = { 0 }, window = { 0 };
  guint8 old[64] = { 0x80, 96, 0, 1 }, new[64] = { 0x80, 96, 4, 1 };
  guint64 index;
  gsize n = cv_srtp_protect_rtp (ours, &sent, 1, old, 12, old + 12, 20), m = n;
  g_assert_cmpuint (cv_srtp_protect_rtp (ours, &sent, 1025, new, 12, new + 12, 20), ==, n);
  g_assert_true (cv_srtp_unprotect_rtp (ours, &window, new, 12, &m, &index));
  g_assert_false (cv_srtp_unprotect_rtp (ours, &window, old, 12, &n, &index));
  g_assert_cmpuint (index, ==, 1025);

  guint8 reports[130][32];
  for (guint i = 0; i < 130; i++) {
    cv_write32 (reports[i], 0x80c90001);
    cv_write32 (reports[i] + 4, i < 66 ? 1 : i);
    g_assert_cmpuint (cv_srtp_protect_rtcp (ours, reports[i], 8), ==, 22);
  }
  static const guint order[] = { 65, 2, 3, 64 };
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    guint8 copy[32];
    memcpy (copy, reports[order[i]], 32);
    n = 22;
    g_assert_true (cv_srtp_unprotect_rtcp (ours, copy, &n));
    g_assert_cmpuint (n, ==, 8);
    memcpy (copy, reports[order[i]], 32);
    n = 22;
    g_assert_false (cv_srtp_unprotect_rtcp (ours, copy, &n));
  }
  n = 22;
  g_assert_false (cv_srtp_unprotect_rtcp (ours, reports[1], &n)); /* 64 before the last */
  for (guint i = 66; i < 130; i++) {
    n = 22;
    g_assert_true (cv_srtp_unprotect_rtcp (ours, reports[i], &n) == (i < 129)); /* one SSRC was there already */
  }
}

/* RTCP whose flag says that it is not encrypted is refused, however well it is signed. */
static void
test_plain_rtcp (void)
{
  g_autoptr (CvSrtp) ours = cv_srtp_new (CV_SRTP_AES128_CM_SHA1_80, key, salt);
  srtp_policy_t policy = { .ssrc = { ssrc_any_outbound, 0 }, .window_size = 128 };
  guint8 both[30], packet[64];
  srtp_t sender;
  memcpy (both, key, 16);
  memcpy (both + 16, salt, 14);
  policy.key = both;
  srtp_crypto_policy_set_rtp_default (&policy.rtp);
  srtp_crypto_policy_set_rtcp_default (&policy.rtcp);
  policy.rtcp.sec_serv = sec_serv_auth;
  g_assert_cmpint (srtp_create (&sender, &policy), ==, srtp_err_status_ok);
  cv_write32 (packet, 0x80c90001);
  cv_write32 (packet + 4, 1);
  int n = 8;
  g_assert_cmpint (srtp_protect_rtcp (sender, packet, &n), ==, srtp_err_status_ok);
  gsize sealed_n = (gsize) n;
  g_assert_false (cv_srtp_unprotect_rtcp (ours, packet, &sealed_n));
  srtp_dealloc (sender);
}

/* --- wiping ------------------------------------------------------------------------------------------------------ */

#define NEEDLE 12

static guint8 needles[8][NEEDLE];
static guint n_needles;
static guint n_found;

/* Looks for keys in everything that OpenSSL gives back; our own keys stand in its memory as well. */
static void
look (gconstpointer block)
{
  for (guint i = 0; block != NULL && i < n_needles; i++)
    if (memmem (block, malloc_usable_size ((void *) block), needles[i], NEEDLE) != NULL)
      n_found++;
}

static void *
on_openssl_malloc (size_t n, const char *file, int line)
{
  return calloc (1, n > 0 ? n : 1);
}

static void *
on_openssl_realloc (void *block, size_t n, const char *file, int line)
{
  void *copy = calloc (1, n > 0 ? n : 1);
  if (block != NULL)
    memcpy (copy, block, MIN (n, malloc_usable_size (block)));
  look (block);
  free (block);
  return copy;
}

static void
on_openssl_free (void *block, const char *file, int line)
{
  look (block);
  free (block);
}

static void
add_needle (const guint8 *bytes)
{
  memcpy (needles[n_needles++], bytes, NEEDLE);
}

static void
test_wiped (gconstpointer data)
{
  const Case *c = data;
  CvSrtpSession session;
  guint8 packet[64] = { 0x80, 96 };
  CvSrtpWindow sent = { 0 };
  n_needles = n_found = 0;
  add_needle (key);
  for (CvSrtpProtocol protocol = CV_SRTP_RTP; protocol <= CV_SRTP_RTCP; protocol++) {
    cv_srtp_derive (c->profile, protocol, key, salt, &session);
    add_needle (session.key);
    add_needle (session.salt);
  }
  OPENSSL_free (OPENSSL_memdup (key, sizeof key));
  g_assert_cmpuint (n_found, ==, 1); /* it is seen where one is left */
  CvSrtp *ours = cv_srtp_new (c->profile, key, salt);
  g_assert_cmpuint (cv_srtp_protect_rtp (ours, &sent, 0, packet, 12, packet + 12, 20), >, 0);
  cv_srtp_free (ours);
  g_assert_cmpuint (n_found, ==, 1);
  n_needles = 0;
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    GTestDataFunc run;
  } tests[] = {
    { "rtp", test_rtp },           { "rtcp", test_rtcp },
    { "tampered", test_tampered }, { "tampered-rtcp", test_tampered_rtcp },
    { "wiped", test_wiped },
  };
  static const char *const names[] = { "aes128-cm", "aes-128-gcm", "aes-256-gcm" };
  CRYPTO_set_mem_functions (on_openssl_malloc, on_openssl_realloc, on_openssl_free);
  g_test_init (&argc, &argv, NULL);
  srtp_init ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (tests); k++) {
      g_autofree char *path = g_strdup_printf ("/srtp/%s/%s", names[i], tests[k].path);
      g_test_add_data_func (path, &cases[i], tests[k].run);
    }
  }
  g_test_add_func ("/srtp/reuse", test_reuse);
  g_test_add_func ("/srtp/guess", test_guess);
  g_test_add_func ("/srtp/replay", test_replay);
  g_test_add_func ("/srtp/plain-rtcp", test_plain_rtcp);
  return g_test_run ();
}
