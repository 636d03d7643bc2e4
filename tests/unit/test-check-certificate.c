/* Certificates that are good, run out, for another name, of another key, incomplete, or vouch for themselves. */
#include "doctor/check-certificate.h"

#include "lib/folder.h"
#include "lib/ward.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY (24 * 60 * 60L)

static const CvChain GOOD = { .days_left = 60, .names_host = TRUE, .fits_key = TRUE, .complete = TRUE };

static void
assert_judged (CvChain chain, gboolean own, CvFindingState state, const char *pattern)
{
  g_autoptr (CvFindings) findings = cv_findings_new ();

  cv_chain_judge (&chain, "c.pem", "a.example", own, findings);
  g_assert_cmpuint (cv_findings_get_length (findings), ==, 1);
  cv_test_ward_assert (findings, 0, state, pattern);
}

#define WITH(...)                                                                                                      \
  ({                                                                                                                   \
    CvChain chain = GOOD;                                                                                              \
    __VA_ARGS__;                                                                                                       \
    chain;                                                                                                             \
  })

static void
test_judgement (void)
{
  assert_judged (GOOD, FALSE, CV_FINDING_OK, "c.pem is good for 60 days");
  assert_judged (WITH (chain.days_left = 14), FALSE, CV_FINDING_OK, "c.pem is good for 14 days");
  assert_judged (WITH (chain.days_left = 13), FALSE, CV_FINDING_WARN, "c.pem runs out in 13 days");
  assert_judged (WITH (chain.days_left = 0), FALSE, CV_FINDING_WARN, "c.pem runs out in 0 days");
  assert_judged (WITH (chain.days_left = -1), FALSE, CV_FINDING_FAIL, "c.pem has run out");
  assert_judged (WITH (chain.early = TRUE), FALSE, CV_FINDING_FAIL, "*later time on");
  assert_judged (WITH (chain.fits_key = FALSE), FALSE, CV_FINDING_FAIL, "*not belong to the key");
  assert_judged (WITH (chain.names_host = FALSE), FALSE, CV_FINDING_FAIL, "c.pem is not for a.example");
  assert_judged (WITH (chain.complete = FALSE), FALSE, CV_FINDING_FAIL, "nobody whom*vouches for c.pem");
  assert_judged (WITH (chain.complete = FALSE; chain.self_signed = TRUE), TRUE, CV_FINDING_WARN,
                 "*vouches for itself*");
}

/* ---- real ones ---- */

typedef struct {
  EVP_PKEY *key;
  X509 *certificate;
} Made;

static Made
make (const char *name, const Made *issuer, long from, long until)
{
  Made made = { EVP_EC_gen ("P-256"), X509_new () };
  X509_NAME *subject = X509_get_subject_name (made.certificate);
  g_autofree char *alternative = g_strdup_printf ("DNS:%s", name);
  X509_EXTENSION *extension;

  X509_set_version (made.certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (made.certificate), g_random_int_range (1, G_MAXINT));
  X509_gmtime_adj (X509_getm_notBefore (made.certificate), from);
  X509_gmtime_adj (X509_getm_notAfter (made.certificate), until);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guint8 *) name, -1, -1, 0);
  X509_set_issuer_name (made.certificate, issuer != NULL ? X509_get_subject_name (issuer->certificate) : subject);
  X509_set_pubkey (made.certificate, made.key);
  extension = X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, alternative);
  X509_add_ext (made.certificate, extension, -1);
  X509_EXTENSION_free (extension);
  extension = X509V3_EXT_conf_nid (NULL, NULL, NID_basic_constraints, issuer != NULL ? "CA:FALSE" : "CA:TRUE");
  X509_add_ext (made.certificate, extension, -1);
  X509_EXTENSION_free (extension);
  g_assert_cmpint (X509_sign (made.certificate, issuer != NULL ? issuer->key : made.key, EVP_sha256 ()), >, 0);
  return made;
}

static void
made_clear (Made *self)
{
  EVP_PKEY_free (self->key);
  X509_free (self->certificate);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Made, made_clear)

static char *
write_pem (const char *folder, const char *name, const Made *made)
{
  g_autofree char *certificate_name = g_strconcat (name, ".pem", NULL), *key_name = g_strconcat (name, ".key", NULL);
  g_autofree char *key_path = g_build_filename (folder, key_name, NULL);
  char *path = g_build_filename (folder, certificate_name, NULL);
  BIO *file = BIO_new_file (path, "w"), *key = BIO_new_file (key_path, "w");

  g_assert_cmpint (PEM_write_bio_X509 (file, made->certificate), ==, 1);
  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (key, made->key, NULL, NULL, 0, NULL, NULL), ==, 1);
  BIO_free_all (file);
  BIO_free_all (key);
  return path;
}

static CvChain
read_chain (const char *folder, const char *name, const char *key, const char *host)
{
  g_autofree char *certificate_path = g_strdup_printf ("%s/%s.pem", folder, name);
  g_autofree char *key_path = g_strdup_printf ("%s/%s.key", folder, key);
  g_autoptr (GError) error = NULL;
  CvChain chain;

  g_assert_true (cv_chain_read (&chain, certificate_path, key_path, host, &error));
  g_assert_no_error (error);
  return chain;
}

static void
test_read (void)
{
  char *folder = cv_test_folder_new ();
  g_auto (Made) root = make ("Root", NULL, -DAY, 900 * DAY);
  g_auto (Made) good = make ("a.example", &root, -DAY, 20 * DAY + 60);
  g_auto (Made) old = make ("a.example", &root, -9 * DAY, -60);
  g_auto (Made) young = make ("a.example", &root, DAY, 20 * DAY);
  g_autofree char *root_path = write_pem (folder, "root", &root), *good_path = write_pem (folder, "good", &good);
  CvChain chain;

  g_free (write_pem (folder, "old", &old));
  g_free (write_pem (folder, "young", &young));
  /* whom this machine trusts: nobody else */
  g_setenv ("SSL_CERT_DIR", folder, TRUE);
  g_setenv ("SSL_CERT_FILE", "/nonexistent", TRUE);
  chain = read_chain (folder, "good", "good", "a.example");
  g_assert_true (chain.names_host && chain.fits_key && !chain.early && !chain.self_signed && !chain.complete);
  g_assert_cmpint (chain.days_left, ==, 20);
  g_setenv ("SSL_CERT_FILE", root_path, TRUE);
  g_assert_true (read_chain (folder, "good", "good", "a.example").complete);
  g_assert_true (read_chain (folder, "old", "old", "a.example").complete);
  g_assert_false (read_chain (folder, "good", "old", "a.example").fits_key);
  g_assert_false (read_chain (folder, "good", "good", "b.example").names_host);
  g_assert_false (read_chain (folder, "good", "good", "192.0.2.1").names_host);
  g_assert_true (read_chain (folder, "good", "good", NULL).names_host);
  g_assert_cmpint (read_chain (folder, "old", "old", NULL).days_left, <, 0);
  g_assert_true (read_chain (folder, "young", "young", NULL).early);
  g_assert_true (read_chain (folder, "root", "root", NULL).self_signed);
  g_assert_false (cv_chain_read (&chain, good_path, good_path, NULL, NULL));
  g_assert_false (cv_chain_read (&chain, "/nonexistent", good_path, NULL, NULL));
  cv_test_folder_free (folder);
}

static void
test_check (void)
{
  g_autoptr (CvWard) own = cv_test_ward_new ("");
  g_autoptr (CvWard) proxied = cv_test_ward_new ("[server]\ntls=false\n");
  g_autoptr (CvWard) missing = cv_test_ward_new ("[server]\ncertificate-file=/nonexistent\nkey-file=/nonexistent\n");

  cv_test_ward_check (own, cv_check_certificate);
  cv_test_ward_assert (own->findings, 0, CV_FINDING_SKIPPED, "the server makes one*");
  cv_test_ward_check (proxied, cv_check_certificate);
  cv_test_ward_assert (proxied->findings, 0, CV_FINDING_OK, "a proxy*");
  cv_test_ward_check (missing, cv_check_certificate);
  cv_test_ward_assert (missing->findings, 0, CV_FINDING_FAIL, "/nonexistent: cannot be read");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-certificate/judgement", test_judgement);
  g_test_add_func ("/check-certificate/read", test_read);
  g_test_add_func ("/check-certificate/check", test_check);
  return g_test_run ();
}
