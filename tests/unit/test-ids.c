/* Ids, hashes and text forms, against published vectors (FIPS 180-4, RFC 5869, RFC 4648). */
#include "base/ids.h"

#include <string.h>

static void
test_new_ids (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint counts[256] = { 0 };

  for (guint i = 0; i < 2000; i++) {
    char *id = cv_id_new ("m");

    g_assert_cmpuint (strlen (id), ==, 13);
    g_assert_true (cv_id_is_valid (id, "m"));
    for (const char *c = id + 1; *c != '\0'; c++)
      counts[(guint8) *c]++;
    g_assert_true (g_hash_table_add (seen, id));
  }
  /* 24,000 letters of 32: each about 750 times */
  for (const char *c = "abcdefghijkmnpqrstuvwxyz23456789"; *c != '\0'; c++) {
    g_assert_cmpuint (counts[(guint8) *c], >, 550);
    g_assert_cmpuint (counts[(guint8) *c], <, 950);
  }
}

static void
test_invalid_ids (void)
{
  static const char *const BAD[] = { "",
                                     "abcdefghijk",
                                     "abcdefghijkmn",
                                     "abcdefghijkl",
                                     "abcdefghijko",
                                     "abcdefghijk1",
                                     "abcdefghijk0",
                                     "Abcdefghijkm",
                                     "abcdefghijk ",
                                     "abcdefghijk\n",
                                     "abcdefghij/..",
                                     "abcdefghijk\xc3\xa9" };

  g_assert_true (cv_id_is_valid ("abcdefghijkm", ""));
  g_assert_true (cv_id_is_valid ("pabcdefghijkm", "p"));
  g_assert_false (cv_id_is_valid (NULL, ""));
  g_assert_false (cv_id_is_valid ("abcdefghijkm", "p"));
  g_assert_false (cv_id_is_valid ("pabcdefghijkm", ""));
  g_assert_false (cv_id_is_valid ("mabcdefghijkm", "p"));
  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    g_assert_false (cv_id_is_valid (BAD[i], ""));
}

static void
test_random (void)
{
  guint8 a[4096] = { 0 }, b[4096] = { 0 };

  cv_random_bytes (a, sizeof a);
  cv_random_bytes (b, sizeof b);
  g_assert_cmpint (memcmp (a, b, sizeof a), !=, 0);
  g_assert_cmpint (memcmp (a + 4000, b + 4000, 96), !=, 0);
  cv_wipe (a, sizeof a);
  memset (b, 0, sizeof b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
}

static void
test_hash (void)
{
  guint8 hash[CV_HASH_BYTES];
  g_autofree char *abc = NULL, *empty = NULL;

  cv_hash ((const guint8 *) "abc", 3, hash);
  abc = cv_hex_encode (hash, sizeof hash);
  g_assert_cmpstr (abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  cv_hash (NULL, 0, hash);
  empty = cv_hex_encode (hash, sizeof hash);
  g_assert_cmpstr (empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 5869, A.1 and A.3. */
static void
test_hkdf (void)
{
  guint8 key[22], salt[13], info[10], out[42];
  g_autofree char *first = NULL, *third = NULL;

  memset (key, 0x0b, sizeof key);
  for (guint i = 0; i < sizeof salt; i++)
    salt[i] = i;
  for (guint i = 0; i < sizeof info; i++)
    info[i] = 0xf0 + i;
  cv_hkdf (key, sizeof key, salt, sizeof salt, info, sizeof info, out, sizeof out);
  first = cv_hex_encode (out, sizeof out);
  g_assert_cmpstr (first, ==, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  cv_hkdf (key, sizeof key, salt, 0, info, 0, out, sizeof out);
  third = cv_hex_encode (out, sizeof out);
  g_assert_cmpstr (third, ==, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void
test_equal (void)
{
  const guint8 a[] = { 1, 2, 3 }, b[] = { 1, 2, 4 };

  g_assert_true (cv_bytes_equal (a, a, 3));
  g_assert_true (cv_bytes_equal (a, b, 2));
  g_assert_false (cv_bytes_equal (a, b, 3));
}

static void
test_base64url_vectors (void)
{
  static const char *const PLAIN[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar", "\xfb\xff\xbf" };
  static const char *const CODED[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy", "-_-_" };

  for (guint i = 0; i < G_N_ELEMENTS (PLAIN); i++) {
    gsize n = strlen (PLAIN[i]);
    g_autofree char *text = cv_base64url_encode ((const guint8 *) PLAIN[i], n);
    guint8 back[16];

    g_assert_cmpstr (text, ==, CODED[i]);
    g_assert_true (cv_base64url_decode (CODED[i], back, n));
    g_assert_cmpmem (back, n, PLAIN[i], n);
  }
}

static void
test_base64url_random (void)
{
  for (gsize n = 0; n < 100; n++) {
    guint8 data[100], back[100];
    g_autofree char *text = NULL;

    cv_random_bytes (data, n);
    text = cv_base64url_encode (data, n);
    for (const char *c = text; *c != '\0'; c++)
      g_assert_true (cv_base64url_is_digit (*c));
    g_assert_true (cv_base64url_decode (text, back, n));
    g_assert_cmpmem (back, n, data, n);
    g_assert_false (cv_base64url_decode (text, back, n + 1));
    g_assert_true (n == 0 || !cv_base64url_decode (text, back, n - 1));
  }
}

static void
test_base64url_refused (void)
{
  guint8 out[8];

  g_assert_false (cv_base64url_decode (NULL, out, 0));
  g_assert_false (cv_base64url_decode ("Zg==", out, 1));
  g_assert_false (cv_base64url_decode ("Zh", out, 1));   /* trailing bits */
  g_assert_false (cv_base64url_decode ("Zm9", out, 2));  /* trailing bits */
  g_assert_false (cv_base64url_decode ("+/+/", out, 3)); /* base64, not base64url */
  g_assert_false (cv_base64url_decode ("Zm 9", out, 3));
  g_assert_false (cv_base64url_decode ("Zm9\n", out, 3));
  g_assert_false (cv_base64url_decode ("Z", out, 0));
  g_assert_false (cv_base64url_is_digit ('\0'));
  g_assert_false (cv_base64url_is_digit ('+'));
  g_assert_false (cv_base64url_is_digit ('='));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ids/new", test_new_ids);
  g_test_add_func ("/ids/invalid", test_invalid_ids);
  g_test_add_func ("/ids/random", test_random);
  g_test_add_func ("/ids/hash", test_hash);
  g_test_add_func ("/ids/hkdf", test_hkdf);
  g_test_add_func ("/ids/equal", test_equal);
  g_test_add_func ("/ids/base64url/vectors", test_base64url_vectors);
  g_test_add_func ("/ids/base64url/random", test_base64url_random);
  g_test_add_func ("/ids/base64url/refused", test_base64url_refused);
  return g_test_run ();
}
