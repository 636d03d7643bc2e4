/* Links: the vectors that the browsers test against too, and the forms of URLs. */
#include "base/link.h"

#include "base/json.h"

#include <string.h>

static void
decode (JsonObject *object, const char *name, guint8 out[32])
{
  g_assert_true (cv_base64url_decode (json_object_get_string_member (object, name), out, 32));
}

static void
assert_bytes (JsonObject *object, const char *name, const guint8 found[32])
{
  guint8 expected[32];

  decode (object, name, expected);
  g_assert_cmpmem (found, 32, expected, 32);
}

/* What the server is given when a room gets another secret is what a link with it opens. */
static void
test_rotations (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *rotations;

  g_assert_true (json_parser_load_from_file (parser, CV_TESTS_DIR "/vectors/link-1.json", NULL));
  rotations = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "rotations");
  g_assert_cmpuint (json_array_get_length (rotations), >=, 2);
  for (guint i = 0; i < json_array_get_length (rotations); i++) {
    JsonObject *vector = json_array_get_object_element (rotations, i);
    CvLink link = { 0 };
    CvLinkKeys keys;
    guint8 verifier[CV_HASH_BYTES];

    g_strlcpy (link.room, json_object_get_string_member (vector, "room"), sizeof link.room);
    decode (vector, "secret", link.secret);
    decode (vector, "to", verifier);
    cv_link_derive (&link, &keys);
    g_assert_cmpmem (keys.join_verifier, sizeof keys.join_verifier, verifier, sizeof verifier);
  }
}

static void
test_vectors (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *links;

  json_parser_load_from_file (parser, CV_TESTS_DIR "/vectors/link-1.json", &error);
  g_assert_no_error (error);
  links = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "links");
  g_assert_cmpuint (json_array_get_length (links), >=, 3);
  for (guint i = 0; i < json_array_get_length (links); i++) {
    JsonObject *vector = json_array_get_object_element (links, i);
    CvLink link;
    CvLinkKeys keys;

    g_strlcpy (link.room, json_object_get_string_member (vector, "room"), sizeof link.room);
    decode (vector, "secret", link.secret);
    decode (vector, "host_secret", link.host_secret);
    cv_link_derive (&link, &keys);
    assert_bytes (vector, "salt", keys.salt);
    assert_bytes (vector, "kJoin", keys.join_key);
    assert_bytes (vector, "kHost", keys.host_key);
    assert_bytes (vector, "join_verifier", keys.join_verifier);
    assert_bytes (vector, "host_verifier", keys.host_verifier);
  }
}

static void
test_new (void)
{
  CvLink a, b;

  cv_link_init (&a);
  cv_link_init (&b);
  g_assert_true (cv_id_is_valid (a.room, ""));
  g_assert_cmpstr (a.room, !=, b.room);
  g_assert_cmpint (memcmp (a.secret, b.secret, CV_LINK_SECRET_BYTES), !=, 0);
  g_assert_cmpint (memcmp (a.secret, a.host_secret, CV_LINK_SECRET_BYTES), !=, 0);
}

static void
test_urls (void)
{
  CvLink link = { .room = "abcdefghijkm" };
  char *join_url, *host_url;

  memset (link.secret, 0xff, sizeof link.secret);
  join_url = cv_link_join_url (&link, "https://meet.example:8443");
  host_url = cv_link_host_url (&link, "https://meet.example:8443");
  g_assert_cmpstr (join_url, ==,
                   "https://meet.example:8443/r/abcdefghijkm#__________________________________________8");
  g_assert_cmpstr (host_url, ==,
                   "https://meet.example:8443/r/abcdefghijkm#__________________________________________8."
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  cv_link_free_url (join_url);
  cv_link_free_url (host_url);
  cv_link_free_url (NULL);
}

static void
test_wiped (void)
{
  static const CvLink NO_LINK;
  static const CvLinkKeys NO_KEYS;
  CvLink link;
  CvLinkKeys keys;

  cv_link_init (&link);
  cv_link_derive (&link, &keys);
  cv_link_clear (&link);
  cv_link_keys_clear (&keys);
  g_assert_cmpmem (&link, sizeof link, &NO_LINK, sizeof NO_LINK);
  g_assert_cmpmem (&keys, sizeof keys, &NO_KEYS, sizeof NO_KEYS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/vectors", test_vectors);
  g_test_add_func ("/link/rotations", test_rotations);
  g_test_add_func ("/link/new", test_new);
  g_test_add_func ("/link/urls", test_urls);
  g_test_add_func ("/link/wiped", test_wiped);
  return g_test_run ();
}
