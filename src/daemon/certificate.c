/* See certificate.h. */
#include "daemon/certificate.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#define DAYS 825

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

static void
add_name (GString *names, const char *name)
{
  const char *kind = g_hostname_is_ip_address (name) ? "IP" : "DNS";
  g_autofree char *entry = g_strdup_printf ("%s:%s", kind, name);
  if (*name != '\0' && strchr (name, ',') == NULL && strstr (names->str, entry) == NULL)
    g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", entry);
}

static gboolean
add_extension (X509 *certificate, int id, const char *value)
{
  X509V3_CTX context;
  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, id, value);
  gboolean added = extension != NULL && X509_add_ext (certificate, extension, -1);
  X509_EXTENSION_free (extension);
  return added;
}

static X509 *
make_certificate (EVP_PKEY *key, const char *host)
{
  g_autoptr (X509) certificate = X509_new ();
  g_autoptr (GString) names = g_string_new (NULL);
  add_name (names, "localhost");
  add_name (names, "127.0.0.1");
  add_name (names, "::1");
  add_name (names, g_get_host_name ());
  if (g_strcmp0 (host, "0.0.0.0") != 0 && g_strcmp0 (host, "::") != 0)
    add_name (names, host);

  guint8 serial[16];
  RAND_bytes (serial, sizeof serial);
  serial[0] &= 0x7f;
  BIGNUM *number = BN_bin2bn (serial, sizeof serial, NULL);
  BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate));
  BN_free (number);

  X509_set_version (certificate, X509_VERSION_3);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -60 * 60);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 60L * 60 * 24 * DAYS);
  X509_NAME *subject = X509_get_subject_name (certificate);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guint8 *) "Conclave on this machine", -1, -1, 0);
  X509_set_issuer_name (certificate, subject);
  X509_set_pubkey (certificate, key);
  if (!add_extension (certificate, NID_subject_alt_name, names->str) ||
      !add_extension (certificate, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension (certificate, NID_ext_key_usage, "serverAuth") || X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
write_file (const char *path, BIO *memory, int mode, GError **error)
{
  char *text = NULL;
  long length = BIO_get_mem_data (memory, &text);
  return g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, mode, error);
}

gboolean
cv_certificate_make (const char *certificate_file, const char *key_file, const char *host, GError **error)
{
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = key != NULL ? make_certificate (key, host) : NULL;
  g_autoptr (BIO) certificate_text = BIO_new (BIO_s_mem ());
  g_autoptr (BIO) key_text = BIO_new (BIO_s_secmem ());
  if (certificate == NULL || !PEM_write_bio_X509 (certificate_text, certificate) ||
      !PEM_write_bio_PKCS8PrivateKey (key_text, key, NULL, NULL, 0, NULL, NULL)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot make a certificate");
    return FALSE;
  }
  g_autofree char *folder = g_path_get_dirname (key_file);
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
    return FALSE;
  }
  return write_file (key_file, key_text, 0600, error) && write_file (certificate_file, certificate_text, 0644, error);
}

static gboolean
has_run_out (const char *certificate_file)
{
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (certificate_file, NULL);
  g_autoptr (GDateTime) end = certificate != NULL ? g_tls_certificate_get_not_valid_after (certificate) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  return end != NULL && g_date_time_compare (end, now) <= 0;
}

GTlsCertificate *
cv_certificate_load (const char *certificate_file, const char *key_file, const char *make, GError **error)
{
  if (make != NULL) {
    gboolean missing =
      !g_file_test (certificate_file, G_FILE_TEST_EXISTS) && !g_file_test (key_file, G_FILE_TEST_EXISTS);
    if ((missing || has_run_out (certificate_file)) && !cv_certificate_make (certificate_file, key_file, make, error))
      return NULL;
  }
  GTlsCertificate *certificate = g_tls_certificate_new_from_files (certificate_file, key_file, error);
  if (certificate == NULL)
    g_prefix_error (error, "%s, %s: ", certificate_file, key_file);
  return certificate;
}
