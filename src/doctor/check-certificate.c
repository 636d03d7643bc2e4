/* Is the certificate that the server itself has the right one, and good for a while? */
#include "doctor/check-certificate.h"

#include "doctor/patient.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#define ID "certificate"
#define MAX_CHAIN 20

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)

typedef STACK_OF (X509) Certificates;

static void
certificates_free (Certificates *self)
{
  sk_X509_pop_free (self, X509_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificates, certificates_free)

/* Returns: (transfer full), NULL with an error, never empty. */
static Certificates *
read_certificates (const char *path, GError **error)
{
  g_autoptr (BIO) file = BIO_new_file (path, "r");
  g_autoptr (Certificates) all = sk_X509_new_null ();
  X509 *certificate;

  while (file != NULL && sk_X509_num (all) < MAX_CHAIN &&
         (certificate = PEM_read_bio_X509 (file, NULL, NULL, NULL)) != NULL)
    sk_X509_push (all, certificate);
  if (sk_X509_num (all) > 0)
    return g_steal_pointer (&all);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path,
               file != NULL ? "there is no certificate in it (PEM)" : "cannot be read");
  return NULL;
}

static EVP_PKEY *
read_key (const char *path, GError **error)
{
  g_autoptr (BIO) file = BIO_new_file (path, "r");
  EVP_PKEY *key = file != NULL ? PEM_read_bio_PrivateKey (file, NULL, NULL, (char *) "") : NULL;

  if (key == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path,
                 file != NULL ? "there is no key in it (PEM, without a password)" : "cannot be read");
  return key;
}

static gboolean
names (X509 *certificate, const char *host)
{
  return host == NULL || (g_hostname_is_ip_address (host) ? X509_check_ip_asc (certificate, host, 0)
                                                          : X509_check_host (certificate, host, 0, 0, NULL)) == 1;
}

/* Times are looked at elsewhere. */
static gboolean
is_vouched_for (Certificates *all)
{
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();

  if (X509_STORE_set_default_paths (store) != 1 ||
      X509_STORE_CTX_init (context, store, sk_X509_value (all, 0), all) != 1)
    return FALSE;
  X509_STORE_CTX_set_flags (context, X509_V_FLAG_NO_CHECK_TIME);
  return X509_verify_cert (context) == 1;
}

gboolean
cv_chain_read (CvChain *self, const char *certificate_file, const char *key_file, const char *host, GError **error)
{
  g_autoptr (Certificates) all = read_certificates (certificate_file, error);
  g_autoptr (EVP_PKEY) key = all != NULL ? read_key (key_file, error) : NULL;
  X509 *first = all != NULL ? sk_X509_value (all, 0) : NULL;
  int days = 0, seconds = 0;

  if (key == NULL)
    return FALSE;
  ASN1_TIME_diff (&days, &seconds, NULL, X509_get0_notAfter (first));
  *self = (CvChain){
    .days_left = days < 0 || seconds < 0 ? MIN (days, -1) : days,
    .early = X509_cmp_current_time (X509_get0_notBefore (first)) > 0,
    .names_host = names (first, host),
    .fits_key = X509_check_private_key (first, key) == 1,
    .self_signed = X509_self_signed (first, 1) == 1,
    .complete = is_vouched_for (all),
  };
  return TRUE;
}

/* TRUE: nothing is wrong with when it is good. */
static gboolean
judge_time (const CvChain *self, const char *path, gboolean own, CvFindings *findings)
{
  const char *renew = own ? "Start the server anew: it makes another one" : "Renew it: sudo certbot renew";

  if (self->days_left < 0)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, renew, "%s has run out", path);
  else if (self->early)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Look at this machine's clock: timedatectl",
                     "%s counts only from a later time on", path);
  else if (self->days_left < CV_CHAIN_MIN_DAYS)
    cv_findings_add (findings, ID, CV_FINDING_WARN, renew, "%s runs out in %d days", path, self->days_left);
  else
    return TRUE;
  return FALSE;
}

void
cv_chain_judge (const CvChain *self, const char *path, const char *host, gboolean own, CvFindings *findings)
{
  gboolean timely = judge_time (self, path, own, findings);

  if (!self->fits_key)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Set key-file to the key that it was made with",
                     "%s does not belong to the key", path);
  if (!self->names_host)
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Get one for that name, or correct public-url", "%s is not for %s",
                     path, host);
  if (self->self_signed)
    cv_findings_add (findings, ID, CV_FINDING_WARN,
                     "Get one that browsers trust, for example with certbot: “TLS” in docs/operator.md",
                     "%s vouches for itself: browsers warn of it", path);
  else if (!self->complete)
    cv_findings_add (findings, ID, CV_FINDING_FAIL,
                     "Use the file with the whole chain (fullchain.pem); make an authority of your own known to this "
                     "machine with update-ca-certificates",
                     "nobody whom this machine trusts vouches for %s", path);
  else if (timely && self->fits_key && self->names_host)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "%s is good for %d days", path, self->days_left);
}

void
cv_check_certificate (const CvPatient *patient, CvFindings *findings)
{
  const CvConfig *config = patient->config;
  gboolean own = config->certificate_file[0] == '\0';
  g_autofree char *certificate = cv_patient_find (patient, config->certificate_file, "tls/certificate.pem");
  g_autofree char *key = cv_patient_find (patient, config->key_file, "tls/key.pem");
  g_autofree char *host = config->public_url[0] != '\0' ? cv_patient_get_name (patient) : NULL;
  g_autoptr (GError) error = NULL;
  CvChain chain;

  if (!config->tls)
    cv_findings_add (findings, ID, CV_FINDING_OK, NULL, "a proxy in front has it ([server] tls=false)");
  else if (own && g_access (certificate, F_OK) != 0)
    cv_findings_add (findings, ID, CV_FINDING_SKIPPED, "Start the server once, or run this as root",
                     "the server makes one when it starts");
  else if (cv_chain_read (&chain, certificate, key, host, &error))
    cv_chain_judge (&chain, certificate, host, own, findings);
  else
    cv_findings_add (findings, ID, CV_FINDING_FAIL, "Run this as root, or correct certificate-file and key-file", "%s",
                     error->message);
}
