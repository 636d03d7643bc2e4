/* Certificates: what a self-made one says, who may read its key, when it is renewed, and that an operator's is left alone. */
#include "daemon/certificate.h"

#include "lib/folder.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

typedef struct {
  char *folder;
  char *certificate;
  char *key;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = cv_test_folder_new ();
  f->certificate = g_build_filename (f->folder, "tls", "certificate.pem", NULL);
  f->key = g_build_filename (f->folder, "tls", "key.pem", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_test_folder_free (f->folder);
  g_free (f->certificate);
  g_free (f->key);
}

static X509 *
read_certificate (Fixture *f)
{
  BIO *file = BIO_new_file (f->certificate, "r");
  g_assert_nonnull (file);
  X509 *certificate = PEM_read_bio_X509 (file, NULL, NULL, NULL);
  BIO_free_all (file);
  g_assert_nonnull (certificate);
  return certificate;
}

static void
write_certificate (Fixture *f, X509 *certificate)
{
  BIO *file = BIO_new_file (f->certificate, "w");
  g_assert_true (PEM_write_bio_X509 (file, certificate));
  BIO_free_all (file);
}

static EVP_PKEY *
read_key (Fixture *f)
{
  BIO *file = BIO_new_file (f->key, "r");
  EVP_PKEY *key = PEM_read_bio_PrivateKey (file, NULL, NULL, NULL);
  BIO_free_all (file);
  g_assert_nonnull (key);
  return key;
}

static GTlsCertificate *
load (Fixture *f, const char *make, GError **error)
{
  return cv_certificate_load (f->certificate, f->key, make, error);
}

static gboolean
names (X509 *certificate, const char *name)
{
  return g_hostname_is_ip_address (name) ? X509_check_ip_asc (certificate, name, 0) == 1
                                         : X509_check_host (certificate, name, 0, 0, NULL) == 1;
}

static void
test_made (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) loaded = load (f, "meet.example", &error);
  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "tls/key.pem"), ==, 0600);
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "tls/certificate.pem"), ==, 0644);

  X509 *certificate = read_certificate (f);
  g_assert_true (names (certificate, "localhost"));
  g_assert_true (names (certificate, "127.0.0.1"));
  g_assert_true (names (certificate, "::1"));
  g_assert_true (names (certificate, "meet.example"));
  g_assert_true (names (certificate, g_get_host_name ()));
  g_assert_false (names (certificate, "evil.example"));
  g_assert_cmpint (X509_check_ca (certificate), ==, 0);
  g_assert_cmpint (X509_get_extended_key_usage (certificate), ==, XKU_SSL_SERVER);
  g_assert_cmpint (X509_cmp_current_time (X509_get0_notBefore (certificate)), ==, -1);
  int days = 0, seconds = 0;
  ASN1_TIME_diff (&days, &seconds, NULL, X509_get0_notAfter (certificate));
  g_assert_true (days == 824 || days == 825);
  g_assert_cmpint (EVP_PKEY_get_bits (X509_get0_pubkey (certificate)), ==, 256);
  X509_free (certificate);
}

static void
test_made_for_an_address (Fixture *f, gconstpointer data)
{
  g_assert_true (cv_certificate_make (f->certificate, f->key, "2001:db8::7", NULL));
  X509 *certificate = read_certificate (f);
  g_assert_true (names (certificate, "2001:db8::7"));
  X509_free (certificate);
}

/* "Any address" is not an address; what is listed already is not listed twice; a name cannot add others. */
static void
test_names_left_out (Fixture *f, gconstpointer data)
{
  static const char *const hosts[] = { "0.0.0.0", "::", "localhost", "", "a,DNS:evil.example" };
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_assert_true (cv_certificate_make (f->certificate, f->key, hosts[i], NULL));
    X509 *certificate = read_certificate (f);
    g_assert_false (names (certificate, "0.0.0.0"));
    g_assert_false (names (certificate, "evil.example"));
    GENERAL_NAMES *all = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
    g_assert_cmpint (sk_GENERAL_NAME_num (all), <=, 4);
    GENERAL_NAMES_free (all);
    X509_free (certificate);
  }
}

static void
test_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (GTlsCertificate) first = load (f, "localhost", NULL);
  g_autofree char *before = cv_test_folder_read (f->folder, "tls/certificate.pem");
  g_autoptr (GTlsCertificate) second = load (f, "localhost", NULL);
  g_autofree char *after = cv_test_folder_read (f->folder, "tls/certificate.pem");
  g_assert_cmpstr (before, ==, after);
  g_assert_true (g_tls_certificate_is_same (first, second));
}

static void
age (Fixture *f)
{
  X509 *certificate = read_certificate (f);
  EVP_PKEY *key = read_key (f);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -60 * 60 * 24);
  X509_gmtime_adj (X509_getm_notAfter (certificate), -60);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  write_certificate (f, certificate);
  EVP_PKEY_free (key);
  X509_free (certificate);
}

static void
test_renewed (Fixture *f, gconstpointer data)
{
  g_autoptr (GTlsCertificate) first = load (f, "localhost", NULL);
  age (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) second = load (f, "localhost", &error);
  g_assert_no_error (error);
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (second);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_assert_cmpint (g_date_time_compare (end, now), >, 0);
  g_assert_false (g_tls_certificate_is_same (first, second));
  g_assert_cmpuint (cv_test_folder_mode (f->folder, "tls/key.pem"), ==, 0600);
}

/* What the configuration names is read and never written. */
static void
test_operators (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (load (f, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (g_file_test (f->certificate, G_FILE_TEST_EXISTS));

  g_assert_true (cv_certificate_make (f->certificate, f->key, "localhost", NULL));
  age (f);
  g_autofree char *before = cv_test_folder_read (f->folder, "tls/certificate.pem");
  g_autoptr (GTlsCertificate) loaded = load (f, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  g_autofree char *after = cv_test_folder_read (f->folder, "tls/certificate.pem");
  g_assert_cmpstr (before, ==, after);
}

/* Half of a pair is somebody's mistake, not a reason to make a new one. */
static void
test_half_a_pair (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_test_folder_write (f->folder, "tls/key.pem", "precious");
  g_assert_null (load (f, "localhost", &error));
  g_assert_nonnull (error);
  g_autofree char *key = cv_test_folder_read (f->folder, "tls/key.pem");
  g_assert_cmpstr (key, ==, "precious");
  g_assert_false (g_file_test (f->certificate, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  cv_test_folder_write (f->folder, "tls/certificate.pem", "not a certificate");
  g_assert_null (load (f, "localhost", &error));
  g_assert_nonnull (error);
}

static void
test_cannot_be_written (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  cv_test_folder_write (f->folder, "tls", "a file where the folder should be");
  g_assert_null (load (f, "localhost", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/certificate/made", test_made);
  ADD ("/certificate/made-for-an-address", test_made_for_an_address);
  ADD ("/certificate/names-left-out", test_names_left_out);
  ADD ("/certificate/kept", test_kept);
  ADD ("/certificate/renewed", test_renewed);
  ADD ("/certificate/operators", test_operators);
  ADD ("/certificate/half-a-pair", test_half_a_pair);
  ADD ("/certificate/cannot-be-written", test_cannot_be_written);
  return g_test_run ();
}
