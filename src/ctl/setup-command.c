/* See setup-command.h.
 *
 * Finds out what a site needs (its address, its secret), makes the texts, and shows or writes them. Nothing is started or
 * loaded: what is to be done then is said.
 */
#include "ctl/setup-command.h"

#include "base/ids.h"
#include "daemon/config.h"
#include "setup/changes.h"
#include "setup/site.h"

#include <stdio.h>
#include <string.h>

#define CONFIG "/etc/conclave/conclave.conf"
#define SECRET "/etc/conclave/secrets/turn"
#define FIREWALL "/etc/conclave/nftables.conf"
#define NGINX "/etc/nginx/sites-available/conclave.conf"
#define NGINX_LINK "/etc/nginx/sites-enabled/conclave.conf"
#define NGINX_TARGET "../sites-available/conclave.conf"
/* outside of http; behind 50-mod-stream.conf, which loads what it needs */
#define STREAM "/etc/nginx/conclave-443.conf"
#define STREAM_LINK "/etc/nginx/modules-enabled/90-conclave-443.conf"
#define STREAM_TARGET "../conclave-443.conf"
#define STREAM_MODULE "/etc/nginx/modules-enabled/50-mod-stream.conf"
#define COTURN "/etc/turnserver.conf"
#define COTURN_GROUP "turnserver"
/* certbot runs all that lies in its folder, what is kept as well: so that is a link */
#define HOOK "/etc/conclave/certificate-renewed"
#define HOOK_LINK "/etc/letsencrypt/renewal-hooks/deploy/conclave"
#define SECRET_BYTES 32

/* ---- what is found out ---- */

/* The address that packets to the internet have; none is sent. Returns: (transfer full), NULL where there is none. */
static char *
find_own_address (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) far = g_inet_socket_address_new_from_string ("192.0.2.1", 9), near = NULL;

  if (socket == NULL || !g_socket_connect (socket, far, NULL, NULL))
    return NULL;
  near = g_socket_get_local_address (socket, NULL);
  return near != NULL ? g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (near)))
                      : NULL;
}

static gboolean
is_own (const char *address)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) here = g_inet_socket_address_new_from_string (address, 0);

  return socket != NULL && g_socket_bind (socket, here, FALSE, NULL);
}

static gboolean
is_four (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;
}

static gboolean
is_private (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return g_inet_address_get_is_site_local (address);
}

static gboolean
refuse (GError **error, const char *words)
{
  g_set_error_literal (error, CV_CLIENT_ERROR, CV_CLIENT_ERROR_REFUSED, words);
  return FALSE;
}

/* `own`, `outside`: (transfer full), as CvSite has them. */
static gboolean
find_addresses (const char *given, char **own, char **outside, GError **error)
{
  *own = *outside = NULL;
  if (given != NULL && !is_four (given))
    return refuse (error, "--address takes an IPv4 address");
  if (given != NULL && is_own (given)) {
    *own = g_strdup (given);
    return TRUE;
  }
  *own = find_own_address ();
  *outside = g_strdup (given);
  return *own != NULL || refuse (error, "this machine has no way out: say which of its addresses it is, --address");
}

/* That which is there stays. Returns: (transfer full). */
static char *
find_secret (const CvChanges *changes)
{
  char *there = cv_changes_read (changes, SECRET);
  guint8 bytes[SECRET_BYTES];
  GString *text;

  if (there != NULL && *g_strstrip (there) != '\0')
    return there;
  g_free (there);
  cv_random_bytes (bytes, sizeof bytes);
  text = g_string_new (NULL);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

/* What there is of the certificate, and of sharing port 443. */
typedef struct {
  gboolean certified; /* for the host */
  gboolean asked;     /* to share */
  gboolean shared;    /* already */
  gboolean named;     /* the certificate is for turn.HOST, too */
  gboolean module;    /* nginx has what it takes */
} State;

static gboolean
is_there (const char *root, const char *path)
{
  g_autofree char *whole = g_strconcat (root, path, NULL);

  return g_file_test (whole, G_FILE_TEST_EXISTS);
}

/* Who vouches for it is not asked here. */
static gboolean
names (const char *file, const char *host)
{
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (file, NULL);
  g_autofree char *name = g_strconcat ("turn.", host, NULL);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (name, 443);

  return certificate != NULL &&
         (g_tls_certificate_verify (certificate, identity, NULL) & G_TLS_CERTIFICATE_BAD_IDENTITY) == 0;
}

static State
find_state (const char *root, const CvOptions *options)
{
  g_autofree char *certificate = g_strdup_printf ("%s/etc/letsencrypt/live/%s/fullchain.pem", root, options->host);

  return (State){ .certified = g_file_test (certificate, G_FILE_TEST_EXISTS),
                  .asked = options->share_443,
                  .shared = is_there (root, STREAM_LINK),
                  .named = names (certificate, options->host),
                  .module = is_there (root, STREAM_MODULE) };
}

/* ---- what is to be done ---- */

static void
add_all (CvChanges *changes, const CvSite *site, gboolean certified)
{
  g_autofree char *there = cv_changes_read (changes, CONFIG);
  g_autofree char *example = there == NULL ? cv_config_example () : NULL;
  g_autofree char *config = cv_site_make_configuration (site, there != NULL ? there : example);
  g_autofree char *secret_there = cv_changes_read (changes, SECRET);
  g_autofree char *secret = g_strconcat (site->secret, "\n", NULL);
  g_autofree char *nginx = cv_site_make_nginx (site), *coturn = cv_site_make_coturn (site);
  g_autofree char *hook = cv_site_make_hook (site), *firewall = cv_site_make_firewall (site);
  g_autofree char *stream = cv_site_make_stream (site);

  cv_changes_add (changes, SECRET, secret_there != NULL && *secret_there != '\0' ? secret_there : secret, 0600, NULL,
                  secret);
  cv_changes_add (changes, CONFIG, config, 0644, NULL, NULL);
  cv_changes_add (changes, COTURN, coturn, 0640, COTURN_GROUP, site->secret);
  cv_changes_add (changes, NGINX, nginx, 0644, NULL, NULL);
  if (site->shared)
    cv_changes_add (changes, STREAM, stream, 0644, NULL, NULL);
  if (certified)
    cv_changes_add_link (changes, NGINX_LINK, NGINX_TARGET);
  if (site->shared)
    cv_changes_add_link (changes, STREAM_LINK, STREAM_TARGET);
  cv_changes_add (changes, HOOK, hook, 0755, NULL, NULL);
  cv_changes_add_link (changes, HOOK_LINK, HOOK);
  cv_changes_add (changes, FIREWALL, firewall, 0644, NULL, NULL);
}

/* What port 443 waits for. */
static void
print_missing (const CvSite *site, const State *state)
{
  puts ("\nWhat lacks before port 443 can be shared:");
  if (!state->module)
    puts ("  nginx lacks what it takes:\n    sudo apt install libnginx-mod-stream");
  if (!state->named)
    printf ("  there is no certificate that is for turn.%s as well; put that name into the DNS, then\n"
            "    sudo certbot certonly --webroot -w /var/www/html --expand -d %s -d turn.%s\n",
            site->host, site->host, site->host);
  puts ("Then run this again.");
}

static void
print_next (const CvSite *site, const State *state, gboolean written)
{
  gboolean sharing = state->asked || state->shared;

  if (site->outside == NULL && is_private (site->address))
    printf ("\n%s is an address of a private network. Where people come through a NAT, name the one that they reach:\n"
            "  --address ADDRESS\n",
            site->address);
  if (sharing && !(state->named && state->module))
    print_missing (site, state);
  if (!state->certified && !sharing)
    printf ("\nThere is no certificate for %s yet, so nginx is not told of the site. Get one, then run this again:\n"
            "  sudo certbot certonly --webroot -w /var/www/html -d %s\n",
            site->host, site->host);
  if (state->certified && written)
    puts ("\nWhat is to be done now:\n"
          "  sudo " HOOK "\n"
          "  sudo systemctl restart coturn nginx conclave\n"
          "  sudo conclavectl doctor\n" FIREWALL " is an example of a firewall; nothing loads it.");
}

static gboolean
run (CvChanges *changes, const CvSite *site, const State *state, gboolean writing, GError **error)
{
  g_autofree char *shown = cv_changes_show (changes);
  g_autoptr (GError) cause = NULL;
  guint n = cv_changes_count (changes);

  fputs (shown, stdout);
  if (n > 0 && writing && !cv_changes_apply (changes, &cause)) {
    if (g_error_matches (cause, CV_CHANGES_ERROR, CV_CHANGES_ERROR_IN_THE_WAY))
      return refuse (error, cause->message);
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (n == 0)
    puts ("\nThere is nothing to do.");
  else if (writing)
    puts ("\nThat was written. What was there before is beside each as FILE" CV_CHANGES_KEPT ".");
  else
    puts ("\nNothing was written. --write does it, and keeps what is there as FILE" CV_CHANGES_KEPT ".");
  print_next (site, state, n > 0 && writing);
  return TRUE;
}

gboolean
cv_setup_command (const CvCommandArguments *arguments, GError **error)
{
  const CvOptions *options = arguments->options;
  const char *root = options->root != NULL ? options->root : "";
  g_autoptr (CvChanges) changes = cv_changes_new (root);
  g_autofree char *own = NULL, *outside = NULL, *secret = NULL;
  State state;
  CvSite site;

  if (!cv_site_is_host (options->host))
    return refuse (error, "--host takes a name as it is in the DNS, in small letters: meet.example.org");
  if (!find_addresses (options->address, &own, &outside, error))
    return FALSE;
  secret = find_secret (changes);
  state = find_state (root, options);
  site = (CvSite){ .host = options->host,
                   .address = own,
                   .outside = outside,
                   .secret = secret,
                   .shared = state.shared || (state.asked && state.named && state.module) };
  add_all (changes, &site, state.certified);
  return run (changes, &site, &state, options->write, error);
}
