/* See gateway.h. */
#include "daemon/gateway.h"

#include "base/file-error.h"
#include "base/ids.h"
#include "daemon/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

/* where operators put prompts of their own */
#define OWN_PROMPTS "/etc/conclave/prompts"

struct _CvGateway {
  CvPaths paths;
  GArray *listen; /* of CvSipListen */
  GArray *trunks; /* of CvSipTrunkOptions, with passwords of their own */
  char *rtp_address;
  int prompts;
  int tls; /* -1: none */
  CvSipProcess *process;
};

static void
listen_clear (gpointer data)
{
  g_free (((CvSipListen *) data)->address);
}

/* "udp:ADDRESS:PORT", which is valid. */
static CvSipListen
read_listen (const char *text)
{
  static const char *const transports[] = { "udp", "tcp", "tls" };
  const char *rest = strchr (text, ':') + 1, *colon = strrchr (text, ':');
  CvSipListen listen = { .port = (guint) g_ascii_strtoull (colon + 1, NULL, 10) };
  gsize n = colon - rest;

  for (guint i = 0; i < G_N_ELEMENTS (transports); i++)
    if (g_str_has_prefix (text, transports[i]))
      listen.transport = transports[i];
  if (g_str_has_prefix (rest, "localhost:"))
    listen.address = g_strdup ("127.0.0.1");
  else
    listen.address = rest[0] == '[' ? g_strndup (rest + 1, n - 2) : g_strndup (rest, n);
  return listen;
}

static gboolean
needs_tls (const CvConfig *config)
{
  for (char **text = config->sip.listen; *text != NULL; text++)
    if (g_str_has_prefix (*text, "tls:"))
      return TRUE;
  return FALSE;
}

static int
open_folder (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    cv_set_file_error (error, path);
  return fd;
}

static gboolean
append_file (GString *text, const char *path, GError **error)
{
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (path, &contents, NULL, error))
    return FALSE;
  g_string_append (text, contents);
  g_string_append_c (text, '\n');
  return TRUE;
}

static gboolean
write_file (const char *folder, const char *name, const char *const *parts, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *const *part = parts; *part != NULL; part++)
    if (!append_file (text, *part, error))
      return FALSE;
  return g_file_set_contents_full (path, text->str, (gssize) text->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* As sofia-sip wants to have them: key and certificates in one file, and whom to trust. */
static int
make_tls (const CvConfig *config, const char *state, const char *certificate, const char *key, GError **error)
{
  g_autofree char *folder = g_build_filename (state, "sip-tls", NULL);
  const char *agent[] = { key, certificate, NULL }, *trusted[] = { config->sip.ca_file, NULL };

  if (certificate == NULL || key == NULL) {
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                         "[sip]: tls and sips: need a certificate: certificate-file and key-file in [server]");
    return -1;
  }
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    cv_set_file_error (error, folder);
    return -1;
  }
  if (!write_file (folder, "agent.pem", agent, error) || !write_file (folder, "cafile.pem", trusted, error))
    return -1;
  return open_folder (folder, error);
}

static const char *
find_prompts (CvGateway *self, const CvConfig *config)
{
  if (*config->sip.prompts != '\0')
    return config->sip.prompts;
  return g_file_test (OWN_PROMPTS, G_FILE_TEST_IS_DIR) ? OWN_PROMPTS : self->paths.prompts;
}

static void
trunk_clear (gpointer data)
{
  cv_secret_replace ((char **) &((CvSipTrunkOptions *) data)->password, NULL);
}

static const char *
get_password (const CvConfigTrunk *trunk)
{
  return trunk->password != NULL ? trunk->password : "";
}

static void
list_trunks (CvGateway *self, const CvConfig *config)
{
  g_autoptr (GPtrArray) all = cv_config_sip_list_trunks (&config->sip);

  self->trunks = g_array_new (FALSE, FALSE, sizeof (CvSipTrunkOptions));
  g_array_set_clear_func (self->trunks, trunk_clear);
  for (guint i = 0; i < all->len; i++) {
    const CvConfigTrunk *trunk = all->pdata[i];
    CvSipTrunkOptions options = {
      .name = trunk->name,
      .registrars = (const char *const *) trunk->registrars,
      .user = trunk->user,
      .password = g_strdup (get_password (trunk)),
      .addresses = (const char *const *) trunk->addresses,
      .expires = trunk->expires,
      .max_calls = trunk->max_calls > 0 ? trunk->max_calls : config->sip.max_calls,
      .display = trunk->numbers[0] != NULL ? trunk->numbers[0] : "",
    };

    g_array_append_val (self->trunks, options);
  }
}

static CvSipOptions
make_options (CvGateway *self, const CvConfig *config)
{
  CvSipOptions options = {
    .program = *config->sip_program != '\0' ? config->sip_program : self->paths.sip,
    .language = config->language,
    .listen = (const CvSipListen *) self->listen->data,
    .n_listen = self->listen->len,
    .external = config->sip.external,
    .rtp_address = self->rtp_address,
    .security = config->sip.security,
    .silent = g_str_equal (config->sip.strangers, "silent"),
    .pin_in_uri = config->sip.pin_in_number,
    .max_calls = config->sip.max_calls,
    .max_calls_per_source = config->sip.max_calls_per_source,
    .invites_per_second = config->sip.invites_per_second,
    .trunks = (const CvSipTrunkOptions *) self->trunks->data,
    .n_trunks = self->trunks->len,
    .prompts = self->prompts,
    .tls = self->tls,
  };

  cv_config_get_rtp_ports (config, &options.rtp_first, &options.rtp_last);
  return options;
}

gboolean
cv_gateway_is_wanted (const CvConfig *config)
{
  return config->sip.listen[0] != NULL;
}

CvGateway *
cv_gateway_new (const CvConfig *config, const char *state, const char *certificate, const char *key, CvClock *clock,
                GError **error)
{
  g_autoptr (CvGateway) self = g_new0 (CvGateway, 1);
  CvSipOptions options;

  self->prompts = self->tls = -1;
  cv_paths_init (&self->paths);
  self->listen = g_array_new (FALSE, FALSE, sizeof (CvSipListen));
  g_array_set_clear_func (self->listen, listen_clear);
  for (char **text = config->sip.listen; *text != NULL; text++) {
    CvSipListen listen = read_listen (*text);

    g_array_append_val (self->listen, listen);
  }
  self->rtp_address = *config->sip.rtp_address != '\0'
                        ? g_strdup (config->sip.rtp_address)
                        : g_strdup (g_array_index (self->listen, CvSipListen, 0).address);
  self->prompts = open_folder (find_prompts (self, config), error);
  if (self->prompts < 0)
    return NULL;
  if (needs_tls (config) && (self->tls = make_tls (config, state, certificate, key, error)) < 0)
    return NULL;
  list_trunks (self, config);
  options = make_options (self, config);
  self->process = cv_sip_process_new (&options, clock);
  return g_steal_pointer (&self);
}

void
cv_gateway_free (CvGateway *self)
{
  if (self->process != NULL)
    cv_sip_process_stop (self->process);
  g_clear_object (&self->process);
  if (self->prompts >= 0)
    g_close (self->prompts, NULL);
  if (self->tls >= 0)
    g_close (self->tls, NULL);
  g_free (self->rtp_address);
  g_array_unref (self->listen);
  g_clear_pointer (&self->trunks, g_array_unref);
  cv_paths_clear (&self->paths);
  g_free (self);
}

CvTelephony *
cv_gateway_get_telephony (CvGateway *self)
{
  return CV_TELEPHONY (self->process);
}

void
cv_gateway_start (CvGateway *self)
{
  cv_sip_process_start (self->process);
}

/* Whose password it is, and where it is said. */
static gboolean
is_same_trunk (const CvSipTrunkOptions *one, const CvConfigTrunk *other)
{
  return g_str_equal (one->name, other->name) && g_str_equal (one->user, other->user) &&
         g_strv_equal (one->registrars, (const char *const *) other->registrars);
}

gboolean
cv_gateway_set_passwords (CvGateway *self, const CvConfig *config)
{
  g_autoptr (GPtrArray) all = cv_config_sip_list_trunks (&config->sip);

  /* where nobody is to call, no password has been read */
  if (!cv_gateway_is_wanted (config) || all->len != self->trunks->len)
    return FALSE;
  for (guint i = 0; i < all->len; i++)
    if (!is_same_trunk (&g_array_index (self->trunks, CvSipTrunkOptions, i), all->pdata[i]))
      return FALSE;
  for (guint i = 0; i < all->len; i++) {
    CvSipTrunkOptions *trunk = &g_array_index (self->trunks, CvSipTrunkOptions, i);

    if (g_str_equal (trunk->password, get_password (all->pdata[i])))
      continue;
    cv_secret_replace ((char **) &trunk->password, get_password (all->pdata[i]));
    cv_sip_process_renew (self->process, i);
  }
  return TRUE;
}
